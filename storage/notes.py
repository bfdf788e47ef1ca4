"""Notes: small texts that the bot keeps for itself, by name. They can all be made again."""

from datetime import datetime

from sqlalchemy import select

from storage._scope import Scope
from storage._sql import upsert
from storage.tables._types import table_of
from storage.tables.notes import NoteRow

_NOTE = table_of(NoteRow)


class Notes(Scope):
    """Keep and read the notes of a workspace."""

    async def keep_note(self, name: str, text: str, now: datetime) -> None:
        """Keep a text under a name, in place of what stood there."""
        row = {"workspace_id": self.workspace_id, "name": name, "text": text, "at": now}
        async with self._write() as tx:
            await tx.execute(upsert(tx, _NOTE, ["text", "at"]), row)

    async def note(self, name: str) -> str:
        """Return the text of this name, '' where there is none."""
        query = select(_NOTE.c.text).where(_NOTE.c.workspace_id == self.workspace_id, _NOTE.c.name == name)
        async with self._read() as tx:
            return (await tx.execute(query)).scalar_one_or_none() or ""
