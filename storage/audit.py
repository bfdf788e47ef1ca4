"""The audit table: who did what, where and when. Rows are added in the transaction of the change they tell of."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage._scope import Scope
from storage.tables._types import table_of
from storage.tables.audit import AuditRow
from storage.values import AuditEntry

_AUDIT = table_of(AuditRow)


class Audit(Scope):
    """Add to and read the audit of a workspace. Parts that change something subclass it."""

    async def audit(self, entry: AuditEntry) -> None:
        """Add one row."""
        async with self._write() as tx:
            await self._note(tx, entry)

    async def audit_entries(self, limit: int = 100, *, what: str = "", without: str = "") -> list[AuditEntry]:
        """Return the newest entries, newest first; with `what` only those of this kind, with `without` all others."""
        query = select(_AUDIT).where(_AUDIT.c.workspace_id == self.workspace_id)
        if what:
            query = query.where(_AUDIT.c.what == what)
        if without:
            query = query.where(_AUDIT.c.what != without)
        query = query.order_by(_AUDIT.c.id.desc()).limit(limit)
        async with self._read() as tx:
            rows = await tx.execute(query)
            return [
                AuditEntry(at=row.at, who=row.who, where=row.where, what=row.what, detail=row.detail)
                for row in rows
            ]

    async def audit_count(self, what: str) -> int:
        """Return how many entries of one kind there are."""
        of = (_AUDIT.c.workspace_id == self.workspace_id) & (_AUDIT.c.what == what)
        async with self._read() as tx:
            return (await tx.execute(select(func.count()).select_from(_AUDIT).where(of))).scalar_one()

    async def _note(self, tx: AsyncConnection, entry: AuditEntry) -> None:
        row = {
            "workspace_id": self.workspace_id,
            "at": entry.at,
            "who": entry.who,
            "where": entry.where,
            "what": entry.what,
            "detail": dict(entry.detail),
        }
        await tx.execute(_AUDIT.insert().values(row))
