"""The burn rate: what an active day costs, and what the last hours cost by the hour."""

from collections.abc import Sequence

from bot.reports.frame import Frame
from bot.views.facts import Pace
from spend.burn import BurnRate, measure_burn, measure_pace, pace_windows
from spend.window import DAY, dates, hours_of_day
from storage import Filter


async def burn_rate(frame: Frame, filters: Sequence[Filter], currency: str) -> BurnRate | None:
    """Measure the 7 complete days before today, as far as history reaches."""
    if frame.complete_from is None:
        return None
    first = max(frame.complete_from, frame.today - 7 * DAY)
    totals = await frame.store.daily_totals(first, frame.today - DAY, filters, currency)
    complete = [totals[day].nanos if day in totals else 0 for day in dates(first, frame.today - DAY)]
    return measure_burn(complete, today=frame.today)


async def pace_now(frame: Frame, filters: Sequence[Filter], currency: str) -> Pace | None:
    """Measure the last 3 and 24 hours, what these hours usually cost, and an active day; None before any figures."""
    as_of = frame.newest_as_of
    if as_of is None or frame.complete_from is None:
        return None
    history_from = hours_of_day(frame.complete_from, frame.zone).start
    windows = pace_windows(as_of, history_from=history_from)
    hourly = await frame.store.hourly_totals(windows, filters, currency)
    pace = measure_pace(hourly, as_of=as_of, history_from=history_from)
    burn = await burn_rate(frame, filters, currency)
    return Pace(
        hourly_3h_nanos=pace.last_3h_nanos,
        hourly_24h_nanos=pace.last_24h_nanos,
        usual_hourly_nanos=pace.usual_nanos,
        daily_nanos=burn.per_active_day_nanos if burn else None,
        active_days=burn.active_days if burn else 0,
        of_days=burn.days if burn else 7,
        currency=currency,
    )
