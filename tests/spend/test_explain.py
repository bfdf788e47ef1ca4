"""Movers, the day without its incident and shifted shares add up exactly."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from spend.explain import Move, movers, newcomer, rises_then_falls, share_shift, without_incident

CENT = 10_000_000
WEEK_BEFORE = {"Agents": 6205 * CENT, "Support": 20563 * CENT, "Search": 15638 * CENT, "Ingest": 4916 * CENT}
WEEK = {"Agents": 16230 * CENT, "Support": 20883 * CENT, "Search": 15730 * CENT, "Ingest": 4815 * CENT}


def test_the_largest_moves_are_named_and_the_others_are_one_sum() -> None:
    found = movers(WEEK_BEFORE, WEEK)

    assert [(move.name, move.change_nanos) for move in found.moves] == [
        ("Agents", 10025 * CENT),
        ("Support", 320 * CENT),
    ]
    assert (found.other_nanos, found.other_count) == (-9 * CENT, 2)
    assert found.change_nanos == 10336 * CENT


def test_a_slice_that_did_not_move_is_not_a_mover() -> None:
    found = movers({"a": 5, "b": 7}, {"a": 5, "b": 7})

    assert found.moves == ()
    assert found.other_count == 0


def test_ties_go_by_name() -> None:
    assert [move.name for move in movers({}, {"b": 5, "a": 5}, top=1).moves] == ["a"]


def test_a_waterfall_shows_rises_before_falls() -> None:
    moves = [Move("down", 9, 1), Move("up", 0, 3), Move("more", 1, 8), Move("less", 5, 4)]

    assert [move.name for move in rises_then_falls(moves)] == ["more", "up", "down", "less"]


def test_a_new_key_is_named_when_it_explains_the_rise() -> None:
    """The story: Wednesday is $5.33 more, $4.70 of it a new key."""
    before = {"prod": 13733 * CENT}

    assert newcomer(before, {"prod": 13796 * CENT, "nightly": 470 * CENT}) == Move("nightly", 0, 470 * CENT)
    assert newcomer(before, {"prod": 14796 * CENT, "nightly": 470 * CENT}) is None
    assert newcomer(before, {"prod": 100 * CENT, "nightly": 470 * CENT}) is None
    assert newcomer(before, {"prod": 13796 * CENT}) is None


def test_a_day_without_its_incident() -> None:
    """The story: Thursday $274.32, $135.10 of it the loop; without it $139.22, $3.91 more."""
    split = without_incident(day_nanos=27432 * CENT, incident_nanos=13510 * CENT, before_nanos=13531 * CENT)

    assert split.rest_nanos == 13922 * CENT
    assert split.change_nanos == 391 * CENT


def test_an_incident_never_costs_more_than_its_day() -> None:
    split = without_incident(day_nanos=10, incident_nanos=12, before_nanos=5)

    assert (split.incident_nanos, split.rest_nanos) == (10, 0)


def test_the_largest_slice_is_the_finding_if_its_share_moved_by_five_points() -> None:
    """The story: claude-opus-5 is $95.41 of $166.59, 57 %; it was 13 %."""
    shift = share_shift({"opus": 13, "gpt": 87}, {"opus": 9541, "gpt": 7118})

    assert shift is not None
    assert shift.name == "opus"
    assert shift.share == Fraction(9541, 16659)
    assert shift.share_before == Fraction(13, 100)
    assert share_shift({"a": 55, "b": 45}, {"a": 60, "b": 40}) is not None
    assert share_shift({"a": 5501, "b": 4499}, {"a": 6000, "b": 4000}) is None


def test_shares_of_credits_or_of_nothing_mean_nothing() -> None:
    assert share_shift({"a": 1}, {"a": -1, "b": 5}) is None
    assert share_shift({}, {"a": 1}) is None
    assert share_shift({"a": 1}, {}) is None


slices = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(-(10**12), 10**12))


@given(before=slices, after=slices, top=st.integers(0, 9))
def test_moves_and_other_make_the_change(before: dict[str, int], after: dict[str, int], top: int) -> None:
    found = movers(before, after, top=top)

    total = sum(move.change_nanos for move in found.moves) + found.other_nanos
    assert total == found.change_nanos == sum(after.values()) - sum(before.values())
