"""How much of a usual day each weekday and a holiday cost, learned from the last 12 weeks.

Every day is held against the mean of the 7 days around it, so that growth and steps do not look like weekdays. Few
weeks say little: each weekday starts as four days like the others of its kind, which are the weekend and the rest. The
weekend is where the days say it is: the two days side by side that cost least.

Holidays are too few to learn from, so they cost a little less than a day of that weekend, which is hardly less where
weekends are like other days. Only the days at the turn of the year count as such: others differ by country.
"""

from collections.abc import Sequence
from datetime import date

from spend.window import DAY

WEEKS_BACK = 12
HOLIDAY = 7  # a kind of day beside the weekdays 0 to 6
_HOLIDAYS = frozenset({(12, 24), (12, 25), (12, 26), (12, 31), (1, 1)})
_OF_A_WEEKEND = 0.8
_DAYS_LIKE_ITS_KIND = 4.0
_DAYS_LIKE_ANY = 1.0
_LARGEST_RATIO = 3.0  # a runaway day must not become the habit of its weekday
EVEN = (1.0,) * 8


def is_holiday(day: date) -> bool:
    """Tell whether a day is taken for a holiday, by its date alone."""
    return (day.month, day.day) in _HOLIDAYS


def kinds_of(first: date, days: int) -> list[int]:
    """Return the kind of each of the `days` from `first` on: its weekday (0 is Monday), or HOLIDAY."""
    every = (first + offset * DAY for offset in range(days))
    return [HOLIDAY if is_holiday(day) else day.weekday() for day in every]


def weekday_factors(history: Sequence[float], kinds: Sequence[int]) -> tuple[float, ...]:
    """Return one factor per kind: the weekdays from Monday on, their mean 1, and a holiday. All 1 below 14 days.

    history: daily amounts, oldest first; kinds: of the same days.
    """
    if len(history) < 14:
        return EVEN
    sums, counts = _ratios(history[-7 * WEEKS_BACK :], kinds[-7 * WEEKS_BACK :])
    cheapest = min(range(7), key=lambda day: _like(sums, counts, (day, (day + 1) % 7), 1.0, _DAYS_LIKE_ANY))
    weekend = (cheapest, (cheapest + 1) % 7)
    factors = [1.0] * 8
    for days in (tuple(day for day in range(7) if day not in weekend), weekend):
        together = _like(sums, counts, days, 1.0, _DAYS_LIKE_ANY)
        for day in days:
            factors[day] = _like(sums, counts, (day,), together, _DAYS_LIKE_ITS_KIND)
    factors[HOLIDAY] = _OF_A_WEEKEND * together
    mean = sum(factors[:HOLIDAY]) / 7
    return tuple(factor / mean for factor in factors)


def _like(
    sums: Sequence[float], counts: Sequence[int], days: Sequence[int], start: float, worth: float
) -> float:
    """Return what some weekdays cost together in parts of a usual day, beginning as `worth` days at `start`."""
    return (sum(sums[day] for day in days) + worth * start) / (sum(counts[day] for day in days) + worth)


def _ratios(days: Sequence[float], kinds: Sequence[int]) -> tuple[list[float], list[int]]:
    """Return by kind the sum of its days in parts of the days around them, and how many there are."""
    sums, counts = [0.0] * 8, [0] * 8
    around = sum(days[:7])
    for middle in range(3, len(days) - 3):
        kind = kinds[middle]
        sums[kind] += min(_LARGEST_RATIO, 7 * days[middle] / around) if around > 0 else 1.0
        counts[kind] += 1
        if middle + 4 < len(days):
            around += days[middle + 4] - days[middle - 3]
    return sums, counts
