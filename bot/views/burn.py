"""The answer about how fast money is spent, and what follows from it for the month."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.views import hours_chart, sentences, text
from bot.views.answer_data import answer_data
from bot.views.facts import HourAmount, Pace, Total
from bot.views.footer import Source, Trust, footer
from bot.views.model import Line, View, line
from bot.views.spend import nothing_connected
from bot.views.times import Clock, duration, month_name
from charts.spec import Hours
from spend.window import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnFacts:
    """What the answer is told. month_end_nanos: the month's end at the mean of active days. limit: the month's budget.

    lasts_until: the last local date the budget lasts at that mean (None: it lasts the month). time_left: until it is
    gone at the pace of the last 3 h. hours: the mean of each hour of the day, for the picture.
    """

    clock: Clock
    pace: Pace
    today: Total
    window: Window
    sources: tuple[Source, ...]
    trust: Trust
    month_end_nanos: int | None = None
    limit: Decimal | None = None
    lasts_until: date | None = None
    time_left: timedelta | None = None
    hours: tuple[HourAmount, ...] = ()
    warnings: tuple[str, ...] = ()


def burn_view(facts: BurnFacts) -> View:
    """Build the answer about the burn rate."""
    if not facts.sources:
        return nothing_connected("spend burn")
    lead = line(_lead(facts.pace, facts.clock))
    body = _body(facts)
    chart = _hours(facts) if facts.hours else None
    return View(
        title="spend burn",
        lead=lead,
        body=body,
        chart=chart,
        footer=footer(facts.clock, facts.sources, facts.trust),
        data=answer_data(
            title="spend burn",
            lead=str(lead),
            facts=[str(item) for item in body],
            totals=(facts.today,),
            sources=facts.sources,
            basis=facts.trust.basis,
            as_of=min((source.as_of for source in facts.sources if source.as_of), default=None),
            window=facts.window,
            window_label="today",
            chart=chart,
            warnings=facts.warnings,
        ),
    )


def _lead(pace: Pace, clock: Clock) -> str:
    last = f"{text.rate(pace.hourly_3h_nanos, pace.currency)} {sentences.last_hours(pace, clock)}"
    day = f"{text.money(pace.hourly_24h_nanos, pace.currency)} over 24 h"
    if pace.daily_nanos is None:
        return f"Burn: {last}, {day}. No complete day with spend yet."
    mean = text.rate(pace.daily_nanos, pace.currency, per="per active day")
    return f"Burn: {mean} ({pace.active_days} of the last {pace.of_days} days), {last}, {day}."


def _body(facts: BurnFacts) -> tuple[Line, ...]:
    pace = facts.pace
    if pace.daily_nanos is None or facts.month_end_nanos is None:
        return ()
    end = text.forecast(facts.month_end_nanos, 0, 0, pace.currency).figure
    daily = text.rate(pace.daily_nanos, pace.currency, per="a day")
    words = f"At {daily} {month_name(facts.clock.today)} ends near {end}"
    if facts.limit is None:
        return (line(words + "."),)
    budget = f"the {text.limit(facts.limit, pace.currency)} budget"
    until = f"lasts until {facts.clock.on(facts.lasts_until)}" if facts.lasts_until else "lasts the month"
    left = f"; at the pace of the last 3 h, {duration(facts.time_left)}" if facts.time_left else ""
    return (line(f"{words} and {budget} {until}{left}."),)


def _hours(facts: BurnFacts) -> Hours:
    return hours_chart.usual_day(facts.clock, facts.hours, facts.pace.currency)
