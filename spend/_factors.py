"""A product that changed, split among its factors exactly and whatever their order."""

from collections.abc import Sequence
from math import lcm
from typing import NamedTuple


class Factor(NamedTuple):
    """One factor in both windows, as whole numbers over one that both share: no fraction is ever cut down."""

    before: int
    after: int
    over: int = 1


def ratio(part: tuple[int, int], whole: tuple[int, int]) -> Factor:
    """Return a share or rate in both windows; where one has nothing to divide by, the other's stands, else 1."""
    (part_before, part_after), (before, after) = part, whole
    if not before and not after:
        return Factor(1, 1)
    if not before:
        return Factor(part_after, part_after, after)
    if not after:
        return Factor(part_before, part_before, before)
    return Factor(part_before * after, part_after * before, before * after)


def factor_parts(factors: Sequence[Factor], *, fine: int = 1) -> list[int]:
    """Return what each factor contributes to the change of their product, in parts of 1/`fine`, rounded.

    Before that the contributions sum to the change exactly. Each is the mean of what changing the factor does, over all
    orders in which the factors can change (Shapley); it is computed as if all of them went from before to after in
    straight lines at once, which comes to the same. A factor that did not change contributes 0; of two, each gets its
    change times the mean of the other.

    >>> factor_parts([Factor(100, 150), Factor(2, 4)])
    [150, 250]
    """
    below = lcm(*range(1, len(factors) + 1))
    for factor in factors:
        below *= factor.over
    lines = [(factor.before, factor.after - factor.before) for factor in factors]
    parts = []
    for place, (_, slope) in enumerate(lines):
        if slope == 0:
            parts.append(0)
            continue
        rest = [1]
        for other, (start, rise) in enumerate(lines):
            if other != place:
                rest = _times_line(rest, start, rise)
        parts.append((2 * fine * slope * _area(rest, len(factors)) + below) // (2 * below))
    return parts


def _area(polynomial: Sequence[int], factors: int) -> int:
    """Return the integral from 0 to 1, times a number that every power's place divides."""
    whole = lcm(*range(1, factors + 1))
    return sum(each * (whole // (power + 1)) for power, each in enumerate(polynomial))


def _times_line(polynomial: Sequence[int], start: int, rise: int) -> list[int]:
    if rise == 0:
        return [each * start for each in polynomial]
    product = [each * start for each in polynomial]
    product.append(0)
    for power, each in enumerate(polynomial):
        product[power + 1] += each * rise
    return product
