"""Migrations make exactly the tables there are; a database of a newer version is refused."""

import asyncio
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from storage.errors import SchemaTooNewError, StorageError
from storage.schema import REVISIONS
from storage.store import Store
from storage.tables._all import all_tables
from tests.storage.cast import NOW

_MIGRATIONS = Path(__file__).parents[2] / "storage" / "migrations"


async def test_the_migrated_schema_is_the_one_of_the_tables(store) -> None:
    def differences(connection):  # type: ignore[no-untyped-def]
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, all_tables())

    async with store._write() as tx:
        assert await tx.run_sync(differences) == []


def test_every_revision_is_named_in_order() -> None:
    found = ScriptDirectory(str(_MIGRATIONS)).walk_revisions()

    assert tuple(reversed([each.revision for each in found])) == REVISIONS


async def test_opening_makes_the_schema_once_and_opening_again_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    store = await Store.open(url, key_source=None, now=NOW)
    assert await store.schema_version() == REVISIONS[-1]
    home = await store.home(NOW)
    await store.close()

    again = await Store.open(url, key_source=None, now=NOW, upgrade=False)

    assert await again.workspaces() == [(home, "home")]
    await again.close()


async def test_many_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/race.db"

    stores = await asyncio.gather(*(Store.open(url, key_source=None, now=NOW) for _ in range(4)))

    assert [REVISIONS[-1]] * 4 == [await store.schema_version() for store in stores]
    for store in stores:
        await store.close()


async def test_an_old_schema_is_not_touched_without_leave(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="spendbot db upgrade"):
        await Store.open(f"sqlite:///{tmp_path}/new.db", key_source=None, now=NOW, upgrade=False)


async def test_a_database_of_a_newer_version_is_refused(store, database_url: str) -> None:
    async with store._write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaTooNewError, match="newer version of spendbot"):
        await Store.open(database_url, key_source=None, now=NOW)


async def test_starting_on_a_current_database_does_not_load_the_migration_tool(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/start.db"
    await (await Store.open(url, key_source=None, now=NOW)).close()
    script = (
        "import asyncio, sys; from datetime import UTC, datetime; from storage import Store;"
        "store = asyncio.run(Store.open(sys.argv[1], key_source=None, now=datetime.now(UTC)));"
        "print([name for name in ('alembic', 'cryptography', 'asyncpg') if name in sys.modules])"
        "; asyncio.run(store.close())"
    )

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, url, stdout=asyncio.subprocess.PIPE, cwd=_MIGRATIONS.parents[1]
    )
    out, _ = await asyncio.wait_for(process.communicate(), 60)

    assert out.decode().strip() == "[]"
