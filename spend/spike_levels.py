"""How far an hour is above what is usual there: limits and cumulated excess of one connection.

Three kinds of series are judged: the connection's total, each project and each key. What an hour should cost, and how
far it may stray, come from the series' own past (`spend/spike_past.py`). It speaks when two excesses of the last hours
are large enough: that above the limits, which tells a spike from a busy hour, and that above what was to be expected,
which tells whether it matters. What is expected rises with what all keys do in proportion (`spend/spike_common.py`).
Scores decide, they are never shown.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log2
from zoneinfo import ZoneInfo

from spend.spike_clock import Clock, hour_index, hour_start
from spend.spike_common import common_rise
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
    share: float = 0.022  # of excess above what was to be expected
    over_share: float = 0.01  # of excess above the limits
    new_share: float = 0.05  # instead of the first, of what a key or project in its first two weeks does
    new_days: int = 14
    spreads: float = 4.0  # a limit lies so many spreads above what an hour should cost
    job_part: float = 1.3  # or so many times what a scheduled job adds
    aside_days: int = 14
    most_aside: int = 3  # rises in these days; what comes more often is the account's way
    margin_share: float = 0.003  # an hour's excess below this is nothing
    hours_over: int = 9  # whose excess above the limits is added up, the newest among them
    hours_expected: int = 7
    hours_common: int = 3  # that tell whether all keys are busy
    vendor_delay: float = 0.05  # of an hour: what is known of an open one is at least this much older
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
        self._common: dict[int, float] = {}
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
            self._common.pop(index, None)
        self._clock.forget_before(edge)
        for series in self._series.values():
            series.forget_before(edge)

    def _set_aside(self, spikes: Sequence[tuple[int, int]]) -> frozenset[int]:
        """Return the hours of spikes and one on either side of each: a spike seldom begins and ends on the hour.

        Spikes with less than a day between them are one rise; one that lasted for days is the new usual. So is what
        rises more often than spikes do.
        """
        rules, rises, hours = self._rules, _rises(spikes), set[int]()
        begins = [rise[0][0] for rise in rises]
        for rise in rises:
            begin, end = rise[0][0], rise[-1][1]
            earlier = sum(begin - 24 * rules.aside_days <= other < begin for other in begins)
            if end - begin < rules.absorbed_after_hours and earlier < rules.most_aside:
                hours.update(hour for first, last in rise for hour in range(first - 1, last + 2))
        return frozenset(hours)

    def _new_series(self) -> SeriesPast:
        return SeriesPast(self._clock, self._terms, self._rules.past)

    def _is_hot(self, index: int, elapsed: float) -> bool:
        known, common = self._known_part(elapsed), self._common_rise(index, elapsed)
        for name in self._names.get(index, ()):
            series = self._series[name]
            amount = series.amounts.get(index, 0)
            if amount <= self._rules.margin_share * self._reference * known:
                continue
            usual = self._usual(series, index, common)
            if usual is not None and amount > usual[1] * known:
                return True
        return False

    def _score(self, index: int, elapsed: float) -> float:
        if index < self._begin + self._rules.warm_up_hours or not self._reference:
            return 0.0
        rules, worst = self._rules, 0.0
        common = [self._common_rise(index, elapsed)]
        common += [self._common_rise(index - back, 1.0) for back in range(1, rules.hours_over)]
        found = {
            name: self._excess(self._series[name], index, elapsed, common)
            for name in self._names.get(index, ())
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

    def _excess(
        self, series: SeriesPast, index: int, elapsed: float, common: Sequence[float]
    ) -> tuple[float, float]:
        """Return the largest excess of the last hours, any number of them: above the limits, and above the expected."""
        rules, known = self._rules, self._known_part(elapsed)
        over = above = most_over = most_above = float("-inf")
        for back in range(rules.hours_over):
            hour = index - back
            if back and hour in self._ends:
                break  # a spike that is over takes its excess along
            usual = self._usual(series, hour, common[back])
            if usual is None:
                break
            expected, limit = usual
            amount = series.amounts.get(hour, 0)
            if back:
                over, above = over + amount - limit, above + amount - expected
            else:
                over, above = amount - limit * known, amount - expected * min(1.0, elapsed)
            most_over = max(most_over, over)
            if back < rules.hours_expected:
                most_above = max(most_above, above)
        return most_over, most_above

    def _usual(self, series: SeriesPast, index: int, common: float) -> tuple[float, float] | None:
        """Return what a whole hour should cost, and may cost; None while its past is too short."""
        expected = series.expected(index)
        if expected is None or index < self._begin + self._rules.warm_up_hours:
            return None
        rules = self._rules
        expected *= common
        strayed = (expected + series.small()) * series.spread(index) * rules.spreads
        above = max(strayed, rules.job_part * series.job(index)) + rules.margin_share * self._reference
        return expected, expected + above

    def _common_rise(self, index: int, elapsed: float) -> float:
        """Return by what factor an hour may cost more because all keys do more, in it and the two before."""
        whole = elapsed >= 1
        found = self._common.get(index) if whole else None
        if found is not None:
            return found
        hours = range(index - self._rules.hours_common + 1, index + 1)
        keys = {name for hour in hours for name in self._names.get(hour, ()) if name[0] == "key"}
        sums = {name: self._sums(name, hours, elapsed) for name in {*keys, TOTAL}}
        amount, expected = sums.pop(TOTAL)
        rest = (
            max(0.0, amount - sum(one for one, _ in sums.values())),
            max(0.0, expected - sum(one for _, one in sums.values())),
        )
        total = self._series[TOTAL]
        found = common_rise([*sums.values(), rest], total.small(), highest=total.farthest(index))
        if whole:
            self._common[index] = found
            self._newest_judged = max(self._newest_judged, index)
        return found

    def _sums(self, name: Name, hours: range, elapsed: float) -> tuple[float, float]:
        """Return what a series' hours cost, and should have, as far as the last is known."""
        series, known = self._series[name], self._known_part(elapsed)
        expected = [series.expected(hour) or 0.0 for hour in hours]
        return (
            float(sum(series.amounts.get(hour, 0) for hour in hours)),
            sum(expected) - expected[-1] * (1.0 - known),
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
            self._common = {hour: rise for hour, rise in self._common.items() if hour < index}
            self._newest_judged = index - 1


def _rises(spikes: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    rises: list[list[tuple[int, int]]] = []
    for first, last in spikes:
        if rises and first - rises[-1][-1][1] <= 24:
            rises[-1].append((first, last))
        else:
            rises.append([(first, last)])
    return rises


def _coarse(reference: int) -> float:
    """Return about the reference, in steps of a fifth, so that what is small does not change with every bill."""
    return float(2 ** (round(4 * log2(reference)) / 4)) if reference > 0 else 0.0
