"""The two methods that fit on a napkin: a straight line through the last 7 days, and a plain mean.

Floats serve the fit and its spread only; they become nano-units in `expected` and `margins`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, sqrt

LINE_DAYS = 7
STRAIGHT_LINE = "straight line"
PLAIN_MEAN = "mean"

# What the mean of a young account is off by beside the scatter it has seen, in parts of a week's spend; power of weeks.
_MOVES, _MOVES_ON = 0.2, 0.7

# 90 % quantiles of Student's t by degrees of freedom: both sides together leave 80 % inside.
_T90 = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440}


@dataclass(frozen=True, slots=True)
class Fit:
    """A line through n days at x = 0..n-1 (slope 0 for the mean), and the residual variance behind its range."""

    method: str
    n: int
    mean: float
    slope: float
    variance: float
    freedom: int

    def expected(self, days: int) -> list[int]:
        """Return what each of the next days should cost, today first; a line below zero stays at 0."""
        centre = (self.n - 1) / 2
        return [max(0, round(self.mean + self.slope * (self.n + day - centre))) for day in range(days)]

    def margins(self, weights: Sequence[float], amount: int) -> tuple[int, int]:
        """Return how far below and above the weighted sum of the days from today on its 80 % range reaches.

        Two sources add up: each day's own scatter, and the error of the fit itself, which all days share and which
        therefore grows with the square of their number. Without the second, ranges of sums would be far too narrow.
        The mean of a young account has a third: the account has not shown yet how far its level moves.
        """
        total = sum(weights)
        # The scatter of a part of a day grows with the part, so a weight counts once, not squared.
        own = total
        shared = total**2 / self.n
        if self.method == STRAIGHT_LINE:
            centre = (self.n - 1) / 2
            lever = sum(weight * (self.n + offset - centre) for offset, weight in enumerate(weights))
            shared += lever**2 / sum((x - centre) ** 2 for x in range(self.n))
        margin = _T90[self.freedom] * sqrt(self.variance * (own + shared))
        if self.method == PLAIN_MEAN:
            margin = hypot(margin, amount * _MOVES * (total / LINE_DAYS) ** _MOVES_ON)
        return round(margin), round(margin)


def fit_line(history: Sequence[int]) -> Fit:
    """Fit a straight line (least squares) to the last 7 days."""
    days = history[-LINE_DAYS:]
    n = len(days)
    centre, mean = (n - 1) / 2, sum(days) / n
    spread = sum((x - centre) ** 2 for x in range(n))
    slope = sum((x - centre) * (y - mean) for x, y in enumerate(days)) / spread
    left_over = sum((y - mean - slope * (x - centre)) ** 2 for x, y in enumerate(days))
    return Fit(STRAIGHT_LINE, n, mean, slope, left_over / (n - 2), n - 2)


def fit_mean(history: Sequence[int]) -> Fit:
    """Take the mean of the last 7 days, in which every weekday counts once; of all days where there are fewer."""
    days = history[-LINE_DAYS:]
    n = len(days)
    mean = sum(days) / n
    return Fit(PLAIN_MEAN, n, mean, 0.0, sum((y - mean) ** 2 for y in days) / (n - 1), n - 1)
