"""What one series' hours should cost: its middle, how busy it is these days, how far it strays, and scheduled jobs.

Amounts are integers in and floats inside: they decide, they are never shown. Everything follows from the amounts and
the terms; what is kept besides is a cache, dropped where a changed hour could matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from typing import Any

from spend.spike_clock import Clock

__all__ = ["PastRules", "SeriesPast", "Terms"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRules:
    """The numbers of what is usual. Shares are of the daily reference: the budget's day, else a usual day."""

    past_days: int = 28
    least_days: int = 3  # with fewer like days there is no past
    memory_days: float = 6.0  # a like day this old counts 1/e
    weekly_weight: float = 1.5  # of the same weekday, against another like day
    busy_memory_hours: float = 12.0
    busy_hours: int = 48
    busy_shrink: float = (
        0.2  # of a day's usual amount is added on both sides: quiet hours say little of the day
    )
    busy_least: float = 0.5
    busy_most: float = 2.0
    busy_cap: float = 2.2  # an hour counts with at most so many times its middle in how busy a day is
    small_share: float = 0.004  # an hour's amount below this says nothing
    quantile: float = 0.9  # of how far like hours, and those around them, strayed
    around: int = 3
    most_spread: float = 4.0
    farthest_part: float = 0.35  # and at most this much of the farthest they strayed
    first_spread: float = 0.6  # while too little is known
    job_spread: float = 2.0  # an hour so many spreads above what it should cost may be a job
    job_alike: float = 1.6  # two runs of a job differ by at most this factor
    job_busy: float = 0.5  # of the hours between them at most so many are like it


@dataclass(slots=True)
class Terms:
    """What the series of a connection share: the daily reference for small amounts, and the hours set aside."""

    reference: float = 0.0
    aside: frozenset[int] = frozenset()


class SeriesPast:
    """The hours of one series."""

    def __init__(self, clock: Clock, terms: Terms, rules: PastRules) -> None:
        self.amounts: dict[int, int] = {}
        self.first: int | None = None
        self._clock = clock
        self._terms = terms
        self._rules = rules
        self._weights = [
            exp(-days / rules.memory_days) * (rules.weekly_weight if days % 7 == 0 else 1.0)
            for days in range(rules.past_days + 1)
        ]
        self._fading = [exp(-back / rules.busy_memory_hours) for back in range(rules.busy_hours + 2)]
        self._middle: dict[int, float | None] = {}
        self._day: dict[int, float] = {}
        self._busy: dict[int, float] = {}
        self._spread: dict[int, tuple[float, float]] = {}
        self._job: dict[int, float] = {}
        self._strayed: dict[int, float | None] = {}
        self._above: dict[int, float] = {}
        # An hour is no part of what is usual in itself and in the hour after it; how far it strayed is about itself.
        self._kept: tuple[tuple[dict[int, Any], int], ...] = (
            (self._middle, 2),
            (self._day, 2),
            (self._busy, 2),
            (self._spread, 2),
            (self._job, 2),
            (self._strayed, 0),
            (self._above, 0),
        )
        self._newest = -1  # the newest hour that anything is kept about

    def replace(self, index: int, nanos: int) -> bool:
        """Take in an hour's amount as it is now; True if it changed."""
        if self.amounts.get(index, 0) == nanos:
            return False
        self.amounts[index] = nanos
        self.first = index if self.first is None else min(self.first, index)
        self.forget_from(index)
        return True

    def forget_from(self, index: int) -> None:
        """Drop what an hour, or a later one, is part of."""
        if self._newest < index:
            return
        for cache, after in self._kept:
            for hour in range(index + after, self._newest + 1):
                cache.pop(hour, None)
        self._newest = min(self._newest, index + 1)

    def forget_before(self, edge: int) -> None:
        """Drop hours that are nobody's past any more."""
        for cache in (self.amounts, *(cache for cache, _ in self._kept)):
            for hour in [hour for hour in cache if hour < edge]:
                del cache[hour]

    def forget_all(self) -> None:
        """Drop all that follows from the terms."""
        for cache, _ in self._kept:
            cache.clear()
        self._newest = -1

    def expected(self, index: int) -> float | None:
        """Return what a whole hour should cost, as busy as these days are; None while its past is too short."""
        middle = self._middle_of(index)
        return None if middle is None else middle * self._busy_of(index)

    def spread(self, index: int) -> float:
        """Return how far like hours strayed upwards: a part of what an hour should cost."""
        return self._spreads(index)[0]

    def farthest(self, index: int) -> float:
        """Return the farthest that like hours went: times what an hour should cost."""
        return self._spreads(index)[1]

    def job(self, index: int) -> float:
        """Return what a job that ran twice at this time adds: alike at this hour of the week, or of the last days."""
        found = self._job.get(index)
        if found is None:
            like = self._clock.like(index)
            found = max(self._twice(like.weekly), self._twice(like.daily))
            self._job[index] = found
            self._newest = max(self._newest, index)
        return found

    def small(self) -> float:
        """Return the amount below which an hour says nothing."""
        return self._rules.small_share * self._terms.reference

    def _middle_of(self, index: int) -> float | None:
        if index in self._middle:
            return self._middle[index]
        self._newest = max(self._newest, index)
        like = self._clock.like(index).like
        middle: float | None
        if len(like) < self._rules.least_days:
            middle = None
        elif self.first is None or index - 25 < self.first:
            middle = 0.0
        else:
            total = weights = 0.0
            for days, hour in like:
                weight = self._weights[days]
                weights += weight
                total += weight * self._smoothed(hour)
            middle = total / weights
        self._middle[index] = middle
        return middle

    def _smoothed(self, hour: int) -> float:
        return self._counted(hour) / 2 + (self._counted(hour - 1) + self._counted(hour + 1)) / 4

    def _counted(self, hour: int) -> float:
        """Return what an hour counts in somebody's past: the hours of a spike with at most their middle."""
        amount = self.amounts.get(hour, 0)
        if not amount or hour not in self._terms.aside:
            return amount
        middle = self._middle_of(hour)
        return amount if middle is None else min(amount, middle)

    def _busy_of(self, index: int) -> float:
        """Return how busy the last two days were, the last hours most, in parts of what was to be expected."""
        found = self._busy.get(index)
        if found is not None:
            return found
        rules, small = self._rules, self.small()
        seen = expected = rules.busy_shrink * self._usual_day(index)
        for back in range(2, rules.busy_hours + 2):
            middle = self._middle_of(index - back)
            if middle:
                fading = self._fading[back]
                seen += fading * min(self._counted(index - back), rules.busy_cap * middle + small)
                expected += fading * middle
        found = min(rules.busy_most, max(rules.busy_least, seen / expected)) if expected else 1.0
        self._busy[index] = found
        self._newest = max(self._newest, index)
        return found

    def _usual_day(self, index: int) -> float:
        """Return a day's usual amount, by the seven days before the day an hour lies in."""
        start = index // 24 * 24
        found = self._day.get(start)
        if found is None:
            found = sum(self._middle_of(hour) or 0.0 for hour in range(start - 168, start)) / 7
            self._day[start] = found
            self._newest = max(self._newest, start)
        return found

    def _spreads(self, index: int) -> tuple[float, float]:
        found = self._spread.get(index)
        if found is None:
            found = self._spread[index] = self._find_spread(index)
            self._newest = max(self._newest, index)
        return found

    def _find_spread(self, index: int) -> tuple[float, float]:
        rules = self._rules
        strayed: list[float] = []
        for _, hour in self._clock.like(index).like:
            for near in range(hour - rules.around, hour + rules.around + 1):
                ratio = self._strayed_of(near)
                if ratio is not None:
                    strayed.append(ratio)
        if len(strayed) < rules.least_days * (2 * rules.around + 1):
            return rules.first_spread, 1.0 + rules.first_spread
        strayed.sort()
        quantile = strayed[int(rules.quantile * len(strayed))]
        farthest = max(1.0, strayed[-1])
        most = min(rules.most_spread, rules.farthest_part * (farthest - 1.0))
        return min(most, max(0.0, quantile - 1.0)), farthest

    def _strayed_of(self, hour: int) -> float | None:
        """Return an hour in parts of what it should have cost; small amounts stray little."""
        if hour in self._strayed:
            return self._strayed[hour]
        expected, small = self.expected(hour), self.small()
        ratio = None
        if expected is not None:
            ratio = (self._counted(hour) + small) / (expected + small) if expected + small else 1.0
        self._strayed[hour] = ratio
        self._newest = max(self._newest, hour)
        return ratio

    def _twice(self, hours: Sequence[int]) -> float:
        """Return the larger of the two largest like amounts above what was to be expected around these hours."""
        found = [(max(map(self._above_of, (hour - 1, hour, hour + 1))), hour) for hour in hours]
        for (larger, one), (smaller, other) in pairwise(sorted(found, reverse=True)):
            if 0 < larger <= self._rules.job_alike * smaller and self._pauses(one, other):
                return larger
        return 0.0

    def _pauses(self, one: int, other: int) -> bool:
        """Tell whether it was mostly quiet between two hours: one long spike is not two runs of a job."""
        between = range(min(one, other) + 2, max(one, other) - 1)
        busy = sum(1 for hour in between if self._above_of(hour))
        return busy <= self._rules.job_busy * len(between)

    def _above_of(self, hour: int) -> float:
        """Return an hour's amount above what it should have cost where it strayed far, spikes too; else 0."""
        amount, small = self.amounts.get(hour, 0), self.small()
        if amount <= small:
            return 0.0
        found = self._above.get(hour)
        if found is None:
            expected = self.expected(hour)
            far = 0.0 if expected is None else (expected + small) * self._rules.job_spread * self.spread(hour)
            found = 0.0 if expected is None or amount <= expected + far + small else amount - expected
            self._above[hour] = found
            self._newest = max(self._newest, hour)
        return found
