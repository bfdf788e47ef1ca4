"""What is usual in an hour: hourly estimates of a workspace, and the same hours of its own past.

An hour's past is the same hour of the week over 8 weeks; with under 3 such hours loaded, that hour on all days. The
clock is the workspace's, so a nightly batch stays in its hour when clocks change. Integer nano-units throughout.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from spend.window import day_of, floor_hour

WEEKS = 8
MIN_SAMPLES = 3

Part = tuple[str, str, str]  # project, key, model


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class HourPoint:
    """The estimate of one hour of one (connection, project, key, model), as stored (R10)."""

    connection_id: str
    hour: datetime
    project: str
    api_key: str
    model: str
    nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedHour:
    """One hour of one connection as it is now: `points` replaces all that was known of it; empty = nothing spent."""

    connection_id: str
    hour: datetime
    points: tuple[HourPoint, ...] = ()


class HourBook:
    """Hourly estimates by connection, kept as long as they can be somebody's past."""

    def __init__(self, points: Iterable[HourPoint] = ()) -> None:
        self._parts: dict[str, dict[datetime, dict[Part, int]]] = defaultdict(dict)
        self._totals: dict[str, dict[datetime, int]] = defaultdict(dict)
        for point in points:
            self._add(point)

    def replace(self, changed: ChangedHour) -> None:
        """Take in an hour as it is now."""
        self._parts[changed.connection_id].pop(changed.hour, None)
        self._totals[changed.connection_id].pop(changed.hour, None)
        for point in changed.points:
            self._add(point)

    def total(self, connection_id: str, hour: datetime) -> int:
        """Return what a connection's hour is estimated at; 0 where nothing is known."""
        return self._totals[connection_id].get(hour, 0)

    def parts(self, connection_id: str, hour: datetime) -> Mapping[Part, int]:
        """Return an hour's amounts by (project, key, model)."""
        return self._parts[connection_id].get(hour, {})

    def hours(self, connection_id: str) -> Iterator[tuple[datetime, Mapping[Part, int]]]:
        """Yield a connection's hours that have an amount, oldest first, by (project, key, model)."""
        yield from sorted(self._parts[connection_id].items())

    def largest_before(self, connection_id: str, moment: datetime) -> int:
        """Return the largest hour of a connection that starts before the moment; 0 without any."""
        return max((n for hour, n in self._totals[connection_id].items() if hour < moment), default=0)

    def days(self, zone: ZoneInfo) -> dict[date, int]:
        """Return the workspace's total by local day, days without any hour left out."""
        by_hour: dict[datetime, int] = defaultdict(int)
        for of_connection in self._totals.values():
            for hour, nanos in of_connection.items():
                by_hour[hour] += nanos
        totals: dict[date, int] = defaultdict(int)
        for hour, nanos in by_hour.items():
            totals[day_of(hour, zone)] += nanos
        return dict(totals)

    def workspace_total(self, hour: datetime) -> int:
        """Return what all connections together are estimated at in an hour."""
        return sum(by_hour.get(hour, 0) for by_hour in self._totals.values())

    def forget_before(self, moment: datetime) -> None:
        """Drop hours that are nobody's past any more."""
        for connection_id, by_hour in self._totals.items():
            for hour in [hour for hour in by_hour if hour < moment]:
                del by_hour[hour], self._parts[connection_id][hour]

    def points(self) -> Iterator[HourPoint]:
        """Yield everything known, sorted, so that equal books read equal."""
        for connection_id, by_hour in sorted(self._parts.items()):
            for hour, parts in sorted(by_hour.items()):
                for (project, api_key, model), nanos in sorted(parts.items()):
                    yield HourPoint(
                        connection_id=connection_id,
                        hour=hour,
                        project=project,
                        api_key=api_key,
                        model=model,
                        nanos=nanos,
                    )

    def _add(self, point: HourPoint) -> None:
        parts = self._parts[point.connection_id].setdefault(point.hour, {})
        part = (point.project, point.api_key, point.model)
        parts[part] = parts.get(part, 0) + point.nanos
        totals = self._totals[point.connection_id]
        totals[point.hour] = totals.get(point.hour, 0) + point.nanos


def past_hours(hour: datetime, zone: ZoneInfo, *, history_from: datetime) -> list[datetime]:
    """Return the hours an hour is compared with, newest first: that hour of the week; with too few, of every day."""
    weekly = _same_clock(hour, zone, range(7, 7 * WEEKS + 1, 7), history_from)
    if len(weekly) >= MIN_SAMPLES:
        return weekly
    return _same_clock(hour, zone, range(1, 7 * WEEKS + 1), history_from)


def median(amounts: Sequence[int]) -> int:
    """Return the median, in whole nano-units; 0 of nothing."""
    ordered = sorted(amounts)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) // 2 if ordered else 0


def median_deviation(amounts: Sequence[int]) -> int:
    """Return the median absolute deviation from the median (MAD)."""
    centre = median(amounts)
    return median([abs(amount - centre) for amount in amounts])


def _same_clock(hour: datetime, zone: ZoneInfo, days_back: range, history_from: datetime) -> list[datetime]:
    local = hour.astimezone(zone)
    found = []
    for days in days_back:
        # Local arithmetic keeps the clock.
        earlier = floor_hour((local - timedelta(days=days)).astimezone(UTC))
        if earlier >= history_from:
            found.append(earlier)
    return found
