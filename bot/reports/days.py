"""Days and hours of a picture: what each cost, and whether that is billed, estimated, still open or missing."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import chain

from bot.reports.frame import Frame
from bot.views.facts import DayAmount, HourAmount
from bot.views.periods import Period, PeriodKind
from charts.spec import Mark
from spend.usual import median, past_hours
from spend.window import DAY, Window, dates, floor_hour, hours, hours_of_day, next_month, windows_of_hours
from storage import DailyTotal, Filter

_NOTHING = DailyTotal(0, 0, 0)


async def day_amounts(
    frame: Frame,
    first: date,
    last: date,
    filters: Sequence[Filter],
    currency: str,
    *,
    base: Period | None = None,
) -> tuple[DayAmount, ...]:
    """Return every local day of a window; with a base, beside each the day at the same place of the earlier window.

    A running month gets its days to come too (missing), so that the earlier month can be drawn to its end; the days
    that a longer one has more are counted with the last, so that it ends at its total.
    """
    totals = await frame.store.daily_totals(first, last, filters, currency)
    is_month = base is not None and base.kind is PeriodKind.MONTH
    end = max(last, next_month(first) - DAY) if is_month else last
    before = await _earlier(frame, base, filters, currency, (end - first).days + 1)
    return tuple(
        DayAmount(
            day=day,
            nanos=totals.get(day, _NOTHING).nanos if day <= last else 0,
            mark=_mark(frame, day, totals.get(day)),
            before_nanos=before[place] if place < len(before) else None,
        )
        for place, day in enumerate(dates(first, end))
    )


async def hour_amounts(frame: Frame, filters: Sequence[Filter], currency: str) -> tuple[HourAmount, ...]:
    """Return today's hours with what is usual in each: the median of that weekday's hour over eight weeks."""
    window = hours_of_day(frame.today, frame.zone)
    today = await frame.store.hourly_totals([window], filters, currency)
    usual = await _usual_hours(frame, filters, currency)
    as_of = frame.newest_as_of or frame.now
    amounts = []
    for hour in hours(window):
        is_open = floor_hour(as_of) <= hour
        amounts.append(
            HourAmount(
                start=hour,
                nanos=today.get(hour, 0),
                mark=Mark.MISSING if hour > as_of else Mark.OPEN if is_open else Mark.ESTIMATED,
                usual_nanos=usual.get(hour),
            )
        )
    return tuple(amounts)


async def usual_day(frame: Frame, currency: str) -> tuple[HourAmount, ...]:
    """Return the mean of each hour of the day over the last five weekdays, for the picture of the burn rate."""
    days = [frame.today - n * DAY for n in range(1, 9)]
    weekdays = sorted(day for day in days if day.weekday() < 5 and frame.has_read(day))[-5:]
    if frame.complete_from is None or not weekdays or weekdays[0] < frame.complete_from:
        return ()
    span = Window(hours_of_day(weekdays[0], frame.zone).start, hours_of_day(weekdays[-1], frame.zone).end)
    by_hour = await frame.store.hourly_totals([span], currency=currency)
    amounts = []
    for place, start in enumerate(hours(hours_of_day(weekdays[-1], frame.zone))):
        # A day of 23 hours lacks the last.
        same = [list(hours(hours_of_day(day, frame.zone)))[place : place + 1] for day in weekdays]
        spent = [by_hour.get(found[0], 0) for found in same if found]
        amounts.append(HourAmount(start=start, nanos=sum(spent) // len(spent)))
    return tuple(amounts)


async def _usual_hours(frame: Frame, filters: Sequence[Filter], currency: str) -> dict[datetime, int]:
    if frame.complete_from is None or frame.complete_from > frame.today - timedelta(days=7):
        return {}
    window = hours_of_day(frame.today, frame.zone)
    start = hours_of_day(max(frame.complete_from, frame.today - timedelta(weeks=8)), frame.zone).start
    past = {hour: past_hours(hour, frame.zone, history_from=start) for hour in hours(window)}
    windows = windows_of_hours(chain.from_iterable(past.values()))
    by_hour = await frame.store.hourly_totals(windows, filters, currency)
    return {
        hour: median([by_hour.get(earlier, 0) for earlier in found]) for hour, found in past.items() if found
    }


async def _earlier(
    frame: Frame, base: Period | None, filters: Sequence[Filter], currency: str, length: int
) -> list[int]:
    if base is None:
        return []
    end = base.first + (length - 1) * DAY
    if base.kind is PeriodKind.MONTH:
        end = next_month(base.first) - DAY
    totals = await frame.store.daily_totals(base.first, end, filters, currency)
    amounts = [totals.get(day, _NOTHING).nanos for day in dates(base.first, end)]
    if base.kind is not PeriodKind.MONTH or len(amounts) <= length:
        return amounts
    return [*amounts[: length - 1], sum(amounts[length - 1 :])]


def _mark(frame: Frame, day: date, total: DailyTotal | None) -> Mark:
    is_known = frame.has_begun_reading(hours_of_day(day, frame.zone).start)
    if day > frame.today or (total is None and not is_known):
        return Mark.MISSING
    if day == frame.today or not frame.has_read(day):
        return Mark.OPEN
    return Mark.ESTIMATED if total is not None and total.estimated_nanos else Mark.BILLED
