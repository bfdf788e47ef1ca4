"""Where the month ends: a straight line through the last complete days, with an 80 % range, or "not enough".

Least squares through the last 7 complete days is the named method "straight line"; from 3 to 6 days it is their plain
mean. Today is never fitted, its bucket is still filling. Amounts are integer nano-units; floats serve the line and its
spread only and become nano-units in `_expected` and `_margin`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import sqrt

from spend.errors import SpendError
from spend.window import DAY, dates

MIN_DAYS = 3
LINE_DAYS = 7
STRAIGHT_LINE = "straight line"
PLAIN_MEAN = "mean"

# 90 % quantiles of Student's t by degrees of freedom: both sides together leave 80 % inside.
_T90 = {2: 1.886, 3: 1.638, 4: 1.533, 5: 1.476}


@dataclass(frozen=True, slots=True)
class Range:
    """An expected amount and its 80 % range, nano-units: low <= mid <= high."""

    mid: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class DayForecast:
    """What a local day is expected to cost, and the period's total by its end (the fan of the picture)."""

    day: date
    expected_nanos: int
    by_end: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnough:
    """There are too few complete days. `ready_on`: the local date on which there will be enough."""

    have: int
    need: int
    ready_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A period's expected total, as of now.

    `period_end` = `spent_nanos` (today so far included) + `rest_of_today_nanos` + `rest_after_today_nanos` in its mid.
    `next_7_days`: the 7 days after today, whatever period they lie in. `days`: today and every day left of the period.
    """

    method: str
    today: date
    spent_nanos: int
    rest_of_today_nanos: int
    rest_after_today_nanos: int
    period_end: Range
    next_7_days: Range
    days: tuple[DayForecast, ...]

    @property
    def is_irregular(self) -> bool:
        """Tell whether one number would mislead: the 80 % range is wider than the expected total itself."""
        return self.period_end.high - self.period_end.low > max(self.period_end.mid, 0)

    def crosses(self, limit_nanos: int) -> date | None:
        """Return the first day by whose end more than the limit is expected; today if it is passed; None if it fits."""
        if self.spent_nanos > limit_nanos:
            return self.today
        return next((day.day for day in self.days if day.by_end.mid > limit_nanos), None)


def forecast_until(
    history: Sequence[int],
    *,
    today: date,
    last_day: date,
    spent_nanos: int,
    today_nanos: int,
    today_fraction_elapsed: float,
) -> Forecast | NotEnough:
    """Project a period's total at the end of `last_day` from the last complete days.

    history: one amount per complete local day, oldest first, no gaps (zero days included), ending yesterday.
    spent_nanos: the period's spend up to now, `today_nanos` included. today_fraction_elapsed: 0 to 1, of the local day.
    Returns `NotEnough` below 3 complete days. Raises SpendError if the period ended before today.
    """
    if last_day < today or not 0 <= today_fraction_elapsed <= 1:
        raise SpendError("a forecast needs a period that is still running and a fraction between 0 and 1")
    if len(history) < MIN_DAYS:
        ready_on = today + timedelta(days=MIN_DAYS - len(history))
        return NotEnough(have=len(history), need=MIN_DAYS, ready_on=ready_on)
    fit = _fit_line(history[-LINE_DAYS:]) if len(history) >= LINE_DAYS else _fit_mean(history)
    last = max(last_day, today + 7 * DAY)
    expected = [_expected(fit, offset) for offset in range((last - today).days + 1)]
    rest_of_today = max(0, expected[0] - max(0, today_nanos))
    open_share = 1 - today_fraction_elapsed
    left = (last_day - today).days
    days = _fan(fit, expected[: left + 1], today, spent_nanos + rest_of_today, spent_nanos, open_share)
    week_mid = sum(expected[1:8])
    return Forecast(
        method=fit.method,
        today=today,
        spent_nanos=spent_nanos,
        rest_of_today_nanos=rest_of_today,
        rest_after_today_nanos=sum(expected[1 : left + 1]),
        period_end=days[-1].by_end,
        next_7_days=_range(week_mid, _margin(fit, [0.0] + [1.0] * 7), at_least=0),
        days=days,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """A line through n days at x = 0..n-1 (slope 0 for the mean), and the residual variance behind its range."""

    method: str
    n: int
    mean: float
    slope: float
    variance: float
    freedom: int


def _fit_line(history: Sequence[int]) -> _Fit:
    n = len(history)
    centre, mean = (n - 1) / 2, sum(history) / n
    spread = sum((x - centre) ** 2 for x in range(n))
    slope = sum((x - centre) * (y - mean) for x, y in enumerate(history)) / spread
    left_over = sum((y - mean - slope * (x - centre)) ** 2 for x, y in enumerate(history))
    return _Fit(STRAIGHT_LINE, n, mean, slope, left_over / (n - 2), n - 2)


def _fit_mean(history: Sequence[int]) -> _Fit:
    n = len(history)
    mean = sum(history) / n
    return _Fit(PLAIN_MEAN, n, mean, 0.0, sum((y - mean) ** 2 for y in history) / (n - 1), n - 1)


def _expected(fit: _Fit, offset: int) -> int:
    """Return what the whole day `offset` days after today (x = n) should cost; a line below zero stays at 0."""
    return max(0, round(fit.mean + fit.slope * (fit.n + offset - (fit.n - 1) / 2)))


def _margin(fit: _Fit, weights: Sequence[float]) -> int:
    """Return half the 80 % range of a weighted sum of the days from today on.

    Two sources add up: each day's own scatter, and the error of the fit itself, which all days share and which
    therefore grows with the square of their number. Without the second, ranges of sums would be far too narrow.
    """
    total = sum(weights)
    # The scatter of a part of a day grows with the part, so a weight counts once, not squared.
    own = total
    shared = total**2 / fit.n
    if fit.method == STRAIGHT_LINE:
        centre = (fit.n - 1) / 2
        lever = sum(weight * (fit.n + offset - centre) for offset, weight in enumerate(weights))
        shared += lever**2 / sum((x - centre) ** 2 for x in range(fit.n))
    return round(_T90[fit.freedom] * sqrt(fit.variance * (own + shared)))


def _range(mid: int, margin: int, *, at_least: int) -> Range:
    return Range(mid, max(mid - margin, min(at_least, mid)), mid + margin)


def _fan(
    fit: _Fit, expected: Sequence[int], today: date, by_tonight: int, spent: int, open_share: float
) -> tuple[DayForecast, ...]:
    totals = accumulate(expected[1:], initial=by_tonight)
    weights = [open_share] + [1.0] * (len(expected) - 1)
    return tuple(
        DayForecast(day, nanos, _range(total, _margin(fit, weights[: offset + 1]), at_least=spent))
        for offset, (day, nanos, total) in enumerate(
            zip(dates(today, today + (len(expected) - 1) * DAY), expected, totals, strict=True)
        )
    )
