"""Transactions, and the workspace they are scoped to. Every part of a store is a mixin of one of these two classes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.engines import Engines
from storage.errors import BusyError, StorageError
from storage.failpoints import COMMITTED, COMMITTING, failpoint
from storage.keybox import KeyHolder

_joined: ContextVar[tuple[Engines, AsyncConnection] | None] = ContextVar("joined", default=None)


class System:
    """What is not of one workspace: leases, the schema, finding a workspace. Mixins of `Store` subclass it."""

    def __init__(self, engines: Engines, keys: KeyHolder | None = None) -> None:
        self._engines = engines
        self._keys = keys or KeyHolder(None)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Make one transaction of all that is written in the block: everything is kept, or nothing.

        What is read in it is what was there before. It may not start a task, nor wait for a vendor or a platform.
        """
        async with self._write() as tx:
            token = _joined.set((self._engines, tx))
            try:
                yield
            finally:
                _joined.reset(token)

    @asynccontextmanager
    async def _write(self) -> AsyncIterator[AsyncConnection]:
        """One writing transaction: committed when the block ends, rolled back when it raises."""
        joined = _joined.get()
        if joined is not None and joined[0] is self._engines:
            yield joined[1]
            return
        async with _transaction(self._engines.writer) as tx:
            yield tx
            failpoint(COMMITTING)
        failpoint(COMMITTED)

    @asynccontextmanager
    async def _read(self) -> AsyncIterator[AsyncConnection]:
        """One reading transaction: every statement in it sees the same state."""
        async with _transaction(self._engines.reader) as tx:
            yield tx

    async def _lock(self, tx: AsyncConnection, name: str) -> None:
        """Let one transaction at a time pass for `name`, until it ends.

        SQLite needs nothing: its writer is alone. PostgreSQL takes an advisory lock, so that read-then-write is safe.
        """
        if not self._engines.is_sqlite:
            await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


class Scope(System):
    """Everything of one workspace. Mixins of `WorkspaceStore` subclass it; every statement names `workspace_id`."""

    def __init__(self, engines: Engines, workspace_id: str, keys: KeyHolder | None = None) -> None:
        super().__init__(engines, keys)
        self.workspace_id = workspace_id

    async def _lock_workspace(self, tx: AsyncConnection) -> None:
        """Let one writer at a time work on this workspace's cells, budgets, connections ..."""
        await self._lock(tx, f"workspace:{self.workspace_id}")


@asynccontextmanager
async def _transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    try:
        async with engine.begin() as tx:
            yield tx
    except IntegrityError as err:
        raise StorageError("the database refused a row that is there already or belongs to nothing") from err
    except DBAPIError as err:
        raise _in_words(err) from err
    except PoolTimeoutError as err:
        raise BusyError("the database is busy: too many writers are waiting") from err


def _in_words(err: DBAPIError) -> StorageError:
    # SQLite tells its reasons by text only; the driver's own text never holds parameters.
    reason = str(err.orig).lower()
    if "locked" in reason or "busy" in reason:
        return BusyError("the database is locked by another process")
    if "disk is full" in reason or "no space left" in reason or "disk full" in reason:
        return StorageError("the disk is full: nothing was saved")
    # a full disk shows like this where a file is to be made
    if "disk i/o error" in reason or "unable to open" in reason:
        return StorageError("the disk failed or is full: the database can be neither read nor written")
    if "readonly" in reason or "read-only" in reason:
        return StorageError("the database cannot be written: it is read-only")
    if "not a database" in reason or "malformed" in reason:
        return StorageError("the database file is damaged or is not a database")
    return StorageError(f"the database failed ({type(err.orig).__name__})")
