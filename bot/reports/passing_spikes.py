"""What spikes added to days that are over: a forecast learns from the days without it.

Not taken out is what is usual from now on: a spike that lasted three days, or whose hours people called expected or
false. What was spent stays spent.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from bot.reports.frame import Frame
from spend.money import split_exactly
from spend.notify import IncidentKind
from spend.window import DAY, day_of, hours_of_day
from storage import Filter

LASTING = 3 * DAY  # as in spend/spike_levels.py: a rise that lasts so long is the new usual
_ROWS = {"project": "by_project", "model": "by_model", "api_key": "by_key"}


async def spike_excess(
    frame: Frame, first: date, filters: Sequence[Filter], currency: str
) -> dict[date, int]:
    """Return by how much spikes raised each local day from `first` on, in nano-units; days without one are not there.

    What several filters at once would keep of a spike is not known; then nothing is taken out.
    """
    start = hours_of_day(first, frame.zone).start
    learned = {said.dedup_key for said in await frame.store.feedback()}
    added: dict[date, int] = {}
    for incident in await frame.store.incidents(kinds=(IncidentKind.SPIKE,), since=start):
        evidence = incident.evidence
        if incident.dedup_key in learned or evidence.get("currency", "USD") != currency:
            continue
        for day, nanos in _by_day(frame, evidence, _excess(frame, evidence, filters)).items():
            added[day] = added.get(day, 0) + nanos
    return added


def _excess(frame: Frame, evidence: Mapping[str, Any], filters: Sequence[Filter]) -> int:
    """Return the excess that a filter keeps."""
    if not filters:
        return int(evidence["excess_nanos"])
    if len(filters) > 1:
        return 0
    (only,), connection_id = filters, str(evidence["connection_id"])
    connection = frame.names.connections.get(connection_id)
    owners = {"connection_id": connection_id, "provider": connection.provider if connection else ""}
    if only.column in owners:
        return int(evidence["excess_nanos"]) if owners[only.column] in only.values else 0
    rows = evidence[_ROWS[only.column]] if only.column in _ROWS else ()
    return sum(int(row["excess_nanos"]) for row in rows if row["id"] in only.values)


def _by_day(frame: Frame, evidence: Mapping[str, Any], excess: int) -> dict[date, int]:
    """Split an excess over the local days of a spike by what its cause spent on each."""
    since, last = (datetime.fromisoformat(str(evidence[name])) for name in ("since", "last_hour"))
    spent: dict[date, int] = {}
    for hour, nanos in evidence["hours"]:
        day = day_of(datetime.fromisoformat(hour), frame.zone)
        spent[day] = spent.get(day, 0) + max(0, int(nanos))
    if excess <= 0 or last - since >= LASTING or not any(spent.values()):
        return {}
    return dict(zip(spent, split_exactly(excess, list(spent.values())), strict=True))
