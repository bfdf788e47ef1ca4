"""Distances between labels, and the room above what is drawn."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts.canvas import Box
from charts.layout import Frame, Skyline, spread

PLACES = st.lists(st.floats(-500, 500), max_size=8).map(sorted)


@given(PLACES)
def test_spread_places_keep_their_distance_their_order_and_the_bounds(places: list[float]) -> None:
    moved = spread(places, top=0.0, bottom=120.0, gap=15.0)

    assert len(moved) == len(places)
    assert all(later - earlier >= 15.0 - 1e-6 for earlier, later in pairwise(moved))
    assert all(-1e-6 <= place <= 120.0 + 1e-6 for place in moved)


def test_places_that_are_far_apart_stay() -> None:
    assert spread([10.0, 40.0, 90.0], top=0.0, bottom=200.0) == [10.0, 40.0, 90.0]


def test_places_that_collide_move_both_ways_by_the_same() -> None:
    assert spread([50.0, 50.0], top=0.0, bottom=200.0, gap=10.0) == [45.0, 55.0]


def test_a_frame_holds_everything_inside_the_plot() -> None:
    frame = Frame(left=16, right=244, top=60, base=160, span=30, low=0, high=100)

    assert (frame.x(15), frame.y(50)) == (130.0, 110.0)
    assert (frame.x(-1), frame.x(99), frame.x(float("nan"))) == (16.0, 244.0, 16.0)
    assert (frame.y(-1), frame.y(1e308), frame.y(float("inf"))) == (160.0, 60.0, 60.0)


def test_the_skyline_is_the_highest_thing_in_a_stretch() -> None:
    skyline = Skyline()
    skyline.add_top(Box(0, 80, 10, 100))
    skyline.add_line([(10.0, 100.0), (20.0, 50.0)])

    assert skyline.above(0, 5, floor=100) == 80
    assert skyline.above(10.5, 15, floor=100) == pytest.approx(75)
    assert skyline.above(30, 40, floor=100) == 100


def test_a_line_crosses_a_box_that_it_runs_through() -> None:
    skyline = Skyline()
    skyline.add_line([(0.0, 100.0), (100.0, 0.0)])

    assert skyline.crosses(Box(40, 45, 60, 55))
    assert not skyline.crosses(Box(0, 0, 40, 50))
    assert not skyline.crosses(Box(110, 0, 120, 50))


@pytest.mark.parametrize(
    ("one", "other", "touch"), [((0, 0, 5, 5), (5, 0, 9, 5), False), ((0, 0, 5, 5), (4, 4, 9, 9), True)]
)
def test_boxes_touch_only_when_they_share_room(
    one: tuple[int, ...], other: tuple[int, ...], touch: bool
) -> None:
    assert Box(*one).touches(Box(*other)) is touch
