"""Grid lines and drawable amounts."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.scale import LARGEST_AMOUNT, drawable, grid_values, top_of


@pytest.mark.parametrize(
    ("top", "values"),
    [
        (3725.0, (1000.0, 2000.0, 3000.0)),
        (142.66, (50.0, 100.0)),
        (9.9, (2.5, 5.0, 7.5)),
        (0.0021, (0.001, 0.002)),
        (1.0, (0.5, 1.0)),
        (0.0, ()),
        (-5.0, ()),
        (math.nan, ()),
        (math.inf, ()),
    ],
)
def test_grid_lines_stand_at_round_values(top: float, values: tuple[float, ...]) -> None:
    assert grid_values(top) == values


@given(st.floats(1e-6, 1e90))
def test_there_are_two_or_three_grid_lines_none_above_the_top(top: float) -> None:
    values = grid_values(top)

    assert 2 <= len(values) <= 3
    assert values[-1] <= top * (1 + 1e-6)


@given(st.floats())
def test_every_amount_becomes_one_that_can_be_laid_out(amount: float) -> None:
    assert abs(drawable(amount)) <= LARGEST_AMOUNT


def test_a_scale_always_has_a_length() -> None:
    assert top_of([]) == top_of([-5.0, math.nan]) == 1.0
    assert top_of([3.0, 7.0]) == 7.0
