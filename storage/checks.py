"""Looking after the whole database: is it sound, and a consistent copy of it."""

import asyncio
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.usage import Basis
from storage._scope import System
from storage.errors import StorageError
from storage.tables._types import table_of
from storage.tables.cells import DayStateRow, spend_cell, spend_day
from storage.tables.records import cost_record
from storage.tables.workspaces import WorkspaceRow

_state = table_of(DayStateRow)
_workspace = table_of(WorkspaceRow)


class Checks(System):
    """`db check` and `db backup`."""

    async def check(self) -> list[str]:
        """Return what is wrong, a sentence each: damage, days whose cells are not their bill, a stale rollup."""
        async with self._read() as tx:
            problems = await _damage(tx) if self._engines.is_sqlite else []
            for workspace_id in (await tx.execute(select(_workspace.c.id))).scalars().all():
                problems += await _unlike_bill(tx, workspace_id)
                problems += await _unlike_cells(tx, workspace_id)
        return problems

    async def backup(self, path: Path) -> None:
        """Write a copy of one moment to a new file, readable by its owner only, while others go on writing.

        Raises StorageError when the file exists or cannot be written, and on PostgreSQL, which has its own tool.
        """
        source = self._engines.path
        if source is None:
            raise StorageError(
                "PostgreSQL is backed up with its own tool: pg_dump --format=custom --file=FILE"
            )
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as err:
            raise StorageError(f"the backup {path} cannot be written: {err.strerror}") from err
        try:
            await asyncio.to_thread(_copy, source, path)
        except sqlite3.Error as err:
            raise StorageError(f"the backup failed: {err}") from err


async def _damage(tx: AsyncConnection) -> list[str]:
    found = (await tx.execute(text("PRAGMA integrity_check(20)"))).scalars().all()
    strays = (await tx.execute(text("PRAGMA foreign_key_check"))).all()
    problems = [f"the file is damaged: {line}" for line in found if line != "ok"]
    return problems + [f"a row of {stray[0]} belongs to nothing" for stray in strays]


async def _unlike_bill(tx: AsyncConnection, workspace_id: str) -> list[str]:
    cells = spend_cell.c
    billed = select(cells.connection_id, cells.day, cells.currency, func.sum(cells.nanos)).where(
        cells.workspace_id == workspace_id, cells.basis == Basis.BILLED.value
    )
    cost = cost_record.c
    bill = select(cost.connection_id, cost.day, cost.currency, func.sum(cost.nanos)).where(
        cost.workspace_id == workspace_id
    )
    from_cells = await _sums(tx, billed.join(_state, _is_settled(spend_cell)), spend_cell)
    from_bill = await _sums(tx, bill.join(_state, _is_settled(cost_record)), cost_record)
    return [
        f"the cells of {day} ({currency}) are not the bill of connection {connection_id}"
        for connection_id, day, currency in _unlike(from_cells, from_bill)
    ]


def _is_settled(table: Table) -> ColumnElement[bool]:
    same = [_state.c[name] == table.c[name] for name in ("workspace_id", "connection_id", "day")]
    return and_(*same, _state.c.is_settled)


async def _sums(tx: AsyncConnection, question: Select[Any], table: Table) -> dict[Any, int]:
    grouped = question.group_by(table.c.connection_id, table.c.day, table.c.currency)
    return _by_key((await tx.execute(grouped)).all())


async def _unlike_cells(tx: AsyncConnection, workspace_id: str) -> list[str]:
    cells, days = spend_cell.c, spend_day.c
    from_cells = select(cells.connection_id, cells.currency, func.sum(cells.nanos)).where(
        cells.workspace_id == workspace_id
    )
    total = func.sum(days.billed_nanos + days.estimated_nanos)
    from_days = select(days.connection_id, days.currency, total).where(days.workspace_id == workspace_id)
    first = await tx.execute(from_cells.group_by(cells.connection_id, cells.currency))
    second = await tx.execute(from_days.group_by(days.connection_id, days.currency))
    return [
        f"the rollup of connection {connection_id} ({currency}) is not the sum of its cells"
        for connection_id, currency in _unlike(_by_key(first.all()), _by_key(second.all()))
    ]


def _by_key(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[Any, int]:
    return {tuple(row[:-1]): int(row[-1]) for row in rows if row[-1]}


def _unlike(left: dict[Any, int], right: dict[Any, int]) -> list[Any]:
    return sorted(key for key in {*left, *right} if left.get(key, 0) != right.get(key, 0))


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)  # all pages in one step: one read transaction, hence one moment
    except sqlite3.Error:
        target.unlink()
        raise
