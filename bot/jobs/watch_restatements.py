"""Restatements: a vendor changed the bill of a settled day. Over one unit and over 1 % it is told, once."""

from datetime import datetime

from bot.jobs.telling import tell
from bot.reports.frame import Frame
from bot.views.evidence import to_evidence
from bot.views.restatement import RestatementEvidence
from spend.money import NANOS_PER_UNIT
from spend.notify import Finding, IncidentKind
from spend.window import DAY
from storage import Restatement

LOOK_BACK = 35 * DAY  # as long as bills are read again


class RestatementWatch:
    """Tells restatements of one workspace. Small ones are left untold, for the next summary to say."""

    def __init__(self) -> None:
        self._left: set[tuple[str, object, str, datetime]] = set()

    async def look(self, frame: Frame) -> None:
        """Tell the restatements nobody was told of, oldest first."""
        for change in await frame.store.restatements(frame.now - LOOK_BACK):
            name = (change.connection_id, change.day, change.currency, change.seen_at)
            if change.told or name in self._left:
                continue
            finding = restatement_finding(frame, change)
            await tell(frame, finding)
            if finding.is_loud:
                await frame.store.mark_restatements_told([change])
            else:
                self._left.add(name)


def restatement_finding(frame: Frame, change: Restatement) -> Finding:
    """Return a restatement as a finding: loud if it moves the day by over one unit of its currency and over 1 %."""
    moved = abs(change.after_nanos - change.before_nanos)
    is_loud = moved > NANOS_PER_UNIT and moved * 100 > abs(change.before_nanos)
    connection = frame.names.connections[change.connection_id]
    evidence = RestatementEvidence(
        provider=frame.provider_name(connection.provider),
        day=change.day,
        before_nanos=change.before_nanos,
        after_nanos=change.after_nanos,
        currency=change.currency,
    )
    return Finding(
        kind=IncidentKind.RESTATEMENT,
        dedup_key=f"restatement:{change.connection_id}:{change.day}:{change.currency}:{change.seen_at.isoformat()}",
        evidence={**to_evidence(evidence), "connection_id": change.connection_id, "zone": frame.zone.key},
        size_nanos=moved,
        is_loud=is_loud,
        reason="a settled day's bill changed"
        if is_loud
        else "moved by at most 1 or 1%: left for the next summary",
    )
