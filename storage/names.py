"""Names of ids, as vendors list them, with first and last use as records show it. Names outlive what they name."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, case, select

from storage._scope import Scope
from storage._sql import batches, insert_into
from storage.tables._types import table_of
from storage.tables.names import KnownNameRow
from storage.values import KnownName

_name = table_of(KnownNameRow)
_MOST_NAMES = 100_000

type_listed = tuple[str, str, str, str, str, datetime | None]


class Names(Scope):
    """Known projects, keys, users and models of the workspace."""

    async def save_names(self, connection_id: str, names: Sequence[type_listed], now: datetime) -> None:
        """Keep names a vendor lists now: (what, id, name, maker, project, created_at) each.

        What comes without a name keeps its old one; what is not listed any more stays.
        """
        rows = [
            {
                "workspace_id": self.workspace_id,
                "connection_id": connection_id,
                "what": what,
                "id": known_id,
                "name": name,
                "maker": maker,
                "project": project,
                "created_at": created_at,
                "listed_at": now,
            }
            for what, known_id, name, maker, project, created_at in names
        ]
        async with self._write() as tx:
            statement = insert_into(tx, _name)
            new, old = statement.excluded, _name.c
            texts = {
                column: case((new[column] != "", new[column]), else_=old[column])
                for column in ("name", "maker", "project")
            }
            created = case((new.created_at.is_not(None), new.created_at), else_=old.created_at)
            statement = statement.on_conflict_do_update(
                index_elements=[column.name for column in _name.primary_key],
                set_={**texts, "created_at": created, "listed_at": new.listed_at},
            )
            for batch in batches(rows):
                await tx.execute(statement, batch)

    async def names(self) -> list[KnownName]:
        """Return every known name, in a stable order."""
        return await self._known(self._all())

    async def first_seen(self, since: datetime) -> list[KnownName]:
        """Return what was first used at or after a moment, by usage of that time (not by when it was loaded)."""
        return await self._known(self._all().where(_name.c.first_used_at >= since))

    def _all(self) -> Select[tuple[object, ...]]:
        ours = select(*(column for column in _name.c if column.name not in ("workspace_id", "listed_at")))
        ordered = ours.order_by(_name.c.connection_id, _name.c.what, _name.c.id)
        return ordered.where(_name.c.workspace_id == self.workspace_id).limit(_MOST_NAMES)

    async def _known(self, question: Select[tuple[object, ...]]) -> list[KnownName]:
        async with self._read() as tx:
            return [KnownName(**row) for row in (await tx.execute(question)).mappings()]
