"""Spikes that are not over, from the evidence their incidents were judged on."""

from datetime import datetime

from bot.reports.frame import Frame
from bot.views.facts import OpenSpike
from spend.notify import Incident, IncidentKind, IncidentState

OPEN = (IncidentState.OPEN, IncidentState.ACKNOWLEDGED, IncidentState.SNOOZED, IncidentState.EXPECTED)


async def open_spikes(frame: Frame) -> tuple[OpenSpike, ...]:
    """Return the spikes that are open now, the largest first."""
    found = [spike_of(frame, each) for each in await open_spike_incidents(frame)]
    return tuple(sorted(found, key=lambda spike: -spike.nanos))


async def open_spike_incidents(frame: Frame) -> list[Incident]:
    """Return the incidents behind them."""
    return await frame.store.incidents(states=OPEN, kinds=(IncidentKind.SPIKE,))


def spike_of(frame: Frame, incident: Incident) -> OpenSpike:
    """Return what answers say of a spike."""
    evidence = incident.evidence
    subject = evidence["subject"]
    key = str(subject["api_key"])
    return OpenSpike(
        cause=(frame.names.name("api_key", key) or key) if key else "",
        nanos=int(subject["observed_nanos"]),
        since=datetime.fromisoformat(str(evidence["since"])),
        usual_nanos=int(subject["usual_nanos"]),
        place=frame.names.name("connection_id", str(evidence["connection_id"])),
    )
