"""How far an hour is above what is usual there: limits and cumulated excess of one connection.

Three kinds of series are judged: the connection's total, each project and each key. What an hour should cost, and how
far it may stray, come from the series' own past (`spend/spike_past.py`). It speaks when two excesses of the last hours
are large enough: that above the limits, which tells a spike from a busy hour, and that above what was to be expected,
which tells whether it matters. Scores decide, they are never shown.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log2
from zoneinfo import ZoneInfo

from spend.spike_clock import Clock, hour_index, hour_start
from spend.spike_past import PastRules, SeriesPast, Terms
from spend.usual import Part

__all__ = ["LevelRules", "Levels", "hour_index", "hour_start"]

Name = tuple[str, str]  # ("total", ""), ("project", id), ("key", id)
TOTAL: Name = ("total", "")

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRules:
    """The numbers of the judgement. Shares are of the daily reference: the budget's day, else a usual day."""

    past: PastRules = field(default_factory=PastRules)
    share: float = 0.025  # of excess above what was to be expected
    over_share: float = 0.008  # of excess above the limits
    new_share: float = 0.05  # instead of the first, of what a key or project in its first two weeks does
    new_days: int = 14
    spreads: float = 4.0  # a limit lies so many spreads above what an hour should cost
    job_part: float = 1.3  # or so many times what a scheduled job adds
    aside_days: int = 14
    most_aside: int = 3  # spikes in these days; what comes more often is the account's way
    margin_share: float = 0.003  # an hour's excess below this is nothing
    hours_over: int = 9  # whose excess above the limits is added up, the newest among them
    hours_expected: int = 7
    vendor_delay: float = 0.08  # of an hour: what is known of an open one is at least this much older
    least_elapsed: float = 0.2  # of an hour: a younger one is held against this much of its limit
    warm_up_hours: int = 7 * 24
    absorbed_after_hours: int = 3 * 24  # a rise that lasts this long is the new usual


class Levels:
    """Hourly amounts of one connection, by series, judged against their own past.

    A pure function of the hours taken in, the spikes set aside and the reference; what it keeps besides is a cache.
    """

    def __init__(self, zone: ZoneInfo, history_from: datetime, rules: LevelRules | None = None) -> None:
        self._rules = rules or LevelRules()
        self._begin = hour_index(history_from)
        self._clock = Clock(zone, self._begin, self._rules.past.past_days)
        self._reference = 0.0
        self._terms = Terms()
        self._series: dict[Name, SeriesPast] = defaultdict(self._new_series)
        self._ends: frozenset[int] = frozenset()  # last hours of spikes that were told
        self._names: dict[int, set[Name]] = {}
        self._hot: dict[int, bool] = {}
        self._scores: dict[int, float] = {}
        self._newest_judged = -1

    def replace(self, hour: datetime, parts: Mapping[Part, int]) -> None:
        """Take in an hour as it is now; nothing in it = nothing was spent."""
        index = hour_index(hour)
        amounts: dict[Name, int] = defaultdict(int)
        for (project, key, _), nanos in parts.items():
            for name in (TOTAL, ("project", project), ("key", key)):
                if name == TOTAL or name[1]:
                    amounts[name] += nanos
        names = self._names.get(index, set()) | amounts.keys()
        changed = [name for name in names if self._series[name].replace(index, amounts.get(name, 0))]
        if changed:
            self._forget_judged(index)
        self._names[index] = set(amounts)

    def set_terms(
        self,
        *,
        reference_nanos: int,
        aside: tuple[tuple[datetime, datetime], ...],
        learned: frozenset[tuple[datetime, datetime]] = frozenset(),
    ) -> None:
        """Set the daily reference and the spikes' hours (first, last), which count with at most what is usual.

        `learned`: those among them that people said were as they should be; they count as any other hour.
        """
        if reference_nanos != self._reference:
            self._reference = float(reference_nanos)
            self._forget_judged(self._begin)
        coarse = _coarse(reference_nanos)
        if coarse != self._terms.reference:
            self._terms.reference = coarse
            for series in self._series.values():
                series.forget_all()
        ends = frozenset(hour_index(last) for _, last in aside)
        if ends != self._ends:
            self._forget_judged(min(ends ^ self._ends))
            self._ends = ends
        spikes = sorted((hour_index(first), hour_index(last)) for first, last in set(aside) - learned)
        hours = self._set_aside(spikes)
        different = hours ^ self._terms.aside
        if different:
            edge = min(different)
            self._terms.aside = hours
            for series in self._series.values():
                series.forget_from(edge)
            self._forget_judged(edge)

    def is_hot(self, hour: datetime, as_of: datetime) -> bool:
        """Tell whether any series is above its limit in an hour, as far as that hour is known."""
        index, elapsed = hour_index(hour), (as_of - hour) / _HOUR
        if elapsed < 1:
            return self._is_hot(index, elapsed)
        found = self._hot.get(index)
        if found is None:
            found = self._hot[index] = self._is_hot(index, elapsed)
            self._newest_judged = max(self._newest_judged, index)
        return found

    def score(self, hour: datetime, as_of: datetime) -> float:
        """Return how much the hours up to this one call for words, of the series that does most; 1 speaks."""
        index, elapsed = hour_index(hour), (as_of - hour) / _HOUR
        if elapsed < 1:
            return self._score(index, elapsed)
        found = self._scores.get(index)
        if found is None:
            found = self._scores[index] = self._score(index, elapsed)
            self._newest_judged = max(self._newest_judged, index)
        return found

    def forget_before(self, moment: datetime) -> None:
        """Drop hours that are nobody's past any more."""
        edge = hour_index(moment)
        for index in [index for index in self._names if index < edge]:
            del self._names[index]
            self._hot.pop(index, None)
            self._scores.pop(index, None)
        self._clock.forget_before(edge)
        for series in self._series.values():
            series.forget_before(edge)

    def _set_aside(self, spikes: Sequence[tuple[int, int]]) -> frozenset[int]:
        """Return the hours of spikes and one on either side of each: a spike seldom begins and ends on the hour.

        Spikes with less than a day between them are one rise; one that lasted for days is the new usual. So is what
        happens more often than spikes do.
        """
        often, edge = self._rules.most_aside, 24 * self._rules.aside_days
        rises: list[list[tuple[int, int]]] = []
        for first, last in spikes:
            if rises and first - rises[-1][-1][1] <= 24:
                rises[-1].append((first, last))
            else:
                rises.append([(first, last)])
        return frozenset(
            hour
            for rise in rises
            if rise[-1][1] - rise[0][0] < self._rules.absorbed_after_hours
            for first, last in rise
            if sum(first - edge <= earlier < first for earlier, _ in spikes) < often
            for hour in range(first - 1, last + 2)
        )

    def _new_series(self) -> SeriesPast:
        return SeriesPast(self._clock, self._terms, self._rules.past)

    def _is_hot(self, index: int, elapsed: float) -> bool:
        known = self._known_part(elapsed)
        for name in self._names.get(index, ()):
            series = self._series[name]
            amount = series.amounts.get(index, 0)
            if amount <= self._rules.margin_share * self._reference * known:
                continue
            limit = self._limit(series, index)
            if limit is not None and amount > limit * known:
                return True
        return False

    def _score(self, index: int, elapsed: float) -> float:
        if index < self._begin + self._rules.warm_up_hours or not self._reference:
            return 0.0
        rules, worst = self._rules, 0.0
        found = {
            name: self._excess(self._series[name], index, elapsed) for name in self._names.get(index, ())
        }
        _, of_all = found.get(TOTAL, (0.0, 0.0))
        young = {name for name in found if self._is_young(self._series[name], index)}
        of_young = sum(max(0.0, found[name][1]) for name in young if name[0] == "key")
        for name, (over, above) in found.items():
            # A new key that takes over from another costs the connection nothing more.
            due = min(above, of_all) if name in young else above
            is_new = name in young or (name[0] != "key" and 2 * of_young > above)
            share = rules.new_share if is_new else rules.share
            worst = max(worst, min(over / rules.over_share, due / share) / self._reference)
        return worst

    def _excess(self, series: SeriesPast, index: int, elapsed: float) -> tuple[float, float]:
        """Return the largest excess of the last hours, any number of them: above the limits, and above the expected."""
        rules, known = self._rules, self._known_part(elapsed)
        over = above = most_over = most_above = float("-inf")
        for back in range(rules.hours_over):
            hour = index - back
            if back and hour in self._ends:
                break  # a spike that is over takes its excess along
            expected = series.expected(hour)
            limit = self._limit(series, hour)
            if expected is None or limit is None:
                break
            amount = series.amounts.get(hour, 0)
            if back:
                over, above = over + amount - limit, above + amount - expected
            else:
                over, above = amount - limit * known, amount - expected * min(1.0, elapsed)
            most_over = max(most_over, over)
            if back < rules.hours_expected:
                most_above = max(most_above, above)
        return most_over, most_above

    def _limit(self, series: SeriesPast, index: int) -> float | None:
        """Return what a whole hour may cost; None while its past is too short."""
        expected = series.expected(index)
        if expected is None or index < self._begin + self._rules.warm_up_hours:
            return None
        rules = self._rules
        strayed = (expected + series.small()) * series.spread(index) * rules.spreads
        return (
            expected + max(strayed, rules.job_part * series.job(index)) + rules.margin_share * self._reference
        )

    def _known_part(self, elapsed: float) -> float:
        """Return the part of a limit that an hour's known part is held against."""
        if elapsed >= 1:
            return 1.0
        return max(self._rules.least_elapsed, elapsed - self._rules.vendor_delay)

    def _is_young(self, series: SeriesPast, index: int) -> bool:
        first = series.first if series.first is not None else index
        return first > self._begin + 72 and index - first < self._rules.new_days * 24

    def _forget_judged(self, index: int) -> None:
        if index <= self._newest_judged:
            self._hot = {hour: hot for hour, hot in self._hot.items() if hour < index}
            self._scores = {hour: score for hour, score in self._scores.items() if hour < index}
            self._newest_judged = index - 1


def _coarse(reference: int) -> float:
    """Return about the reference, in steps of a fifth, so that what is small does not change with every bill."""
    return float(2 ** (round(4 * log2(reference)) / 4)) if reference > 0 else 0.0
