"""Streams between polls: who reads one now, how the last reads went, what is due."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.usage import Role
from storage._scope import Scope, System
from storage._sql import upsert
from storage.errors import NotFoundError
from storage.holder import Holder
from storage.tables._types import table_of
from storage.tables.connections import ConnectionRow
from storage.tables.streams import PollAttemptRow, StreamRow
from storage.values import ConnectionState, DueStream, PollAttempt

_CONNECTION = table_of(ConnectionRow)
_STREAM = table_of(StreamRow)
_ATTEMPT = table_of(PollAttemptRow)
_POLLED = (ConnectionState.ACTIVE.value, ConnectionState.BROKEN.value)


class DueStreams(System):
    """What the scheduler asks: streams of every workspace whose time has come."""

    async def due_streams(self, now: datetime, limit: int) -> list[DueStream]:
        """Return the streams due longest first, of active and broken connections, that nobody reads now."""
        of = (_STREAM.c.workspace_id == _CONNECTION.c.workspace_id) & (
            _STREAM.c.connection_id == _CONNECTION.c.id
        )
        query = (
            select(
                _STREAM.c.workspace_id,
                _STREAM.c.connection_id,
                _CONNECTION.c.provider,
                _STREAM.c.stream,
                _STREAM.c.role,
            )
            .join(_CONNECTION, of)
            .where(_CONNECTION.c.state.in_(_POLLED), _STREAM.c.is_readable, _is_due(now), _is_free(now))
            .order_by(_STREAM.c.next_due_at, _STREAM.c.connection_id, _STREAM.c.stream)
            .limit(limit)
        )
        async with self._read() as tx:
            return [
                DueStream(row.workspace_id, row.connection_id, row.provider, row.stream, Role(row.role))
                for row in await tx.execute(query)
            ]

    async def end_dead_claims(self, now: datetime) -> int:
        """Free the streams that processes known to be dead were reading; return how many processes that were."""
        held = select(_STREAM.c.claimed_by).where(_STREAM.c.claimed_until > now).distinct()
        async with self._write() as tx:
            texts = (await tx.execute(held)).scalars().all()
            dead = [holder for holder in map(Holder.from_text, texts) if holder.is_dead()]
            for holder in dead:
                await end_claims(tx, holder)
        return len(dead)


async def end_claims(tx: AsyncConnection, holder: Holder) -> None:
    """Free every stream that one process has claimed."""
    mine = update(_STREAM).where(_STREAM.c.claimed_by == holder.text, _STREAM.c.claimed_until.is_not(None))
    await tx.execute(mine.values(claimed_until=None))


class Polls(Scope):
    """Claim a stream, and say how reading it went."""

    async def claim_stream(
        self, connection_id: str, stream: str, now: datetime, lease: timedelta, *, only_due: bool = True
    ) -> bool:
        """Return whether the stream is the caller's to read until the lease ends. No two callers get True at once.

        `only_due` False claims it before its time too. A claim ends with its process: see `end_dead_claims`.
        """
        free = _is_free(now) & _is_due(now) if only_due else _is_free(now)
        claim = (
            update(_STREAM)
            .where(self._stream_is(connection_id, stream), free)
            .values(claimed_until=now + lease, claimed_by=Holder.this_process().text)
        )
        async with self._write() as tx:
            return (await tx.execute(claim)).rowcount == 1

    async def stream_succeeded(
        self,
        connection_id: str,
        stream: str,
        now: datetime,
        next_due_at: datetime,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Note a whole read, end the claim and any trouble. `settings` None leaves what the provider learned."""
        changes: dict[str, Any] = {
            "last_success_at": now,
            "next_due_at": next_due_at,
            "claimed_until": None,
            "failures": 0,
            "failing_since": None,
            "last_error": "",
        }
        if settings is not None:
            changes["settings"] = json.dumps(dict(settings), sort_keys=True)
        async with self._write() as tx:
            await self._finish_poll(tx, connection_id, stream, changes)
            await self._keep_attempt(tx, connection_id, stream, now, "")

    async def stream_failed(
        self, connection_id: str, stream: str, now: datetime, next_due_at: datetime, error: str
    ) -> int:
        """Note a failed read, end the claim, and return how many failed in a row. `error` is a finished sentence."""
        changes = {
            "next_due_at": next_due_at,
            "claimed_until": None,
            "failures": _STREAM.c.failures + 1,
            "failing_since": func.coalesce(
                _STREAM.c.failing_since, literal(now, _STREAM.c.failing_since.type)
            ),
            "last_error": error,
        }
        async with self._write() as tx:
            await self._finish_poll(tx, connection_id, stream, changes)
            await self._keep_attempt(tx, connection_id, stream, now, error)
            failures = await tx.execute(
                select(_STREAM.c.failures).where(self._stream_is(connection_id, stream))
            )
            return int(failures.scalar_one())

    async def bring_forward(
        self, connection_id: str, stream: str, *, read_at: datetime, due_at: datetime
    ) -> bool:
        """Let a healthy stream be due sooner; True if it is now. `read_at`: its last success as the caller knows it.

        Nothing changes where it was read again meanwhile, is failing, or is due by then anyway: a wait that a vendor
        asked for is never cut short.
        """
        sooner = (
            update(_STREAM)
            .where(
                self._stream_is(connection_id, stream),
                _STREAM.c.last_success_at == read_at,
                _STREAM.c.failures == 0,
                _STREAM.c.next_due_at > due_at,
            )
            .values(next_due_at=due_at)
        )
        async with self._write() as tx:
            return (await tx.execute(sooner)).rowcount == 1

    async def release_streams(self, connection_id: str, now: datetime, next_due_at: datetime) -> None:
        """End what this process has claimed of a connection and could not finish; it is due again at the given time."""
        mine = (
            update(_STREAM)
            .where(
                _STREAM.c.workspace_id == self.workspace_id,
                _STREAM.c.connection_id == connection_id,
                _STREAM.c.claimed_by == Holder.this_process().text,
                _STREAM.c.claimed_until > now,
            )
            .values(claimed_until=None, next_due_at=next_due_at)
        )
        async with self._write() as tx:
            await tx.execute(mine)

    async def poll_attempts(self, connection_id: str, since: datetime) -> list[PollAttempt]:
        """Return the attempts on a connection's streams from `since` on, oldest first."""
        query = (
            select(_ATTEMPT)
            .where(_ATTEMPT.c.workspace_id == self.workspace_id, _ATTEMPT.c.connection_id == connection_id)
            .where(_ATTEMPT.c.at >= since)
            .order_by(_ATTEMPT.c.at, _ATTEMPT.c.stream)
        )
        async with self._read() as tx:
            return [PollAttempt(row.stream, row.at, row.error) for row in await tx.execute(query)]

    def _stream_is(self, connection_id: str, stream: str) -> ColumnElement[bool]:
        return (
            (_STREAM.c.workspace_id == self.workspace_id)
            & (_STREAM.c.connection_id == connection_id)
            & (_STREAM.c.stream == stream)
        )

    async def _finish_poll(
        self, tx: AsyncConnection, connection_id: str, stream: str, changes: Mapping[str, Any]
    ) -> None:
        done = await tx.execute(update(_STREAM).where(self._stream_is(connection_id, stream)).values(changes))
        if done.rowcount == 0:
            raise NotFoundError("There is no such stream.")

    async def _keep_attempt(
        self, tx: AsyncConnection, connection_id: str, stream: str, now: datetime, error: str
    ) -> None:
        row = {
            "workspace_id": self.workspace_id,
            "connection_id": connection_id,
            "stream": stream,
            "at": now,
            "error": error,
        }
        await tx.execute(upsert(tx, _ATTEMPT, ["error"]).values(row))


def _is_due(now: datetime) -> ColumnElement[bool]:
    # A last read that lies ahead was noted before the clock was set back, and so was the next due time.
    return or_(_STREAM.c.next_due_at <= now, _STREAM.c.last_success_at > now)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(_STREAM.c.claimed_until.is_(None), _STREAM.c.claimed_until <= now)
