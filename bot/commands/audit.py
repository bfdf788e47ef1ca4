"""`/spend audit [N]`: who changed what, where and when; the uses of keys are counted, not listed."""

from dataclasses import dataclass

from bot.changes.audit import KEY_USED
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, read_count, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.frame import load_frame
from bot.views.audit import Change, audit_view
from bot.views.model import View
from storage import AuditEntry

SHOWN, MOST = 10, 200


@dataclass(frozen=True, slots=True)
class AskAudit:
    """Show the newest changes, at most so many."""

    most: int


def read(words: Words, _context: ReadContext) -> AskAudit:
    """Read an optional number."""
    if not words:
        return AskAudit(SHOWN)
    word = words.take()
    most = read_count(word, most=MOST)
    if most is None:
        raise CommandError(f'"{shown(word)}" is not a number from 1 to {MOST}. Nearest: /spend audit 20.')
    return AskAudit(most)


async def answer(intent: AskAudit, asked: Asked) -> View:
    """Show the newest changes, newest first."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    entries = await asked.store.audit_entries(intent.most, without=KEY_USED)
    changes = tuple(_change(entry) for entry in entries)
    return audit_view(frame.clock, changes, uses=await asked.store.audit_count(KEY_USED))


def _change(entry: AuditEntry) -> Change:
    detail = {name: str(value) for name, value in entry.detail.items()}
    return Change(
        at=entry.at, who=detail.pop("by", entry.who), what=entry.what, detail=detail, where=entry.where
    )


SPECS = (
    CommandSpec(
        path=("spend", "audit"),
        help="Who changed what, where and when, newest first.",
        usage="[N]",
        example="/spend audit 20",
        params=(Param("top", "count", "How many, 10 if left out"),),
        is_admin=True,
        act="read the audit",
        read=read,
        answer=answer,
    ),
)
