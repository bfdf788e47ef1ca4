"""Spikes: feeds hourly estimates to the detector as they change, and tells what it finds.

The detector's memory is built from storage: 71 days of estimates, and the spikes of the last weeks by name.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.jobs.haste import ask_sooner
from bot.jobs.spike_facts import with_facts
from bot.jobs.telling import tell
from bot.reports.frame import Frame
from spend.budgets import Budget, Period, daily_share_nanos
from spend.feedback import feedback_of
from spend.notify import IncidentKind
from spend.pricing import PriceRules
from spend.spikes import ChangedHour, HourPoint, KnownRun, SpikeDetector, Watched
from spend.usage import Role
from spend.window import DAY, HOUR, Window, floor_hour, split_window
from storage import HourEstimate, SeenHour, WorkspaceStore

CURRENCY = "USD"  # price lists are in US dollars, and so are all estimates
MEMORY = 71 * DAY  # 8 weeks before the longest run there can be
KNOWN_FOR = 28 * DAY
OVERLAP = timedelta(minutes=20)  # longer than a read takes to its commit (a poll's lease is 10 min)
PRICES_SETTLE = timedelta(minutes=10)  # new prices are worked into the past day by day
AT_ONCE = 2 * DAY  # of estimates per question, so that no answer is cut off

_LONGEST_FIRST = (Period.MONTH, Period.WEEK, Period.DAY)


class SpikeWatch:
    """Judges the hours of one workspace as they change."""

    def __init__(self) -> None:
        self._detector: SpikeDetector | None = None
        self._zone: ZoneInfo | None = None
        self._prices: PriceRules | None = None
        self._waits_until: datetime | None = None
        self._first_use: dict[str, datetime] = {}
        self._kept_quiet: dict[str, int] = {}
        self._seen: set[SeenHour] = set()
        self._looked_at: datetime | None = None

    async def look(self, frame: Frame) -> None:
        """Take in the hours that changed since the last look and tell the spikes in them."""
        prices = await frame.store.price_rules()
        if self._prices is not None and prices != self._prices:
            self._detector, self._waits_until = None, frame.now + PRICES_SETTLE
        self._prices = prices
        if self._waits_until is not None and frame.now < self._waits_until:
            return
        self._waits_until = None
        if self._detector is None or self._zone != frame.zone:
            self._detector = await self._build(frame)
            changed: list[ChangedHour] = []
        else:
            changed = await changed_hours(frame.store, await self._new_hours(frame))
        self._note_first_use([point for hour in changed for point in hour.points])
        watched = watched_connections(frame, self._first_use)
        budget = _daily_budget(frame, await frame.store.budgets())
        findings = self._detector.step(
            frame.now,
            changed,
            watched=watched,
            daily_budget_nanos=budget,
            feedback=feedback_of(await frame.store.feedback(), frame.now),
        )
        for finding in findings:
            if finding.is_loud or self._kept_quiet.get(finding.dedup_key) != finding.size_nanos:
                await tell(frame, await with_facts(frame, finding))
            if not finding.is_loud:
                self._kept_quiet[finding.dedup_key] = finding.size_nanos
        hours = {one.connection_id: self._detector.last_hours(one) for one in watched}
        await ask_sooner(frame, hours, least_nanos=self._detector.least_excess)

    async def _build(self, frame: Frame) -> SpikeDetector:
        # First: what changes while the estimates are read is then taken in again.
        await self._new_hours(frame)
        self._zone = frame.zone
        points: list[HourPoint] = []
        start = floor_hour(frame.now - MEMORY)
        for window in split_window(Window(start, floor_hour(frame.now) + HOUR), AT_ONCE):
            points += [_point(each) for each in await frame.store.hour_estimates(window, CURRENCY)]
        self._note_first_use(points)
        spikes = await frame.store.incidents(kinds=(IncidentKind.SPIKE,), since=frame.now - KNOWN_FOR)
        return SpikeDetector(
            points, zone=frame.zone, known=[KnownRun.from_incident(incident) for incident in spikes]
        )

    def _note_first_use(self, points: Iterable[HourPoint]) -> None:
        for point in points:
            known = self._first_use.get(point.connection_id, point.hour)
            self._first_use[point.connection_id] = min(known, point.hour)

    async def _new_hours(self, frame: Frame) -> set[SeenHour]:
        since = min(frame.now, self._looked_at or frame.now) - OVERLAP
        seen = {each for each in await frame.store.hours_seen_since(since) if each.currency == CURRENCY}
        fresh = seen - self._seen
        self._seen, self._looked_at = seen, frame.now
        return fresh


async def changed_hours(store: WorkspaceStore, seen: set[SeenHour]) -> list[ChangedHour]:
    """Return the hours of some changes as they are now, oldest first."""
    wanted = {(each.hour, each.connection_id) for each in seen}
    if not wanted:
        return []
    points: dict[tuple[datetime, str], list[HourPoint]] = {key: [] for key in sorted(wanted)}
    hours = sorted({hour for hour, _ in wanted})
    for window in split_window(Window(hours[0], hours[-1] + HOUR), AT_ONCE):
        if not any(window.covers(hour) for hour in hours):
            continue
        for each in await store.hour_estimates(window, CURRENCY):
            if (each.hour, each.connection_id) in points:
                points[each.hour, each.connection_id].append(_point(each))
    return [
        ChangedHour(connection_id=connection_id, hour=hour, points=tuple(found))
        for (hour, connection_id), found in points.items()
    ]


def watched_connections(frame: Frame, first_use: Mapping[str, datetime]) -> list[Watched]:
    """Return the connections whose hours can be judged: their usage was read, and is loaded without a gap.

    Their past begins with their first use, at the latest when they were connected: before it an hour without spend is
    not an hour that usually costs nothing.
    """
    found = []
    for connection in frame.connections:
        edges = [state.history_from for state in connection.streams if state.role is Role.USAGE]
        loaded = [edge for edge in edges if edge is not None]
        as_of = frame.as_of(connection)
        if as_of is None or not loaded or len(loaded) < len(edges) or not connection.counts_money:
            continue
        began = first_use.get(connection.id, connection.connected_at)
        found.append(
            Watched(
                connection_id=connection.id,
                connected_at=connection.connected_at,
                history_from=max(*loaded, min(began, connection.connected_at)),
                as_of=as_of,
            )
        )
    return found


def _daily_budget(frame: Frame, budgets: list[Budget]) -> int | None:
    """Return the daily share of the budget of everything, of the longest period there is; None without one."""
    whole = [b for b in budgets if b.scope.dimension == "workspace" and b.currency == CURRENCY]
    longest = min(whole, key=lambda budget: _LONGEST_FIRST.index(budget.period), default=None)
    return None if longest is None else daily_share_nanos(longest, frame.today)


def _point(estimate: HourEstimate) -> HourPoint:
    return HourPoint(
        connection_id=estimate.connection_id,
        hour=estimate.hour,
        project=estimate.project,
        api_key=estimate.api_key,
        model=estimate.model,
        nanos=estimate.nanos,
    )
