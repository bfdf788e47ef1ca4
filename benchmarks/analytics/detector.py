"""The product's spike detector behind the bench's interface: one workspace, one connection, its keys."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from spend.money import NANOS_PER_UNIT
from spend.spikes import ChangedHour, HourPoint, SpikeDetector, SpikeRules, Watched

CONNECTION = "bench"


class BenchDetector:
    """Hands the bench's polls to the product; an incident told for the first time is an alert."""

    def __init__(self, daily_budget: Decimal, rules: SpikeRules | None = None) -> None:
        self._detector = SpikeDetector(zone=ZoneInfo("UTC"), rules=rules)
        self._daily_nanos = int(daily_budget * NANOS_PER_UNIT)
        self._start: datetime | None = None
        self._hours: dict[datetime, dict[str, HourPoint]] = defaultdict(dict)
        self._told: set[str] = set()

    def step(self, now: datetime, updates: list[tuple[datetime, str, Decimal]]) -> bool | None:
        """Take in one poll; True when an incident is told for the first time."""
        for hour, key, cost in updates:
            self._hours[hour][key] = HourPoint(
                connection_id=CONNECTION,
                hour=hour,
                project="",
                api_key=key,
                model="",
                nanos=int(cost * NANOS_PER_UNIT),
            )
        if self._start is None:
            if not updates:
                return None
            self._start = min(hour for hour, _, _ in updates)
        changed = [
            ChangedHour(connection_id=CONNECTION, hour=hour, points=tuple(self._hours[hour].values()))
            for hour in sorted({hour for hour, _, _ in updates})
        ]
        for old in [hour for hour in self._hours if hour < now - timedelta(days=4)]:
            del self._hours[old]
        watched = Watched(
            connection_id=CONNECTION, connected_at=self._start, history_from=self._start, as_of=now
        )
        findings = self._detector.step(now, changed, watched=[watched], daily_budget_nanos=self._daily_nanos)
        new = {each.dedup_key for each in findings if each.is_loud} - self._told
        self._told |= new
        return bool(new) or None


def make_detector(daily_budget: Decimal) -> BenchDetector:
    """Return a detector of one workspace with this daily share of its budget."""
    return BenchDetector(daily_budget)
