"""The store: one per process, and a scoped one per workspace. Both are put together from their parts here."""

from collections.abc import Callable
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from storage._rollup import remake_days
from storage.acts import Acts
from storage.budgets import Budgets
from storage.cells import Cells
from storage.checks import Checks
from storage.connections import Connections
from storage.cursors import Cursors
from storage.deliveries import Deliveries, give_up_queued
from storage.engines import open_engines
from storage.feedback import FeedbackBook
from storage.forget import Forgetting
from storage.incidents import Incidents
from storage.keeping import Keeping
from storage.keybox import KeyHolder
from storage.memory import Memory
from storage.names import Names
from storage.notes import Notes
from storage.polls import DueStreams, Polls
from storage.prices import Prices
from storage.records import Records
from storage.rotate import MasterKey
from storage.schema import Schema
from storage.workspaces import Directory, Places


class WorkspaceStore(
    Records,
    Cells,
    Cursors,
    Polls,
    Names,
    Memory,
    Connections,
    Places,
    Prices,
    Budgets,
    Incidents,
    Deliveries,
    Acts,
    Notes,
    FeedbackBook,
    Keeping,
):
    """Everything of one workspace. Each public method is one transaction; nothing of another workspace is in reach."""

    async def _zone_changed(self, tx: AsyncConnection, zone: str) -> None:
        await remake_days(tx, self.workspace_id, ZoneInfo(zone))

    async def _place_gone(self, tx: AsyncConnection, installation_id: str, now: datetime) -> None:
        await give_up_queued(tx, self.workspace_id, installation_id, now)


class Store(Schema, Directory, DueStreams, MasterKey, Forgetting, Checks):
    """One database, opened once per process; everything of a workspace is reached through `workspace`."""

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        key_source: Callable[[], bytes | None] | None,
        now: datetime,
        upgrade: bool = True,
    ) -> Self:
        """Open a database: its schema is brought to the newest version, and the master key is recognised.

        `key_source` None opens it without any key: what is sealed stays shut. Raises StorageError for a URL or file
        that cannot be used, SchemaTooNewError, and KeyUnreadableError for a missing or wrong master key.
        """
        engines = open_engines(url)
        store = cls(engines, KeyHolder(key_source))
        try:
            await (store.upgrade() if upgrade else store.require_newest())
            if key_source is not None:
                await store.check_master_key(now)
        except BaseException:
            await engines.dispose()
            raise
        return store

    async def close(self) -> None:
        """Close every connection to the database."""
        await self._engines.dispose()

    def workspace(self, workspace_id: str) -> WorkspaceStore:
        """Return the store of one workspace, scoped to it by construction."""
        return WorkspaceStore(self._engines, workspace_id, self._keys)
