"""The product's judgement of hours behind the Numenta Anomaly Benchmark's interface: one stream, one connection.

A value is taken for money by the hour: the lowest of the stream is nothing, the range is ten dollars. What judges is
`spend/spike_levels.py` as the product uses it; only the week of warming up is cut to the benchmark's probation, as most
of its files last two weeks. Rises alone are seen, which is what the product is for.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from spend.money import NANOS_PER_UNIT
from spend.spike_levels import LevelRules, Levels
from spend.usual import Part, median
from spend.window import DAY, HOUR, floor_hour

_RANGE_NANOS = 10 * NANOS_PER_UNIT
_REFERENCE_DAYS = 14  # as many as the product's daily reference looks back on
_PART: Part = ("", "", "")
_FIRST_STEP = timedelta(minutes=5)
_AGAIN = 2  # the product speaks of a spike again when it has doubled


class NabDetector:
    """Scores one stream, row by row. 0.5 is where the product would speak."""

    def __init__(self, probation: int, vmin: float, vmax: float) -> None:
        self._probation, self._low, self._range = probation, vmin, (vmax - vmin) or 1.0
        self._levels: Levels | None = None
        self._rows = 0
        self._last: datetime | None = None
        self._step = _FIRST_STEP
        self._hour: datetime | None = None
        self._so_far = 0.0
        self._days: dict[date, int] = defaultdict(int)
        self._over: list[tuple[datetime, datetime]] = []  # spikes: their first and last hours
        self._since: datetime | None = None  # of the spike that goes on
        self._said = 0.0  # how far above the threshold it was told last

    def handle(self, timestamp: datetime, value: float) -> float:
        """Return how anomalous a row is, 0 to 1; rows of a spike that was told already are 0 until it doubles."""
        now = timestamp.replace(tzinfo=UTC)
        if self._last is not None and now > self._last:
            self._step = min(now - self._last, HOUR)
        self._last, self._rows = now, self._rows + 1
        levels = self._begun(now)
        hour = floor_hour(now)
        if hour != self._hour:
            self._turn(levels, hour)
        self._so_far += (value - self._low) / self._range * _RANGE_NANOS * (self._step / HOUR)
        levels.replace(hour, {_PART: round(self._so_far)})
        score = levels.score(hour, min(now + self._step, hour + HOUR))
        if self._rows <= self._probation or score <= _AGAIN * self._said:
            return 0.0
        self._said = score if score >= 1 else 0.0
        return score / (1 + score)

    def _begun(self, now: datetime) -> Levels:
        """Return the levels; probation is told in rows, so its length shows with the second one."""
        if self._levels is None or self._rows == 2:
            hours = max(1, round(self._probation * (self._step / HOUR)))
            self._levels = Levels(ZoneInfo("UTC"), floor_hour(now), LevelRules(warm_up_hours=hours))
        return self._levels

    def _turn(self, levels: Levels, hour: datetime) -> None:
        """Begin an hour: close the one before, and set the terms by what is known of the days before."""
        if self._hour is not None:
            self._days[self._hour.date()] += round(self._so_far)
            self._follow_run(self._hour, is_hot=levels.is_hot(self._hour, hour))
        self._hour, self._so_far = hour, 0.0
        known = [nanos for day, nanos in sorted(self._days.items()) if day < hour.date() and nanos > 0]
        reference = median(known[-_REFERENCE_DAYS:]) if known else sum(self._days.values())
        aside = (*self._over, (self._since, hour)) if self._since else tuple(self._over)
        levels.set_terms(reference_nanos=max(reference, NANOS_PER_UNIT), aside=aside)

    def _follow_run(self, hour: datetime, *, is_hot: bool) -> None:
        """Note what a whole hour means for the spike that was told: it goes on, or ended with the hour before."""
        if is_hot:
            self._since = self._since or (hour if self._said else None)
            return
        if self._since is not None:
            self._over = [
                *(run for run in self._over if run[1] > hour - 28 * DAY),
                (self._since, hour - HOUR),
            ]
        self._since, self._said = None, 0.0


def make_nab_detector(probation: int, vmin: float, vmax: float) -> NabDetector:
    """Return a detector of one stream. `probation`: rows that are not scored. `vmin`, `vmax`: the stream's range."""
    return NabDetector(probation, vmin, vmax)
