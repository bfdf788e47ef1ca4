"""What every answer stands on: the workspace's zone and settings, its connections and how fresh they are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.ports import House
from bot.reports.names import NameBook
from bot.views.facts import History
from bot.views.footer import Source, SourceState
from bot.views.times import Clock
from bot.views.unread import is_long_unread
from spend.usage import Role
from spend.window import day_of, hours_of_day
from storage import Connection, ConnectionState, Settings, StreamState, WorkspaceStore

STALE_AFTER = timedelta(minutes=30)  # six polls missed; 10 minutes is normal
STALE_COST_AFTER = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Everything that is the same for all answers given at one moment in one workspace.

    first_record_at: when anything was first used or billed. connections: those that have a key, and where only some
    can contribute to what is asked (bot/reports/scope.py) these. names: of all there ever were, because what was spent
    stays in the totals.
    """

    store: WorkspaceStore
    house: House
    now: datetime
    settings: Settings
    zone: ZoneInfo
    connections: tuple[Connection, ...]
    names: NameBook
    first_record_at: datetime | None = None

    @property
    def clock(self) -> Clock:
        """How this workspace writes times."""
        return Clock(self.now, self.zone)

    @property
    def today(self) -> date:
        """The local date."""
        return self.now.astimezone(self.zone).date()

    @property
    def is_connected(self) -> bool:
        """Tell whether there is anything to count: a connection, or the history of one that is gone."""
        return bool(self.names.connections)

    def provider_name(self, key: str) -> str:
        """Return what people call a provider."""
        return self.house.provider(key).info.name

    @property
    def provider_names(self) -> dict[str, str]:
        """What people call the providers that are, or were, connected."""
        return {c.provider: self.provider_name(c.provider) for c in self.names.connections.values()}

    def as_of(self, connection: Connection) -> datetime | None:
        """Return up to when a connection's figures count: its stalest usage stream, else its bill."""
        usage = [s for s in connection.streams if s.role is Role.USAGE] or list(connection.streams)
        moments = [state.as_of for state in usage]
        known = [moment for moment in moments if moment is not None]
        return min(known) if known and len(known) == len(moments) else None

    @property
    def newest_as_of(self) -> datetime | None:
        """Return the moment up to which the freshest connection is known."""
        return max((at for c in self.connections if (at := self.as_of(c)) is not None), default=None)

    def sources(self, with_figures: frozenset[str]) -> tuple[Source, ...]:
        """Return one source per stream; `with_figures` holds the ids of connections with money in the window."""
        return tuple(
            Source(
                connection=connection.label,
                provider=self.provider_name(connection.provider),
                stream=stream.stream,
                role=stream.role.value,
                state=_state(connection, stream, self.now),
                as_of=stream.as_of,
                since=connection.state_since,
                reason=_reason(connection, stream),
                has_figures=connection.id in with_figures,
            )
            for connection in self.connections
            for stream in connection.streams
        )

    @property
    def has_gap(self) -> bool:
        """Tell whether a connection leaves a gap: nothing is compared or forecast over it."""
        return any(self.leaves_gap(connection) for connection in self.connections)

    def leaves_gap(self, connection: Connection) -> bool:
        """Tell whether a connection is broken, paused or long unread."""
        is_stopped = connection.state in (ConnectionState.BROKEN, ConnectionState.PAUSED)
        return is_stopped or is_long_unread(self.as_of(connection), self.now)

    @property
    def read_until(self) -> datetime | None:
        """Return the moment up to which every connection that is not paused was read; None before the first read."""
        asked = [c for c in self.connections if c.state is not ConnectionState.PAUSED]
        return min((at for c in asked if (at := self.as_of(c)) is not None), default=None)

    def has_begun_reading(self, start: datetime) -> bool:
        """Tell whether a day or hour that starts then was read by everyone, in part at least; else it is not known."""
        until, since = self.read_until, self.complete_from
        is_after = since is None or start >= hours_of_day(since, self.zone).start
        return is_after and (until is None or start < until)

    def has_read(self, day: date) -> bool:
        """Tell whether a local day was read to its end by everyone, give or take what is still called fresh."""
        until = self.read_until
        return until is None or until + STALE_AFTER >= hours_of_day(day, self.zone).end

    def is_unread(self, day: date) -> bool:
        """Tell whether nothing from a local day on was read by anyone, though something before it was."""
        newest = self.newest_as_of
        return newest is not None and newest <= hours_of_day(day, self.zone).start

    @property
    def complete_from(self) -> date | None:
        """Return the first local date from which every connection's usage is loaded; None before the first read."""
        edges = [self._history_edge(connection) for connection in self.connections]
        known = [edge for edge in edges if edge is not None]
        return max(known) if known else None

    @property
    def history_since(self) -> date | None:
        """Return the first local date of which anything is known, of connections that are gone too."""
        starts = [
            s.history_from for c in self.names.connections.values() for s in c.streams if s.history_from
        ]
        return day_of(min(starts), self.zone) if starts else None

    def history(self) -> History | None:
        """Say how far history is loaded; None once it all is."""
        loading = [
            state
            for connection in self.connections
            if connection.state in (ConnectionState.ACTIVE, ConnectionState.BROKEN)
            for state in connection.streams
            if not state.backfill_done and state.history_from is not None and state.history_goal is not None
        ]
        if not loading:
            return None
        worst = max(loading, key=lambda state: state.history_from or self.now)
        start, goal = worst.history_from or self.now, worst.history_goal or self.now
        return History(
            days_loaded=(self.now - start).days,
            days_wanted=(self.now - goal).days,
            complete_from=self._first_whole_day(start),
        )

    @property
    def connected_days(self) -> int | None:
        """Return how many local days ago the first connection was made; None without one."""
        if not self.connections:
            return None
        first = min(connection.connected_at for connection in self.connections)
        return (self.today - first.astimezone(self.zone).date()).days

    def _history_edge(self, connection: Connection) -> date | None:
        edges = [s.history_from for s in connection.streams if s.role is Role.USAGE and s.history_from]
        return self._first_whole_day(max(edges)) if edges else None

    def _first_whole_day(self, start: datetime) -> date:
        day = day_of(start, self.zone)
        return day if hours_of_day(day, self.zone).start >= start else day + timedelta(days=1)


async def load_frame(house: House, store: WorkspaceStore, now: datetime) -> Frame:
    """Read what every answer stands on."""
    settings = await store.settings()
    everyone = await store.connections(include_disconnected=True)
    return Frame(
        store=store,
        house=house,
        now=now,
        settings=settings,
        zone=ZoneInfo(settings.zone),
        connections=tuple(c for c in everyone if c.state is not ConnectionState.DISCONNECTED),
        names=NameBook(await store.names(), everyone, with_users=settings.user_names),
        first_record_at=await store.first_record_at(),
    )


def _state(connection: Connection, stream: StreamState, now: datetime) -> SourceState:
    if connection.state is ConnectionState.BROKEN:
        return SourceState.BROKEN
    if connection.state is ConnectionState.PAUSED:
        return SourceState.PAUSED
    if stream.as_of is None or not stream.backfill_done:
        return SourceState.LOADING
    limit = STALE_AFTER if stream.role is Role.USAGE else STALE_COST_AFTER
    return SourceState.STALE if now - stream.as_of > limit else SourceState.OK


def _reason(connection: Connection, stream: StreamState) -> str:
    if connection.state is ConnectionState.BROKEN:
        return "its key is refused"
    if connection.state is ConnectionState.PAUSED:
        return "it is paused"
    return "its reads fail" if stream.failures else ""
