"""Hours of one connection, and the detector that judges them: what the tests of spikes begin with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from spend.notify import Finding
from spend.spikes import ChangedHour, HourPoint, KnownRun, SpikeDetector, Watched

USD = 1_000_000_000
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
TEN = datetime(2026, 11, 19, 9, tzinfo=UTC)  # Thu 10:00 in Berlin
HISTORY_FROM = TEN - 30 * DAY
SHORT = TEN - 12 * DAY  # of history is enough where nothing depends on its length


def point(
    hour: datetime, dollars: float, key: str = "prod", model: str = "opus", project: str = "Agents"
) -> HourPoint:
    nanos = round(dollars * USD)
    return HourPoint(connection_id="c1", hour=hour, project=project, api_key=key, model=model, nanos=nanos)


def changed(*points: HourPoint) -> list[ChangedHour]:
    by_hour: dict[datetime, list[HourPoint]] = {}
    for one in points:
        by_hour.setdefault(one.hour, []).append(one)
    return [ChangedHour(connection_id="c1", hour=hour, points=tuple(rows)) for hour, rows in by_hour.items()]


def steady(dollars: float = 1.0, until: datetime = TEN, since: datetime = HISTORY_FROM) -> list[HourPoint]:
    """The key `prod` at a constant amount an hour, with a cent of change by the hour of the day."""
    return [point(since + n * HOUR, dollars + (n % 3) / 100) for n in range((until - since) // HOUR)]


def watched(
    as_of: datetime, connected_at: datetime = HISTORY_FROM + DAY, since: datetime = HISTORY_FROM
) -> list[Watched]:
    return [Watched(connection_id="c1", connected_at=connected_at, history_from=since, as_of=as_of)]


def detector(points: Sequence[HourPoint] | None = None, known: Sequence[KnownRun] = ()) -> SpikeDetector:
    return SpikeDetector(steady() if points is None else points, zone=BERLIN, known=known)


def step(one: SpikeDetector, as_of: datetime, *points: HourPoint, **more: Any) -> list[Finding]:
    connections = watched(as_of, more.pop("connected_at", HISTORY_FROM + DAY))
    return one.step(as_of + timedelta(minutes=5), changed(*points), watched=connections, **more)
