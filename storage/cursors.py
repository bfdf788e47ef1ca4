"""How far each stream was read: the cursors a saved window moves, and when each stretch was last read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.usage import Role
from spend.window import Window
from storage._days import Owner
from storage._scope import Scope
from storage._sql import insert_rows
from storage.errors import NotFoundError
from storage.tables._types import table_of
from storage.tables.streams import ReadSpanRow, StreamRow
from storage.values import WindowRead

_stream = table_of(StreamRow)
_span = table_of(ReadSpanRow)


class Cursors(Scope):
    """Read positions of the workspace's streams."""

    async def last_reread(
        self, connection_id: str, stream: str, spans: Sequence[timedelta], now: datetime
    ) -> dict[timedelta, datetime | None]:
        """Return, per span, when the trailing `span` was last read whole; None = not yet, or with a gap.

        What is older than everything ever read is left to the backfill and does not count as a gap.
        """
        async with self._read() as tx:
            question = (
                select(_span.c.start, _span.c.end, _span.c.read_at)
                .where(
                    _span.c.workspace_id == self.workspace_id,
                    _span.c.connection_id == connection_id,
                    _span.c.stream == stream,
                )
                .order_by(_span.c.start)
            )
            stretches = (await tx.execute(question)).all()
        return {span: _oldest_read(stretches, now - span) for span in spans}

    async def finish_backfill(self, connection_id: str, stream: str) -> None:
        """Note that the vendor has no older data, so that nobody waits for it."""
        async with self._write() as tx:
            await tx.execute(
                update(_stream)
                .where(
                    _stream.c.workspace_id == self.workspace_id,
                    _stream.c.connection_id == connection_id,
                    _stream.c.stream == stream,
                )
                .values(backfill_done=True)
            )


def _oldest_read(stretches: Sequence[Row[Any, Any, Any]], since: datetime) -> datetime | None:
    inside = [stretch for stretch in stretches if stretch.end > since]
    if not inside or any(left.end < right.start for left, right in pairwise(inside)):
        return None
    if inside[0].start > since and len(inside) < len(stretches):
        return None
    oldest: datetime = min(stretch.read_at for stretch in inside)
    return oldest


async def role_of(tx: AsyncConnection, owner: Owner, stream: str) -> Role:
    """Return what a stream is for; raises NotFoundError when the connection has no such stream."""
    question = select(_stream.c.role).where(owner.owns(_stream), _stream.c.stream == stream)
    found = (await tx.execute(question)).scalar_one_or_none()
    if found is None:
        raise NotFoundError(f"the connection has no stream {stream}")
    return Role(found)


async def move_cursors(tx: AsyncConnection, owner: Owner, read: WindowRead) -> None:
    """Note a window as read: the newest edge moves `as_of`, the oldest one the history, and the stretch is kept."""
    newest = await _replace_stretch(tx, owner, read)
    is_ours = owner.owns(_stream) & (_stream.c.stream == read.stream)
    row = (await tx.execute(select(_stream).where(is_ours))).one()
    changes: dict[str, Any] = {"last_success_at": max(read.read_at, row.last_success_at or read.read_at)}
    if not read.is_history and (newest is None or read.window.end >= newest):
        changes["as_of"] = max(read.as_of, row.as_of or read.as_of)
    oldest = row.history_from
    if oldest is None or read.window.start < oldest <= read.window.end:
        changes["history_from"] = oldest = read.window.start
    if row.history_goal is not None and oldest <= row.history_goal:
        changes["backfill_done"] = True
    await tx.execute(update(_stream).where(is_ours).values(changes))


async def _replace_stretch(tx: AsyncConnection, owner: Owner, read: WindowRead) -> datetime | None:
    """Cut the new stretch out of the older ones and put it there; returns the newest edge there was before."""
    ours = owner.owns(_span) & (_span.c.stream == read.stream)
    found = (await tx.execute(select(_span.c.start, _span.c.end, _span.c.read_at).where(ours))).all()
    window = read.window
    touched = [row for row in found if row.start <= window.end and row.end >= window.start]
    if touched:
        await tx.execute(delete(_span).where(ours, _span.c.start.in_([row.start for row in touched])))
    pieces = [(window, read.read_at)] if window.length else []
    for row in touched:
        pieces += [(piece, row.read_at) for piece in _outside(Window(row.start, row.end), window)]
    keys = {**owner.keys, "stream": read.stream}
    rows = [{**keys, "start": piece.start, "end": piece.end, "read_at": at} for piece, at in _joined(pieces)]
    await insert_rows(tx, _span, rows)
    return max((row.end for row in found), default=None)


def _outside(old: Window, new: Window) -> list[Window]:
    pieces = []
    if old.start < new.start:
        pieces.append(Window(old.start, min(old.end, new.start)))
    if old.end > new.end:
        pieces.append(Window(max(old.start, new.end), old.end))
    return pieces


def _joined(pieces: list[tuple[Window, datetime]]) -> list[tuple[Window, datetime]]:
    joined: list[tuple[Window, datetime]] = []
    for piece, read_at in sorted(pieces):
        if joined and joined[-1][0].end == piece.start and joined[-1][1] == read_at:
            joined[-1] = (Window(joined[-1][0].start, piece.end), read_at)
        else:
            joined.append((piece, read_at))
    return joined
