"""Trouble: what keeps figures from being right. Told once when it starts, closed when it is over.

What is found is compared with the trouble that is open in storage, so a restart neither repeats nor forgets it.
Channels that refuse messages are trouble too; whoever delivers tells and closes that (`tell_admins`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.jobs.telling import tell
from bot.jobs.trouble_facts import (
    LOOK_BACK,
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
from spend.notify import Decision, Finding, Incident, IncidentKind, Step
from spend.window import utc_day
from storage import ConnectionState, Filter

CELLS_EVERY = timedelta(minutes=5)

UNWATCHED = "not looked at any more"

_SOURCES = ("broken", "stale")


class TroubleWatch:
    """Tells trouble of one workspace. Bills and prices, which are read from cells, are looked at every five minutes."""

    def __init__(self) -> None:
        self._in_cells: list[Trouble] = []
        self._cells_read_at: datetime | None = None

    async def look(self, frame: Frame) -> None:
        """Tell trouble that is new, and that what was told is over."""
        kinds = (IncidentKind.TROUBLE,)
        open_ones = await frame.store.incidents(kinds=kinds, states=OPEN)
        told = {each.dedup_key: each for each in open_ones if each.dedup_key.startswith(PREFIX)}
        await self._read_cells(frame, list(told.values()))
        trouble = [*broken_connections(frame), *stale_connections(frame), *self._in_cells]
        found = {each.dedup_key: each for each in trouble}
        for key, one in found.items():
            if key not in told:
                await _tell_start(frame, one)
        for key, incident in told.items():
            if key not in found:
                await _tell_end(frame, incident)

    async def _read_cells(self, frame: Frame, told: Sequence[Incident]) -> None:
        if self._cells_read_at is not None and frame.now - self._cells_read_at < CELLS_EVERY:
            return
        self._in_cells = [*await missing_bills(frame), *await unpriced_models(frame, told)]
        self._cells_read_at = frame.now


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
    """Close what was told; without a word where nobody can know that it is over."""
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
    if not _is_watched(frame, facts, connection_id):
        await frame.store.tell(finding, Decision(step=Step.QUIET, reason=UNWATCHED), (), frame.now)
    elif not _still_waits(frame, facts, connection_id):
        await tell(frame, finding)


def _still_waits(frame: Frame, facts: TroubleEvidence, connection_id: str) -> bool:
    """Tell whether a source has a good key, or is asked again, but has brought no newer figures yet."""
    as_of = frame.as_of(frame.names.connections[connection_id])
    return facts.what in _SOURCES and facts.since is not None and (as_of is None or as_of <= facts.since)


def _is_watched(frame: Frame, facts: TroubleEvidence, connection_id: str) -> bool:
    """Tell whether trouble that is not found any more has really ended: its connection and day are still looked at."""
    connection = next((each for each in frame.connections if each.id == connection_id), None)
    if connection is None or (facts.what in _SOURCES and connection.state is not ConnectionState.ACTIVE):
        return False
    return facts.day is None or facts.day >= (frame.now - LOOK_BACK).date()


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
