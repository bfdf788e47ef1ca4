"""Where a period will end: the forecast of the month, of a budget's period, against its limit."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from bot.reports.billed_level import billed_levels, corrections
from bot.reports.frame import Frame
from bot.reports.passing_spikes import spike_excess
from bot.views.facts import FanDay, NotEnoughDays, Outlook, TooIrregular
from spend.budgets import Budget, Period
from spend.forecast import BLEND, Forecast, NotEnough, forecast_until
from spend.money import to_nanos
from spend.window import DAY, dates, hours_of_day, month_start, next_month
from storage import Filter

HISTORY = timedelta(days=120)

type_outlook = Outlook | NotEnoughDays | TooIrregular | None


async def forecast(
    frame: Frame,
    first: date,
    last: date,
    filters: Sequence[Filter],
    currency: str,
    *,
    method: str = BLEND,
) -> Forecast | NotEnough | None:
    """Project the total of local days `first` to `last`; None over a gap or where nothing was ever read.

    Days that are not billed yet count at the billed level (bot/reports/billed_level.py), in what is spent too. What
    spikes added to the days before is not expected again (bot/reports/passing_spikes.py). History
    ends with the last day that everyone was read to the end of: the day after it is the one still filling.
    """
    filling = filling_day(frame)
    if frame.has_gap or frame.complete_from is None or last < frame.today or filling < first:
        return None
    start = max(frame.complete_from, frame.today - HISTORY)
    totals = await frame.store.daily_totals(min(start, first), frame.today, filters, currency)
    spent = {day: total.nanos for day, total in totals.items()}
    levels = await billed_levels(frame, currency)
    for day, nanos in (await corrections(frame, min(start, first), filters, currency, levels)).items():
        spent[day] = spent.get(day, 0) + nanos
    added = await spike_excess(frame, start, filters, currency)
    used = [day for day, nanos in spent.items() if nanos and day >= start]
    start = min(used, default=filling)  # the days before the first spend say nothing about the next ones
    history = [_without(spent.get(day, 0), added.get(day, 0)) for day in dates(start, filling - DAY)]
    known_to = frame.newest_as_of if filling == frame.today else frame.read_until
    return forecast_until(
        history,
        today=filling,
        last_day=last,
        spent_nanos=sum(nanos for day, nanos in spent.items() if first <= day <= frame.today),
        today_nanos=sum(nanos for day, nanos in spent.items() if filling <= day <= frame.today),
        today_fraction_elapsed=elapsed(frame, filling, known_to or frame.now),
        method=method,
    )


def _without(nanos: int, added: int) -> int:
    """Return what a day would have been without what spikes added to it; a day that was less than nothing stays."""
    return max(0, nanos - added) if nanos > 0 else nanos


def filling_day(frame: Frame) -> date:
    """Return the first local day that is not complete: today, or yesterday where its end was not read."""
    yesterday = frame.today - DAY
    return frame.today if frame.has_read(yesterday) else yesterday


def elapsed(frame: Frame, local_day: date, moment: datetime) -> float:
    """Return how much of a local day is over at a moment, 0 to 1."""
    day = hours_of_day(local_day, frame.zone)
    part = Fraction(int((moment - day.start).total_seconds()), max(1, int(day.length.total_seconds())))
    return float(min(Fraction(1), max(Fraction(0), part)))


async def month_outlook(
    frame: Frame, filters: Sequence[Filter], currency: str
) -> tuple[type_outlook, tuple[FanDay, ...]]:
    """Return where this month will end, held against the workspace's monthly budget, and the days of its fan."""
    last = next_month(frame.today) - DAY
    found = await forecast(frame, month_start(frame.today), last, filters, currency)
    budget = None if filters else await month_budget(frame, currency)
    return outlook_of(found, currency, budget.limit if budget else None), fan_of(found)


async def month_budget(frame: Frame, currency: str) -> Budget | None:
    """Return the budget of everything for a month in a currency, if there is one."""
    for budget in await frame.store.budgets():
        if (
            budget.scope.dimension == "workspace"
            and budget.period is Period.MONTH
            and budget.currency == currency
        ):
            return budget
    return None


def outlook_of(found: Forecast | NotEnough | None, currency: str, limit: Decimal | None) -> type_outlook:
    """Turn a forecast into what views say of it."""
    if found is None:
        return None
    if isinstance(found, NotEnough):
        return NotEnoughDays(needed=found.need, there=found.have, from_day=found.ready_on)
    end = found.period_end
    if found.is_irregular:
        return TooIrregular(low_nanos=end.low, high_nanos=end.high, currency=currency, limit=limit)
    over_on = found.crosses(to_nanos(limit)) if limit is not None else None
    return Outlook(
        nanos=end.mid, low_nanos=end.low, high_nanos=end.high, currency=currency, limit=limit, over_on=over_on
    )


def fan_of(found: Forecast | NotEnough | None) -> tuple[FanDay, ...]:
    """Return the running total expected at the end of each day to come."""
    if not isinstance(found, Forecast) or found.is_irregular:
        return ()
    return tuple(FanDay(d.day, d.by_end.mid, d.by_end.low, d.by_end.high) for d in found.days)
