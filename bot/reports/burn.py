"""The burn rate: what an active day costs, what the last hours cost by the hour, how long the budget lasts."""

from collections.abc import Sequence

from bot.reports.cuts import connections_with_money, totals_of
from bot.reports.days import usual_day
from bot.reports.frame import Frame
from bot.reports.outlook import filling_day, month_budget
from bot.reports.trust import trust_of, warnings_of
from bot.views.burn import BurnFacts
from bot.views.facts import Pace
from bot.views.footer import LATE
from spend.burn import (
    BurnRate,
    lasts_until,
    measure_burn,
    measure_pace,
    pace_windows,
    project_month,
    time_left,
)
from spend.money import to_nanos
from spend.window import DAY, dates, hours_of_day, hours_of_days, month_start, next_month
from storage import Filter


async def burn_facts(frame: Frame) -> BurnFacts | None:
    """Read the burn rate; None over a gap and before anything was read."""
    first = month_start(frame.today)
    month = totals_of(await frame.store.day_slices(first, frame.today, ("connection_id",)), None)[0]
    slices = await frame.store.day_slices(frame.today, frame.today, ("connection_id",))
    today = totals_of(slices, None)[0]
    pace = await pace_now(frame, (), month.currency)
    if pace is None:
        return None
    burn = await burn_rate(frame, (), month.currency)
    budget = await month_budget(frame, month.currency)
    limit = to_nanos(budget.limit) if budget else None
    return BurnFacts(
        clock=frame.clock,
        pace=pace,
        today=today,
        window=hours_of_days(frame.today, frame.today, frame.zone),
        sources=frame.sources(connections_with_money(slices)),
        trust=await trust_of(frame, frame.today, frame.today, slices),
        month_end_nanos=project_month(
            burn, today=frame.today, spent_this_month_nanos=month.nanos, today_nanos=today.nanos
        )
        if burn
        else None,
        limit=budget.limit if budget else None,
        lasts_until=lasts_until(
            burn,
            today=frame.today,
            last=next_month(frame.today) - DAY,
            spent_nanos=month.nanos,
            today_nanos=today.nanos,
            limit_nanos=limit,
        )
        if burn and limit is not None
        else None,
        time_left=time_left(limit_nanos=limit, spent_nanos=month.nanos, per_hour_nanos=pace.hourly_3h_nanos)
        if limit is not None
        else None,
        hours=await usual_day(frame, month.currency),
        warnings=warnings_of(frame, frame.today, frame.today),
    )


async def burn_rate(frame: Frame, filters: Sequence[Filter], currency: str) -> BurnRate | None:
    """Measure the last 7 complete days, as far as history reaches."""
    if frame.complete_from is None:
        return None
    filling = filling_day(frame)
    first = max(frame.complete_from, filling - 7 * DAY)
    totals = await frame.store.daily_totals(first, filling - DAY, filters, currency)
    complete = [totals[day].nanos if day in totals else 0 for day in dates(first, filling - DAY)]
    return measure_burn(complete, today=filling)


async def pace_now(frame: Frame, filters: Sequence[Filter], currency: str) -> Pace | None:
    """Measure the last 3 and 24 hours, what these hours usually cost, and an active day.

    None over a gap, where an hour that nobody read would count as one without spend, and before any figures.
    """
    as_of = frame.newest_as_of
    if as_of is None or frame.complete_from is None or frame.has_gap:
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
        until=as_of if frame.now - as_of > LATE else None,
    )
