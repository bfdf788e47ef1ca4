"""How much of a usual day each weekday costs, learned from the last 12 weeks.

Every day is held against the mean of the 7 days around it, so that growth and steps do not look like weekdays. Few
weeks say little: each weekday starts as four days like the others of its kind, which are the weekend and the rest. The
weekend is where the days say it is: the two days side by side that cost least.
"""

from collections.abc import Sequence

WEEKS_BACK = 12
_DAYS_LIKE_ITS_KIND = 4.0
_DAYS_LIKE_ANY = 1.0
_LARGEST_RATIO = 3.0  # a runaway day must not become the habit of its weekday
EVEN = (1.0,) * 7


def weekday_factors(history: Sequence[float], first_weekday: int) -> tuple[float, ...]:
    """Return one factor per weekday, their mean 1; all 1 below 14 days.

    history: daily amounts, oldest first. first_weekday: of `history[0]`, 0 is Monday; so is the first factor's.
    """
    if len(history) < 14:
        return EVEN
    sums, counts = _ratios(history, first_weekday)
    cheapest = min(range(7), key=lambda day: _like(sums, counts, (day, (day + 1) % 7), 1.0, _DAYS_LIKE_ANY))
    weekend = (cheapest, (cheapest + 1) % 7)
    factors = [1.0] * 7
    for kind in (weekend, tuple(day for day in range(7) if day not in weekend)):
        together = _like(sums, counts, kind, 1.0, _DAYS_LIKE_ANY)
        for day in kind:
            factors[day] = _like(sums, counts, (day,), together, _DAYS_LIKE_ITS_KIND)
    mean = sum(factors) / 7
    return tuple(factor / mean for factor in factors)


def _like(
    sums: Sequence[float], counts: Sequence[int], days: Sequence[int], start: float, worth: float
) -> float:
    """Return what some weekdays cost together in parts of a usual day, beginning as `worth` days at `start`."""
    return (sum(sums[day] for day in days) + worth * start) / (sum(counts[day] for day in days) + worth)


def _ratios(history: Sequence[float], first_weekday: int) -> tuple[list[float], list[int]]:
    """Return by weekday the sum of its days in parts of the days around them, and how many there are."""
    skipped = max(0, len(history) - 7 * WEEKS_BACK)
    days = history[skipped:]
    sums, counts = [0.0] * 7, [0] * 7
    around = sum(days[:7])
    for middle in range(3, len(days) - 3):
        weekday = (first_weekday + skipped + middle) % 7
        sums[weekday] += min(_LARGEST_RATIO, 7 * days[middle] / around) if around > 0 else 1.0
        counts[weekday] += 1
        if middle + 4 < len(days):
            around += days[middle + 4] - days[middle - 3]
    return sums, counts
