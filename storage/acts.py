"""Acts done already: the same command, button or event delivered twice has one effect."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from storage._scope import Scope
from storage._sql import insert_into
from storage.tables._types import table_of
from storage.tables.audit import ActRow

REMEMBERED_FOR = timedelta(hours=24)
_ACT = table_of(ActRow)


class Acts(Scope):
    """Remember acts by the id their platform gave them."""

    async def remember_act(self, key: str, now: datetime) -> bool:
        """Return True the first time within 24 hours that an act with this key is seen."""
        old = (
            delete(_ACT)
            .where(_ACT.c.workspace_id == self.workspace_id)
            .where(_ACT.c.key == key, _ACT.c.at <= now - REMEMBERED_FOR)
        )
        async with self._write() as tx:
            await tx.execute(old)
            new = insert_into(tx, _ACT).values(workspace_id=self.workspace_id, key=key, at=now)
            return (await tx.execute(new.on_conflict_do_nothing())).rowcount == 1
