"""`db check` finds what is wrong; `db backup` copies one moment while others write."""

import asyncio
import stat
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.errors import StorageError
from storage.store import Store
from tests.storage.cast import NOW
from tests.storage.reads import MONDAY, at, billed, connect, days, read_bill, read_usage, used


async def test_a_sound_database_has_no_problems(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    await workspace.save_window(read_bill(connection, [billed(MONDAY, 5)]))

    assert await store.check() == []


async def test_cells_that_are_not_the_bill_are_found(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    await workspace.save_window(read_bill(connection, [billed(MONDAY, 5)]))
    async with store._write() as tx:
        await tx.execute(text("UPDATE spend_cell SET nanos = nanos + 1"))

    assert await store.check() == [
        f"the cells of 2026-11-16 (USD) are not the bill of connection {connection}",
        f"the rollup of connection {connection} (USD) is not the sum of its cells",
    ]


async def test_a_backup_under_writes_is_whole_and_private(tmp_path: Path, sqlite_template: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/live.db", key_source=lambda: bytes(32), now=NOW)
    await store.home(NOW)
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    copy = tmp_path / "copy.db"

    async def write() -> None:
        for hour in range(20):
            await workspace.save_window(read_usage(connection, [used(at(MONDAY, hour))]))

    await asyncio.gather(store.backup(copy), write())
    await store.close()

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    restored = await Store.open(f"sqlite:///{copy}", key_source=lambda: bytes(32), now=NOW)
    assert await restored.check() == []
    (spend,) = await restored.workspace("home").slices(days(MONDAY, MONDAY), [])
    assert spend.nanos == 10_000_000
    await restored.close()


async def test_a_backup_never_overwrites(store, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    target.write_text("mine")
    reason = "cannot be written" if store._engines.is_sqlite else "pg_dump"

    with pytest.raises(StorageError, match=reason):
        await store.backup(target)

    assert target.read_text() == "mine"
