"""Spikes and budget alerts of a window, from the evidence that was stored with them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.query import AskedWindow
from bot.reports.compare import period_of
from bot.reports.frame import Frame
from bot.views.incidents import IncidentRow, IncidentsFacts
from bot.views.spike_found import SpikeEvidence
from spend.notify import Incident, IncidentKind
from spend.window import hours_of_days

KINDS = (IncidentKind.SPIKE, IncidentKind.BUDGET, IncidentKind.PROJECTED)


async def incident_facts(frame: Frame, window: AskedWindow) -> IncidentsFacts:
    """Return the incidents that began in a window, the newest first; those that were never told are none."""
    span = hours_of_days(window.first, window.last, frame.zone)
    found = await frame.store.incidents(kinds=KINDS, since=span.start)
    rows = [row for incident in found if (row := incident_row(frame, incident)) is not None]
    kept = [row for row in rows if span.covers(row.since)]
    return IncidentsFacts(
        clock=frame.clock,
        period=period_of(frame, window),
        window=span,
        rows=tuple(sorted(kept, key=lambda row: row.since, reverse=True)),
        sources=frame.sources(frozenset()),
    )


def incident_row(frame: Frame, incident: Incident) -> IncidentRow | None:
    """Return what a list says of an incident; None for one that is not about money spent, or was never told."""
    if incident.kind not in KINDS or not incident.told_steps:
        return None
    return _spike(frame, incident) if incident.kind is IncidentKind.SPIKE else _budget(incident)


def _spike(frame: Frame, incident: Incident) -> IncidentRow:
    evidence = incident.evidence
    subject = evidence["subject"]
    told: Mapping[str, Any] = evidence.get("told", {})
    key = str(subject["api_key"])
    connection = str(evidence["connection_id"])
    told_at = datetime.fromisoformat(told["at"]) if told else incident.told_at
    return IncidentRow(
        kind=incident.kind.value,
        code=incident.code,
        state=incident.state.value,
        since=datetime.fromisoformat(evidence["since"]),
        until=datetime.fromisoformat(evidence["until"]) if incident.resolved_at else None,
        told_at=told_at,
        what=_name(frame, evidence, "api_key", key)
        if key
        else _name(frame, evidence, "connection_id", connection),
        is_key=bool(key),
        nanos=int(subject["observed_nanos"]),
        told_nanos=int(told["nanos"]) if told else incident.told_nanos,
        currency=str(evidence.get("currency", "USD")),
        by=incident.acted_by,
        act=str(evidence.get("act", {}).get("state", "")),
        is_estimate=True,
        spike=SpikeEvidence.from_evidence(evidence),
    )


def _name(frame: Frame, evidence: Mapping[str, Any], column: str, id_: str) -> str:
    """Return a name as it is known now, else as it was known then."""
    return frame.names.name(column, id_) or evidence.get("names", {}).get(id_) or id_


def _budget(incident: Incident) -> IncidentRow:
    evidence = incident.evidence
    scope = evidence["scope"]
    return IncidentRow(
        kind=incident.kind.value,
        code=incident.code,
        state=incident.state.value,
        since=incident.opened_at,
        told_at=incident.told_at,
        what=scope["label"] or scope["value"] or "Everything",
        nanos=int(evidence["spent_nanos"]),
        limit_nanos=int(evidence["limit_nanos"]),
        threshold=int(evidence["threshold"]),
        currency=str(evidence["currency"]),
        by=incident.acted_by,
    )
