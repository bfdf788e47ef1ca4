"""Budgets: judges where each stands when figures change or a day begins, and keeps the day's forecast.

Budgets read cells, billed and estimated; what was decided for good about a threshold is read back from storage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.jobs.telling import budget_target, tell
from bot.reports.budgets import budget_frame, budget_label, counts_spike, scope_filters, standing
from bot.reports.cuts import connections_with_money
from bot.reports.frame import Frame
from bot.reports.outlook import forecast
from bot.reports.spikes import open_spike_incidents, spike_of
from bot.reports.trust import trust_of
from bot.views.evidence import to_evidence
from bot.views.footer import basis_words, missing_words
from spend.budgets import PASSED_WHEN_SET, Budget, Standing, judge_budget, used_up_at
from spend.forecast import Forecast
from spend.notify import Finding, IncidentKind, Step
from spend.spike_evidence import money_on_hours
from spend.window import DAY, hours_of_days, month_start, next_month
from storage import KeptDecision

AT_MOST_EVERY = timedelta(minutes=2)
LONGEST_PERIOD = 32 * DAY
CURRENCY = "USD"  # of the month's forecast: the one most workspaces pay in
SAID_TOGETHER = "said with what was spent, in one message"

_FOR_GOOD = frozenset({PASSED_WHEN_SET, SAID_TOGETHER})


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided before. told: dedup keys for good. held_on: local dates on which a projection stayed quiet."""

    told: frozenset[str]
    held_on: Mapping[str, frozenset[date]]


class BudgetWatch:
    """Judges the budgets of one workspace."""

    def __init__(self) -> None:
        self._judged: tuple[Any, ...] = ()
        self._judged_at: datetime | None = None
        self._forecast_on: date | None = None

    async def look(self, frame: Frame) -> None:
        """Judge every budget, if figures, budgets or the local day changed; figures at most every two minutes."""
        budgets = await frame.store.budgets()
        reads = tuple(s.last_success_at for c in frame.connections for s in c.streams)
        mark = (frame.today, tuple(budgets), reads)
        is_recent = self._judged_at is not None and frame.now - self._judged_at < AT_MOST_EVERY
        if mark == self._judged or (is_recent and mark[:2] == self._judged[:2]):
            return
        decided = await decided_before(frame)
        for budget in budgets:
            await watch_budget(frame, budget, decided)
        if self._forecast_on != frame.today and await keep_month_forecast(frame):
            self._forecast_on = frame.today
        self._judged, self._judged_at = mark, frame.now


async def watch_budget(frame: Frame, budget: Budget, decided: Decided) -> None:
    """Judge one budget now and tell what it passed; several thresholds at one moment are one message."""
    at = await standing(frame, budget)
    if at is None:
        return
    if at.forecast is not None:
        await frame.store.save_forecast(
            frame.today, f"budget:{budget.id}", _forecast_facts(at.forecast, at.last)
        )
    findings = judge_budget(at, today=frame.today, told=decided.told, held_on=decided.held_on)
    for finding in _one_message(findings):
        if not finding.is_loud and frame.today in decided.held_on.get(finding.dedup_key, ()):
            continue  # kept today already
        await tell(frame, await _with_facts(frame, at, finding), besides=budget_target(budget.channel))


async def keep_month_forecast(frame: Frame) -> bool:
    """Keep the forecast of this month as it is first shown today; returns whether there is one."""
    last = next_month(frame.today) - DAY
    found = await forecast(frame, month_start(frame.today), last, (), CURRENCY)
    if not isinstance(found, Forecast):
        return False
    await frame.store.save_forecast(
        frame.today, "month", _forecast_facts(found, last) | {"currency": CURRENCY}
    )
    return True


def _forecast_facts(found: Forecast, last: date) -> dict[str, Any]:
    end = found.period_end
    return {
        "last": last.isoformat(),
        "method": found.method,
        "spent_nanos": found.spent_nanos,
        "mid_nanos": end.mid,
        "low_nanos": end.low,
        "high_nanos": end.high,
    }


async def decided_before(frame: Frame) -> Decided:
    """Read back what was said, or decided never to be said, about thresholds of the running periods."""
    since = frame.now - LONGEST_PERIOD
    kinds = (IncidentKind.BUDGET, IncidentKind.PROJECTED)
    told = {incident.dedup_key for incident in await frame.store.incidents(kinds=kinds, since=since)}
    held_on: dict[str, set[date]] = {}
    for kind in kinds:
        for decision in await frame.store.decisions(since, kind):
            if decision.step is not Step.QUIET:
                continue
            if decision.reason in _FOR_GOOD:
                told.add(decision.dedup_key)
            elif kind is IncidentKind.PROJECTED:
                held_on.setdefault(decision.dedup_key, set()).update(_dates(frame, decision))
    return Decided(frozenset(told), {key: frozenset(days) for key, days in held_on.items()})


def _dates(frame: Frame, decision: KeptDecision) -> set[date]:
    return {moment.astimezone(frame.zone).date() for moment in (decision.at, decision.last_at)}


def _one_message(findings: Sequence[Finding]) -> list[Finding]:
    """Let what is spent speak for what is projected at the same moment: its message says where the period ends."""
    is_spent_loud = any(each.is_loud for each in findings if each.kind is IncidentKind.BUDGET)
    return [
        replace(each, is_loud=False, reason=SAID_TOGETHER)
        if is_spent_loud and each.is_loud and each.kind is IncidentKind.PROJECTED
        else each
        for each in findings
    ]


async def _with_facts(frame: Frame, at: Standing, finding: Finding) -> Finding:
    """Return the finding with what `BudgetEvidence.from_evidence` reads besides the judgement."""
    budget = at.budget
    filters = await scope_filters(frame, budget)
    slices = await frame.store.day_slices(at.first, frame.today, ("connection_id",), filters)
    own = budget_frame(frame, budget, filters)
    trust = await trust_of(own, at.first, frame.today, slices)
    missing = missing_words(frame.clock, own.sources(connections_with_money(slices)))
    scope = {**finding.evidence["scope"], "label": budget_label(frame, budget)}
    evidence: dict[str, Any] = {
        **finding.evidence,
        "scope": scope,
        "zone": frame.zone.key,
        "as_of": (own.newest_as_of or frame.now).isoformat(),
        "basis": " · ".join([basis_words(frame.clock, trust), *missing]),
    }
    if frame.today > at.first:
        before = await frame.store.daily_totals(at.first, frame.today - DAY, filters, budget.currency)
        evidence["to_yesterday_nanos"] = sum(total.nanos for total in before.values())
    spike = await _eaten_by(frame, at)
    if spike is not None:
        evidence["spike"] = spike
    return replace(finding, evidence=evidence)


async def _eaten_by(frame: Frame, at: Standing) -> dict[str, Any] | None:
    """Return the largest open spike whose money the budget counts, and what follows from it; None without one."""
    period = hours_of_days(at.first, at.last, frame.zone)
    found = [
        (money_on_hours(incident.evidence, period.start, period.end), incident)
        for incident in await open_spike_incidents(frame)
        if counts_spike(frame, at.budget, incident.evidence)
        and incident.evidence.get("currency") == at.budget.currency
    ]
    if not found:
        return None
    nanos, incident = max(found, key=lambda each: each[0])
    spike = spike_of(frame, incident)
    gone_at = used_up_at(
        limit_nanos=at.limit_nanos,
        spent_nanos=at.spent_nanos,
        per_hour_nanos=incident.evidence["pace_nanos_per_hour"],
        as_of=datetime.fromisoformat(incident.evidence["as_of"]),
    )
    facts: dict[str, Any] = to_evidence(
        {
            "key": spike.cause,
            "code": incident.code,
            "nanos": nanos,
            "since": spike.since,
            "gone_at": gone_at if gone_at is not None and gone_at < period.end else None,
            "without_nanos": at.forecast.period_end.mid if at.forecast else None,
        }
    )
    return facts
