"""How much of a usual day each weekday costs, learned from the last 8 weeks.

Every day is held against the mean of the 7 days around it, so that growth and steps do not look like weekdays. Few
weeks say little: each weekday starts as two days that were like any other.
"""

from collections.abc import Sequence

WEEKS_BACK = 8
_DAYS_LIKE_ANY = 2.0
_LARGEST_RATIO = 3.0  # a runaway day must not become the habit of its weekday
EVEN = (1.0,) * 7


def weekday_factors(history: Sequence[float], first_weekday: int) -> tuple[float, ...]:
    """Return one factor per weekday, their mean 1; all 1 below 14 days.

    history: daily amounts, oldest first. first_weekday: of `history[0]`, 0 is Monday; so is the first factor's.
    """
    if len(history) < 14:
        return EVEN
    skipped = max(0, len(history) - 7 * WEEKS_BACK)
    days = history[skipped:]
    sums, counts = [_DAYS_LIKE_ANY] * 7, [_DAYS_LIKE_ANY] * 7
    around = sum(days[:7])
    for middle in range(3, len(days) - 3):
        weekday = (first_weekday + skipped + middle) % 7
        sums[weekday] += min(_LARGEST_RATIO, 7 * days[middle] / around) if around > 0 else 1.0
        counts[weekday] += 1
        if middle + 4 < len(days):
            around += days[middle + 4] - days[middle - 3]
    factors = [total / count for total, count in zip(sums, counts, strict=True)]
    mean = sum(factors) / 7
    return tuple(factor / mean for factor in factors)
