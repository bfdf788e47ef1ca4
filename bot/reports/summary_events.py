"""What happened on the summary's day: the largest spike, who is new, thresholds passed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.reports.frame import Frame
from bot.views.summary import DayIncident, NewOne, Passed
from spend.money import NANOS_PER_UNIT
from spend.notify import Incident, IncidentKind, IncidentState
from spend.window import HOUR, Window, day_of, floor_hour, hours_of_day
from storage import Filter, KnownName

NEW_FOR = timedelta(days=7)  # the day is compared with the one a week before, which did not have it
_WHATS = {"key": "api_key", "project": "project", "model": "model"}  # by how much they say about who it is


async def day_incident(frame: Frame, day: date, currency: str) -> DayIncident | None:
    """Return the spike that cost most on the day, of those that were told; its money is the day's part of it."""
    whole = hours_of_day(day, frame.zone)
    found = []
    for incident in await frame.store.incidents(kinds=(IncidentKind.SPIKE,), since=whole.start):
        part = await _day_part(frame, incident, whole, currency)
        if part is not None and incident.told_at is not None:
            found.append(part)
    return max(found, key=lambda part: part.nanos, default=None)


async def newcomer(frame: Frame, day: date, currency: str) -> NewOne | None:
    """Return the key, project or model that spent most of what is new on the day, from one unit on.

    New: first used after the same weekday before, and after its account was connected; history that was loaded
    makes nothing new. A key is named before its project, a project before its model: their money is the same.
    """
    whole = hours_of_day(day, frame.zone)
    connected = {c.id: c.connected_at for c in frame.connections}
    recent = [
        name
        for name in await frame.store.first_seen(whole.end - NEW_FOR)
        if name.what in _WHATS
        and name.first_used_at is not None
        and name.connection_id in connected
        and connected[name.connection_id] <= name.first_used_at < whole.end
    ]
    for what, column in _WHATS.items():
        amounts = [
            (await _spent(frame, day, column, name, currency), name) for name in recent if name.what == what
        ]
        largest = max(amounts, key=lambda pair: (pair[0], pair[1].id), default=None)
        if largest is not None and largest[0] >= NANOS_PER_UNIT:
            name = largest[1]
            return NewOne(what, frame.names.name(column, name.id) or name.name or name.id, largest[0])
    return None


async def passed_thresholds(frame: Frame, first: date, last: date) -> tuple[Passed, ...]:
    """Return the budget thresholds that were told on these local days, the newest first."""
    start, end = hours_of_day(first, frame.zone).start, hours_of_day(last, frame.zone).end
    incidents = await frame.store.incidents(kinds=(IncidentKind.BUDGET,), since=start)
    told = [each for each in incidents if each.told_at is not None and start <= each.told_at < end]
    return tuple(
        _passed(each.evidence, day_of(each.told_at, frame.zone))
        for each in sorted(told, key=lambda each: each.opened_at, reverse=True)
        if each.told_at is not None
    )


async def _day_part(frame: Frame, incident: Incident, whole: Window, currency: str) -> DayIncident | None:
    evidence = incident.evidence
    subject = evidence["subject"]
    since = max(datetime.fromisoformat(evidence["since"]), whole.start)
    until = min(datetime.fromisoformat(evidence["until"]), whole.end)
    if since >= until:
        return None
    key = str(subject["api_key"])
    nanos = int(evidence["excess_nanos"])
    if key:
        mine = [Filter("connection_id", (str(evidence["connection_id"]),)), Filter("api_key", (key,))]
        hours = Window(
            floor_hour(since), min(floor_hour(until - timedelta(microseconds=1)) + HOUR, whole.end)
        )
        slices = await frame.store.slices(hours, (), mine)
        nanos = sum(piece.nanos for piece in slices if piece.currency == currency)
    name = frame.names.name("api_key", key) or key if key else ""
    is_over = incident.state is IncidentState.RESOLVED
    return DayIncident(key=name, nanos=nanos, since=since, until=until, is_over=is_over)


async def _spent(frame: Frame, day: date, column: str, name: KnownName, currency: str) -> int:
    mine = [Filter("connection_id", (name.connection_id,)), Filter(column, (name.id,))]
    slices = await frame.store.day_slices(day, day, (), mine)
    return sum(piece.nanos for piece in slices if piece.currency == currency)


def _passed(evidence: Mapping[str, Any], day: date) -> Passed:
    scope = evidence["scope"]
    return Passed(scope["label"] or scope["value"] or "Everything", int(evidence["threshold"]), day)
