"""Budget alerts, built from stored evidence: a threshold that was passed, or one that the forecast passes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.views import text
from bot.views.acts import Act, act_words
from bot.views.budget import BudgetState, budgets_chart
from bot.views.buttons import budget_buttons
from bot.views.facts import Outlook, Unpriced
from bot.views.model import Layout, Line, Name, Tone, View, line, type_span
from bot.views.names import short
from bot.views.sentences import not_priced
from bot.views.spike_lines import round_hour
from bot.views.times import Clock, month_name, weekday
from bot.views.trend_chart import course_title
from spend.budgets import Period
from spend.money import from_nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class EatenBy:
    """An open spike that eats the budget: its key, code and money, when the budget is gone, the end without it."""

    key: str
    code: str
    nanos: int
    since: datetime
    gone_at: datetime | None
    without_nanos: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetEvidence:
    """What a budget message says. `label` is what the budget counts; `threshold` in percent; amounts in nano-units."""

    budget_id: str
    label: str
    is_workspace: bool
    period: Period
    first: date
    last: date
    currency: str
    limit: Decimal
    threshold: int
    spent_nanos: int
    is_over: bool
    as_of: datetime
    basis: str = "estimated"
    outlook: Outlook | None = None
    unpriced_tokens: int = 0
    eaten_by: EatenBy | None = None
    to_yesterday_nanos: int | None = None

    @classmethod
    def from_evidence(cls, evidence: Mapping[str, Any]) -> "BudgetEvidence":
        """Read a finding's evidence (`spend/budgets.py`) and what the bot adds to it before storing.

        Added: `as_of` (ISO text), and optional `basis` (words: "billed to Nov 17, estimated since") and `spike`
        {key (its name), code, nanos, since, gone_at, without_nanos}, `to_yesterday_nanos`.
        """
        currency = evidence["currency"]
        scope, forecast, spike = evidence["scope"], evidence["forecast"], evidence.get("spike")
        limit = from_nanos(evidence["limit_nanos"])
        is_workspace = scope["dimension"] == "workspace"
        return cls(
            budget_id=evidence["budget_id"],
            label=scope["label"] or scope["value"] or "Everything",
            is_workspace=is_workspace,
            period=Period(evidence["period"]),
            first=date.fromisoformat(evidence["first"]),
            last=date.fromisoformat(evidence["last"]),
            currency=currency,
            limit=limit,
            threshold=evidence["threshold"],
            spent_nanos=evidence["spent_nanos"],
            is_over=evidence["is_over"],
            as_of=datetime.fromisoformat(evidence["as_of"]),
            basis=evidence.get("basis", "estimated"),
            outlook=forecast
            and Outlook(
                nanos=forecast["mid_nanos"],
                low_nanos=forecast["low_nanos"],
                high_nanos=forecast["high_nanos"],
                currency=currency,
                limit=limit,
                over_on=date.fromisoformat(forecast["over_on"]) if forecast["over_on"] else None,
            ),
            unpriced_tokens=evidence["unpriced_tokens"],
            to_yesterday_nanos=evidence.get("to_yesterday_nanos"),
            eaten_by=EatenBy(
                key=spike["key"],
                code=spike["code"],
                nanos=spike["nanos"],
                since=datetime.fromisoformat(spike["since"]),
                gone_at=datetime.fromisoformat(spike["gone_at"]) if spike.get("gone_at") else None,
                without_nanos=spike.get("without_nanos"),
            )
            if spike
            else None,
        )


def budget_passed_view(found: BudgetEvidence, clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the alert that a part of a budget, or all of it, is spent."""
    spent = text.money(found.spent_nanos, found.currency)
    label = short(found.label)
    if found.threshold >= 100 or found.is_over:
        words = f"Budget: {label} is over its {_limit(found)} for {_period(found, clock)}: {spent}."
    else:
        used = f"has used {found.threshold}% of its {_limit(found)}"
        words = f"Budget: {label} {used} for {_period(found, clock)}: {spent}."
    lines = [
        _eaten_line(found, clock) if found.eaten_by else _course_line(found, clock),
        _unpriced_line(found),
    ]
    return _alert(found, clock, code, words, [*lines, _act_line(act, clock)], is_muted=act is not None)


def budget_projected_view(found: BudgetEvidence, clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the alert that the forecast passes 80 or 100 % of a budget. Without a forecast there is nothing to tell.

    Raises ValueError when the evidence holds no forecast.
    """
    if found.outlook is None:
        raise ValueError("a projected alert needs its forecast")
    outlook = found.outlook
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, found.currency)
    subject = _period(found, clock) if found.is_workspace else short(found.label)
    subject = subject[0].upper() + subject[1:] if found.is_workspace else subject
    whole = (
        f"the {_limit(found)} budget"
        if found.is_workspace
        else f"its {_limit(found)} for {_period(found, clock)}"
    )
    over = text.against_limit(shown.nanos, found.limit, found.currency)
    percent = text.percent_of(Fraction(from_nanos(outlook.nanos)) / Fraction(found.limit))
    held = f"{over} {whole}" if found.threshold >= 100 and over.endswith("over") else f"{percent} of {whole}"
    lines = [_so_far_line(found, clock), _unpriced_line(found)]
    words = f"Budget: {subject} is on course for {shown}, {held}."
    return _alert(found, clock, code, words, [*lines, _act_line(act, clock)], is_muted=act is not None)


def _act_line(act: Act | None, clock: Clock) -> Line:
    return line(act_words(act, clock)) if act else line()


def _alert(
    found: BudgetEvidence, clock: Clock, code: str, words: str, lines: list[Line], *, is_muted: bool
) -> View:
    state = BudgetState(
        label=found.label,
        period=found.period,
        limit=found.limit,
        spent_nanos=found.spent_nanos,
        currency=found.currency,
        outlook=found.outlook,
        over_on=found.outlook.over_on if found.outlook else None,
        unpriced=(Unpriced("", "", found.unpriced_tokens),) if found.unpriced_tokens else (),
    )
    return View(
        layout=Layout.ALERT,
        title=f"Budget: {short(found.label)}",
        lead=line(words),
        body=tuple(item for item in lines if str(item)),
        chart=budgets_chart(clock, [state], _picture_title(found, words)),
        footer=f"Data to {clock.near_zone(found.as_of)} · {found.basis} · {code}",
        buttons=budget_buttons(
            found.budget_id, code=code.partition("-")[0], period=found.period.value, is_muted=is_muted
        ),
        tone=Tone.ATTENTION,
        is_private=False,
    )


def _picture_title(found: BudgetEvidence, words: str) -> str:
    """Say the lead's finding in two lines: `Agents: on course for $936, $536 over budget`."""
    if found.outlook is None or "on course" not in words:
        return words.removeprefix("Budget: ").rstrip(".").partition(":")[0]
    return f"{short(found.label)}: {course_title(found.outlook)[:1].lower()}{course_title(found.outlook)[1:]}"


def _eaten_line(found: BudgetEvidence, clock: Clock) -> Line:
    """`$50.33 of it since 10:00 today, by agents-nightly (spike K7Q2). At this pace it is used up at about ...`"""
    spike = found.eaten_by
    if spike is None:
        return line()
    day = " today" if clock.day_of(spike.since) == clock.today else ""
    spans: list[type_span] = [
        f"{text.money(spike.nanos, found.currency)} of it since {clock.near(spike.since)}{day}"
    ]
    spans += [", by ", Name(short(spike.key))] if spike.key else []
    spans.append(f" (spike {spike.code}).")
    if spike.gone_at and not found.is_over:
        without = ""
        if spike.without_nanos is not None:
            without = (
                f"; without it {text.about(spike.without_nanos, found.currency)} by {clock.on(found.last)}"
            )
        spans.append(
            f" At this pace it is used up at about {clock.near(round_hour(spike.gone_at))}{without}."
        )
    return line(*spans)


def _course_line(found: BudgetEvidence, clock: Clock) -> Line:
    if found.outlook is None:
        return line()
    outlook = found.outlook
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, found.currency)
    over = f"; over around {clock.day(outlook.over_on)}" if outlook.over_on and not found.is_over else ""
    return line(f"On course for {shown} by {clock.on(found.last)}{over}.")


def _so_far_line(found: BudgetEvidence, clock: Clock) -> Line:
    if found.to_yesterday_nanos is not None:
        yesterday = weekday(clock.day_of(found.as_of) - timedelta(days=1))
        spent = f"{text.money(found.to_yesterday_nanos, found.currency)} spent to {yesterday}"
    else:
        spent = f"{text.money(found.spent_nanos, found.currency)} spent so far"
    over = found.outlook.over_on if found.outlook else None
    return line(f"{spent}; over around {clock.day(over)}." if over else f"{spent}.")


def _unpriced_line(found: BudgetEvidence) -> Line:
    if not found.unpriced_tokens:
        return line()
    return line(f"At least: {not_priced([Unpriced('', '', found.unpriced_tokens)])}.")


def _limit(found: BudgetEvidence) -> str:
    return text.limit(found.limit, found.currency)


def _period(found: BudgetEvidence, clock: Clock) -> str:
    match found.period:
        case Period.MONTH:
            return month_name(found.first)
        case Period.WEEK:
            return f"the week of {clock.on(found.first)}"
        case Period.DAY:
            return clock.day(found.first)
