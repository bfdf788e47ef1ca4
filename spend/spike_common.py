"""Busy for all: how far the keys of a connection are above what was to be expected together, whichever of them leads.

What one key does alone is a spike; what all do in proportion is a busy day, as when a sparse account is used again.
"""

from collections.abc import Iterable, Sequence

__all__ = ["common_rise"]

_HIGHEST = 4.0  # and never more
_SHRINK = (
    0.1  # of what was to be expected of all is added on both sides: a small key says little of the others
)


def common_rise(parts: Iterable[tuple[float, float]], small: float, *, highest: float) -> float:
    """Return by what factor what is expected rises for all: that of all parts but the one whose absence lowers it most.

    `parts`: (amount, expected) of each key. `highest`: as far as all together went before, so that a steady account is
    still told what all its keys do. 1 where one key spends alone, or where any one explains the rise.
    """
    pairs: Sequence[tuple[float, float]] = list(parts)
    amount, expected = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    added = _SHRINK * expected + small
    if not added:
        return 1.0
    without = ((amount - one[0] + added) / (expected - one[1] + added) for one in pairs)
    return max(1.0, min(_HIGHEST, highest, *without))
