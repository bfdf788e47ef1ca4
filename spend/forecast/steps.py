"""What a usual day has cost since the account last changed its level: a launch, a switch of models, a cache.

A step is where the mean after a day and the mean before it lie furthest apart, measured by how much days scatter
anyway. Where nothing stands out it is the long mean that the caller gives.
"""

from collections.abc import Sequence
from itertools import accumulate
from math import sqrt

_SHORTEST, _LONGEST = 3, 42  # days that a new level has lasted
_BEFORE, _FEWEST_BEFORE = 28, 10
_FEWEST_USUAL = 1.5  # usual days since the step: a weekend alone shows none
_CLEAR = 5.0  # distance in standard errors; every day is tried as the step, so few are not enough
_SMALLEST = 1.2  # one mean in parts of the other
_SMOOTHEST = 0.03  # scatter of the calmest account, in parts of its level


def level_since_step(tame: Sequence[float], usual: Sequence[float], long_mean: float) -> float:
    """Return the mean of a usual day since the clearest step; `long_mean` where there is none.

    tame: amounts without peaks, oldest first. usual: how much of a usual day each was.
    """
    spent = list(accumulate(reversed(tame), initial=0.0))
    days = list(accumulate(reversed(usual), initial=0.0))
    squares = list(
        accumulate(
            (day * day / max(part, 0.2) for day, part in zip(reversed(tame), reversed(usual), strict=True)),
            initial=0.0,
        )
    )
    clearest, found = _CLEAR, long_mean
    for since in range(_SHORTEST, min(_LONGEST, len(tame) - _FEWEST_BEFORE) + 1):
        start = min(len(tame), since + _BEFORE)
        after, before = days[since], days[start] - days[since]
        if after <= _FEWEST_USUAL or before <= 0:
            continue
        new, old = spent[since] / after, (spent[start] - spent[since]) / before
        if max(new, old) <= _SMALLEST * min(new, old):
            continue
        rest = squares[start] - new * spent[since] - old * (spent[start] - spent[since])
        scatter = max(rest, 0.0) / max(after + before - 2, 1.0) + (_SMOOTHEST * max(new, old)) ** 2
        clear = abs(new - old) / sqrt(scatter * (1 / after + 1 / max(before, 0.5)))
        if clear > clearest:
            clearest, found = clear, new
    return found
