"""A product that changed, split among its factors exactly and whatever their order."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

type_factor = tuple[Fraction, Fraction]  # before, after


def factor_parts(factors: Sequence[type_factor]) -> list[Fraction]:
    """Return what each factor contributes to the change of their product; the contributions sum to it exactly.

    Each is the mean of what changing it does, over all orders in which the factors can change (Shapley); it is computed
    as if all of them went from before to after in straight lines at once, which comes to the same. A factor that did
    not change contributes 0; of two, each gets its change times the mean of the other.

    >>> factor_parts([(Fraction(100), Fraction(150)), (Fraction(2), Fraction(4))])
    [Fraction(150, 1), Fraction(250, 1)]
    """
    lines = [_line(factor) for factor in factors]
    below = 1
    for _, _, denominator in lines:
        below *= denominator
    parts = []
    for place, (_, slope, _) in enumerate(lines):
        if slope == 0:
            parts.append(Fraction(0))
            continue
        rest = [1]
        for other, (start, other_slope, _) in enumerate(lines):
            if other != place:
                rest = _times_line(rest, start, other_slope)
        whole = lcm(*range(1, len(rest) + 1))
        area = sum(each * (whole // (power + 1)) for power, each in enumerate(rest))
        parts.append(Fraction(slope * area, whole * below))
    return parts


def _line(factor: type_factor) -> tuple[int, int, int]:
    """Return start, slope and denominator in integers: fractions would be cut down at every step."""
    before, after = factor
    below = lcm(before.denominator, after.denominator)
    start = before.numerator * (below // before.denominator)
    return start, after.numerator * (below // after.denominator) - start, below


def _times_line(polynomial: Sequence[int], start: int, slope: int) -> list[int]:
    if slope == 0:
        return [each * start for each in polynomial]
    longer = [0, *polynomial]
    return [start * low + slope * high for low, high in zip([*polynomial, 0], longer, strict=True)]
