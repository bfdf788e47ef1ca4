"""Scales of amounts: where grid lines go, and which amounts can be drawn. No drawing library in here."""

import math
from collections.abc import Iterable

# Above this, sums and ratios of floats overflow; no spend comes near it.
LARGEST_AMOUNT = 1e100


def drawable(amount: float) -> float:
    """Give an amount that can be laid out: NaN is 0, infinities and the absurd are held to ±1e100."""
    if math.isnan(amount):
        return 0.0
    return min(max(float(amount), -LARGEST_AMOUNT), LARGEST_AMOUNT)


def top_of(amounts: Iterable[float]) -> float:
    """Give the largest drawable amount, or 1.0 when none is above zero: a scale needs a length."""
    top = max((drawable(amount) for amount in amounts), default=0.0)
    return top if top > 1e-9 else 1.0


def grid_values(top: float) -> tuple[float, ...]:
    """Propose two or three round values (1, 2, 2.5 or 5 times a power of ten) for grid lines up to `top`.

    The views put them into words; an axis without spend has none.

    >>> grid_values(3725.0), grid_values(36.2), grid_values(11.69)
    ((1000.0, 2000.0, 3000.0), (10.0, 20.0, 30.0), (5.0, 10.0))
    """
    if not math.isfinite(top) or top <= 1e-9 or top > LARGEST_AMOUNT:
        return ()
    magnitude = 10.0 ** math.floor(math.log10(top))
    steps = [magnitude * factor for factor in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0)]
    # A hair more than nothing: 0.3 is three times 0.1, though not for floats.
    counts = [(step, int(top / step + 1e-9)) for step in steps]
    step, count = next((step, count) for step, count in counts if count < 4)
    return tuple(float(f"{step * (index + 1):.12g}") for index in range(count))
