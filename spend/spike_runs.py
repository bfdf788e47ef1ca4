"""Runs of hot hours: one incident each, from the first hot hour to the last, over short pauses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from spend.notify import Incident
from spend.window import HOUR

__all__ = ["KnownRun", "Run", "find_runs"]


@dataclass(frozen=True, slots=True)
class Run:
    """Hot hours of one connection that belong together: starts of the first and of the last of them."""

    connection_id: str
    since: datetime
    last_hot: datetime
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRun:
    """A run that was found before, so that it keeps its name when late hours move its edges."""

    dedup_key: str
    connection_id: str
    since: datetime
    last_hour: datetime
    until: datetime
    observed_nanos: int
    is_over: bool

    @classmethod
    def from_evidence(cls, dedup_key: str, evidence: Mapping[str, Any], *, is_over: bool) -> "KnownRun":
        """Read a run back from the evidence of its finding or incident."""
        return cls(
            dedup_key=dedup_key,
            connection_id=evidence["connection_id"],
            since=datetime.fromisoformat(evidence["since"]),
            last_hour=datetime.fromisoformat(evidence["last_hour"]),
            until=datetime.fromisoformat(evidence["until"]),
            observed_nanos=evidence["subject"]["observed_nanos"],
            is_over=is_over,
        )

    @classmethod
    def from_incident(cls, incident: Incident) -> "KnownRun":
        """Read a run back from a stored spike incident."""
        return cls.from_evidence(
            incident.dedup_key, incident.evidence, is_over=incident.resolved_at is not None
        )


def find_runs(
    connection_id: str,
    is_hot: Callable[[datetime], bool],
    *,
    begin: datetime,
    earliest: datetime,
    as_of: datetime,
    pause_hours: int,
) -> list[Run]:
    """Return the runs from `begin` on, oldest first; one that reaches back beyond it is followed, not past `earliest`.

    `begin`, `earliest`: starts of hours. A run is over once `pause_hours` whole hours after its last were not hot.
    """
    hour = begin
    while earlier := [
        before
        for before in (hour - back * HOUR for back in range(1, pause_hours + 1))
        if before >= earliest and is_hot(before)
    ]:
        hour = earlier[-1]
    runs: list[Run] = []
    since = last = None
    while hour < as_of:
        if is_hot(hour):
            since, last = since or hour, hour
        elif since and last and hour - last >= pause_hours * HOUR and hour + HOUR <= as_of:
            runs.append(Run(connection_id, since, last, is_over=True))
            since = last = None
        hour += HOUR
    if since and last:
        runs.append(Run(connection_id, since, last, is_over=False))
    return runs
