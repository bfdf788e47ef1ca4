"""Trouble: what keeps figures from being right. Told once when it starts, closed when it is over.

What is found is compared with the trouble that is open in storage, so a restart neither repeats nor forgets it.
Channels that refuse messages are trouble too; whoever delivers tells and closes that (`tell_admins`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.jobs.telling import tell
from bot.jobs.trouble_facts import (
    PREFIX,
    Trouble,
    broken_connections,
    gap_nanos,
    missing_bills,
    stale_connections,
    unpriced_models,
)
from bot.reports.frame import Frame
from bot.reports.spikes import OPEN
from bot.views.evidence import from_evidence, to_evidence
from bot.views.trouble import TroubleEvidence
from spend.notify import Finding, Incident, IncidentKind
from spend.window import utc_day
from storage import Filter

_SOURCES = ("broken", "stale")


class TroubleWatch:
    """Tells trouble of one workspace. It remembers nothing."""

    async def look(self, frame: Frame) -> None:
        """Tell trouble that is new, and that what was told is over."""
        kinds = (IncidentKind.TROUBLE,)
        open_ones = await frame.store.incidents(kinds=kinds, states=OPEN)
        told = {each.dedup_key: each for each in open_ones if each.dedup_key.startswith(PREFIX)}
        found = {each.dedup_key: each for each in await find_trouble(frame, list(told.values()))}
        for key, trouble in found.items():
            if key not in told:
                await _tell_start(frame, trouble)
        for key, incident in told.items():
            if key not in found:
                await _tell_end(frame, incident)


async def find_trouble(frame: Frame, told: Sequence[Incident]) -> list[Trouble]:
    """Return all trouble there is with figures now. `told`: what is open; a missing price lasts until it has one."""
    return [
        *broken_connections(frame),
        *stale_connections(frame),
        *await missing_bills(frame),
        *await unpriced_models(frame, told),
    ]


async def _tell_start(frame: Frame, trouble: Trouble) -> None:
    finding = Finding(
        kind=IncidentKind.TROUBLE,
        dedup_key=trouble.dedup_key,
        evidence=_evidence(frame, trouble.facts, trouble.connection_id, is_ended=False),
        size_nanos=trouble.facts.nanos,
        reason=trouble.reason,
    )
    await tell(frame, finding)


async def _tell_end(frame: Frame, incident: Incident) -> None:
    """Close what was told."""
    facts = from_evidence(TroubleEvidence, incident.evidence)
    connection_id = str(incident.evidence.get("connection_id", ""))
    finding = Finding(
        kind=IncidentKind.TROUBLE,
        dedup_key=incident.dedup_key,
        evidence=_evidence(frame, await _ended(frame, facts, connection_id), connection_id, is_ended=True),
        size_nanos=facts.nanos,
        is_over=True,
        reason="over",
    )
    await tell(frame, finding)


async def _ended(frame: Frame, facts: TroubleEvidence, connection_id: str) -> TroubleEvidence:
    """Return the facts of trouble as its closing words need them: since when, and the money of the gap."""
    if facts.what == "bill_missing" and facts.day is not None:
        mine = (Filter("connection_id", (connection_id,)),)
        slices = await frame.store.slices(utc_day(facts.day), (), mine)
        billed = sum(piece.billed_nanos for piece in slices if piece.currency == facts.currency)
        return replace(facts, ended_at=frame.now, nanos=billed)
    if facts.what not in _SOURCES:
        return replace(facts, ended_at=frame.now)
    connection = frame.names.connections.get(connection_id)
    ended_at = (frame.as_of(connection) if connection else None) or frame.now
    gap = await gap_nanos(frame, connection_id, facts.since, ended_at) if facts.since else None
    return replace(facts, ended_at=ended_at, gap_nanos=gap)


def _evidence(frame: Frame, facts: TroubleEvidence, connection_id: str, *, is_ended: bool) -> dict[str, Any]:
    as_of: datetime = frame.newest_as_of or frame.now
    return {
        **to_evidence(facts),
        "connection_id": connection_id,
        "is_ended": is_ended,
        "zone": frame.zone.key,
        "as_of": as_of.isoformat(),
    }
