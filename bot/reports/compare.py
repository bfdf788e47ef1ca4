"""The earlier window an answer is compared with: the same point of it, per connection, never a whole day against half.

A comparison ends, per connection, at that connection's as-of; its last hour counts by the minutes elapsed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.errors import CommandError
from bot.query import AskedWindow
from bot.reports.frame import Frame
from bot.views.errors import before_history, still_to_come
from bot.views.periods import Period, PeriodKind, inside
from spend.window import (
    DAY,
    HOUR,
    Window,
    Word,
    day_of,
    floor_hour,
    hours_of_day,
    hours_of_days,
    same_minute,
    same_point,
)
from storage import Filter, Slice

_WORDS = {
    "today": Word.TODAY,
    "yesterday": Word.YESTERDAY,
    "week": Word.WEEK,
    "month": Word.MONTH,
    "days": Word.LAST_DAYS,
}
_KINDS = {
    "today": PeriodKind.TODAY,
    "yesterday": PeriodKind.YESTERDAY,
    "week": PeriodKind.WEEK,
    "last week": PeriodKind.WEEK,
    "month": PeriodKind.MONTH,
    "last month": PeriodKind.MONTH,
    "days": PeriodKind.DAYS,
    "range": PeriodKind.RANGE,
}


@dataclass(frozen=True, slots=True)
class Base:
    """Local dates `first` to `last` of an earlier window; `until` where it stops inside its last day."""

    first: date
    last: date
    until: datetime | None
    kind: str

    @property
    def period(self) -> Period:
        """How views speak of it."""
        return Period(kind=_KINDS[self.kind], first=self.first, last=self.last, until=self.until)


def period_of(frame: Frame, window: AskedWindow) -> Period:
    """Return how views speak of a window; it stops at the freshest as-of where it holds today."""
    kind = _KINDS[window.kind]
    if window.kind == "range":
        kind = PeriodKind.SINCE if window.last == frame.today else PeriodKind.RANGE
        kind = PeriodKind.DAY if window.first == window.last else kind
    until = (frame.newest_as_of or frame.now) if window.last == frame.today else None
    return Period(kind=kind, first=window.first, last=window.last, until=until)


def refuse_outside(frame: Frame, window: AskedWindow) -> None:
    """Raise a CommandError for a window that is still to come, or that ends before the history begins."""
    since = frame.history_since
    if window.first > frame.today:
        raise CommandError(still_to_come(window.first, since, frame.clock))
    if since is not None and window.last < since and frame.history() is None:
        named = inside(period_of(frame, window), frame.clock)
        raise CommandError(before_history(named, since, frame.clock))


def usual_base(frame: Frame, window: AskedWindow) -> Base | None:
    """Return what a window is compared with when nothing is said; None where history does not reach back.

    A window that ended before anything was ever used is no past to compare with.
    """
    word = _WORDS.get(window.kind)
    as_of = frame.newest_as_of
    if word is None or as_of is None or frame.complete_from is None:
        return None
    if day_of(as_of, frame.zone) != frame.today:
        return None  # nothing of today is known yet: its part of the day is not the same part
    if word is Word.YESTERDAY and not frame.has_read(window.last):
        return None
    found = same_point(word, as_of, frame.zone, first_weekday=frame.settings.first_weekday, days=window.days)
    if found is None:
        return None
    first = day_of(found.start, frame.zone)
    last = day_of(found.end - timedelta(microseconds=1), frame.zone) if found.length else first
    if first < frame.complete_from or frame.first_record_at is None or found.end <= frame.first_record_at:
        return None
    until = None if word is Word.YESTERDAY else found.end
    return Base(first, last, until, window.kind)


def asked_base(frame: Frame, window: AskedWindow, versus: AskedWindow) -> Base:
    """Return the window that was asked for with `vs`, to the same point of it where this one is still running."""
    as_of = frame.newest_as_of or frame.now
    whole = Base(versus.first, versus.last, None, versus.kind)
    is_over = as_of >= hours_of_day(window.last, frame.zone).end
    if is_over or versus.last >= frame.today:
        return whole
    day = versus.first + (day_of(as_of, frame.zone) - window.first)
    if not versus.first <= day <= versus.last:
        return whole
    return Base(versus.first, day, same_minute(day, as_of, frame.zone), versus.kind)


async def window_slices(
    frame: Frame, first: date, last: date, columns: Sequence[str], filters: Sequence[Filter]
) -> list[Slice]:
    """Return the slices of local days `first` to `last`, from hours where they are asked for."""
    if "hour" in columns:
        return await frame.store.slices(hours_of_days(first, last, frame.zone), columns, filters)
    return await frame.store.day_slices(first, last, columns, filters)


def at_same_place(
    slices: Sequence[Slice], columns: Sequence[str], base: Base, window: AskedWindow
) -> list[Slice]:
    """Return an earlier window's slices with their days or hours moved to the same place of the later one.

    Days that the later window lacks (the 31st in a month of 30) are left out.
    """
    place = next((columns.index(name) for name in ("day", "hour") if name in columns), None)
    if place is None:
        return list(slices)
    back, end = window.first - base.first, window.last.isoformat()
    moved = [replace(piece, key=_moved(piece.key, place, back)) for piece in slices]
    return [piece for piece in moved if columns[place] == "hour" or piece.key[place] <= end]


def _moved(key: tuple[str, ...], place: int, back: timedelta) -> tuple[str, ...]:
    text = key[place]
    if not text:
        return key
    is_day = len(text) == len("2026-11-03")
    shifted = (
        (date.fromisoformat(text) + back).isoformat()
        if is_day
        else f"{datetime.fromisoformat(text) + back:%Y-%m-%dT%H:%MZ}"
    )
    return (*key[:place], shifted, *key[place + 1 :])


async def base_slices(
    frame: Frame, base: Base, columns: Sequence[str], filters: Sequence[Filter]
) -> list[Slice]:
    """Return the slices of an earlier window, each connection's up to its own same point."""
    if base.until is None:
        return await window_slices(frame, base.first, base.last, columns, filters)
    slices = []
    for last, ends in _ends_by_day(frame, base, base.until).items():
        if last > base.first:
            theirs = [*filters, Filter("connection_id", tuple(ends))]
            slices += await window_slices(frame, base.first, last - DAY, columns, theirs)
        for connection_id, end in ends.items():
            mine = [*filters, Filter("connection_id", (connection_id,))]
            slices += await _part_of_day(frame, last, end, columns, mine)
    return slices


def _ends_by_day(frame: Frame, base: Base, until: datetime) -> dict[date, dict[str, datetime]]:
    """Return each connection's own same point, by the local day it lies in: one read last night ends the day before."""
    newest = frame.newest_as_of or frame.now
    as_of = {connection.id: frame.as_of(connection) for connection in frame.connections}
    found: dict[date, dict[str, datetime]] = {}
    for connection_id in frame.names.connections:
        end = until - (newest - (as_of.get(connection_id) or newest))
        last = min(base.last, max(base.first, day_of(end, frame.zone)))
        found.setdefault(last, {})[connection_id] = end
    return found


async def _part_of_day(
    frame: Frame, day: date, end: datetime, columns: Sequence[str], filters: Sequence[Filter]
) -> list[Slice]:
    start = hours_of_day(day, frame.zone).start
    if end <= start:
        return []
    last_hour = floor_hour(end)
    slices = await frame.store.slices(Window(start, max(start, last_hour)), columns, filters)
    elapsed = int((end - last_hour).total_seconds())
    if elapsed:
        partial = await frame.store.slices(Window(last_hour, last_hour + HOUR), columns, filters)
        slices += [_scaled(piece, elapsed) for piece in partial]
    return slices


def _scaled(piece: Slice, elapsed_s: int) -> Slice:
    return replace(
        piece,
        billed_nanos=piece.billed_nanos * elapsed_s // 3600,
        estimated_nanos=piece.estimated_nanos * elapsed_s // 3600,
        estimate_nanos=piece.estimate_nanos * elapsed_s // 3600,
        tokens={name: count * elapsed_s // 3600 for name, count in piece.tokens.items()},
        parts={name: nanos * elapsed_s // 3600 for name, nanos in piece.parts.items()},
        requests=None if piece.requests is None else piece.requests * elapsed_s // 3600,
    )
