"""Every statement names the workspace it is about, and both databases keep what they are asked to keep."""

import asyncio
import os
import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import event, select, text, update

from spend.usage import Role
from spend.window import DAY, HOUR, Window
from storage.engines import open_engines
from storage.errors import BusyError, StorageError
from storage.store import Store
from storage.tables._all import all_tables
from storage.tables._types import table_of
from storage.tables.streams import StreamRow
from tests.storage.cast import NOW, by_mira, harbor_anthropic
from tests.storage.reads import (
    LATE,
    MONDAY,
    RULES,
    TUESDAY,
    USAGE,
    at,
    billed,
    connect,
    days,
    read_bill,
    read_usage,
    used,
)

_stream = table_of(StreamRow)
_NOT_OF_A_WORKSPACE = {"canary", "run_lease"}


def test_every_table_begins_with_its_workspace() -> None:
    for table in all_tables().tables.values():
        if table.name == "workspace" or table.name in _NOT_OF_A_WORKSPACE:
            continue
        keys = [list(table.primary_key.columns), *(list(index.columns) for index in table.indexes)]
        assert any(columns[0].name == "workspace_id" for columns in keys), table.name


async def test_every_statement_names_its_workspace(store) -> None:
    said: list[tuple[str, str]] = []

    def note(_connection, _cursor, statement, parameters, _context, _many) -> None:  # type: ignore[no-untyped-def]
        said.append((statement, repr(parameters)))

    workspace, connection = await connect(store)
    for engine in {store._engines.writer.sync_engine, store._engines.reader.sync_engine}:
        event.listen(engine, "before_cursor_execute", note)
    await use_everything(workspace, connection)

    tenant = {name for name, table in all_tables().tables.items() if "workspace_id" in table.c}
    about = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+(\w+)")
    checked = 0
    for statement, parameters in said:
        if tenant & set(about.findall(statement)):
            assert "workspace_id" in statement, statement
            assert "'home'" in parameters, statement
            checked += 1
    assert checked > 60


async def use_everything(workspace, connection: str) -> None:  # type: ignore[no-untyped-def]
    """Call what reads and writes records, cells, cursors, names and memory."""
    both = days(MONDAY, TUESDAY)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9)), used(at(TUESDAY, 9))]))
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))], read_at=LATE))
    await workspace.save_window(read_bill(connection, [billed(MONDAY, 5)]))
    await workspace.save_window(read_bill(connection, [billed(MONDAY, 6)], read_at=LATE + DAY))
    await workspace.reprice(connection, MONDAY, lambda records: [used(at(MONDAY, 9), nanos=1)], RULES)
    await workspace.usage_records(connection, both)
    await workspace.slices(both, ["model", "hour"])
    await workspace.day_slices(MONDAY, TUESDAY, ["model", "day"])
    await workspace.daily_totals(MONDAY, TUESDAY)
    await workspace.hour_estimates(both)
    await workspace.distinct("model", MONDAY)
    await workspace.first_record_at()
    await workspace.day_states(MONDAY, TUESDAY)
    await workspace.mark_restatements_told(await workspace.restatements(LATE))
    await workspace.as_seen(connection, both)
    await workspace.last_reread(connection, USAGE, [DAY], NOW)
    await workspace.finish_backfill(connection, USAGE)
    await workspace.save_names(connection, [("key", "key-1", "nightly", "", "", None)], NOW)
    await workspace.first_seen(at(MONDAY, 0))
    await workspace.names()
    await workspace.save_forecast(MONDAY, "workspace", {})
    await workspace.forecasts(MONDAY)
    await workspace.save_detector_snapshot("spikes", b"", NOW)
    await workspace.load_detector_snapshot("spikes")
    await workspace.change_settings(by_mira(), zone="Asia/Tokyo")
    await workspace.clean(NOW)


async def test_no_workspace_reads_or_writes_what_is_of_another(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9))]))
    other = store.workspace(await store.add_workspace("lighthouse", NOW))
    both = days(MONDAY, TUESDAY)

    with pytest.raises(StorageError):
        await other.save_window(read_usage(connection, []))

    assert await other.slices(both, ["model"]) == []
    assert await other.day_slices(MONDAY, TUESDAY, []) == []
    assert await other.usage_records(connection, both) == []
    assert await other.as_seen(connection, both) == []
    assert await other.names() == []
    assert await other.day_states(MONDAY, TUESDAY) == []


async def test_200_writers_at_once_lose_nothing(store) -> None:
    workspace, connection = await connect(store)
    ours = (_stream.c.workspace_id == "home") & (_stream.c.stream == USAGE)

    async def count_up() -> None:
        async with workspace._write() as tx:
            await workspace._lock_workspace(tx)
            seen = (await tx.execute(select(_stream.c.failures).where(ours))).scalar_one()
            await tx.execute(update(_stream).where(ours).values(failures=seen + 1))

    await asyncio.gather(*(count_up() for _ in range(200)))

    kept = await workspace.connection(connection)
    assert [each.failures for each in kept.streams if each.stream == USAGE] == [200]


async def test_windows_saved_at_once_end_as_one_after_the_other(store) -> None:
    workspace, connection = await connect(store)
    other = await workspace.add_connection(harbor_anthropic(streams=[(USAGE, Role.USAGE)]), NOW, by_mira())
    hours = [(each, hour) for each in (connection, other.id) for hour in range(24)]

    await asyncio.gather(
        *(
            workspace.save_window(read_usage(each, [used(at(MONDAY, hour), nanos=1)], window=one_hour(hour)))
            for each, hour in hours
        ),
        workspace.save_window(read_bill(connection, [billed(MONDAY, 1_000)])),
    )

    found = {each.key: each.nanos for each in await workspace.day_slices(MONDAY, MONDAY, ["connection_id"])}
    assert found == {(connection,): 1_000, (other.id,): 24}
    assert await store.check() == []


def one_hour(hour: int) -> Window:
    """The window of one hour of Monday."""
    return Window(at(MONDAY, hour), at(MONDAY, hour) + HOUR)


async def test_a_reader_sees_one_state(store) -> None:
    workspace, connection = await connect(store)
    await workspace.save_window(read_usage(connection, [used(at(MONDAY, 9), nanos=1)]))
    question = select(_stream.c.stream).where(_stream.c.last_success_at.is_not(None))

    async with workspace._read() as tx:
        before = (await tx.execute(question)).all()
        await workspace.save_window(read_bill(connection, [billed(MONDAY, 5)]))
        after = (await tx.execute(question)).all()

    assert before == after
    async with workspace._read() as tx:
        assert len((await tx.execute(question)).all()) == 2


async def test_reports_cannot_write(store) -> None:
    with pytest.raises(StorageError):
        async with store._read() as tx:
            await tx.execute(text("DELETE FROM stream"))


async def test_a_file_is_private_whatever_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = await Store.open(f"sqlite:///{tmp_path}/open.db", key_source=None, now=NOW)
        await store.home(NOW)
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in os.scandir(tmp_path)}
        await store.close()
    finally:
        os.umask(before)

    assert modes == {"open.db": 0o600, "open.db-wal": 0o600, "open.db-shm": 0o600}


async def test_connections_are_set_as_promised(tmp_path: Path) -> None:
    engines = open_engines(f"sqlite:///{tmp_path}/set.db")
    for engine in (engines.writer, engines.reader):
        async with engine.begin() as tx:
            found = [
                (await tx.execute(text(f"PRAGMA {name}"))).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            ]
        assert found == ["wal", 2, 1, 10_000]
    await engines.dispose()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_be_used_is_one_sentence(url: str) -> None:
    with pytest.raises(StorageError, match="the database URL"):
        open_engines(url)


async def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, but long enough to look like one at first" * 100)

    with pytest.raises(StorageError, match="not a database"):
        await Store.open(f"sqlite:///{path}", key_source=None, now=NOW)


async def test_a_database_locked_by_another_process_is_one_sentence(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("storage.engines.BUSY_TIMEOUT_S", 0)
    store = await Store.open(f"sqlite:///{tmp_path}/busy.db", key_source=None, now=NOW)
    other = open_engines(f"sqlite:///{tmp_path}/busy.db")
    try:
        async with other.writer.begin():
            with pytest.raises(BusyError, match="locked by another process"):
                await store.home(NOW)
    finally:
        await other.dispose()
        await store.close()
