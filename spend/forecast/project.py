"""Where a period ends: the last complete days, a method, and what is spent already, put together.

Today is never fitted, its bucket is still filling. Amounts are integer nano-units.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Protocol

from spend.errors import SpendError
from spend.forecast.blend import BLEND, BLEND_DAYS, fit_blend
from spend.forecast.line import LINE_DAYS, STRAIGHT_LINE, fit_line, fit_mean
from spend.forecast.values import DayForecast, Forecast, NotEnough, Range
from spend.window import DAY, dates

MIN_DAYS = 3
METHODS = (BLEND, STRAIGHT_LINE)


class _Fitted(Protocol):
    """A method after it saw the days: what the next ones cost, and how sure that is."""

    @property
    def method(self) -> str: ...

    def expected(self, days: int) -> list[int]: ...

    def margins(self, weights: Sequence[float], amount: int) -> tuple[int, int]: ...


def forecast_until(
    history: Sequence[int],
    *,
    today: date,
    last_day: date,
    spent_nanos: int,
    today_nanos: int,
    today_fraction_elapsed: float,
    method: str = BLEND,
) -> Forecast | NotEnough:
    """Project a period's total at the end of `last_day` from the last complete days.

    history: one amount per complete local day, oldest first, no gaps (zero days included), ending yesterday.
    spent_nanos: the period's spend up to now, `today_nanos` included. today_fraction_elapsed: 0 to 1, of the local day.
    method: one of METHODS. The weekday blend is the plain mean below 14 days.
    Returns `NotEnough` below 3 complete days, below 7 for the straight line. Raises SpendError if the period ended
    before today or no method has that name.
    """
    if last_day < today or not 0 <= today_fraction_elapsed <= 1 or method not in METHODS:
        raise SpendError("a forecast needs a running period, a fraction between 0 and 1 and a known method")
    need = LINE_DAYS if method == STRAIGHT_LINE else MIN_DAYS
    if len(history) < need:
        ready_on = today + timedelta(days=need - len(history))
        return NotEnough(have=len(history), need=need, ready_on=ready_on)
    left = (last_day - today).days
    fit = _fit(history, today, max(left, 7) + 1, method)
    expected = fit.expected(max(left, 7) + 1)
    rest_of_today = max(0, expected[0] - max(0, today_nanos))
    days = _fan(fit, expected[: left + 1], today, spent_nanos, rest_of_today, 1 - today_fraction_elapsed)
    week = sum(expected[1:8])
    return Forecast(
        method=fit.method,
        today=today,
        spent_nanos=spent_nanos,
        rest_of_today_nanos=rest_of_today,
        rest_after_today_nanos=sum(expected[1 : left + 1]),
        period_end=days[-1].by_end,
        next_7_days=_range(0, week, fit.margins([0.0] + [1.0] * 7, week)),
        days=days,
    )


def _fit(history: Sequence[int], today: date, days: int, method: str) -> _Fitted:
    if method == STRAIGHT_LINE:
        return fit_line(history)
    if len(history) < BLEND_DAYS:
        return fit_mean(history)
    return fit_blend(history, first_day=today - len(history) * DAY, days=days)


def _range(known: int, rest: int, margins: tuple[int, int]) -> Range:
    """Return the range of what is known and a rest that is expected; the rest cannot be taken back."""
    below, above = margins
    mid = known + rest
    return Range(mid, max(mid - below, min(known, mid)), mid + above)


def _fan(
    fit: _Fitted, expected: Sequence[int], today: date, spent: int, rest_of_today: int, open_share: float
) -> tuple[DayForecast, ...]:
    rests = accumulate(expected[1:], initial=rest_of_today)
    weights = [open_share] + [1.0] * (len(expected) - 1)
    return tuple(
        DayForecast(day, nanos, _range(spent, rest, fit.margins(weights[: offset + 1], rest)))
        for offset, (day, nanos, rest) in enumerate(
            zip(dates(today, today + (len(expected) - 1) * DAY), expected, rests, strict=True)
        )
    )
