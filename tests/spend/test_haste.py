"""A connection is asked at the floor while there is something to see, never for ever, never for what is expected.

Usual is $1 an hour; a dollar too much is worth a closer look.
"""

from datetime import UTC, datetime, timedelta

import pytest

from spend.haste import Haste, HourSoFar, brought_forward, haste
from spend.notify import Incident, IncidentKind, IncidentState

USD = 1_000_000_000
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TEN = datetime(2026, 11, 19, 10, tzinfo=UTC)


def hour(start: datetime, dollars: float, *, usual: float | None = 1, known: timedelta = HOUR) -> HourSoFar:
    usual_nanos = None if usual is None else round(usual * USD)
    return HourSoFar(start=start, observed_nanos=round(dollars * USD), usual_nanos=usual_nanos, known=known)


def row(*dollars: float, newest: datetime = TEN, known: timedelta = HOUR) -> list[HourSoFar]:
    """Hours in a row, the newest first; `known` of the newest."""
    hours = [hour(newest - back * HOUR, amount) for back, amount in enumerate(dollars)]
    return [hour(newest, dollars[0], known=known), *hours[1:]]


def spike(state: IncidentState = IncidentState.OPEN, told_at: datetime = TEN, code: str = "K7Q2") -> Incident:
    return Incident(
        id=code,
        kind=IncidentKind.SPIKE,
        dedup_key=code,
        code=code,
        state=state,
        opened_at=TEN,
        updated_at=told_at,
        evidence={},
        told_at=told_at,
    )


def judged(now: datetime, hours: list[HourSoFar], *spikes: Incident) -> Haste | None:
    return haste(now, spikes=spikes, hours=hours, least_nanos=USD)


def test_nothing_is_hurried_on_a_usual_day() -> None:
    assert judged(TEN, row(1, 1, 1)) is None
    assert judged(TEN, []) is None


@pytest.mark.parametrize("state", [IncidentState.OPEN, IncidentState.ACKNOWLEDGED])
def test_an_open_spike_hurries_for_six_hours_from_when_it_was_told(state: IncidentState) -> None:
    found = Haste(TEN + 6 * HOUR, "K7Q2")

    assert judged(TEN + 6 * HOUR - MINUTE, row(1), spike(state)) == found
    assert judged(TEN + 6 * HOUR, row(1), spike(state)) is None


def test_a_spike_that_is_told_again_hurries_again() -> None:
    found = judged(TEN + 7 * HOUR, row(1), spike(told_at=TEN + 5 * HOUR))

    assert found == Haste(TEN + 11 * HOUR, "K7Q2")


@pytest.mark.parametrize("state", [IncidentState.EXPECTED, IncidentState.SNOOZED])
def test_what_people_want_to_hear_nothing_of_hurries_nobody(state: IncidentState) -> None:
    assert judged(TEN + MINUTE, row(9, 9), spike(state)) is None


def test_another_spike_hurries_beside_an_expected_one() -> None:
    found = judged(TEN + HOUR, row(9, 9), spike(IncidentState.EXPECTED), spike(code="B3XN"))

    assert found == Haste(TEN + 6 * HOUR, "B3XN")


def test_a_last_hour_over_twice_the_usual_hurries_until_four_hours_after_it_began() -> None:
    """$2.01 beside a usual $1 is over twice, and $1.01 too much; $2.00 is not over twice."""
    assert judged(TEN + HOUR, row(2.01, 1)) == Haste(TEN + 4 * HOUR)
    assert judged(TEN + HOUR, row(2.00, 1)) is None


def test_pennies_hurry_nobody() -> None:
    assert judged(TEN, [hour(TEN, 0.99, usual=0.01)]) is None


def test_an_hour_whose_usual_is_not_known_hurries_nobody() -> None:
    assert judged(TEN, [hour(TEN, 50, usual=None)]) is None


def test_an_open_hour_is_held_against_its_part_of_the_usual() -> None:
    """Half an hour is usually $0.50: $1.60 is over twice that. In its first minutes it is held against 18 minutes."""
    assert judged(TEN + HOUR / 2, row(1.60, 1, known=HOUR / 2)) == Haste(TEN + 4 * HOUR)
    assert judged(TEN + HOUR / 2, row(0.90, 1, known=HOUR / 2)) is None
    assert judged(TEN + MINUTE, row(1.29, 1, known=MINUTE)) is None
    assert judged(TEN + MINUTE, row(1.31, 1, known=MINUTE)) == Haste(TEN + 4 * HOUR)


def test_the_hour_before_counts_while_the_newest_has_only_begun() -> None:
    assert judged(TEN + MINUTE, row(0, 5, 1, known=MINUTE)) == Haste(TEN + 3 * HOUR)


def test_a_connection_that_is_high_for_long_without_a_spike_is_left_alone() -> None:
    """High since 07:00: at 11:00 that is four hours. An hour of rest begins a new count."""
    assert judged(TEN + HOUR - MINUTE, row(5, 5, 5, 5, 1)) == Haste(TEN + HOUR)
    assert judged(TEN + HOUR, row(5, 5, 5, 5, 1)) is None
    assert judged(TEN + HOUR, row(5, 5, 1, 5, 5)) == Haste(TEN + 3 * HOUR)


def test_a_read_is_brought_forward_to_the_floor_and_never_put_off() -> None:
    read_at = TEN

    assert (
        brought_forward(last_success_at=read_at, next_due_at=TEN + 5 * MINUTE, floor=MINUTE) == TEN + MINUTE
    )
    assert brought_forward(last_success_at=read_at, next_due_at=TEN + MINUTE, floor=MINUTE) is None
    assert brought_forward(last_success_at=read_at, next_due_at=TEN, floor=MINUTE) is None
