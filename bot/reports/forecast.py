"""The facts of the forecast of this month."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from bot.query import AskedWindow
from bot.reports.billed_level import billed_levels
from bot.reports.budgets import budget_state
from bot.reports.compare import period_of
from bot.reports.cuts import connections_with_money, totals_of
from bot.reports.days import day_amounts
from bot.reports.forecast_parts import forecast_parts
from bot.reports.frame import Frame
from bot.reports.outlook import fan_of, forecast, month_budget, outlook_of
from bot.reports.passing_spikes import spike_excess
from bot.reports.record import months_judged
from bot.reports.spikes import open_spike_incidents, spike_of
from bot.reports.trust import trust_of, warnings_of
from bot.views.forecast import ForecastFacts, Range
from bot.views.periods import Period, PeriodKind
from bot.views.record import RecordFacts
from spend.forecast import BLEND, STRAIGHT_LINE, Forecast
from spend.window import DAY, hours_of_days, month_start, next_month
from storage import Slice


async def forecast_facts(frame: Frame, *, method: str = BLEND, by: str = "") -> ForecastFacts | None:
    """Read where the month will end by a method, cut as asked; None over a gap or before anything was read."""
    first, last = month_start(frame.today), next_month(frame.today) - DAY
    window = AskedWindow("month", first, frame.today)
    slices = await frame.store.day_slices(first, frame.today, ("connection_id",))
    total = totals_of(slices, None)[0]
    found = await forecast(frame, first, last, (), total.currency, method=method)
    budget = await month_budget(frame, total.currency)
    outlook = outlook_of(found, total.currency, budget.limit if budget else None)
    if outlook is None:
        return None
    earlier = month_start(first - DAY)
    has_past = frame.complete_from is not None and earlier >= frame.complete_from
    base = Period(kind=PeriodKind.MONTH, first=earlier, last=first - DAY) if has_past else None
    facts = ForecastFacts(
        clock=frame.clock,
        period=period_of(frame, window),
        window=hours_of_days(first, frame.today, frame.zone),
        month=total,
        outlook=outlook,
        sources=frame.sources(connections_with_money(slices)),
        trust=await trust_of(frame, first, frame.today, slices),
        days=await day_amounts(frame, first, frame.today, (), total.currency, base=base),
        fan=fan_of(found),
        warnings=warnings_of(frame, first, frame.today),
    )
    if not isinstance(found, Forecast):
        return facts
    return replace(
        await _with_rest(frame, facts, found),
        method=found.method,
        by_other_method_nanos=await _by_other_method(frame, method, total.currency),
        months=await months_judged(frame, total.currency) if method == BLEND else (),
        budgets=tuple(
            [await budget_state(frame, other) for other in await frame.store.budgets() if other != budget]
        ),
        billed_levels=await _levels(frame, slices, total.currency),
        spikes_nanos=await _of_spikes(frame, found, total.currency),
        by=by,
        parts=await forecast_parts(frame, found, by, total.currency) if by and not found.is_irregular else (),
    )


async def _levels(frame: Frame, slices: Sequence[Slice], currency: str) -> tuple[tuple[str, Fraction], ...]:
    """Return the connections whose days to be billed are counted at another level, where they have such days."""
    levels = await billed_levels(frame, currency)
    with_open = {piece.key[0] for piece in slices if piece.estimated_nanos and piece.currency == currency}
    return tuple(
        (connection.label, levels[connection.id])
        for connection in frame.connections
        if connection.id in levels and connection.id in with_open
    )


async def _of_spikes(frame: Frame, found: Forecast, currency: str) -> int:
    """Return what spikes added to the last week before the forecast, which it does not expect again."""
    added = await spike_excess(frame, found.today - 7 * DAY, (), currency)
    return sum(nanos for day, nanos in added.items() if found.today - 7 * DAY <= day < found.today)


async def _by_other_method(frame: Frame, method: str, currency: str) -> int | None:
    """Return where the other method sees the end of the month, so that both stand side by side."""
    other = BLEND if method == STRAIGHT_LINE else STRAIGHT_LINE
    first, last = month_start(frame.today), next_month(frame.today) - DAY
    found = await forecast(frame, first, last, (), currency, method=other)
    return found.period_end.mid if isinstance(found, Forecast) else None


async def _with_rest(frame: Frame, facts: ForecastFacts, found: Forecast) -> ForecastFacts:
    week = found.next_7_days
    last = next_month(frame.today) - DAY
    is_of_today = found.today == frame.today  # else a part of yesterday is not read yet, and is in the rest
    first = found.today + DAY if is_of_today else found.today
    loop, hourly = await _loop(frame)
    return replace(
        facts,
        next_7_days=Range(week.mid, week.low, week.high),
        rest_of_today_nanos=found.rest_of_today_nanos if is_of_today else 0,
        rest_nanos=found.rest_after_today_nanos + (0 if is_of_today else found.rest_of_today_nanos),
        rest_first=first if first <= last else None,
        rest_last=last if first <= last else None,
        loop=loop,
        loop_hourly_nanos=hourly,
    )


async def _loop(frame: Frame) -> tuple[str, int]:
    """Return the key of the largest open spike and what it spends an hour now."""
    for incident in await open_spike_incidents(frame):
        cause = spike_of(frame, incident).cause
        if cause:
            return cause, int(incident.evidence["pace_nanos_per_hour"])
    return "", 0


async def record_facts(frame: Frame) -> RecordFacts:
    """Read how far the forecasts of the last months were off."""
    first = month_start(frame.today)
    slices = await frame.store.day_slices(first, frame.today, ("connection_id",))
    total = totals_of(slices, None)[0]
    return RecordFacts(
        clock=frame.clock,
        months=await months_judged(frame, total.currency),
        sources=frame.sources(connections_with_money(slices)),
        trust=await trust_of(frame, first, frame.today, slices),
    )
