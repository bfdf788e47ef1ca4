"""Forgetting a workspace: its keys first, then every row of every table, and nothing of anybody else."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Column, Integer, Table, text
from sqlmodel import AutoString

from storage.errors import NotFoundError
from storage.forget import tenant_tables
from storage.store import Store
from storage.tables._all import all_tables
from storage.tables._types import UtcDateTime
from tests.storage.cast import NOW, by_mira, harbor_openai
from tests.storage.killing import KilledError, killed_after

OF_NOBODY = {"workspace", "canary", "run_lease"}


def test_every_table_is_a_tenants_or_known_to_be_nobodys() -> None:
    tenants = {table.name for table in tenant_tables()}

    assert set(all_tables().tables) - tenants == OF_NOBODY


async def test_no_row_of_the_workspace_is_left_and_all_of_the_others(store) -> None:
    other = await store.add_workspace("other", NOW)
    for workspace_id in ("home", other):
        await one_row_in_each_table(store, workspace_id)
    before = await rows_of(store, other)
    assert all(before.values())

    await store.forget("home")

    assert not any((await rows_of(store, "home")).values())
    assert await rows_of(store, other) == before
    assert await store.workspaces() == [(other, "other")]


async def test_killed_after_the_keys_the_keys_are_gone(store) -> None:
    await store.workspace("home").add_connection(harbor_openai(), NOW, by_mira())
    with pytest.raises(KilledError), killed_after(store, 4):
        await store.forget("home")

    async with store._engines.reader.connect() as tx:
        sealed = text("SELECT count(*) FROM connection WHERE sealed_key IS NOT NULL")
        assert (await tx.execute(sealed)).scalar() == 0
        assert (await tx.execute(text("SELECT count(*) FROM data_key"))).scalar() == 0

    await store.forget("home")
    assert await store.workspaces() == []


async def test_a_workspace_that_is_not_there_cannot_be_forgotten(store) -> None:
    with pytest.raises(NotFoundError):
        await store.forget("nobody")


async def test_a_forgotten_home_is_made_anew_when_it_is_asked_for(store) -> None:
    await store.forget("home")

    assert await store.home(NOW) == "home"
    assert [each.platform for each in await store.workspace("home").channels("alerts")] == ["console"]


async def one_row_in_each_table(store: Store, workspace_id: str) -> None:
    async with store._engines.writer.begin() as tx:
        for table in reversed(tenant_tables()):
            if not await _count(tx, table, workspace_id):
                row = {
                    column.name: _value(column, workspace_id) for column in table.c if not _is_counter(column)
                }
                await tx.execute(table.insert().values(row))


async def rows_of(store: Store, workspace_id: str) -> dict[str, int]:
    async with store._engines.reader.connect() as tx:
        return {table.name: await _count(tx, table, workspace_id) for table in tenant_tables()}


async def _count(tx: Any, table: Table, workspace_id: str) -> int:
    return len((await tx.execute(table.select().where(table.c.workspace_id == workspace_id))).all())


def _is_counter(column: Column[Any]) -> bool:
    return column.name == "id" and isinstance(column.type, Integer)


def _value(column: Column[Any], workspace_id: str) -> Any:
    if column.name == "workspace_id":
        return workspace_id
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return NOW
    values: dict[type, Any] = {
        bool: True,
        int: 1,
        bytes: b"x",
        object: {},  # JSON
        date: date(2026, 11, 19),
        str: f"x-{workspace_id}",
    }
    return values[str if isinstance(kind, AutoString) else kind.python_type]
