"""Small pieces of SQL that both databases need: upserts and inserts in bounded batches."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

ROWS_A_BATCH = 5_000  # converting more rows at once would hold up the event loop


def insert_into(tx: AsyncConnection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    """Return the dialect's INSERT, which knows `on_conflict_do_update` and `on_conflict_do_nothing`."""
    if tx.dialect.name == "sqlite":
        from sqlalchemy.dialects import sqlite

        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # loaded only where it is used: a tenth of a start's time

    return postgresql.insert(table)


def upsert(tx: AsyncConnection, table: Table, changes: Sequence[str]) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT that, where the primary key is there already, sets the columns `changes` instead."""
    statement = insert_into(tx, table)
    keys = [column.name for column in table.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in changes}
    )


async def insert_rows(tx: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows with one constant statement, in batches."""
    for batch in batches(rows):
        await tx.execute(table.insert(), batch)


def batches(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Cut rows into lists of at most ROWS_A_BATCH; none for no rows."""
    for start in range(0, len(rows), ROWS_A_BATCH):
        yield list(rows[start : start + ROWS_A_BATCH])
