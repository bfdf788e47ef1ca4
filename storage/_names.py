"""First and last use of projects, keys, users and models, learned from usage."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import case
from sqlalchemy.ext.asyncio import AsyncConnection

from storage._days import Owner
from storage._sql import insert_into
from storage.tables._types import table_of
from storage.tables.names import KnownNameRow

_name = table_of(KnownNameRow)
_USED = {"project": "project", "key": "api_key", "user": "user", "model": "model"}  # what -> its column
_UNNAMED = {"name": "", "maker": "", "project": ""}


async def note_use(tx: AsyncConnection, owner: Owner, rows: Iterable[dict[str, Any]]) -> None:
    """Move first and last uses apart so that they hold these usage rows (columns `start`, `project` ...)."""
    uses: dict[tuple[str, str], tuple[datetime, datetime]] = {}
    for row in rows:
        start = row["start"]
        for what, column in _USED.items():
            value = row.get(column)
            if value:
                first, last = uses.get((what, value), (start, start))
                uses[what, value] = (min(first, start), max(last, start))
    if not uses:
        return
    statement = insert_into(tx, _name)
    new, old = statement.excluded, _name.c
    is_first = (old.first_used_at.is_(None)) | (new.first_used_at < old.first_used_at)
    is_last = (old.last_used_at.is_(None)) | (new.last_used_at > old.last_used_at)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[column.name for column in _name.primary_key],
            set_={
                "first_used_at": case((is_first, new.first_used_at), else_=old.first_used_at),
                "last_used_at": case((is_last, new.last_used_at), else_=old.last_used_at),
            },
        ),
        [
            {
                **owner.keys,
                **_UNNAMED,
                "what": what,
                "id": value,
                "first_used_at": first,
                "last_used_at": last,
            }
            for (what, value), (first, last) in sorted(uses.items())
        ],
    )
