"""The facts of the status: connections and their freshness, open incidents, channels, deliveries."""

from datetime import date, timedelta

from bot.reports.frame import Frame
from bot.reports.haste import hurried_connections
from bot.reports.last_posts import last_posts
from bot.reports.spikes import OPEN
from bot.views.footer import Source, SourceState
from bot.views.status import (
    AskedOften,
    ConnectionStatus,
    OpenIncident,
    RaisedCause,
    StatusFacts,
    UnheardChannel,
)
from spend.feedback import raised
from spend.haste import Haste
from spend.notify import DeliveryState, Incident, IncidentKind, Step
from spend.usage import Role
from spend.window import DAY, day_of
from storage import Connection

SETTLING = timedelta(days=40)
RECENT = timedelta(hours=24)
TOLD_AS_OPEN = (IncidentKind.SPIKE, IncidentKind.TROUBLE)
_WORST = (SourceState.BROKEN, SourceState.PAUSED, SourceState.STALE, SourceState.LOADING, SourceState.OK)


async def status_facts(frame: Frame) -> StatusFacts:
    """Read everything the status says."""
    store, settings = frame.store, frame.settings
    waiting = await store.deliveries((DeliveryState.QUEUED, DeliveryState.LEASED, DeliveryState.UNKNOWN))
    failed = [
        each
        for each in await store.deliveries((DeliveryState.FAILED,))
        if frame.now - each.created_at < timedelta(days=7)
    ]
    incidents = await store.incidents(states=OPEN, kinds=TOLD_AS_OPEN)
    quiet = [d.reason for d in await store.decisions(frame.now - RECENT) if d.step is Step.QUIET and d.reason]
    return StatusFacts(
        clock=frame.clock,
        connections=await connection_states(frame),
        sources=frame.sources(frozenset()),
        incidents=tuple(
            OpenIncident(kind=each.kind.value, state=_state(each), by=each.acted_by, at=each.acted_at)
            for each in incidents
        ),
        alert_channels=tuple([c.name or c.channel for c in await store.channels("alerts")]),
        summary_channels=tuple([c.name or c.channel for c in await store.channels("summary")]),
        summary_at=settings.summary_at,
        summary_zone=settings.summary_zone or settings.zone,
        budgets=len(await store.budgets()),
        waiting=len(waiting),
        failed=len(failed),
        quiet=tuple(dict.fromkeys(reversed(quiet))),
        raised=await _raised(frame),
        down=tuple(sorted(frame.house.down.items())),
        unheard=tuple(
            [
                UnheardChannel(post.channel.name or post.channel.channel, post.at, post.error)
                for post in await last_posts(store)
                if post.at and post.error
            ]
        ),
    )


def _state(incident: Incident) -> str:
    """Return what people see its state as: muted and false alarms are stored as expected."""
    return str(incident.evidence.get("act", {}).get("state", incident.state.value))


async def _raised(frame: Frame) -> tuple[RaisedCause, ...]:
    """Return the causes that need more to speak since alerts about them were called false."""
    found = []
    for each in raised(await frame.store.feedback(), frame.now):
        connection, _, key = each.cause_id.partition("/")
        column, id_ = ("connection_id", connection) if key == "*" else ("api_key", key)
        name = frame.names.name(column, id_) or id_
        found.append(RaisedCause(name, each.calls, each.percent, each.until, each.code))
    return tuple(found)


async def connection_states(frame: Frame) -> tuple[ConnectionStatus, ...]:
    """Return every connection and how fresh it is."""
    states = await frame.store.day_states(frame.today - SETTLING, frame.today)
    settled = {
        c.id: {s.day for s in states if s.connection_id == c.id and s.is_settled} for c in frame.connections
    }
    sources = frame.sources(frozenset())
    hurried = await hurried_connections(frame)
    return tuple(
        _status(frame, connection, sources, settled[connection.id], hurried.get(connection.id))
        for connection in frame.connections
    )


def _status(
    frame: Frame,
    connection: Connection,
    sources: tuple[Source, ...],
    settled: set[date],
    hurried: Haste | None,
) -> ConnectionStatus:
    mine = [source.state for source in sources if source.connection == connection.label]
    starts = [s.history_from for s in connection.streams if s.history_from]
    goals = [s.history_goal for s in connection.streams if s.history_goal]
    is_loaded = all(s.backfill_done for s in connection.streams)
    wanted = (connection.connected_at - min(goals)).days if goals else 0
    loaded = wanted if is_loaded else (connection.connected_at - max(starts)).days if starts else 0
    return ConnectionStatus(
        label=connection.label,
        provider=frame.provider_name(connection.provider),
        key_hint=connection.key_hint,
        state=min(mine, key=_WORST.index, default=SourceState.LOADING),
        since=connection.state_since,
        reason=next((s.reason for s in sources if s.connection == connection.label), ""),
        usage_as_of=frame.as_of(connection),
        billed_to=_billed_to(connection, settled),
        history_since=day_of(max(starts), frame.zone) if starts else None,
        days_loaded=loaded,
        days_wanted=wanted,
        often=_often(frame, connection, hurried) if hurried else None,
    )


def _often(frame: Frame, connection: Connection, hurried: Haste) -> AskedOften:
    return AskedOften(frame.house.provider(connection.provider).info.min_interval, hurried.code)


def _billed_to(connection: Connection, settled: set[date]) -> date | None:
    """Return the last UTC day up to which every known day is settled."""
    if not settled or not any(s.role is Role.COST for s in connection.streams):
        return None
    day = min(settled)
    while day + DAY in settled:
        day += DAY
    return day
