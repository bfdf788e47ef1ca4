"""Connections: one account at one provider, its sealed key and its streams. R13: nothing is counted twice.

`open_key` is the one way to a key, and each use of it is an audit row in the same transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.usage import DEFAULT_PROJECT
from storage._connection_rows import connection_of, new_connection_row, stream_rows
from storage._ids import new_id
from storage._sql import insert_into
from storage.errors import DuplicateConnectionError, NotFoundError, StorageError
from storage.sealing import Sealing
from storage.tables._types import table_of
from storage.tables.connections import ConnectionRow
from storage.tables.names import KnownNameRow
from storage.tables.streams import StreamRow
from storage.values import AuditEntry, Connection, ConnectionState, NewConnection

_CONNECTION = table_of(ConnectionRow)
_STREAM = table_of(StreamRow)
_NAME = table_of(KnownNameRow)
_ACTIVE = ConnectionState.ACTIVE.value
_DISCONNECTED = ConnectionState.DISCONNECTED.value


class Connections(Sealing):
    """Add, read, re-key, pause and disconnect the connections of a workspace."""

    async def add_connection(self, new: NewConnection, now: datetime, audit: AuditEntry) -> Connection:
        """Keep a connection and seal its key; its streams are due at once.

        A broken, paused or disconnected connection of the same key, account or label is given this key instead: its
        label, history and cursors stay. Raises DuplicateConnectionError while such a one is active (R13), or where
        another connection has the label.
        """
        async with self._write() as tx:
            await self._lock_workspace(tx)
            mark = await self._mark_key(tx, new.key)
            rows = (await tx.execute(select(_CONNECTION).where(self._own_connections()))).all()
            known = _same_account(rows, new, mark)
            connection_id = new_id() if known is None else str(known.id)
            if known is None:
                row = new_connection_row(new, self.workspace_id, connection_id, mark, now)
                await tx.execute(_CONNECTION.insert().values(row))
            await self._give_key(tx, connection_id, new, mark, now)
            await self._make_readable(tx, connection_id, new, now)
            await self._note(tx, audit)
            return await self._connection_of(tx, _CONNECTION.c.id == connection_id)

    async def connections(self, include_disconnected: bool = False) -> list[Connection]:
        """Return the connections of the workspace with their streams, oldest first."""
        query = (
            select(_CONNECTION)
            .where(self._own_connections())
            .order_by(_CONNECTION.c.connected_at, _CONNECTION.c.label)
        )
        if not include_disconnected:
            query = query.where(_CONNECTION.c.state != _DISCONNECTED)
        async with self._read() as tx:
            rows = (await tx.execute(query)).all()
            streams = defaultdict(list)
            for stream in await tx.execute(self._readable_streams()):
                streams[stream.connection_id].append(stream)
        return [connection_of(row, streams[row.id]) for row in rows]

    async def connection(self, connection_id: str) -> Connection:
        """Return one connection; NotFoundError where the workspace has none of this id."""
        async with self._read() as tx:
            return await self._connection_of(tx, _CONNECTION.c.id == connection_id)

    async def connection_by_label(self, label: str) -> Connection:
        """Return the connection of this label, disconnected ones included; NotFoundError where there is none."""
        async with self._read() as tx:
            return await self._connection_of(tx, _CONNECTION.c.label == label)

    async def open_key(self, connection_id: str, now: datetime, audit: AuditEntry) -> str:
        """Return the plain key for one use, which the audit keeps.

        Raises NotFoundError for a connection without a key, KeyUnreadableError where it does not open.
        """
        async with self._write() as tx:
            row = await self._connection_row(tx, _CONNECTION.c.id == connection_id)
            if row.sealed_key is None:
                raise NotFoundError(f"{row.label} has no key: it is disconnected.")
            key = await self._open(tx, row.sealed_key, _purpose(row.provider, row.id, row.base_url))
            await self._note(tx, audit)
            return key

    async def replace_key(self, connection_id: str, key: str, now: datetime, audit: AuditEntry) -> Connection:
        """Give a connection another key and make it active; its streams are due at once.

        Raises DuplicateConnectionError where another connection has this key.
        """
        async with self._write() as tx:
            await self._lock_workspace(tx)
            row = await self._connection_row(tx, _CONNECTION.c.id == connection_id)
            mark = await self._mark_key(tx, key)
            twin = select(_CONNECTION.c.label).where(
                self._own_connections(), _CONNECTION.c.key_mark == mark, _CONNECTION.c.id != connection_id
            )
            label = (await tx.execute(twin)).scalar_one_or_none()
            if label is not None:
                raise DuplicateConnectionError(f"This key is connected already, as {label}.")
            sealed = await self._seal(tx, key, _purpose(row.provider, row.id, row.base_url))
            changes = _key_columns(key, sealed, mark) | _state_columns(row, ConnectionState.ACTIVE, "", now)
            await tx.execute(update(_CONNECTION).where(self._one_connection(connection_id)).values(changes))
            await self._start_streams(tx, connection_id, now)
            await self._note(tx, audit)
            return await self._connection_of(tx, _CONNECTION.c.id == connection_id)

    async def set_state(self, connection_id: str, state: ConnectionState, reason: str, now: datetime) -> bool:
        """Make a connection active, paused or broken and return whether that changed its state.

        A disconnected one stays so: only a new key makes it active again.
        """
        if state is ConnectionState.DISCONNECTED:
            raise StorageError("A connection is disconnected by destroying its key.")
        async with self._write() as tx:
            row = await self._connection_row(tx, _CONNECTION.c.id == connection_id)
            if row.state == _DISCONNECTED:
                return False
            changes = _state_columns(row, state, reason, now)
            still = _CONNECTION.c.state != _DISCONNECTED
            done = await tx.execute(
                update(_CONNECTION).where(self._one_connection(connection_id), still).values(changes)
            )
            return done.rowcount == 1 and row.state != state.value

    async def disconnect(self, connection_id: str, now: datetime, audit: AuditEntry) -> Connection:
        """Destroy the key of a connection; its figures stay, and the same account can be connected again."""
        async with self._write() as tx:
            row = await self._connection_row(tx, _CONNECTION.c.id == connection_id)
            changes = _state_columns(row, ConnectionState.DISCONNECTED, "", now) | {"sealed_key": None}
            await tx.execute(update(_CONNECTION).where(self._one_connection(connection_id)).values(changes))
            await self._note(tx, audit)
            return await self._connection_of(tx, _CONNECTION.c.id == connection_id)

    async def holder_of_key(self, key: str) -> Connection | None:
        """Return the connection that has this key, whatever its state; None where none does (R13)."""
        async with self._write() as tx:
            which = _CONNECTION.c.key_mark == await self._mark_key(tx, key)
            row = (await tx.execute(select(_CONNECTION.c.id).where(self._own_connections(), which))).first()
            return None if row is None else await self._connection_of(tx, _CONNECTION.c.id == row.id)

    async def owner_of_project(
        self, provider: str, project_id: str, except_connection: str = ""
    ) -> Connection | None:
        """Return the connection of this provider that reports the project already (R13), None where none does.

        A provider's default workspace is no project of one account only, so nobody owns it.
        """
        if project_id in ("", DEFAULT_PROJECT):
            return None
        reported = select(_NAME.c.connection_id).where(
            _NAME.c.workspace_id == self.workspace_id, _NAME.c.what == "project", _NAME.c.id == project_id
        )
        query = select(_CONNECTION).where(
            self._own_connections(),
            _CONNECTION.c.provider == provider,
            _CONNECTION.c.id != except_connection,
            _CONNECTION.c.id.in_(reported),
        )
        async with self._read() as tx:
            row = (await tx.execute(query.order_by(_CONNECTION.c.connected_at))).first()
            return None if row is None else await self._connection_of(tx, _CONNECTION.c.id == row.id)

    def _own_connections(self) -> ColumnElement[bool]:
        return _CONNECTION.c.workspace_id == self.workspace_id

    def _one_connection(self, connection_id: str) -> ColumnElement[bool]:
        return self._own_connections() & (_CONNECTION.c.id == connection_id)

    def _readable_streams(self) -> Any:
        mine = (_STREAM.c.workspace_id == self.workspace_id) & _STREAM.c.is_readable
        return select(_STREAM).where(mine).order_by(_STREAM.c.role.desc(), _STREAM.c.stream)

    async def _connection_row(self, tx: AsyncConnection, which: ColumnElement[bool]) -> Row[Any]:
        row = (await tx.execute(select(_CONNECTION).where(self._own_connections(), which))).one_or_none()
        if row is None:
            raise NotFoundError("There is no such connection.")
        return row

    async def _connection_of(self, tx: AsyncConnection, which: ColumnElement[bool]) -> Connection:
        row = await self._connection_row(tx, which)
        streams = await tx.execute(self._readable_streams().where(_STREAM.c.connection_id == row.id))
        return connection_of(row, streams.all())

    async def _give_key(
        self, tx: AsyncConnection, connection_id: str, new: NewConnection, mark: str, now: datetime
    ) -> None:
        row = await self._connection_row(tx, _CONNECTION.c.id == connection_id)
        sealed = await self._seal(tx, new.key, _purpose(new.provider, connection_id, new.base_url))
        changes = _key_columns(new.key, sealed, mark) | _state_columns(row, ConnectionState.ACTIVE, "", now)
        changes |= {
            "base_url": new.base_url,
            "allow_private": new.allow_private,
            "connected_by": new.connected_by,
            "account_id": new.account_id or row.account_id,
            "account_name": new.account_name or row.account_name,
            "powers": new.powers,
        }
        await tx.execute(update(_CONNECTION).where(self._one_connection(connection_id)).values(changes))

    async def _make_readable(
        self, tx: AsyncConnection, connection_id: str, new: NewConnection, now: datetime
    ) -> None:
        of = (_STREAM.c.workspace_id == self.workspace_id) & (_STREAM.c.connection_id == connection_id)
        readable = _STREAM.c.stream.in_([name for name, _ in new.streams])
        rows = stream_rows(new, self.workspace_id, connection_id, now)
        if rows:
            await tx.execute(insert_into(tx, _STREAM).on_conflict_do_nothing(), rows)
        await tx.execute(update(_STREAM).where(of).values(is_readable=readable))
        await self._start_streams(tx, connection_id, now)

    async def _start_streams(self, tx: AsyncConnection, connection_id: str, now: datetime) -> None:
        of = (_STREAM.c.workspace_id == self.workspace_id) & (_STREAM.c.connection_id == connection_id)
        fresh = {
            "next_due_at": now,
            "claimed_until": None,
            "failures": 0,
            "failing_since": None,
            "last_error": "",
        }
        await tx.execute(update(_STREAM).where(of).values(fresh))


def _same_account(rows: Sequence[Row[Any]], new: NewConnection, mark: str) -> Row[Any] | None:
    """Return the idle connection that `new` is to revive, None where it is a new one; refuse duplicates (R13)."""
    same_key = [row for row in rows if row.key_mark == mark]
    same_account = [row for row in rows if _is_account(row, new) and row.account_id]
    for row in same_key:
        if row.state == _ACTIVE or row.provider != new.provider:
            raise DuplicateConnectionError(f"This key is connected already, as {row.label}.")
    for row in same_account:
        if row.state == _ACTIVE:
            what = new.account_name or row.account_name or "This account"
            raise DuplicateConnectionError(
                f"{what} is counted by {row.label} already; counting it twice is refused."
            )
    same_label = [row for row in rows if row.label == new.label]
    idle = [row for row in same_label if row.state != _ACTIVE and _may_be_account(row, new)]
    known = next(iter((*same_key, *same_account, *idle)), None)
    if known is None and same_label:
        raise DuplicateConnectionError(
            f"Another connection is named {new.label} already; choose another name."
        )
    return known


def _is_account(row: Row[Any], new: NewConnection) -> bool:
    return bool(row.provider == new.provider and row.account_id == new.account_id)


def _may_be_account(row: Row[Any], new: NewConnection) -> bool:
    unknown = not row.account_id or not new.account_id
    return bool(row.provider == new.provider and (unknown or row.account_id == new.account_id))


def _purpose(provider: str, connection_id: str, base_url: str) -> tuple[str, ...]:
    # The address is bound too: whoever can write to the database cannot have a key sent to a host of their own.
    return ("provider key", provider, connection_id, base_url)


def _key_columns(key: str, sealed: bytes, mark: str) -> dict[str, Any]:
    return {"sealed_key": sealed, "key_mark": mark, "key_hint": _hint(key)}


def _state_columns(row: Row[Any], state: ConnectionState, reason: str, now: datetime) -> dict[str, Any]:
    since = row.state_since if row.state == state.value else now
    return {"state": state.value, "state_reason": reason, "state_since": since}


def _hint(key: str) -> str:
    return key[-4:] if len(key) >= 16 else ""  # of a short key, four characters would tell too much
