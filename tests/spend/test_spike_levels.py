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
SHARED = {PROD: 17 * USD // 10, NIGHTLY: 17 * USD // 10}
ALONE = {PROD: USD, NIGHTLY: 24 * USD // 10}


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


def test_excess_speaks_at_2_2_percent_of_the_day() -> None:
    assert score(steady(), TEN, {PROD: 3_100_000_000}) < 1
    assert score(steady(), TEN, {PROD: 3_300_000_000}) >= 1


def test_an_open_hour_is_held_against_its_part_of_what_it_should_cost() -> None:
    """After half an hour 0.50 is usual: 2.80 are 2.30 above it, and 1.80 above a whole hour."""
    levels = steady()
    levels.replace(TEN, {PROD: 2_800_000_000})

    assert levels.score(TEN, TEN + HOUR / 2) >= 1
    assert levels.score(TEN, TEN + HOUR) < 1


def test_an_account_that_often_strays_must_stray_further() -> None:
    """Every fifth hour costs three dollars: three more say nothing there, and are a spike in a steady account."""
    restless = {START + n * HOUR: {PROD: 3 * USD} for n in range(0, 35 * 24, 5)}

    assert score(steady(restless), TEN, {PROD: 4 * USD}) < 1
    assert score(steady(), TEN, {PROD: 4 * USD}) >= 1


def test_a_day_on_which_all_keys_are_busy_is_no_spike_where_such_days_were() -> None:
    """For three hours the two keys cost 3.40 an hour instead of 2: each its half, or one of them alone."""
    level = {START + number * HOUR: {PROD: USD, NIGHTLY: USD} for number in range((TEN - START) // HOUR)}
    busy_day = {
        hour: {PROD: 4 * USD, NIGHTLY: 4 * USD} for hour in level if TEN - 10 * DAY < hour < TEN - 9 * DAY
    }
    shared, alone = ({TEN - HOUR * back: parts for back in (2, 1)} for parts in (SHARED, ALONE))

    assert score(steady(level | busy_day | shared), TEN, SHARED) < 1
    assert score(steady(level | busy_day | alone), TEN, ALONE) >= 1
    assert score(steady(level | shared), TEN, SHARED) >= 1


def test_a_scheduled_job_is_usual_from_its_third_run_on() -> None:
    job = {PROD: USD, NIGHTLY: 20 * USD}

    assert score(steady({TEN - 7 * DAY: job}), TEN, job) >= 1
    assert score(steady({TEN - 7 * DAY: job, TEN - 14 * DAY: job}), TEN, job) == 0


def test_a_new_key_is_judged_by_its_share_of_the_day() -> None:
    """Four dollars more of an old key are a spike; a new key, alone or as its connection, must reach five."""
    assert score(steady(), TEN, {PROD: 5 * USD}) >= 1
    assert score(steady(), TEN, {PROD: USD, NIGHTLY: 4 * USD}) < 1
    assert score(steady(), TEN, {PROD: USD, NIGHTLY: 6 * USD}) >= 1


def test_a_new_key_that_takes_over_is_no_spike() -> None:
    assert score(steady(), TEN, {("Agents", "prod-2", "opus"): USD}) == 0


def told(loops: dict[datetime, dict[Part, int]], *expected: datetime) -> Levels:
    """These hours were spikes, each told by itself, and people called some of them expected."""
    levels = steady(loops)
    levels.set_terms(
        reference_nanos=100 * USD,
        aside=tuple((hour, hour) for hour in loops),
        learned=frozenset((hour, hour) for hour in expected),
    )
    return levels


UNLIKE = {TEN - DAY: {NIGHTLY: 20 * USD}, TEN - 2 * DAY: {NIGHTLY: 40 * USD}}


def test_the_hours_of_a_spike_are_not_the_next_ones_past() -> None:
    never = score(steady(), TEN, {NIGHTLY: 20 * USD})

    assert score(told(UNLIKE), TEN, {NIGHTLY: 20 * USD}) == never >= 1
    assert score(steady(UNLIKE), TEN, {NIGHTLY: 20 * USD}) < never


def test_the_hours_of_a_spike_that_people_expected_are_the_next_ones_past() -> None:
    expected = score(told(UNLIKE, *UNLIKE), TEN, {NIGHTLY: 20 * USD})

    assert expected == score(steady(UNLIKE), TEN, {NIGHTLY: 20 * USD})


def test_a_job_that_was_told_twice_is_usual_from_its_third_run_on() -> None:
    """Two runs at the same hour that cost about the same are scheduled; a run that costs twice as much is not."""
    alike = {TEN - DAY: {NIGHTLY: 20 * USD}, TEN - 2 * DAY: {NIGHTLY: 24 * USD}}

    assert score(told(alike), TEN, {NIGHTLY: 22 * USD}) == 0
    assert score(told(alike), TEN, {NIGHTLY: 60 * USD}) >= 1


def test_one_spike_that_lasts_a_day_is_not_two_runs_of_a_job() -> None:
    """From ten to eleven on the next day the same 20 dollars: two like hours, and no pause between them."""
    lasting = {TEN - 2 * DAY + hour * HOUR: {NIGHTLY: 20 * USD} for hour in range(26)}

    assert score(told(lasting), TEN, {NIGHTLY: 22 * USD}) >= 1


def test_a_spike_in_pieces_is_one_rise_and_all_of_it_is_set_aside() -> None:
    """Five pieces within a day are one rise; on five days of a fortnight they are the account's way."""
    never = score(steady(), TEN, {NIGHTLY: 20 * USD})
    pieces = {TEN - DAY - hour * HOUR: {NIGHTLY: 40 * USD} for hour in (0, 3, 6, 9, 12)}
    days = {TEN - day * DAY: {NIGHTLY: 2**day * USD} for day in (1, 3, 5, 7, 9)}

    assert score(told(pieces), TEN, {NIGHTLY: 20 * USD}) == never
    assert score(told(days), TEN, {NIGHTLY: 20 * USD}) < never
