"""Days that are not billed yet follow the bills before them, where those agree."""

from fractions import Fraction

from spend.forecast import billed_ratio


def test_bills_that_agree_give_their_ratio() -> None:
    """Two weeks billed at 80 % of the estimate."""
    assert billed_ratio([(100, 80)] * 14) == Fraction(4, 5)


def test_only_the_last_two_weeks_with_an_estimate_count() -> None:
    assert billed_ratio([(100, 10)] * 5 + [(0, 3)] + [(100, 80)] * 14) == Fraction(4, 5)


def test_bills_that_disagree_correct_nothing() -> None:
    """One day at 83 % among thirteen at 80 %: more than two points off."""
    assert billed_ratio([(100, 80)] * 13 + [(100, 82)]) is not None
    assert billed_ratio([(100, 80)] * 13 + [(100, 83)]) is None


def test_few_days_or_bills_as_estimated_correct_nothing() -> None:
    assert billed_ratio([(100, 80)] * 6) is None
    assert billed_ratio([(100, 80)] * 7) == Fraction(4, 5)
    assert billed_ratio([(1000, 996)] * 14) is None
    assert billed_ratio([(1000, 995)] * 14) == Fraction(995, 1000)
    assert billed_ratio([(100, 0)] * 14) is None
