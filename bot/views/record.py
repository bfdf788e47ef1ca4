"""How sure forecasts are, in words and as a picture: what was shown on each day against what the month came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil

from bot.views import text
from bot.views.answer_data import answer_data
from bot.views.chart_words import alt_text, units
from bot.views.footer import Source, Trust, footer
from bot.views.model import View, line
from bot.views.times import Clock, month_name
from charts.scale import grid_values
from charts.spec import AxisLabel, FanPoint, GridLine, Limit, Record
from spend.forecast import MonthRecord, Shown
from spend.window import DAY, next_month

TITLE = "spend forecast record"
_FAR_OFF = 50  # percent; "within 159%" praises what it should not
_FEW = 20  # days on which the range was judged; below, four in five is mostly chance


@dataclass(frozen=True, slots=True)
class MonthJudged:
    """A month that is over, in one currency. `is_billed`: every day of it is settled."""

    record: MonthRecord
    currency: str = "USD"
    is_billed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """The last months that are over, the newest first, and what the answer stands on."""

    clock: Clock
    months: tuple[MonthJudged, ...]
    sources: tuple[Source, ...]
    trust: Trust


def how_sure(months: Sequence[MonthJudged], clock: Clock) -> str:
    """Say how far the forecast of the same day was off, and how often the range held, or that there is no record yet.

    `in October the forecast of the 19th was 0.7% low, in September 2% high; the range held on 58 of 61 days`
    """
    day_of_month = clock.today.day
    if not months:
        return f"no month with kept forecasts is over yet, the first is judged on {clock.on(next_month(clock.today))}"
    misses, prefix = [], f"the forecast of the {ordinal(day_of_month)} was "
    for month in months:
        shown = month.record.on(day_of_month)
        if shown is not None:
            misses.append(f"in {month_name(month.record.first)} {prefix}{miss(month.record, shown)}")
            prefix = ""
    held = sum(month.record.held for month in months)
    days = sum(len(month.record.shown) for month in months)
    few = ", too few to judge it by" if days < _FEW else ""
    return "; ".join(
        [*([", ".join(misses)] if misses else []), f"the range held on {held} of {days} days{few}"]
    )


def miss(record: MonthRecord, shown: Shown) -> str:
    """Say how far a forecast was off: `0.7% low`, `12% high`, `right`."""
    off = record.miss(shown)
    figure = _percent(abs(off))
    return "right" if figure == "0%" else f"{figure} {'low' if off < 0 else 'high'}"


def ordinal(day_of_month: int) -> str:
    """Write the day of a month: `1st`, `2nd`, `3rd`, `11th`, `19th`."""
    if 11 <= day_of_month <= 13:
        return f"{day_of_month}th"
    return f"{day_of_month}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day_of_month % 10, 'th') }"


def record_view(facts: RecordFacts) -> View:
    """Build the answer to how far forecasts were off."""
    clock = facts.clock
    if facts.months:
        newest = facts.months[0]
        lead = line(f"{_finding(newest)}.")
        body = (line(_day_and_range(newest, clock)), *(line(_earlier(month)) for month in facts.months[1:]))
        chart = _chart(newest, clock)
    else:
        lead = line("No month with kept forecasts is over yet.")
        body = (
            line(f"One is kept each day; the first month is judged on {clock.on(next_month(clock.today))}."),
        )
        chart = None
    return View(
        title=TITLE,
        lead=lead,
        body=body,
        chart=chart,
        footer=footer(clock, facts.sources, facts.trust),
        data=answer_data(
            title=TITLE,
            lead=str(lead),
            facts=[str(item) for item in body],
            sources=facts.sources,
            basis=facts.trust.basis,
            as_of=min((source.as_of for source in facts.sources if source.as_of), default=None),
            window_label="months before",
            chart=chart,
        ),
    )


def _finding(month: MonthJudged) -> str:
    """`October: every forecast was within 1% of the bill`."""
    within = max(1, ceil(month.record.largest_miss * 100))
    end = "the bill" if month.is_billed else "what was spent"
    kept = len(month.record.shown)
    if within > _FAR_OFF:
        worst = "the worst forecast" if kept > 1 else "the one forecast kept"
        return f"{month_name(month.record.first)}: {worst} was {within}% off {end}"
    every = "every forecast was" if kept > 1 else "the one forecast kept was"
    if 1 < kept < _FEW:
        every = f"the {kept} forecasts kept were"
    return f"{month_name(month.record.first)}: {every} within {within}% of {end}"


def _day_and_range(month: MonthJudged, clock: Clock) -> str:
    record = month.record
    held = f"The 80% range held on {record.held} of {len(record.shown)} days."
    ended = text.money(record.actual_nanos, month.currency)
    shown = record.on(clock.today.day)
    if shown is None:
        return f"It ended at {ended}. {held}"
    figure = text.forecast(shown.end.mid, shown.end.low, shown.end.high, month.currency).figure
    said = f"On the {ordinal(shown.day.day)} it said {figure}, {miss(record, shown)}"
    return f"{said}; it ended at {ended}. {held}"


def _earlier(month: MonthJudged) -> str:
    record = month.record
    return f"{_finding(month)}; the range held on {record.held} of {len(record.shown)} days."


def _percent(off: Fraction) -> str:
    """Write a miss with one decimal below 10 %, where a whole percent would hide the half of it."""
    tenths = round(off * 1000)
    if tenths >= 100:
        return f"{round(off * 100)}%"
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


def _chart(month: MonthJudged, clock: Clock) -> Record:
    record = month.record
    last = next_month(record.first) - DAY
    shown = tuple(_point(each) for each in record.shown)
    today = record.on(clock.today.day)
    name, ended = month_name(record.first)[:3], text.money(record.actual_nanos, month.currency)
    held = f"80% range: held on {record.held} of {len(record.shown)} days"
    label = ""
    if today is not None:
        figure = text.forecast(today.end.mid, today.end.low, today.end.high, month.currency).figure
        label = f"{name} {today.day.day}: {figure}, {miss(record, today)}"
    title = _finding(month)
    return Record(
        title=title,
        subtitle=f"Month end as forecast on each day, {month.currency}",
        alt=alt_text(
            title,
            f"Line chart, {clock.on(record.first)} to {last.day}",
            held,
            label,
            f"it ended at {ended}",
        ),
        days=last.day,
        shown=shown,
        actual=Limit(units(record.actual_nanos), ended),
        actual_word="billed" if month.is_billed else "spent",
        held_label=held,
        dot=_point(today) if today is not None else None,
        dot_label=label,
        grid=_grid(shown, month.currency),
        axis=_axis(name, last, today.day.day if today is not None else 0),
    )


def _point(shown: Shown) -> FanPoint:
    return FanPoint(shown.day.day - 0.5, units(shown.end.mid), units(shown.end.low), units(shown.end.high))


def _grid(shown: Sequence[FanPoint], currency: str) -> tuple[GridLine, ...]:
    """Propose a line near either end of a cut axis, at multiples of a round step."""
    low, high = min(point.low for point in shown), max(point.high for point in shown)
    steps = grid_values(max(high - low, high / 100))
    step = steps[0] if steps else 0.0
    if step <= 0:
        return ()
    values = {ceil(low / step) * step, high // step * step}
    return tuple(GridLine(value, text.limit(text.exact(value), currency)) for value in sorted(values))


def _axis(name: str, last: date, today: int) -> tuple[AxisLabel, ...]:
    days = {1: f"{name} 1", 10: "10", last.day: str(last.day)}
    kept = {day: label for day, label in days.items() if not today or abs(day - today) > 2}
    if today:
        kept[today] = days.get(today, str(today))
    return tuple(AxisLabel(day - 0.5, label) for day, label in sorted(kept.items()))
