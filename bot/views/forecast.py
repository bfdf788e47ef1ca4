"""The answer about where the month will end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from bot.views import sentences, text, trend_chart
from bot.views.answer_data import answer_data
from bot.views.budget import BudgetState
from bot.views.crossings import crossings
from bot.views.facts import DayAmount, FanDay, NotEnoughDays, Outlook, TooIrregular, Total
from bot.views.footer import Source, Trust, footer
from bot.views.forecast_parts import PartRow, parts_data, parts_table
from bot.views.model import Line, Name, View, line
from bot.views.names import clean, short
from bot.views.periods import Period
from bot.views.record import MonthJudged, how_sure
from bot.views.spend import nothing_connected
from bot.views.times import Clock, month_name
from spend.forecast import BLEND, PLAIN_MEAN, STRAIGHT_LINE, is_holiday
from spend.money import to_nanos
from spend.window import DAY, Window


@dataclass(frozen=True, slots=True)
class Range:
    """An amount and its 80 % range, in nano-units."""

    nanos: int
    low_nanos: int
    high_nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastFacts:
    """What a forecast is told. `month`: the month's total so far, and the figures of the picture by day.

    rest_of_today_nanos, rest_nanos: what is expected of today and of the days after it. rest_first, rest_last: those
    days. loop: a key whose open spike is left out of the forecast, and what it adds an hour while it goes on.
    by_other_method_nanos: where the straight line sees the end of the month; the blend where the line was asked for.
    billed_levels: connections whose days that are not billed yet count at this part of their estimates.
    spikes_nanos: what spikes added to the last 7 days, which is not expected again.
    by, parts: the dimension it is cut by, and what each part is expected to end at.
    months: those that are over, for how far their forecasts were off, the newest first.
    budgets: the others beside the month's own that are over their limit or will be.
    """

    clock: Clock
    period: Period
    window: Window
    month: Total
    outlook: Outlook | NotEnoughDays | TooIrregular
    sources: tuple[Source, ...]
    trust: Trust
    next_7_days: Range | None = None
    rest_of_today_nanos: int = 0
    rest_nanos: int = 0
    rest_first: date | None = None
    rest_last: date | None = None
    loop: str = ""
    loop_hourly_nanos: int = 0
    method: str = BLEND
    by_other_method_nanos: int | None = None
    months: tuple[MonthJudged, ...] = ()
    budgets: tuple[BudgetState, ...] = ()
    billed_levels: tuple[tuple[str, Fraction], ...] = ()
    spikes_nanos: int = 0
    by: str = ""
    parts: tuple[PartRow, ...] = ()
    days: tuple[DayAmount, ...] = ()
    fan: tuple[FanDay, ...] = ()
    warnings: tuple[str, ...] = ()


def forecast_view(facts: ForecastFacts) -> View:
    """Build the answer: the month's end with its range, against the budget, and what it is made of."""
    if not facts.sources:
        return nothing_connected("spend forecast")
    outlook = facts.outlook
    if isinstance(outlook, Outlook):
        lead = line(f"{month_name(facts.period.first)} is on course for {sentences.outlook(outlook)}.")
        body = _body(facts, outlook)
        chart = trend_chart.trend(facts.clock, facts.period, facts.days, facts.fan, outlook, facts.month)
    else:
        lead, chart = line(sentences.no_forecast(outlook, facts.clock)), None
        body = _body_without_end(facts)
    data = answer_data(
        title=_title(facts),
        lead=str(lead),
        facts=[str(item) for item in body],
        totals=(facts.month,),
        sources=facts.sources,
        basis=facts.trust.basis,
        as_of=min((source.as_of for source in facts.sources if source.as_of), default=None),
        window=facts.window,
        window_label="month",
        chart=chart,
        warnings=facts.warnings,
    )
    currency = facts.month.currency
    if facts.parts:
        data["table"] = parts_data(facts.parts, facts.by, currency)
    return View(
        title=_title(facts),
        lead=lead,
        body=body,
        table=parts_table(facts.parts, facts.by, currency) if facts.parts else None,
        chart=chart,
        footer=footer(facts.clock, facts.sources, facts.trust),
        data=data,
    )


def _title(facts: ForecastFacts) -> str:
    method = " straight line" if facts.method == STRAIGHT_LINE else ""
    return f"spend forecast{method}{f' by {facts.by}' if facts.by else ''}"


def _body(facts: ForecastFacts, outlook: Outlook) -> tuple[Line, ...]:
    first = [_over(facts, outlook, outlook.over_on)] if outlook.over_on else []
    if facts.next_7_days:
        first.append(f"Next 7 days: {_of_week(facts.next_7_days, outlook.currency)}.")
    rows = (
        line(" ".join(first)),
        crossings(facts.budgets, facts.clock),
        _parts(facts, outlook.currency),
        _not_again(facts, outlook.currency),
        _holidays(facts),
        *(_billed_level(label, ratio) for label, ratio in facts.billed_levels),
        line(_how_sure(facts, outlook.currency)),
    )
    return tuple(item for item in rows if str(item))


def _of_week(week: Range, currency: str) -> str:
    """Say what a week should cost; nothing is no guess, though its range may reach above it."""
    if week.nanos:
        return str(text.forecast(week.nanos, week.low_nanos, week.high_nanos, currency))
    high = text.about(week.high_nanos, currency).removeprefix("about ")
    return f"nothing (up to {high})" if week.high_nanos else "nothing"


def _over(facts: ForecastFacts, outlook: Outlook, over_on: date) -> str:
    """Say when the budget is passed: a day to come is a guess, one that is over is not."""
    if outlook.limit is not None and facts.month.nanos > to_nanos(outlook.limit):
        return "The budget is passed already."
    return f"Over the budget around {facts.clock.day(over_on)}."


def _body_without_end(facts: ForecastFacts) -> tuple[Line, ...]:
    """Say what is spent where the month's end is no one number, and what else can be said."""
    spent = text.money(facts.month.nanos, facts.month.currency)
    rows = [line(f"{spent} is spent in {month_name(facts.period.first)}.")]
    if isinstance(facts.outlook, TooIrregular):
        sure = [line(f"How sure: {how_sure(facts.months, facts.clock)}.")] if facts.method == BLEND else []
        unsplit = [line("A range has no parts: it is not split.")] if facts.by else []
        rows += [crossings(facts.budgets, facts.clock), *unsplit, *sure]
    return tuple(item for item in rows if str(item))


def _not_again(facts: ForecastFacts, currency: str) -> Line:
    """Say what a spike leaves out of what is to come."""
    if facts.spikes_nanos <= 0:
        return line("")
    added = text.money(facts.spikes_nanos, currency)
    return line(f"Not expected again: {added} that spikes added in the last 7 days.")


def _holidays(facts: ForecastFacts) -> Line:
    """Say which days to come are taken for holidays: an account that works through them should know."""
    if facts.method != BLEND or not facts.rest_first or not facts.rest_last:
        return line("")
    days = [facts.rest_first + n * DAY for n in range((facts.rest_last - facts.rest_first).days + 1)]
    found = [facts.clock.on(day) for day in days if is_holiday(day)]
    return line(f"Taken for holidays: {text.listed(found)}." if found else "")


def _billed_level(label: str, ratio: Fraction) -> Line:
    """Say that days without a bill are counted at what bills come to."""
    off = float(round((ratio - 1) * 100, 1))
    if not off:
        return line("")
    return line(
        f"Days without a bill count {abs(off):g}% {'above' if off > 0 else 'below'} their estimates: "
        f"so did the last bills of {clean(label)}."
    )


def _how_sure(facts: ForecastFacts, currency: str) -> str:
    """Say how far earlier forecasts were off, and what the other method says."""
    other = facts.by_other_method_nanos
    if facts.method == STRAIGHT_LINE:
        said = ["This is the straight line through the last 7 days."]
        zero = _zero_from(facts.fan)
        said += (
            [f"It falls to zero by {facts.clock.on(zero)}, so nothing is expected from then on."]
            if zero
            else []
        )
    else:
        said = [f"How sure: {how_sure(facts.months, facts.clock)}."]
    if other is not None and facts.method != PLAIN_MEAN:
        name = "Weekday blend" if facts.method == STRAIGHT_LINE else "Straight line through the last 7 days"
        said.append(f"{name}: {text.forecast(other, other, other, currency).figure}.")
    return " ".join(said)


def _zero_from(fan: Sequence[FanDay]) -> date | None:
    """Return the first day to come from which on the running total stands still; None where it never does."""
    still = [day.day for before, day in pairwise(fan) if before.nanos == fan[-1].nanos]
    return still[0] if still else None


def _parts(facts: ForecastFacts, currency: str) -> Line:
    """What is spent, and what is expected of today and of the rest."""
    words = f"{text.money(facts.month.nanos, currency)} is spent"
    if facts.rest_first and facts.rest_last:
        first, last = facts.rest_first, facts.rest_last
        span = facts.clock.on(first) if first == last else f"{facts.clock.on(first)} to {last.day}"
        today = f"{text.about(facts.rest_of_today_nanos, currency)} for the rest of today, "
        rest = today if facts.rest_of_today_nanos else ""  # more than a usual day is spent already
        words += f"; {rest}{_about(facts.rest_nanos, currency)} for {span}"
    if not facts.loop:
        return line(words + ".")
    more = text.about(facts.loop_hourly_nanos, currency).removeprefix("about ")
    return line(f"{words}, if ", Name(short(facts.loop)), f" stops. If not: {more} more an hour.")


def _about(nanos: int, currency: str) -> str:
    return text.about(nanos, currency) if nanos else "nothing"
