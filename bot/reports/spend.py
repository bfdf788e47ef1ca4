"""The facts of an answer about money spent, read from what is stored."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.query import AskedWindow, SpendQuery
from bot.reports.burn import pace_now
from bot.reports.compare import (
    Base,
    asked_base,
    at_same_place,
    base_slices,
    period_of,
    usual_base,
    window_slices,
)
from bot.reports.cuts import (
    add_up,
    columns_for,
    connections_with_money,
    refuse_users,
    rows_of,
    totals_of,
    unpriced_of,
)
from bot.reports.days import day_amounts, hour_amounts
from bot.reports.filters import resolve
from bot.reports.frame import Frame
from bot.reports.outlook import month_outlook
from bot.reports.scope import not_read, scoped
from bot.reports.spikes import open_spikes
from bot.reports.trust import trust_of, warnings_of
from bot.views.facts import SpendRow
from bot.views.spend_facts import Driver, LastSpend, OnlyOne, SpendFacts, Today
from spend.window import dates, hours, hours_of_day, hours_of_days
from storage import Filter, Slice

LOOK_BACK = timedelta(days=365)
TIMES = frozenset({"day", "hour"})
# One reading of the rollup for all that needs these.
_OVERVIEW = ("provider", "connection_id", "model", "kind")


async def spend_facts(frame: Frame, query: SpendQuery, words: str) -> SpendFacts:
    """Read everything an answer says. Raises CommandError for filters that match nothing and users nobody reports."""
    refuse_users(frame, query.by)
    filters = await resolve(frame, query.filters)
    warnings = warnings_of(frame, query.window.first, query.window.last)
    whole, frame = frame, scoped(frame, filters, query.filters)
    window, by = query.window, query.by or ("provider",)
    columns = columns_for(by)
    slices = await window_slices(frame, window.first, window.last, columns, filters)
    base = await _base(frame, query)
    earlier = None
    if base is not None:
        earlier = at_same_place(await base_slices(frame, base, columns, filters), columns, base, window)
    before = None if earlier is None else add_up(frame, by, earlier, slices)
    overview = await frame.store.day_slices(window.first, window.last, _OVERVIEW, filters, is_money_only=True)
    by_model = _cut(overview, "model", "kind")
    facts = SpendFacts(
        clock=frame.clock,
        words=words,
        window=hours_of_days(window.first, window.last, frame.zone),
        period=period_of(frame, window),
        rows=_in_time_order(frame, window, by, rows_of(add_up(frame, by, slices, earlier or ()), before)),
        totals=totals_of(slices, earlier),
        sources=frame.sources(connections_with_money(_cut(overview, "connection_id"))),
        trust=await trust_of(frame, window.first, window.last, slices),
        by=query.by,
        base=base.period if base else None,
        is_change=query.versus is not None and base is not None,
        top=query.top,
        provider_names=frame.provider_names,
        unpriced=unpriced_of(by_model),
        history=frame.history(),
        connected_days=None if _knows_before(frame) else frame.connected_days,
        price_version=", ".join(await frame.store.price_versions(window.first, window.last)),
        warnings=warnings,
        others_are_read=len(not_read(whole)) < len(whole.connections),
    )
    if facts.is_empty:
        return replace(facts, last_spend=await _last_spend(frame, filters))
    facts = replace(facts, only=await _only_one(frame, window, filters, by_model))
    if query.by:
        return await _of_cut(frame, query, facts, filters, base, _cut(overview, "provider"))
    return await _of_window(frame, query, facts, filters)


def _knows_before(frame: Frame) -> bool:
    """Tell whether history before today is there: then the day of connecting is a day like any other."""
    return frame.complete_from is not None and frame.complete_from < frame.today


async def _base(frame: Frame, query: SpendQuery) -> Base | None:
    if frame.is_unread(query.window.first):
        return None
    if query.versus is not None:
        return asked_base(frame, query.window, query.versus)
    return None if frame.has_gap else usual_base(frame, query.window)


def _cut(overview: Sequence[Slice], *columns: str) -> list[Slice]:
    """Return the overview by fewer of its columns; slices of one key are not added up."""
    places = [_OVERVIEW.index(name) for name in columns]
    return [replace(piece, key=tuple(piece.key[place] for place in places)) for piece in overview]


async def _of_cut(
    frame: Frame,
    query: SpendQuery,
    facts: SpendFacts,
    filters: Sequence[Filter],
    base: Base | None,
    by_provider: Sequence[Slice],
) -> SpendFacts:
    """Add what an answer by dimensions has: the strip of providers, and what drove a change."""
    window = query.window
    if facts.is_change and base is not None and query.by[0] != "key":
        facts = replace(facts, drivers=await _drivers(frame, query, facts, filters, base))
    if not TIMES.isdisjoint(query.by):
        days = await day_amounts(
            frame, window.first, window.last, filters, facts.main.currency, base=facts.base
        )
        return replace(facts, days=tuple(day for day in days if day.day <= window.last))
    return replace(facts, providers=rows_of(add_up(frame, ("provider",), by_provider), None))


async def _of_window(
    frame: Frame, query: SpendQuery, facts: SpendFacts, filters: Sequence[Filter]
) -> SpendFacts:
    """Add what an answer about a window has: today's line, pace, spikes, the outlook, the picture's days."""
    window, currency = query.window, facts.main.currency
    if window.kind == "today":
        return replace(
            facts,
            spikes=() if filters else await open_spikes(frame),
            pace=await pace_now(frame, filters, currency),
            hours=await hour_amounts(frame, filters, currency),
        )
    days = await day_amounts(frame, window.first, window.last, filters, currency, base=facts.base)
    facts = replace(facts, days=days)
    if window.kind != "month":
        return facts
    outlook, fan = await month_outlook(frame, filters, currency)
    return replace(
        facts,
        today=await _today(frame, filters),
        spikes=() if filters else await open_spikes(frame),
        outlook=outlook,
        fan=fan,
    )


async def _today(frame: Frame, filters: Sequence[Filter]) -> Today | None:
    """Return today's line; None where nothing is known of it: not everyone was read, and the others spent nothing."""
    window = AskedWindow("today", frame.today, frame.today)
    slices = await frame.store.day_slices(frame.today, frame.today, ("provider",), filters)
    if not any(piece.nanos for piece in slices) and not frame.has_begun_reading(
        hours_of_day(frame.today, frame.zone).start
    ):
        return None
    base = usual_base(frame, window)
    earlier = None if base is None else await base_slices(frame, base, ("provider",), filters)
    return Today(
        total=totals_of(slices, earlier)[0],
        period=period_of(frame, window),
        base=base.period if base else None,
    )


async def _drivers(
    frame: Frame, query: SpendQuery, facts: SpendFacts, filters: Sequence[Filter], base: Base
) -> tuple[Driver, ...]:
    """Which keys moved inside the group that rose most."""
    rising = max(facts.rows, key=lambda row: row.nanos - (row.before_nanos or 0), default=None)
    if rising is None or rising.nanos <= (rising.before_nanos or 0):
        return ()
    by = (query.by[0], "key")
    columns = columns_for(by)
    now = await window_slices(frame, query.window.first, query.window.last, columns, filters)
    then = await base_slices(frame, base, columns, filters)
    changes = rows_of(add_up(frame, by, now, then), add_up(frame, by, then, now))
    rows = [row for row in changes if row.labels[0] == rising.labels[0] and row.nanos]
    rows.sort(key=lambda row: (row.before_nanos or 0) - row.nanos)
    return tuple(
        Driver(key=row.labels[1], nanos=row.nanos, before_nanos=row.before_nanos or 0)
        for row in rows
        if row.nanos != (row.before_nanos or 0) and row.nanos > 0
    )


async def _only_one(
    frame: Frame, window: AskedWindow, filters: Sequence[Filter], by_model: Sequence[Slice]
) -> OnlyOne | None:
    models = {piece.key[0] for piece in by_model if piece.nanos}
    if len(models) != 1:
        return None
    by_key = await frame.store.day_slices(window.first, window.last, ("api_key",), filters)
    keys = {piece.key[0] for piece in by_key if piece.nanos}
    if len(keys) != 1:
        return None
    (model,), (key,) = models, keys
    return OnlyOne(model=model or "(not attributed)", key=frame.names.name("api_key", key) or key)


async def _last_spend(frame: Frame, filters: Sequence[Filter]) -> LastSpend | None:
    totals = await frame.store.daily_totals(frame.today - LOOK_BACK, frame.today, filters)
    spent = [(day, total.nanos) for day, total in totals.items() if total.nanos]
    return LastSpend(day=spent[-1][0], nanos=spent[-1][1]) if spent else None


def _in_time_order(
    frame: Frame, window: AskedWindow, by: Sequence[str], rows: tuple[SpendRow, ...]
) -> tuple[SpendRow, ...]:
    """Put rows of a time dimension in time order, by one dimension with its empty days or hours; others as they are."""
    if TIMES.isdisjoint(by):
        return rows
    if by[0] in TIMES:
        empty = _empty_times(frame, window, by[0], rows) if len(by) == 1 else []
        return tuple(sorted([*rows, *empty], key=lambda row: (row.labels[0], -row.nanos, row.labels)))
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.labels[0]] = sums.get(row.labels[0], 0) + row.nanos
    return tuple(sorted(rows, key=lambda row: (-sums[row.labels[0]], row.labels)))


def _empty_times(
    frame: Frame, window: AskedWindow, dimension: str, rows: Sequence[SpendRow]
) -> list[SpendRow]:
    """Return a row of nothing for each day or hour, up to now, that a currency has no row for; unread where it was."""
    if dimension == "day":
        days = dates(window.first, window.last)
        slots = {day.isoformat(): hours_of_day(day, frame.zone).start for day in days}
    else:
        span = hours_of_days(window.first, window.last, frame.zone)
        slots = {f"{hour:%Y-%m-%dT%H:%MZ}": hour for hour in hours(span) if hour <= frame.now}
    there = {(row.labels[0], row.currency) for row in rows}
    currencies = {row.currency for row in rows} or {"USD"}
    return [
        SpendRow(labels=(slot,), nanos=0, currency=currency, is_unread=not frame.has_begun_reading(start))
        for currency in currencies
        for slot, start in slots.items()
        if (slot, currency) not in there
    ]
