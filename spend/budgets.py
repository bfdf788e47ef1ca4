"""Budgets: scope x period x limit x thresholds, judged on spend cells and on the forecast.

Each threshold speaks once per period. Projections wait for a second day unless their whole range is past it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from spend.forecast import Forecast
from spend.money import to_nanos
from spend.notify import Finding, IncidentKind
from spend.window import DAY, month_length, month_start, next_month, week_start


class Period(StrEnum):
    """How often a budget starts anew, in the workspace's zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """What a budget counts: a dimension and a value; `("workspace", "")` counts everything.

    `dimension` is workspace, provider, connection, project, model or key. `value` is the id as records hold it
    (a model may hold `*` wildcards); `label` is what people see.
    """

    dimension: str = "workspace"
    value: str = ""
    label: str = ""


ACTUAL_THRESHOLDS = (50, 80, 100)
PROJECTED_THRESHOLDS = (80, 100)
PASSED_WHEN_SET = "passed already when the budget was set"  # the reason of what is kept as told, never said


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A limit on what a scope spends in a period, one currency. One budget per (scope, period).

    `channel`: where its alerts go besides the alert channels, as `platform:installation:channel` ('' = nowhere else).
    """

    id: str
    scope: Scope
    period: Period
    limit: Decimal
    currency: str = "USD"
    starts_on: date | None = None
    channel: str = ""
    thresholds: tuple[int, ...] = ACTUAL_THRESHOLDS
    projected: tuple[int, ...] = PROJECTED_THRESHOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a budget stands now. Amounts in nano-units of its currency; `first` and `last` are local dates.

    `spent_nanos`: from `first` up to now. `forecast`: of the total by the end of `last`, None where there is not enough
    history. `unpriced_tokens`: tokens in scope that have no price, so that "at least" can be said.
    """

    budget: Budget
    first: date
    last: date
    spent_nanos: int
    forecast: Forecast | None = None
    unpriced_tokens: int = 0

    @property
    def limit_nanos(self) -> int:
        """The limit in nano-units."""
        return to_nanos(self.budget.limit)

    def has_used(self, percent: int) -> bool:
        """Tell whether this much of the limit is spent; 100 is passed only by more than the limit."""
        return _reaches(self.spent_nanos, self.limit_nanos, percent)

    def is_projected(self, percent: int) -> bool:
        """Tell whether this much of the limit is expected by the period's end."""
        return self.forecast is not None and _reaches(self.forecast.period_end.mid, self.limit_nanos, percent)


def period_dates(budget: Budget, today: date, *, first_weekday: int = 0) -> tuple[date, date] | None:
    """Return the first and last local date of the budget's running period; None before the budget starts.

    A budget that starts within a period counts from its start, to that period's end.
    """
    match budget.period:
        case Period.DAY:
            first, last = today, today
        case Period.WEEK:
            first = week_start(today, first_weekday)
            last = first + 6 * DAY
        case Period.MONTH:
            first, last = month_start(today), next_month(today) - DAY
    if budget.starts_on is not None and budget.starts_on > today:
        return None
    return max(first, budget.starts_on or first), last


def daily_share_nanos(budget: Budget, today: date) -> int:
    """Return a day's part of the limit, in nano-units rounded down: what spikes are measured against."""
    days = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: month_length(today)}[budget.period]
    return to_nanos(budget.limit) // days


def judge_budget(
    standing: Standing, *, today: date, told: Collection[str], held_on: Mapping[str, Collection[date]]
) -> list[Finding]:
    """Return what there is to decide about a budget: at most one finding on what is spent, one on what is projected.

    told: dedup keys that were decided for good: of incidents, and of thresholds already passed when the budget was set.
    A threshold is found once per period and limit; several crossed at one moment are one finding of the highest.
    held_on: by dedup key, the local dates on which a projection was found and kept quiet (`is_loud` False). It
    speaks when it also held on one of the two days before, or at once when even the low end of the range is past the
    threshold: a forecast that wavers around its limit does not speak every night.
    """
    found = [_judge_spent(standing, told), _judge_projected(standing, today, told, held_on)]
    return [finding for finding in found if finding is not None]


def passed_when_set(standing: Standing) -> list[Finding]:
    """Return the thresholds a budget has already passed while it is being set: to be kept as told, never said."""
    reason = PASSED_WHEN_SET
    spent = [
        _finding(IncidentKind.BUDGET, standing, percent, is_loud=False, reason=reason)
        for percent in standing.budget.thresholds
        if standing.has_used(percent)
    ]
    projected = [
        _finding(IncidentKind.PROJECTED, standing, percent, is_loud=False, reason=reason)
        for percent in standing.budget.projected
        if standing.is_projected(percent)
    ]
    return spent + projected


def used_up_at(
    *, limit_nanos: int, spent_nanos: int, per_hour_nanos: int, as_of: datetime
) -> datetime | None:
    """Return when a limit is used up at a pace, to the minute; `as_of` if it is already; None at no pace."""
    if spent_nanos >= limit_nanos:
        return as_of
    if per_hour_nanos <= 0:
        return None
    return as_of + timedelta(minutes=(limit_nanos - spent_nanos) * 60 // per_hour_nanos)


def _judge_spent(standing: Standing, told: Collection[str]) -> Finding | None:
    crossed = [percent for percent in standing.budget.thresholds if standing.has_used(percent)]
    highest = max(crossed, default=None)
    if highest is None or highest <= _highest_told(
        IncidentKind.BUDGET, standing, standing.budget.thresholds, told
    ):
        return None
    return _finding(IncidentKind.BUDGET, standing, highest, is_loud=True, reason=f"{highest}% is spent")


def _judge_projected(
    standing: Standing, today: date, told: Collection[str], held_on: Mapping[str, Collection[date]]
) -> Finding | None:
    crossed = [
        percent
        for percent in standing.budget.projected
        if standing.is_projected(percent) and not standing.has_used(percent)
    ]
    highest = max(crossed, default=None)
    forecast = standing.forecast
    if highest is None or forecast is None:
        return None
    if highest <= _highest_told(IncidentKind.PROJECTED, standing, standing.budget.projected, told):
        return None
    key = _dedup_key(IncidentKind.PROJECTED, standing, highest)
    if _reaches(forecast.period_end.low, standing.limit_nanos, highest):
        reason, is_loud = f"{highest}% is projected even at the low end", True
    elif not forecast.is_irregular and any(today - 2 * DAY <= day < today for day in held_on.get(key, ())):
        reason, is_loud = f"{highest}% is projected for the second day", True
    else:
        reason, is_loud = f"{highest}% is projected; it waits for a second day", False
    return _finding(IncidentKind.PROJECTED, standing, highest, is_loud=is_loud, reason=reason)


def _highest_told(
    kind: IncidentKind, standing: Standing, thresholds: Collection[int], told: Collection[str]
) -> int:
    said = (percent for percent in thresholds if _dedup_key(kind, standing, percent) in told)
    return max(said, default=0)


def _reaches(nanos: int, limit_nanos: int, percent: int) -> bool:
    """Tell whether a threshold is reached: up to 99 % by the exact amount, from 100 % by more than it ("over")."""
    exact, needed = nanos * 100, limit_nanos * percent
    return exact > needed if percent >= 100 else exact >= needed


def _dedup_key(kind: IncidentKind, standing: Standing, percent: int) -> str:
    """Name a threshold once per period; a changed limit is a new promise, so it is part of the name."""
    return f"{kind}:{standing.budget.id}:{standing.first.isoformat()}:{standing.limit_nanos}:{percent}"


def _finding(kind: IncidentKind, standing: Standing, percent: int, *, is_loud: bool, reason: str) -> Finding:
    return Finding(
        kind=kind,
        dedup_key=_dedup_key(kind, standing, percent),
        evidence=_evidence(standing, percent),
        size_nanos=standing.spent_nanos,
        is_loud=is_loud,
        reason=reason,
    )


def _evidence(standing: Standing, percent: int) -> dict[str, Any]:
    """Return what the message says: exact nano-units; percents rounded down, so that none shows before its time."""
    budget, forecast, limit = standing.budget, standing.forecast, standing.limit_nanos
    over_on = forecast.crosses(limit) if forecast else None
    return {
        "budget_id": budget.id,
        "cause_id": f"budget:{budget.id}",
        "scope": {"dimension": budget.scope.dimension, "value": budget.scope.value, "label": budget.scope.label},
        "period": budget.period.value,
        "first": standing.first.isoformat(),
        "last": standing.last.isoformat(),
        "currency": budget.currency,
        "limit_nanos": limit,
        "threshold": percent,
        "spent_nanos": standing.spent_nanos,
        "spent_percent": standing.spent_nanos * 100 // limit if limit else 0,
        "is_over": standing.spent_nanos > limit,
        "unpriced_tokens": standing.unpriced_tokens,
        "forecast": forecast and {
            "mid_nanos": forecast.period_end.mid,
            "low_nanos": forecast.period_end.low,
            "high_nanos": forecast.period_end.high,
            "percent": forecast.period_end.mid * 100 // limit if limit else 0,
            "method": forecast.method,
            "over_by_nanos": forecast.period_end.mid - limit,
            "over_on": over_on.isoformat() if over_on else None,
            "is_irregular": forecast.is_irregular,
        },
    }  # fmt: skip
