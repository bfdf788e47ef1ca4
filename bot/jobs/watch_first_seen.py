"""First seen: keys, models and projects that spent for the first time since their account was connected.

Told together, an hour after the first of them ended its first hour. What history held, and the first day of watching,
is never news.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.jobs.telling import tell
from bot.reports.frame import Frame
from bot.views.evidence import to_evidence
from bot.views.first_seen import Newcomer
from spend.notify import Finding, IncidentKind
from spend.usage import NO_KEY, Role
from spend.window import DAY, HOUR, Window, floor_hour, hours_of_days
from storage import Connection, HourEstimate, KnownName

WHAT = {"key": "api_key", "model": "model", "project": "project"}  # and its column
LOOK_BACK = 7 * DAY
FIRST_DAY = DAY
GROUPED_FOR = HOUR
NAME_WAIT = timedelta(minutes=10)
CURRENCY = "USD"

_NAMED = ("key", "project")

type_identity = tuple[str, str, str]  # connection, what, id


@dataclass(frozen=True, slots=True)
class _Spent:
    """What a newcomer cost since a moment, and on which models."""

    since: datetime
    nanos: int
    models: tuple[str, ...]


class NewcomerWatch:
    """Tells newcomers of one workspace."""

    def __init__(self) -> None:
        self._asked_for: set[type_identity] = set()

    async def look(self, frame: Frame) -> None:
        """Tell the newcomers nobody was told of, once their group is complete and their names are known."""
        known = await frame.store.first_seen(frame.now - LOOK_BACK)
        waiting = [each for each in known if _is_new(frame, each)]
        if not waiting:
            return
        told = await _told(frame)
        waiting = [each for each in waiting if _identity(each) not in told]
        self._ask_for_names(frame, waiting)
        items = [item for item in await _with_money(frame, waiting) if item[1].nanos]
        if items and _is_due(frame, [known for known, _ in items]):
            await tell(frame, _finding(frame, items))

    def _ask_for_names(self, frame: Frame, waiting: Iterable[KnownName]) -> None:
        """Let the next poll read the names of a connection that has ids without one; once for each id."""
        for each in waiting:
            if _is_nameless(frame, each) and _identity(each) not in self._asked_for:
                frame.house.names_read_at.pop(each.connection_id, None)
                self._asked_for.add(_identity(each))


def _is_new(frame: Frame, known: KnownName) -> bool:
    """Tell whether a first use is news: after the first day of watching, with all history there to know better."""
    connection = frame.names.connections.get(known.connection_id)
    if known.what not in WHAT or known.first_used_at is None or connection is None or known.id == NO_KEY:
        return False
    return known.first_used_at >= connection.connected_at + FIRST_DAY and _is_loaded(connection)


def _is_loaded(connection: Connection) -> bool:
    return all(state.backfill_done for state in connection.streams if state.role is Role.USAGE)


async def _told(frame: Frame) -> set[type_identity]:
    since = frame.now - LOOK_BACK - DAY
    incidents = await frame.store.incidents(kinds=(IncidentKind.FIRST_SEEN,), since=since)
    return {
        (item["connection_id"], item["what"], item["id"])
        for incident in incidents
        for item in incident.evidence["items"]
    }


def _is_due(frame: Frame, waiting: Sequence[KnownName]) -> bool:
    first = min(each.first_used_at for each in waiting if each.first_used_at is not None)
    due_at = floor_hour(first) + HOUR + GROUPED_FOR
    if any(_is_nameless(frame, each) for each in waiting):
        due_at += NAME_WAIT
    return frame.now >= due_at


async def _with_money(frame: Frame, waiting: Sequence[KnownName]) -> list[tuple[KnownName, _Spent]]:
    """Return each newcomer with what it cost today, or since its first use where that was late yesterday."""
    if not waiting:
        return []
    today = hours_of_days(frame.today, frame.today, frame.zone)
    window = Window(floor_hour(min(today.start, frame.now - DAY)), today.end)
    estimates = await frame.store.hour_estimates(window, CURRENCY)
    return [(known, _spent(known, estimates, window, today.start)) for known in waiting]


def _spent(known: KnownName, estimates: Sequence[HourEstimate], window: Window, midnight: datetime) -> _Spent:
    first = known.first_used_at
    since = first if first is not None and window.start <= first < midnight else midnight
    by_model: dict[str, int] = {}
    for each in estimates:
        is_its = each.connection_id == known.connection_id and getattr(each, WHAT[known.what]) == known.id
        if is_its and each.hour >= since:
            by_model[each.model] = by_model.get(each.model, 0) + each.nanos
    models = sorted((model for model, nanos in by_model.items() if nanos), key=lambda m: (-by_model[m], m))
    return _Spent(since, sum(by_model.values()), tuple(models))


def _finding(frame: Frame, items: Sequence[tuple[KnownName, _Spent]]) -> Finding:
    ordered = sorted(items, key=lambda item: (item[0].first_used_at or frame.now, _identity(item[0])))
    evidence: dict[str, Any] = {
        "items": [_item(frame, known, spent) for known, spent in ordered],
        "zone": frame.zone.key,
        "as_of": (frame.newest_as_of or frame.now).isoformat(),
    }
    kinds = [known.what for known, _ in ordered]
    # A key's money is its model's and its project's too.
    leading = next(what for what in WHAT if what in kinds)
    return Finding(
        kind=IncidentKind.FIRST_SEEN,
        dedup_key="first_seen:" + ":".join(_identity(ordered[0][0])),
        evidence=evidence,
        size_nanos=sum(spent.nanos for known, spent in ordered if known.what == leading),
        reason="spent for the first time",
    )


def _item(frame: Frame, known: KnownName, spent: _Spent) -> dict[str, Any]:
    connection = frame.names.connections[known.connection_id]
    project = known.project if known.what == "key" else ""
    newcomer = Newcomer(
        what=known.what,
        name=frame.names.name(WHAT[known.what], known.id) or known.id,
        nanos=spent.nanos,
        currency=CURRENCY,
        provider=frame.provider_name(connection.provider),
        project=frame.names.name("project", project) if project else "",
        models=spent.models,
        maker=frame.names.maker(known.id) if known.what == "key" else "",
        made_on=_made_on(frame, known.created_at),
        since=spent.since,
    )
    return {**to_evidence(newcomer), "connection_id": known.connection_id, "id": known.id}


def _made_on(frame: Frame, created_at: datetime | None) -> Any:
    return created_at.astimezone(frame.zone).date() if created_at else None


def _is_nameless(frame: Frame, known: KnownName) -> bool:
    return known.what in _NAMED and not frame.names.name(WHAT[known.what], known.id)


def _identity(known: KnownName) -> type_identity:
    return known.connection_id, known.what, known.id
