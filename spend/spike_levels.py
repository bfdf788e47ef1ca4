"""How far an hour is above what is usual there: limits, cumulated excess and thresholds of one connection.

Three kinds of series are judged: the connection's total, each project and each key. What an hour may cost comes from
the same hours of the last four weeks. Hours above it add up their excess; an excess speaks when it reaches a share of
the daily reference, or, where the account has often been that unsteady, what its fourth worst day had. Amounts are
integers in and floats inside: scores decide, they are never shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from spend.usual import Part

__all__ = ["LevelRules", "Levels", "hour_index", "hour_start"]

Name = tuple[str, str]  # ("total", ""), ("project", id), ("key", id)
TOTAL: Name = ("total", "")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRules:
    """The numbers of the judgement. Shares are of the daily reference: the budget's day, else a usual day."""

    share: float = 0.02  # cumulated excess that speaks
    new_share: float = 0.10  # the same of a key or project in its first two weeks
    new_days: int = 14
    margin_share: float = 0.004  # an hour's excess below this is nothing
    past_days: int = 28
    quantile: float = 0.90  # of the same hours and their neighbours
    spread: float = 0.8  # on top of it, in distances from the middle to the quantile
    busiest_level: float = 1.6  # a day that is busy as a whole lifts its limits up to this
    worst_days: int = 21
    worst_rank: int = 4
    keep: float = 0.5  # of the cumulated excess, after an hour without any
    least_elapsed: float = 0.3  # of an hour: a younger one is held against this much of its limit
    warm_up_hours: int = 7 * 24
    absorbed_after_hours: int = 3 * 24  # a rise that lasts this long is the new usual


def hour_index(moment: datetime) -> int:
    """Return the number of the hour a moment lies in, counted in UTC."""
    return (moment - _EPOCH) // _HOUR


def hour_start(index: int) -> datetime:
    """Return the start of an hour by its number."""
    return _EPOCH + index * _HOUR


class _Series:
    __slots__ = ("amounts", "cached_until", "excess", "first", "level", "usual")

    def __init__(self) -> None:
        self.amounts: dict[int, int] = {}
        self.first: int | None = None
        self.cached_until = -1  # the newest hour that anything below is about
        self.usual: dict[int, tuple[float, float] | None] = {}  # hour -> (middle, top)
        self.level: dict[int, float] = {}  # hour -> how busy the day before it was
        self.excess: dict[int, float] = {}  # whole hours -> cumulated excess after them


class Levels:
    """Hourly amounts of one connection, by series, judged against their own past.

    A pure function of the hours taken in, the spikes set aside and the reference; what it keeps besides is a cache.
    """

    def __init__(self, zone: ZoneInfo, history_from: datetime, rules: LevelRules | None = None) -> None:
        self._zone = zone
        self._rules = rules or LevelRules()
        self._begin = hour_index(history_from)
        self._reference = 0.0
        self._series: dict[Name, _Series] = defaultdict(_Series)
        self._names: dict[int, set[Name]] = {}
        self._aside: tuple[tuple[int, int], ...] = ()
        self._learned: frozenset[tuple[int, int]] = frozenset()
        self._hot: dict[int, bool] = {}
        self._offsets: dict[int, int] = {}

    def replace(self, hour: datetime, parts: Mapping[Part, int]) -> None:
        """Take in an hour as it is now; nothing in it = nothing was spent."""
        index = hour_index(hour)
        amounts: dict[Name, int] = defaultdict(int)
        for (project, key, _), nanos in parts.items():
            for name in (TOTAL, ("project", project), ("key", key)):
                if name == TOTAL or name[1]:
                    amounts[name] += nanos
        for name in self._names.get(index, set()) | amounts.keys():
            series = self._series[name]
            if series.amounts.get(index, 0) == amounts.get(name, 0):
                continue
            series.amounts[index] = amounts.get(name, 0)
            series.first = index if series.first is None else min(series.first, index)
            self._forget_from(series, index)
        self._names[index] = set(amounts)

    def set_terms(
        self,
        *,
        reference_nanos: int,
        aside: tuple[tuple[datetime, datetime], ...],
        learned: frozenset[tuple[datetime, datetime]] = frozenset(),
    ) -> None:
        """Set the daily reference and the spikes' hours (first, last), which count with at most their limit.

        `learned`: those among them that people said were as they should be; they count as any other hour.
        """
        aside_hours = tuple(sorted((hour_index(first), hour_index(last)) for first, last in aside))
        if reference_nanos != self._reference:
            self._reference = float(reference_nanos)
            self._hot.clear()
            for series in self._series.values():
                series.excess.clear()
                series.level.clear()
        learned_hours = frozenset((hour_index(first), hour_index(last)) for first, last in learned)
        different = (set(aside_hours) ^ set(self._aside)) | (learned_hours ^ self._learned)
        if different:
            edge = min(first for first, _ in different)
            self._aside, self._learned = aside_hours, learned_hours
            for series in self._series.values():
                self._forget_from(series, edge)

    def is_hot(self, hour: datetime, as_of: datetime) -> bool:
        """Tell whether any series is above its limit in an hour, as far as that hour is known."""
        index, elapsed = hour_index(hour), self._elapsed(hour, as_of)
        found = self._hot.get(index) if elapsed >= 1 else None
        if found is None:
            found = any(self._is_over(name, index, elapsed) for name in self._names.get(index, ()))
            if elapsed >= 1:
                self._hot[index] = found
        return found

    def forget_before(self, moment: datetime) -> None:
        """Drop hours that are nobody's past any more."""
        edge = hour_index(moment)
        for index in [index for index in self._names if index < edge]:
            del self._names[index]
            self._hot.pop(index, None)
        for series in self._series.values():
            caches: tuple[dict[int, Any], ...] = (series.amounts, series.usual, series.level, series.excess)
            for cache in caches:
                for index in [index for index in cache if index < edge]:
                    del cache[index]

    def _is_over(self, name: Name, index: int, elapsed: float) -> bool:
        series = self._series[name]
        limit = self._limit(name, series, index, elapsed)
        return limit is not None and series.amounts.get(index, 0) > limit * elapsed

    def score(self, hour: datetime, as_of: datetime) -> float:
        """Return the cumulated excess after an hour in thresholds, of the series where it is largest; 1 speaks."""
        index, elapsed = hour_index(hour), self._elapsed(hour, as_of)
        worst = 0.0
        for name in self._names.get(index, ()):
            series = self._series[name]
            now = self._excess_now(name, series, index, elapsed)
            if now > 0 and not (self._is_young(series, index) and not self._total_is_high(index, elapsed)):
                worst = max(worst, now / self._threshold(name, series, index))
        return worst

    def _excess_now(self, name: Name, series: _Series, index: int, elapsed: float) -> float:
        before = self._excess_after(name, series, index - 1)
        return self._add(name, series, index, before, elapsed)

    def _total_is_high(self, index: int, elapsed: float) -> bool:
        """Tell whether the connection is high too: a new key that takes over from an old one costs nothing more."""
        return self._excess_now(TOTAL, self._series[TOTAL], index, elapsed) > 0

    def _is_young(self, series: _Series, index: int) -> bool:
        first = series.first if series.first is not None else index
        return first > self._begin + 72 and index - first < self._rules.new_days * 24

    def _elapsed(self, hour: datetime, as_of: datetime) -> float:
        return min(1.0, max(self._rules.least_elapsed, (as_of - hour) / _HOUR))

    def _forget_from(self, series: _Series, index: int) -> None:
        for hour in [hour for hour in self._hot if hour >= index]:
            del self._hot[hour]
        if series.cached_until < index:
            return
        for hour in [hour for hour in series.excess if hour >= index]:
            del series.excess[hour]
        for cache in (series.usual, series.level):
            for hour in [hour for hour in cache if hour > index]:
                del cache[hour]
        series.cached_until = index

    def _add(self, name: Name, series: _Series, index: int, before: float, elapsed: float) -> float:
        """Return the cumulated excess after an hour; a spike that is over takes its own along."""
        if any(last == index - 1 for _, last in self._aside):
            before = 0.0
        amount = series.amounts.get(index, 0)
        if not before and amount <= self._rules.margin_share * self._reference * elapsed:
            return 0.0
        limit = self._limit(name, series, index, elapsed)
        if limit is None:
            return 0.0
        over = amount - limit * elapsed
        if over > 0:
            return before + over
        kept = before * self._rules.keep if elapsed >= 1 else before
        return max(0.0, kept + over * self._rules.keep)

    def _excess_after(self, name: Name, series: _Series, index: int) -> float:
        """Return the cumulated excess after a whole hour."""
        found = series.excess.get(index)
        if found is not None:
            return found
        first = max(self._begin, series.first or index) if name != TOTAL else self._begin
        start = max(first, self._begin + self._rules.warm_up_hours)
        hour = index
        while hour > start and hour - 1 not in series.excess:
            hour -= 1
        running = series.excess.get(hour - 1, 0.0)
        for each in range(hour, index + 1):
            running = self._add(name, series, each, running, 1.0) if each >= start else 0.0
            series.excess[each] = running
        series.cached_until = max(series.cached_until, index)
        return running

    def _threshold(self, name: Name, series: _Series, index: int) -> float:
        rules = self._rules
        share = rules.new_share if self._is_young(series, index) else rules.share
        day = index // 24 * 24
        self._excess_after(name, series, day - 1)
        peaks = sorted(
            (self._peak(series, start) for start in range(day - rules.worst_days * 24, day, 24)), reverse=True
        )
        return max(share * self._reference, peaks[rules.worst_rank - 1], 1.0)

    def _peak(self, series: _Series, start: int) -> float:
        return max(
            (series.excess.get(hour, 0.0) for hour in range(start, start + 24) if not self._is_aside(hour)),
            default=0.0,
        )

    def _limit(self, name: Name, series: _Series, index: int, elapsed: float) -> float | None:
        """Return what a whole hour may cost; None while its past is too short."""
        usual = self._usual(name, series, index)
        if usual is None:
            return None
        limit = self._most(usual)
        if series.amounts.get(index, 0) <= limit * elapsed:
            return limit
        return limit + (self._level(name, series, index) - 1.0) * usual[0]

    def _most(self, usual: tuple[float, float]) -> float:
        middle, top = usual
        return top + self._rules.spread * (top - middle) + self._rules.margin_share * self._reference

    def _level(self, name: Name, series: _Series, index: int) -> float:
        """Return how much busier than usual the last day was, without what is above the limits; 1 if it was not."""
        found = series.level.get(index)
        if found is not None:
            return found
        seen = expected = 0.0
        for hour in range(index - 26, index - 1):
            usual = self._usual(name, series, hour)
            if usual is not None:
                seen += min(series.amounts.get(hour, 0), self._most(usual))
                expected += usual[0]
        level = min(self._rules.busiest_level, max(1.0, seen / expected)) if expected else 1.0
        series.level[index] = level
        series.cached_until = max(series.cached_until, index)
        return level

    def _usual(self, name: Name, series: _Series, index: int) -> tuple[float, float] | None:
        """Return the middle and the top of an hour's past: the same hour and its neighbours on days like it."""
        if index in series.usual:
            return series.usual[index]
        series.cached_until = max(series.cached_until, index)
        rules = self._rules
        same: list[float] = []
        wide: list[float] = []
        weekly: list[float] = []
        daily: list[float] = []
        is_weekend = self._is_weekend(index)
        for days, hour in self._same_clock(index):
            amount = self._counted(name, series, hour)
            if days <= 7:
                daily.append(amount)
            if days % 7 == 0:
                weekly.append(amount)
            elif self._is_weekend(hour) != is_weekend:
                continue
            same.append(amount)
            wide += (
                amount,
                self._counted(name, series, hour - 1),
                self._counted(name, series, hour + 1),
            )
        if len(same) < 3:
            series.usual[index] = None
            return None
        recent = sorted(same[:7])
        middle = recent[len(recent) // 2]
        wide.sort()
        # Seen twice at the same hour of the week, or of the last days: it is scheduled.
        twice = max((sorted(each)[-2] for each in (weekly, daily) if len(each) > 1), default=0.0)
        top = max(middle, twice, wide[min(len(wide) - 1, int(rules.quantile * len(wide)))])
        series.usual[index] = middle, top
        return middle, top

    def _counted(self, name: Name, series: _Series, hour: int) -> float:
        """Return what an hour counts in somebody's past: the hours of a spike with at most their limit."""
        amount = float(series.amounts.get(hour, 0))
        if not amount or not self._is_aside(hour):
            return amount
        usual = self._usual(name, series, hour)
        if usual is None:
            return amount
        return min(amount, self._most(usual))

    def _is_aside(self, hour: int) -> bool:
        longest = self._rules.absorbed_after_hours
        return any(
            first <= hour <= last
            for first, last in self._aside
            if last - first < longest and (first, last) not in self._learned
        )

    def _same_clock(self, index: int) -> Iterator[tuple[int, int]]:
        for days in range(1, self._rules.past_days + 1):
            hour = index - 24 * days
            hour += self._offset(index) - self._offset(hour)
            if hour < self._begin:
                return
            yield days, hour

    def _is_weekend(self, index: int) -> bool:
        return ((index + self._offset(index)) // 24 + _EPOCH_WEEKDAY) % 7 >= 5

    def _offset(self, index: int) -> int:
        found = self._offsets.get(index)
        if found is None:
            offset = hour_start(index).astimezone(self._zone).utcoffset() or timedelta(0)
            found = self._offsets[index] = offset // _HOUR
        return found
