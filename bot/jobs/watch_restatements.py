"""Restatements: a vendor changed the bill of a settled day. Over one unit and over 1 % it is told, once."""

from datetime import datetime

from bot.jobs.telling import tell
from bot.reports.frame import Frame
from bot.reports.restatements import change_nanos, is_worth_a_message, restatement_facts, untold_restatements
from bot.views.evidence import to_evidence
from spend.notify import Finding, IncidentKind
from storage import Restatement


class RestatementWatch:
    """Tells restatements of one workspace. Small ones are left untold, for the next summary to say."""

    def __init__(self) -> None:
        self._left: set[tuple[str, object, str, datetime]] = set()

    async def look(self, frame: Frame) -> None:
        """Tell the restatements nobody was told of, oldest first."""
        for change in await untold_restatements(frame):
            name = (change.connection_id, change.day, change.currency, change.seen_at)
            if name in self._left:
                continue
            finding = restatement_finding(frame, change)
            await tell(frame, finding)
            if finding.is_loud:
                await frame.store.mark_restatements_told([change])
            else:
                self._left.add(name)


def restatement_finding(frame: Frame, change: Restatement) -> Finding:
    """Return a restatement as a finding: loud if it is worth a message of its own."""
    is_loud = is_worth_a_message(change)
    return Finding(
        kind=IncidentKind.RESTATEMENT,
        dedup_key=f"restatement:{change.connection_id}:{change.day}:{change.currency}:{change.seen_at.isoformat()}",
        evidence={
            **to_evidence(restatement_facts(frame, change)),
            "connection_id": change.connection_id,
            "zone": frame.zone.key,
        },
        size_nanos=change_nanos(change),
        is_loud=is_loud,
        reason="a settled day's bill changed"
        if is_loud
        else "moved by at most 1 or 1%: left for the next summary",
    )
