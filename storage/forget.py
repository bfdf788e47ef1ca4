"""Forget a workspace: first its keys, then every row of every table that holds something of it."""

from sqlalchemy import Table, delete, update

from storage._scope import System
from storage.errors import NotFoundError
from storage.tables._all import all_tables
from storage.tables._types import table_of
from storage.tables.connections import ConnectionRow
from storage.tables.keys import DataKeyRow
from storage.tables.workspaces import WorkspaceRow

_WORKSPACE = table_of(WorkspaceRow)
_CONNECTION = table_of(ConnectionRow)
_DATA_KEY = table_of(DataKeyRow)


def tenant_tables() -> list[Table]:
    """Return every table with a `workspace_id`, those that point at others first."""
    return [table for table in reversed(all_tables().sorted_tables) if "workspace_id" in table.c]


class Forgetting(System):
    """Delete a workspace for good."""

    async def forget(self, workspace_id: str) -> None:
        """Delete everything of a workspace. Keys go first, in a transaction of their own: killed then, none is left.

        Raises NotFoundError where there is no such workspace.
        """
        async with self._write() as tx:
            keys = (
                update(_CONNECTION).where(_CONNECTION.c.workspace_id == workspace_id).values(sealed_key=None)
            )
            await tx.execute(keys)
            await tx.execute(delete(_DATA_KEY).where(_DATA_KEY.c.workspace_id == workspace_id))
        async with self._write() as tx:
            await self._lock(tx, f"workspace:{workspace_id}")
            for table in tenant_tables():
                await tx.execute(delete(table).where(table.c.workspace_id == workspace_id))
            gone = await tx.execute(delete(_WORKSPACE).where(_WORKSPACE.c.id == workspace_id))
            if gone.rowcount == 0:
                raise NotFoundError("There is no such workspace.")
