"""What is one incident: hot hours over short pauses, from the first to the last of them."""

from datetime import timedelta

import pytest

from spend.spike_runs import find_runs
from tests.spend.spike_hours import HOUR, TEN, USD, detector, point, steady, step


def test_excess_sums_over_consecutive_hours() -> None:
    one, budget = detector(), 200 * USD

    assert not step(one, TEN + HOUR, point(TEN, 4.5), daily_budget_nanos=budget)[0].is_loud
    (finding,) = step(one, TEN + 2 * HOUR, point(TEN + HOUR, 4.5), daily_budget_nanos=budget)

    assert finding.is_loud
    assert finding.evidence["since"] == TEN.isoformat()


def test_it_is_over_after_two_whole_hours_back_in_range() -> None:
    one = detector()
    step(one, TEN + HOUR, point(TEN, 20.0, "nightly"))
    step(one, TEN + 2 * HOUR, point(TEN + HOUR, 1.0))

    assert step(one, TEN + 2 * HOUR + timedelta(minutes=59), point(TEN + 2 * HOUR, 0.5))[0].is_over is False
    (over,) = step(one, TEN + 3 * HOUR, point(TEN + 2 * HOUR, 1.0))
    after = step(one, TEN + 4 * HOUR, point(TEN + 3 * HOUR, 1.0))

    assert over.is_over
    assert over.evidence["last_hour"] == TEN.isoformat()
    assert over.evidence["observed_nanos"] == 20 * USD
    assert over.evidence["pace_nanos_per_hour"] == 0
    assert after == []


def test_a_spike_that_pauses_for_an_hour_is_one_incident() -> None:
    one = detector()
    (first,) = step(one, TEN + HOUR, point(TEN, 20.0, "nightly"))
    step(one, TEN + 2 * HOUR, point(TEN + HOUR, 1.0))

    (again,) = step(one, TEN + 3 * HOUR, point(TEN + 2 * HOUR, 30.0, "nightly"))

    assert again.dedup_key == first.dedup_key
    assert again.size_nanos == 50 * USD


def test_the_end_is_when_its_cause_last_grew() -> None:
    """It stops at 16:20: the polls after that bring nothing more of it."""
    one = detector()
    step(one, TEN + timedelta(minutes=50), point(TEN, 20.0, "nightly"))
    step(
        one,
        TEN + HOUR + timedelta(minutes=20),
        point(TEN, 24.0, "nightly"),
        point(TEN + HOUR, 8.0, "nightly"),
    )
    step(one, TEN + HOUR + timedelta(minutes=50), point(TEN + HOUR, 8.0, "nightly"), point(TEN + HOUR, 0.9))
    (over,) = step(one, TEN + 4 * HOUR, point(TEN + 2 * HOUR, 1.0), point(TEN + 3 * HOUR, 1.0))

    assert over.is_over
    assert over.evidence["until"] == (TEN + HOUR + timedelta(minutes=20)).isoformat()
    assert over.size_nanos == 32 * USD


def test_a_late_hour_before_the_run_does_not_make_a_second_incident() -> None:
    one = detector()
    (first,) = step(one, TEN + HOUR, point(TEN, 20.0))

    (grown,) = step(one, TEN + HOUR + timedelta(minutes=5), point(TEN - HOUR, 9.0))

    assert grown.dedup_key == first.dedup_key
    assert grown.evidence["since"] == (TEN - HOUR).isoformat()


def test_a_run_that_was_corrected_away_is_over() -> None:
    one = detector()
    step(one, TEN + HOUR, point(TEN, 20.0))

    (over,) = step(one, TEN + HOUR + timedelta(minutes=10), point(TEN, 1.0))

    assert over.is_over
    assert over.evidence["by_key"] == []


def test_a_bucket_that_comes_late_is_told_as_late() -> None:
    at_once = step(detector(), TEN + 7 * HOUR, point(TEN, 20.0))
    too_old = step(detector(steady(until=TEN + 51 * HOUR)), TEN + 51 * HOUR, point(TEN, 20.0))

    assert at_once[0].evidence["is_late"]
    assert at_once[0].is_over
    assert too_old == []


@pytest.mark.parametrize(
    ("hot", "known", "expected"),
    [
        ((5, 7, 8), 12, [(5, 8, True)]),
        ((5, 8), 12, [(5, 5, True), (8, 8, True)]),  # two quiet hours between them
        ((10,), 12, [(10, 10, False)]),  # one quiet hour since
        ((10,), 12.9, [(10, 10, False)]),  # the second is not over
        ((10,), 13, [(10, 10, True)]),
        ((10, 12), 12.1, [(10, 12, False)]),  # the hour that is still filling
        ((-3, -1, 1), 12, [(-3, 1, True)]),  # it began before the look
        ((-5, -4, -3, -1, 1), 12, [(-4, 1, True)]),  # and is followed no further than it may be
        ((), 12, []),
    ],
)
def test_runs_by_hand(hot: tuple[int, ...], known: float, expected: list[tuple[int, int, bool]]) -> None:
    found = find_runs(
        "c1",
        lambda hour: (hour - TEN) / HOUR in hot,
        begin=TEN,
        earliest=TEN - 4 * HOUR,
        as_of=TEN + known * HOUR,
        pause_hours=2,
    )

    assert [((r.since - TEN) / HOUR, (r.last_hot - TEN) / HOUR, r.is_over) for r in found] == expected
