"""Connections and streams between rows and values."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from spend.usage import Role
from storage.values import Connection, ConnectionState, NewConnection, StreamState


def new_connection_row(
    new: NewConnection, workspace_id: str, connection_id: str, mark: str, now: datetime
) -> dict[str, Any]:
    """Return the row of a connection whose key is not sealed yet."""
    return {
        "workspace_id": workspace_id,
        "id": connection_id,
        "provider": new.provider,
        "label": new.label,
        "state": ConnectionState.ACTIVE.value,
        "key_hint": "",
        "sealed_key": None,
        "key_mark": mark,
        "base_url": new.base_url,
        "allow_private": new.allow_private,
        "connected_at": now,
        "connected_by": new.connected_by,
        "state_since": now,
        "state_reason": "",
        "account_id": new.account_id,
        "account_name": new.account_name,
        "powers": new.powers,
        "counts_money": True,
    }


def stream_rows(
    new: NewConnection, workspace_id: str, connection_id: str, now: datetime
) -> list[dict[str, Any]]:
    """Return one row per stream the key may read, none of it read yet."""
    return [
        {
            "workspace_id": workspace_id,
            "connection_id": connection_id,
            "stream": name,
            "role": role.value,
            "is_readable": True,
            "next_due_at": now,
            "claimed_by": "",
            "history_goal": new.history_goal,
            "backfill_done": False,
            "failures": 0,
            "last_error": "",
            "settings": "{}",
        }
        for name, role in new.streams
    ]


def connection_of(row: Row[Any], streams: Iterable[Row[Any]]) -> Connection:
    """Return a connection with the given streams."""
    return Connection(
        id=row.id,
        workspace_id=row.workspace_id,
        provider=row.provider,
        label=row.label,
        state=ConnectionState(row.state),
        key_hint=row.key_hint,
        base_url=row.base_url,
        allow_private=row.allow_private,
        connected_at=row.connected_at,
        connected_by=row.connected_by,
        state_since=row.state_since,
        state_reason=row.state_reason,
        account_id=row.account_id,
        account_name=row.account_name,
        powers=row.powers,
        counts_money=row.counts_money,
        streams=tuple(_stream_of(each) for each in streams),
    )


def _stream_of(row: Row[Any]) -> StreamState:
    return StreamState(
        connection_id=row.connection_id,
        stream=row.stream,
        role=Role(row.role),
        as_of=row.as_of,
        last_success_at=row.last_success_at,
        next_due_at=row.next_due_at,
        history_from=row.history_from,
        history_goal=row.history_goal,
        backfill_done=row.backfill_done,
        failures=row.failures,
        failing_since=row.failing_since,
        last_error=row.last_error,
        settings=json.loads(row.settings),
    )
