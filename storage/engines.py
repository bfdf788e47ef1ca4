"""Engines: how the database is opened, on SQLite and on PostgreSQL.

SQLite has two: a writer with a pool of exactly one whose transactions begin IMMEDIATE (deferred ones lose updates or
fail in the middle), and readers whose transactions begin too, so that one report reads one state. PostgreSQL has one
pool; reports read a repeatable snapshot.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage.errors import StorageError

BUSY_TIMEOUT_S = 10
_QUEUE_TIMEOUT_S = 60  # writers of this process wait for each other in order of arrival
_READERS = 4
_POSTGRESQL_POOL = 8


@dataclass(frozen=True, slots=True)
class Engines:
    """The two ways into one database. `path` is the SQLite file, None on PostgreSQL."""

    writer: AsyncEngine
    reader: AsyncEngine
    path: Path | None

    @property
    def is_sqlite(self) -> bool:
        """Tell which of the two databases this is."""
        return self.path is not None

    async def dispose(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        await self.writer.dispose()


def open_engines(url: str) -> Engines:
    """Make the engines for `sqlite:///path` or `postgresql://...`; drivers in the URL are replaced by ours.

    A SQLite file is created if missing and is readable by its owner only. Raises StorageError for any other URL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as err:
        raise StorageError("the database URL cannot be read") from err
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed)
        case "postgresql" | "postgres":
            return _open_postgresql(parsed)
    raise StorageError("the database URL must begin with sqlite:/// or postgresql://")


def _open_sqlite(url: URL) -> Engines:
    if not url.database or url.database == ":memory:":
        raise StorageError("the database URL must name a file: sqlite:///path/to/spendbot.db")
    path = Path(url.database).absolute()
    _make_private(path)
    address = URL.create("sqlite+aiosqlite", database=str(path))
    writer = _sqlite_engine(address, begin="BEGIN IMMEDIATE", pool_size=1)
    reader = _sqlite_engine(address, begin="BEGIN", pool_size=_READERS)
    event.listen(reader.sync_engine, "connect", _refuse_writes)
    return Engines(writer, reader, path)


def _make_private(path: Path) -> None:
    # SQLite gives -wal and -shm the mode of the database file, so the file's own mode is all there is to set.
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as err:
        raise StorageError(f"the database file {path} cannot be opened: {err.strerror}") from err
    try:
        status = os.fstat(handle)
        if status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) != 0o600:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def _sqlite_engine(address: URL, *, begin: str, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        address,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_QUEUE_TIMEOUT_S,
        connect_args={"isolation_level": None, "timeout": BUSY_TIMEOUT_S},
    )

    # The driver would begin by itself, late and deferred; with isolation_level None only this begins a transaction.
    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_S * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",  # NORMAL may lose committed transactions at a power cut
        "foreign_keys = ON",
        "secure_delete = ON",  # a destroyed key leaves no bytes behind in a free page
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _refuse_writes(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _open_postgresql(url: URL) -> Engines:
    writer = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        pool_size=_POSTGRESQL_POOL,
        max_overflow=_POSTGRESQL_POOL,
        pool_timeout=_QUEUE_TIMEOUT_S,
        pool_pre_ping=True,
    )
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(writer, reader, None)
