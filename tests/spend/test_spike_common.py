"""What all keys do in proportion makes a busy day; what one does alone never does."""

import pytest

from spend.spike_common import common_rise


def test_two_keys_that_rise_alike_rise_together() -> None:
    """Either left out, the other's 3 stand against 1; a tenth of the 2 expected is added on both sides."""
    assert common_rise([(3, 1), (3, 1)], 0, highest=9) == pytest.approx(3.2 / 1.2)


def test_what_one_key_does_alone_is_no_common_rise() -> None:
    assert common_rise([(90, 1), (1, 1), (1, 1)], 0, highest=9) == 1
    assert common_rise([(90, 1)], 0, highest=9) == 1


def test_a_common_rise_goes_no_further_than_all_went_before_nor_beyond_four_times() -> None:
    assert common_rise([(3, 1), (3, 1)], 0, highest=1.5) == 1.5
    assert common_rise([(90, 1), (90, 1)], 0, highest=50) == 4


def test_a_quiet_time_for_all_lowers_nothing() -> None:
    assert common_rise([(0, 1), (0, 1)], 0, highest=9) == 1
    assert common_rise([], 0, highest=9) == 1
