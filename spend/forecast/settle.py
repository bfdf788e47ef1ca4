"""Days that are not billed yet, brought to the level of the bill: what bills come to, in parts of the estimate.

Estimates are list prices; a contract, credits or fees move the bill. Where the last settled days agree on one ratio the
days after them are expected to follow it; where they do not, estimates stay as they are.
"""

from collections.abc import Sequence
from fractions import Fraction

LAST_DAYS = 14
_FEWEST = 7
_STABLE = Fraction(2, 100)  # the most a day's own ratio may lie from that of all
_WORTH_SAYING = Fraction(1, 200)


def billed_ratio(settled: Sequence[tuple[int, int]]) -> Fraction | None:
    """Return what the last 14 settled days were billed in parts of their estimates; None where they disagree.

    settled: (estimate, bill) of each settled day in nano-units, oldest first. Below 7 days with an estimate, or within
    half a percent of 1, there is nothing to correct: None.
    """
    days = [(estimate, bill) for estimate, bill in settled if estimate > 0][-LAST_DAYS:]
    if len(days) < _FEWEST:
        return None
    ratio = Fraction(sum(bill for _, bill in days), sum(estimate for estimate, _ in days))
    is_stable = all(abs(Fraction(bill, estimate) - ratio) <= _STABLE for estimate, bill in days)
    return ratio if is_stable and ratio > 0 and abs(ratio - 1) >= _WORTH_SAYING else None
