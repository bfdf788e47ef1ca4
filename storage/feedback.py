"""Feedback: what people said about spikes, one word for each incident."""

from sqlalchemy import Row, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.feedback import Said, Word
from storage._scope import Scope
from storage._sql import upsert
from storage.tables._types import table_of
from storage.tables.feedback import FeedbackRow

_FEEDBACK = table_of(FeedbackRow)


class FeedbackBook(Scope):
    """Keep, read and take back what was said."""

    async def keep_feedback(self, said: Said) -> None:
        """Keep a word about an incident, in place of an earlier one. The same word again changes nothing."""
        row = {
            "workspace_id": self.workspace_id,
            "incident_id": said.incident_id,
            "dedup_key": said.dedup_key,
            "code": said.code,
            "cause_id": said.cause_id,
            "word": said.word.value,
            "said_by": said.by,
            "said_at": said.at,
        }
        async with self._write() as tx:
            if await self._word(tx, said.incident_id) == said.word.value:
                return
            told = ["dedup_key", "code", "cause_id", "word", "said_by", "said_at"]
            await tx.execute(upsert(tx, _FEEDBACK, told), row)

    async def take_back_feedback(self, incident_id: str, cause_id: str) -> int:
        """Forget what was said about an incident, and every word *false* about its cause; return how many it was."""
        false = (_FEEDBACK.c.cause_id == cause_id) & (_FEEDBACK.c.word == Word.FALSE.value)
        gone = delete(_FEEDBACK).where(
            _FEEDBACK.c.workspace_id == self.workspace_id,
            or_(_FEEDBACK.c.incident_id == incident_id, false),
        )
        async with self._write() as tx:
            return (await tx.execute(gone)).rowcount

    async def feedback(self) -> list[Said]:
        """Return everything that was said and is kept, oldest first."""
        question = select(_FEEDBACK).where(_FEEDBACK.c.workspace_id == self.workspace_id)
        async with self._read() as tx:
            rows = await tx.execute(question.order_by(_FEEDBACK.c.said_at, _FEEDBACK.c.code))
            return [_said(row) for row in rows]

    async def _word(self, tx: AsyncConnection, incident_id: str) -> str:
        question = select(_FEEDBACK.c.word).where(
            _FEEDBACK.c.workspace_id == self.workspace_id, _FEEDBACK.c.incident_id == incident_id
        )
        return (await tx.execute(question)).scalar_one_or_none() or ""


def _said(row: Row[tuple[object, ...]]) -> Said:
    return Said(
        incident_id=row.incident_id,
        dedup_key=row.dedup_key,
        code=row.code,
        cause_id=row.cause_id,
        word=Word(row.word),
        by=row.said_by,
        at=row.said_at,
    )
