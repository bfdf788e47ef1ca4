"""How far the amounts of a window can be trusted: billed to which day, when the next bill is due, what is missing."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.reports.frame import Frame
from bot.reports.rules import ledger_rules
from bot.views.answer_data import moment
from bot.views.footer import Discount, Trust
from bot.views.unread import is_long_unread
from spend.usage import Basis, Role
from spend.window import DAY, Window, is_off_the_hour, local_midnight, utc_days, utc_midnight
from spend.window import hours_of_days as hours_of
from storage import Connection, ConnectionState, DayState, Slice, StreamState


async def trust_of(frame: Frame, first: date, last: date, slices: Sequence[Slice]) -> Trust:
    """Return what the footer says about the amounts of local days `first` to `last`."""
    days = utc_days(hours_of(first, last, frame.zone))
    states = await frame.store.day_states(days[0], days[-1]) if days else []
    open_days = _open_days(frame, days, states)
    basis = basis_of(slices, has_open_days=bool(open_days))
    unsettled_from = min(open_days, default=None)
    billed_to = None
    if basis is Basis.MIXED and unsettled_from is not None and unsettled_from > first:
        billed_to = unsettled_from - DAY
    return Trust(
        basis=basis,
        billed_to=billed_to,
        bill_due_at=None if basis is Basis.BILLED or billed_to else bill_due(frame, days),
        is_provisional=_is_provisional(slices),
        discounts=await _discounts(frame, slices, last),
        off_minute=_off_minute(frame, last),
    )


def basis_of(slices: Sequence[Slice], *, has_open_days: bool) -> Basis:
    """Return the basis of a whole answer: billed only where every day is settled and nothing non-zero is estimated."""
    billed = any(piece.billed_nanos for piece in slices)
    estimated = any(piece.estimated_nanos for piece in slices)
    if not billed and not estimated:
        if any(piece.unpriced_rows for piece in slices):
            return Basis.UNPRICED
        return Basis.ESTIMATED if has_open_days else Basis.BILLED
    if not billed:
        return Basis.ESTIMATED
    return Basis.MIXED if estimated or has_open_days else Basis.BILLED


def _open_days(frame: Frame, days: Sequence[date], states: Sequence[DayState]) -> list[date]:
    """UTC days that are not settled for some connection that has a bill, or whose history is not there yet."""
    settled = {(state.connection_id, state.day) for state in states if state.is_settled}
    billed = [c for c in frame.connections if any(s.role is Role.COST for s in c.streams)]
    estimated = [c for c in frame.connections if c not in billed]
    started = {c.id: _first_day(c.streams) for c in billed}
    return [
        day
        for day in days
        if estimated or any((c.id, day) not in settled and day >= started[c.id] for c in billed)
    ]


def _first_day(streams: Sequence[StreamState]) -> date:
    edges = [s.history_from.date() for s in streams if s.role is Role.COST and s.history_from is not None]
    return min(edges, default=date.min)


def bill_due(frame: Frame, days: Sequence[date]) -> datetime | None:
    """Return when the last UTC day of the window is billed by every connection that has a bill."""
    if not days:
        return None
    settles = [
        ledger_rules(frame.house.provider(c.provider), c).settles_after
        for c in frame.connections
        if any(s.role is Role.COST for s in c.streams)
    ]
    if not settles:
        return None
    last_with_hours = min(days[-1], frame.now.date())
    due = utc_midnight(last_with_hours + DAY) + max(settles)
    return due if due > frame.now else None


def _is_provisional(slices: Sequence[Slice]) -> bool:
    """Tell whether everything shown comes from a bill that is still open."""
    money = [piece for piece in slices if piece.nanos]
    return bool(money) and all(piece.provisional_nanos == piece.nanos for piece in money)


async def _discounts(frame: Frame, slices: Sequence[Slice], last: date) -> tuple[Discount, ...]:
    if not any(piece.estimated_nanos for piece in slices):
        return ()
    rules = await frame.store.price_rules()
    return tuple(
        Discount(rule.percent, frame.provider_name(connection.provider))
        for rule in rules.discounts
        for connection in frame.connections
        if connection.id == rule.connection_id
        and rule.starts_on <= last
        and (rule.ends_on is None or last < rule.ends_on)
    )


def _off_minute(frame: Frame, day: date) -> int:
    return local_midnight(day, frame.zone).minute if is_off_the_hour(day, frame.zone) else 0


def warnings_of(frame: Frame, first: date, last: date) -> tuple[str, ...]:
    """Name every connection that is broken, paused, long unread or not fully loaded, for a window not covered."""
    window = hours_of(first, last, frame.zone)
    return tuple(
        words
        for connection in frame.connections
        if window.end > frame.now or not _covers(connection, window)
        if (words := _trouble_of(frame, connection))
    )


def _covers(connection: Connection, window: Window) -> bool:
    return all(
        s.as_of is not None
        and s.as_of >= window.end
        and (s.backfill_done or (s.history_from is not None and s.history_from <= window.start))
        for s in connection.streams
    )


def _trouble_of(frame: Frame, connection: Connection) -> str:
    if connection.state is ConnectionState.BROKEN:
        return f"{connection.label} is broken: {connection.state_reason or 'its key is refused'}"
    if connection.state is ConnectionState.PAUSED:
        return f"{connection.label} is paused"
    as_of = frame.as_of(connection)
    if as_of is not None and is_long_unread(as_of, frame.now):
        return f"{connection.label} was not read since {moment(as_of)}"
    is_loaded = all(s.backfill_done and s.as_of is not None for s in connection.streams)
    return "" if is_loaded else f"{connection.label} is still loading its history"
