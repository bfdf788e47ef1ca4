"""The burn rate is a mean of active days, and its projection counts the active days that are left."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from spend.burn import (
    BurnRate,
    expected_active_days,
    lasts_until,
    measure_burn,
    measure_pace,
    pace_windows,
    project_month,
    spent_in,
    time_left,
)
from spend.money import to_nanos
from spend.window import HOUR, Window

USD = 1_000_000_000
THURSDAY = date(2026, 11, 19)
AS_OF = datetime(2026, 11, 19, 13, 5, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
WEEKDAYS_ONLY = [10 * USD, 20 * USD, 0, 0, 30 * USD, 10 * USD, 20 * USD]  # Thu Fri Sat Sun Mon Tue Wed


def burn_of(days: list[int], today: date = THURSDAY) -> BurnRate:
    burn = measure_burn(days, today=today)
    assert burn is not None
    return burn


def test_idle_days_are_not_part_of_the_rate() -> None:
    burn = burn_of(WEEKDAYS_ONLY)

    assert burn.per_active_day_nanos == 18 * USD
    assert (burn.active_days, burn.days) == (5, 7)


def test_only_the_last_seven_complete_days_count() -> None:
    assert burn_of([900 * USD, *WEEKDAYS_ONLY]) == burn_of(WEEKDAYS_ONLY)


def test_without_an_active_day_there_is_no_rate() -> None:
    assert measure_burn([], today=THURSDAY) is None
    assert measure_burn([0, 0, -USD], today=THURSDAY) is None


def test_the_projection_counts_active_days_left_not_all() -> None:
    """After Thu Nov 19: Fri 20, Mon 23 to Fri 27, Mon 30 = 7 active days of 11."""
    burn = burn_of(WEEKDAYS_ONLY)

    assert expected_active_days(burn, date(2026, 11, 20), date(2026, 11, 30)) == 7
    ends = project_month(burn, today=THURSDAY, spent_this_month_nanos=200 * USD, today_nanos=8 * USD)
    assert ends == (200 + 10 + 7 * 18) * USD


def test_what_today_cost_above_the_rate_is_not_given_back() -> None:
    burn = burn_of(WEEKDAYS_ONLY)

    ends = project_month(burn, today=THURSDAY, spent_this_month_nanos=200 * USD, today_nanos=90 * USD)

    assert ends == (200 + 7 * 18) * USD


def test_an_idle_today_is_expected_to_stay_idle() -> None:
    sunday = date(2026, 11, 22)
    burn = burn_of([0, 30 * USD, 10 * USD, 20 * USD, 10 * USD, 20 * USD, 0], sunday)

    ends = project_month(burn, today=sunday, spent_this_month_nanos=USD, today_nanos=0)

    assert ends == (1 + 6 * 18) * USD


def test_weekdays_not_seen_yet_count_by_the_share_of_active_days() -> None:
    burn = burn_of([0, 10 * USD])  # Tuesday idle, Wednesday active

    assert expected_active_days(burn, date(2026, 11, 20), date(2026, 11, 26)) == Fraction(5, 2) + 1


def test_a_limit_lasts_until_the_day_it_is_passed() -> None:
    burn = burn_of([to_nanos(10)] * 7)
    facts = {"today": THURSDAY, "last": date(2026, 11, 30), "spent_nanos": 100 * USD, "today_nanos": 4 * USD}

    assert lasts_until(burn, limit_nanos=120 * USD, **facts) == date(2026, 11, 21)
    assert lasts_until(burn, limit_nanos=116 * USD, **facts) == date(2026, 11, 21)
    assert lasts_until(burn, limit_nanos=116 * USD - 1, **facts) == date(2026, 11, 20)
    assert lasts_until(burn, limit_nanos=99 * USD, **facts) == THURSDAY
    assert lasts_until(burn, limit_nanos=216 * USD, **facts) is None


def test_the_pace_counts_the_open_hour_whole_and_the_first_by_its_minutes() -> None:
    hourly = {NOON - 2 * HOUR: 12 * USD, NOON: 6 * USD, NOON + HOUR: 4 * USD}

    pace = measure_pace(hourly, as_of=AS_OF)

    assert pace.last_3h_nanos == 7 * USD  # (55 minutes of 12) 11 + 6 + 4 over 3 hours
    assert pace.last_24h_nanos == round(Fraction(22 * USD, 24))


def test_the_usual_pace_is_of_the_same_hours_of_earlier_weeks() -> None:
    week = timedelta(days=7)
    hourly = {NOON - n * week: n * 3 * USD for n in range(1, 5)}

    assert measure_pace(hourly, as_of=AS_OF).usual_nanos == 2 * USD
    assert measure_pace(hourly, as_of=AS_OF, history_from=NOON - week - 3 * HOUR).usual_nanos == USD
    assert measure_pace(hourly, as_of=AS_OF, history_from=NOON - week).usual_nanos is None


@given(
    minutes=st.integers(0, 3 * 24 * 60),
    days_known=st.integers(0, 40),
    amounts=st.lists(st.integers(0, 9), min_size=24 * 40, max_size=24 * 40),
)
def test_the_pace_needs_no_hours_but_those_it_names(
    minutes: int, days_known: int, amounts: list[int]
) -> None:
    as_of = AS_OF + timedelta(minutes=minutes)
    history_from = NOON - timedelta(days=days_known)
    hourly = {NOON + timedelta(hours=80 - back): amount for back, amount in enumerate(amounts)}
    known = {hour: amount for hour, amount in hourly.items() if hour >= history_from}

    windows = pace_windows(as_of, history_from=history_from)

    read = {hour: n for hour, n in known.items() if any(window.covers(hour) for window in windows)}
    assert measure_pace(read, as_of=as_of, history_from=history_from) == measure_pace(
        known, as_of=as_of, history_from=history_from
    )


def test_a_pace_says_how_long_a_limit_lasts() -> None:
    """The story: $1,046.45 are left at $34.55 an hour, 30 hours."""
    left = time_left(
        limit_nanos=3300 * USD, spent_nanos=to_nanos(2253) + 550_000_000, per_hour_nanos=34_550_000_000
    )

    assert left == timedelta(hours=30, minutes=17)
    assert time_left(limit_nanos=USD, spent_nanos=2 * USD, per_hour_nanos=USD) == timedelta(0)
    assert time_left(limit_nanos=USD, spent_nanos=0, per_hour_nanos=0) is None


@given(amounts=st.lists(st.integers(0, 10**13), min_size=1, max_size=48))
def test_whole_hours_add_up_exactly(amounts: list[int]) -> None:
    hourly = {NOON + n * HOUR: amount for n, amount in enumerate(amounts)}

    assert spent_in(hourly, Window(NOON - HOUR, NOON + 60 * HOUR)) == sum(amounts)


@given(
    days=st.lists(st.integers(0, 10**13), min_size=1, max_size=7),
    today=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
)
def test_a_projection_is_never_below_what_is_spent(days: list[int], today: date) -> None:
    burn = measure_burn(days, today=today)
    if burn is not None:
        assert project_month(burn, today=today, spent_this_month_nanos=7 * USD, today_nanos=USD) >= 7 * USD
