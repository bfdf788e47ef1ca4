"""The pictures of a window in time: a month against the last one with its forecast, or a bar per day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate

from bot.views import sentences, text
from bot.views.chart_words import alt_text, grid, units
from bot.views.facts import DayAmount, FanDay, Outlook, Total
from bot.views.periods import Period, compared, opening
from bot.views.times import Clock, month_name
from charts.spec import (
    AxisLabel,
    Bars,
    FanPoint,
    Limit,
    Mark,
    Point,
    Slot,
    Trend,
)
from spend.money import NANOS_PER_UNIT, to_nanos


def course_title(outlook: Outlook) -> str:
    """`On course for $3,530, $230 over budget`."""
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, outlook.currency)
    title = f"On course for {shown.figure}"
    if outlook.limit is None:
        return title
    difference = text.against_limit(shown.nanos, outlook.limit, outlook.currency)
    return f"{title}, {difference} budget" if difference else f"{title}, right at the budget"


def trend(
    clock: Clock,
    period: Period,
    days: Sequence[DayAmount],
    fan: Sequence[FanDay],
    outlook: Outlook | None,
    total: Total,
) -> Trend:
    """Draw a month's running total against the last one, with forecast, range and budget.

    days: every day of the month with its amount and, as `before_nanos`, the same day's of the month before; the days
    to come are there too, marked MISSING, so that last month is drawn to its end.
    """
    currency = total.currency
    month = month_name(period.first)
    now = text.money(total.nanos, currency)
    known_to = clock.day_of(period.until) if period.until else period.last
    is_late = known_to < clock.today and period.until is not None
    known_by = known_to if is_late else clock.today
    reach = f"to {clock.on(known_to)}" if is_late else "to date"
    title = course_title(outlook) if outlook else f"{month} {reach if is_late else 'so far'}: {now}"
    spent = _running(period.first, days, clock, period.until)
    before = [day.before_nanos for day in days if day.before_nanos is not None]
    shown = text.forecast(outlook.nanos, outlook.low_nanos, outlook.high_nanos, currency) if outlook else None
    limit = (
        Limit(units(to_nanos(outlook.limit)), f"Budget {text.limit(outlook.limit, currency)}")
        if (outlook and outlook.limit is not None)
        else None
    )
    base = month_name(period.first - timedelta(days=1))
    ended = text.money(sum(before), currency, step=NANOS_PER_UNIT) if before else ""
    length = (period.last - period.first).days + 1
    last_day = (period.first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    whole = max(length, last_day.day)
    today = clock.today.day if period.until else period.last.day
    heights = (
        [point.amount for point in spent]
        + ([limit.amount] if limit else [])
        + [units(f.high_nanos) for f in fan]
    )
    legend = [
        part
        for part in (
            "thin: estimated" if _has(days, Mark.ESTIMATED) else "",
            "dashed: forecast" if fan else "",
        )
        if part
    ]
    return Trend(
        title=title,
        subtitle=" · ".join(part for part in (f"Month {reach}, {currency}", ", ".join(legend)) if part),
        alt=alt_text(
            title,
            f"Line chart, {clock.on(period.first)} to {last_day.day}: {now} spent by {clock.on(known_by)}",
            f"forecast {shown.range}" if shown else "",
            _budget_alt(clock, outlook),
            f"{base} ended at {ended}" if before else "",
        ),
        days=float(whole),
        spent=spent,
        now_label=f"{clock.on(known_to)} {now}" if is_late else f"now {now}",
        compared=tuple(Point(index + 1.0, units(amount)) for index, amount in enumerate(accumulate(before))),
        compared_label=f"{base[:3]} {ended}" if before else "",
        fan=_fan(period.first, fan, spent[-1]),
        forecast_label=shown.figure if shown else "",
        range_label=shown.range if shown else "",
        budget=limit,
        grid=grid(heights, currency),
        axis=_month_axis(period.first, today, whole),
    )


def bars(clock: Clock, period: Period, base: Period | None, days: Sequence[DayAmount], total: Total) -> Bars:
    """Draw a window day by day, with the comparison as a step line."""
    currency = total.currency
    title = f"{opening(period, clock)}: {text.money(total.nanos, currency)}"
    title += sentences.comparison(total, period, base, clock, with_base=False)
    before = tuple(units(day.before_nanos) if day.before_nanos is not None else None for day in days)
    has_base = any(amount is not None for amount in before)
    peak = max(days, key=lambda day: day.nanos)
    heights = [units(day.nanos) for day in days] + [amount for amount in before if amount is not None]
    return Bars(
        title=title,
        subtitle=f"{clock.span(period.first, period.last)}, {currency} per day"
        + (f" · line: {compared(base, period, clock)}" if base and has_base else ""),
        alt=alt_text(
            title,
            f"Bar chart, {clock.span(period.first, period.last)}, a bar per day",
            f"most on {clock.on(peak.day)}, {text.money(peak.nanos, currency)}",
        ),
        slots=tuple(Slot(units(day.nanos), day.mark) for day in days),
        compared=before if has_base else (),
        compared_label=compared(base, period, clock) if base and has_base else "",
        grid=grid(heights, currency),
        axis=_day_axis(clock, [day.day for day in days]),
    )


def _running(
    first: date, days: Sequence[DayAmount], clock: Clock, until: datetime | None
) -> tuple[Point, ...]:
    """The running total, a point at the end of each known day; the last one at the time it is now.

    Days up to now that nobody read end in a missing point.
    """
    points = [Point(0.0, 0.0)]
    spent = 0
    for item in days:
        if item.day > clock.today:
            continue
        if item.mark is Mark.MISSING:
            points = _with_missing(points, (item.day - first).days + 1.0)
            continue
        spent += item.nanos
        at = (item.day - first).days + 1.0
        if until and item.day == clock.day_of(until):
            local = until.astimezone(clock.zone)
            at += (local.hour + local.minute / 60) / 24 - 1
        points.append(Point(at, units(spent), item.mark))
    return tuple(points)


def _with_missing(points: list[Point], at: float) -> list[Point]:
    """Let a stretch that nobody read end at a place, where something before it was read; before that is no line."""
    before = points[:-1] if points[-1].mark is Mark.MISSING else points
    return [*before, Point(at, before[-1].amount, Mark.MISSING)] if len(before) > 1 else before


def _fan(first: date, fan: Sequence[FanDay], now: Point) -> tuple[FanPoint, ...]:
    """The forecast by the end of each day to come; it starts where the spent line ends."""
    points = [
        FanPoint(
            (item.day - first).days + 1.0, units(item.nanos), units(item.low_nanos), units(item.high_nanos)
        )
        for item in fan
    ]
    ahead = [point for point in points if point.at > now.at]
    return (FanPoint(now.at, now.amount, now.amount, now.amount), *ahead) if ahead else ()


def _budget_alt(clock: Clock, outlook: Outlook | None) -> str:
    if outlook is None or outlook.limit is None:
        return ""
    budget = f"budget {text.limit(outlook.limit, outlook.currency)}"
    return f"{budget} crossed around {clock.on(outlook.over_on)}" if outlook.over_on else budget


def _has(days: Sequence[DayAmount], mark: Mark) -> bool:
    return any(item.mark is mark for item in days)


def _month_axis(first: date, today: int, length: int) -> tuple[AxisLabel, ...]:
    """First, 10th, today and last; one that would touch today's is left out."""
    days = {1: f"{month_name(first)[:3]} 1", 10: "10", length: str(length)}
    kept = {day: label for day, label in days.items() if abs(day - today) > 2}
    kept[today] = days.get(today, str(today))
    return tuple(AxisLabel(day - 0.5, label) for day, label in sorted(kept.items()))


def _day_axis(clock: Clock, days: Sequence[date]) -> tuple[AxisLabel, ...]:
    if len(days) <= 7:
        return tuple(AxisLabel(index + 0.5, clock.day(day).split(" ")[0]) for index, day in enumerate(days))
    places = sorted({0, len(days) // 2, len(days) - 1})
    return tuple(AxisLabel(place + 0.5, clock.on(days[place])) for place in places)
