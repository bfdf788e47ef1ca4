"""Limits come from an account's own same hours; excess adds up until it reaches a share of the day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from spend.spike_levels import Levels
from spend.usual import Part

USD = 1_000_000_000
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TEN = datetime(2026, 11, 19, 10, tzinfo=UTC)  # a Thursday
START = TEN - 35 * DAY
PROD: Part = ("Agents", "prod", "opus")
NIGHTLY: Part = ("Agents", "nightly", "opus")


def steady(more: dict[datetime, dict[Part, int]] | None = None) -> Levels:
    """The key prod at a dollar an hour for five weeks, the budget's day at 100, and what the test adds."""
    levels = Levels(ZoneInfo("UTC"), START)
    for number in range((TEN - START) // HOUR):
        hour = START + number * HOUR
        levels.replace(hour, {PROD: USD} | (more or {}).get(hour, {}))
    levels.set_terms(reference_nanos=100 * USD, aside=())
    return levels


def score(levels: Levels, hour: datetime, parts: dict[Part, int]) -> float:
    levels.replace(hour, parts)
    return levels.score(hour, hour + HOUR)


def test_excess_speaks_at_two_percent_of_the_day_above_the_limit() -> None:
    """The limit is 1.00 and a margin of 0.40; two dollars above it speak."""
    assert score(steady(), TEN, {PROD: 3_300_000_000}) < 1
    assert score(steady(), TEN, {PROD: 3_500_000_000}) >= 1


def test_an_open_hour_is_held_against_its_part_of_the_limit() -> None:
    """After half an hour the limit is 0.70: 2.80 are 2.10 above it, and would not be above a whole hour's."""
    levels = steady()
    levels.replace(TEN, {PROD: 2_800_000_000})

    assert levels.score(TEN, TEN + HOUR / 2) >= 1
    assert levels.score(TEN, TEN + HOUR) < 1


def test_a_scheduled_job_is_usual_from_its_third_run_on() -> None:
    job = {PROD: USD, NIGHTLY: 20 * USD}

    assert score(steady({TEN - 7 * DAY: job}), TEN, job) >= 1
    assert score(steady({TEN - 7 * DAY: job, TEN - 14 * DAY: job}), TEN, job) == 0


def test_a_new_key_that_takes_over_is_no_spike() -> None:
    assert score(steady(), TEN, {("Agents", "prod-2", "opus"): USD}) == 0


def test_the_hours_of_a_spike_are_not_the_next_ones_past() -> None:
    """Two spikes at the same hour of the day would look scheduled, if they were not set aside."""
    loops = {TEN - DAY: {NIGHTLY: 20 * USD}, TEN - 2 * DAY: {NIGHTLY: 20 * USD}}
    levels = steady(loops)
    levels.set_terms(
        reference_nanos=100 * USD, aside=((TEN - DAY, TEN - DAY), (TEN - 2 * DAY, TEN - 2 * DAY))
    )

    assert score(steady(loops), TEN, {NIGHTLY: 20 * USD}) == 0
    assert score(levels, TEN, {NIGHTLY: 20 * USD}) >= 1


def test_what_lasts_three_days_is_the_new_usual() -> None:
    """A launch doubles and more what an hour costs; its hours were one long spike until now."""
    launch = {TEN - n * HOUR: {PROD: 4 * USD} for n in range(1, 80)}
    levels = steady(launch)
    levels.set_terms(reference_nanos=100 * USD, aside=((TEN - 79 * HOUR, TEN - HOUR),))

    assert score(levels, TEN, {PROD: 4 * USD}) == 0


def test_the_hours_of_a_spike_that_people_expected_are_the_next_ones_past() -> None:
    """The same two spikes, called expected one after the other: from the second on the job is scheduled."""
    loops = {TEN - DAY: {NIGHTLY: 20 * USD}, TEN - 2 * DAY: {NIGHTLY: 20 * USD}}
    first, second = ((TEN - 2 * DAY,) * 2, (TEN - DAY,) * 2)
    levels = steady(loops)
    levels.set_terms(reference_nanos=100 * USD, aside=(first, second), learned=frozenset({first}))
    assert score(levels, TEN, {NIGHTLY: 20 * USD}) >= 1

    levels.set_terms(reference_nanos=100 * USD, aside=(first, second), learned=frozenset({first, second}))

    assert score(levels, TEN, {NIGHTLY: 20 * USD}) == 0
