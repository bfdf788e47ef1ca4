"""The audit entry of a command: who changed what, in which channel, when; and the words that are read back."""

from bot.ports import Asked
from storage import AuditEntry

KEY_USED = "key used"  # written at every use of a key, counted where the audit is shown
SUMMARY_SET = "summary set"  # read back by the summary: what was due before it was set is not told


def audit_entry(asked: Asked, what: str, **detail: str) -> AuditEntry:
    """Return the entry of a change that is being made; it is stored in the transaction of that change.

    The name of who did it is kept as it was then (`by`): an id tells later readers nothing.
    """
    return AuditEntry(
        at=asked.now,
        who=asked.actor.id,
        where=asked.place.channel_name,
        what=what,
        detail={**detail, "by": asked.actor.name},
    )
