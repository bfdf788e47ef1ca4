"""Forecasts: the blend by default, the line by name, the mean of few days; today is never fitted; ranges are honest."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.errors import SpendError
from spend.forecast import BLEND, METHODS, STRAIGHT_LINE, Forecast, NotEnough, forecast_until
from spend.window import DAY, next_month

USD = 1_000_000_000
TODAY = date(2026, 11, 19)


def month(
    history: list[int], *, spent: int = 0, today_nanos: int = 0, elapsed: float = 0.5, method: str = BLEND
) -> Forecast:
    result = forecast_until(
        history,
        today=TODAY,
        last_day=date(2026, 11, 30),
        spent_nanos=spent,
        today_nanos=today_nanos,
        today_fraction_elapsed=elapsed,
        method=method,
    )
    assert isinstance(result, Forecast)
    return result


def line(history: list[int], *, spent: int = 0, today_nanos: int = 0) -> Forecast:
    return month(history, spent=spent, today_nanos=today_nanos, method=STRAIGHT_LINE)


def test_a_line_goes_on_as_a_line() -> None:
    """10, 11 ... 16 a day: today 17, tomorrow 18, Nov 30 is 28."""
    forecast = line([n * USD for n in range(10, 17)], spent=100 * USD, today_nanos=7 * USD)

    assert forecast.method == "straight line"
    assert [day.expected_nanos // USD for day in forecast.days] == list(range(17, 29))
    assert forecast.rest_of_today_nanos == 10 * USD
    assert forecast.rest_after_today_nanos == sum(range(18, 29)) * USD
    assert forecast.period_end.mid == (100 + 10 + sum(range(18, 29))) * USD
    assert forecast.period_end.low == forecast.period_end.high == forecast.period_end.mid
    assert forecast.next_7_days.mid == sum(range(18, 25)) * USD
    assert forecast.days[-1].day == date(2026, 11, 30)


def test_today_is_never_fitted() -> None:
    """What today has cost changes only what is left of today."""
    quiet = month([10 * USD] * 7, spent=100 * USD, today_nanos=0)
    busy = month([10 * USD] * 7, spent=140 * USD, today_nanos=40 * USD)

    assert quiet.rest_of_today_nanos == 10 * USD
    assert busy.rest_of_today_nanos == 0
    assert busy.rest_after_today_nanos == quiet.rest_after_today_nanos == 110 * USD
    assert busy.period_end.mid == 250 * USD


def test_only_the_last_seven_days_are_fitted() -> None:
    recent = [n * USD for n in range(10, 17)]

    assert line([900 * USD, 0, *recent]) == line(recent)


@pytest.mark.parametrize("count", [3, 4, 5, 6, 7])
def test_from_three_to_seven_days_it_is_their_mean(count: int) -> None:
    forecast = month([n * USD for n in range(1, count + 1)])

    assert forecast.method == "mean"
    assert {day.expected_nanos for day in forecast.days} == {(count + 1) * USD // 2}


@pytest.mark.parametrize("count", [8, 13])
def test_below_fourteen_days_it_is_the_mean_of_the_last_week_in_which_every_weekday_counts_once(
    count: int,
) -> None:
    forecast = month([90 * USD] * (count - 7) + [n * USD for n in range(1, 8)])

    assert forecast.method == "mean"
    assert {day.expected_nanos for day in forecast.days} == {4 * USD}


@pytest.mark.parametrize(("count", "ready_on"), [(0, 26), (6, 20)])
def test_the_straight_line_needs_seven_days_and_says_from_when(count: int, ready_on: int) -> None:
    result = forecast_until(
        [USD] * count,
        today=TODAY,
        last_day=date(2026, 11, 30),
        spent_nanos=0,
        today_nanos=0,
        today_fraction_elapsed=0.0,
        method=STRAIGHT_LINE,
    )

    assert result == NotEnough(have=count, need=7, ready_on=date(2026, 11, ready_on))


@pytest.mark.parametrize(("count", "ready_on"), [(0, 22), (1, 21), (2, 20)])
def test_under_three_days_it_says_from_when(count: int, ready_on: int) -> None:
    result = forecast_until(
        [USD] * count,
        today=TODAY,
        last_day=date(2026, 11, 30),
        spent_nanos=0,
        today_nanos=0,
        today_fraction_elapsed=0.0,
    )

    assert result == NotEnough(have=count, need=3, ready_on=date(2026, 11, ready_on))


def test_the_range_by_hand() -> None:
    """Days 8, 12, 10: mean 10, variance 4, t 1.886; tomorrow to Nov 26 (7 days): 1.886 * sqrt(4 * (7 + 49/3)).

    That is 18.2203; with 20 % of the 70, for what a young account has not shown yet: the root of 18.2203^2 + 14^2.
    """
    week = month([8 * USD, 12 * USD, 10 * USD]).next_7_days

    assert week.mid == 70 * USD
    assert week.high - week.mid == pytest.approx(22.9779 * USD, rel=1e-4)
    assert week.mid - week.low == week.high - week.mid


def test_young_accounts_that_are_calm_still_have_a_range() -> None:
    """Three days of $10: no scatter, and 14 of 70 (20 %) for what is not known yet."""
    week = month([10 * USD] * 3).next_7_days

    assert (week.low, week.mid, week.high) == (56 * USD, 70 * USD, 84 * USD)


def test_the_range_of_a_line_by_hand() -> None:
    """Residuals of 0 0 0 7 0 0 0 around 1: sum of squares 42, variance 8.4; x of the next 7 days: 8 to 14, centre 3.

    Sum of distances 56, so 1.476 * sqrt(8.4 * (7 + 49/7 + 56^2/28)).
    """
    week = line([0, 0, 0, 7 * USD, 0, 0, 0]).next_7_days

    assert week.mid == 7 * USD
    assert week.high == pytest.approx(7 * USD + 48.0187 * USD, rel=1e-4)
    assert week.low == 0


def test_a_falling_line_stops_at_nothing() -> None:
    forecast = line([n * USD for n in range(7, 0, -1)], spent=50 * USD)

    assert {day.expected_nanos for day in forecast.days} == {0}
    assert forecast.period_end.mid == 50 * USD


def test_the_day_a_limit_is_crossed() -> None:
    forecast = month([10 * USD] * 7, spent=100 * USD, today_nanos=4 * USD)  # 106 tonight, then 10 a day

    assert forecast.crosses(99 * USD) == TODAY
    assert forecast.crosses(105 * USD) == TODAY
    assert forecast.crosses(106 * USD) == TODAY + timedelta(days=1)
    assert forecast.crosses(215 * USD) == date(2026, 11, 30)
    assert forecast.crosses(216 * USD) is None


def test_a_range_wider_than_the_total_is_too_irregular_for_one_number() -> None:
    wild = month([0, 0, 400 * USD, 0, 0, 0, 10 * USD])

    assert wild.is_irregular
    assert not month([10 * USD, 11 * USD] * 4, spent=100 * USD).is_irregular


def test_the_last_day_of_the_month_has_only_the_rest_of_today() -> None:
    last = forecast_until(
        [24 * USD] * 7,
        today=date(2026, 11, 30),
        last_day=date(2026, 11, 30),
        spent_nanos=706 * USD,
        today_nanos=6 * USD,
        today_fraction_elapsed=0.25,
    )

    assert isinstance(last, Forecast)
    assert last.period_end.mid == 724 * USD
    assert last.next_7_days.mid == 168 * USD
    assert len(last.days) == 1


def test_a_period_that_is_over_is_refused() -> None:
    with pytest.raises(SpendError):
        forecast_until(
            [USD] * 7,
            today=TODAY,
            last_day=date(2026, 11, 18),
            spent_nanos=0,
            today_nanos=0,
            today_fraction_elapsed=0,
        )


amounts = st.integers(0, 10**13)


@given(
    history=st.lists(amounts, min_size=7, max_size=40),
    spent=amounts,
    today_nanos=amounts,
    elapsed=st.floats(0, 1),
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    method=st.sampled_from(METHODS),
)
def test_parts_make_the_total_and_nothing_spent_is_taken_back(
    history: list[int], spent: int, today_nanos: int, elapsed: float, day: date, method: str
) -> None:
    result = forecast_until(
        history,
        today=day,
        last_day=next_month(day) - DAY,
        spent_nanos=spent + today_nanos,
        today_nanos=today_nanos,
        today_fraction_elapsed=elapsed,
        method=method,
    )

    assert isinstance(result, Forecast)
    end = result.period_end
    assert end.mid == result.spent_nanos + result.rest_of_today_nanos + result.rest_after_today_nanos
    assert result.spent_nanos <= end.low <= end.mid <= end.high
    assert 0 <= result.next_7_days.low <= result.next_7_days.mid
    assert [later.by_end.mid for later in result.days] == sorted(later.by_end.mid for later in result.days)


def test_the_range_of_a_sum_holds_four_times_in_five() -> None:
    """2,000 simulated weeks of scatter, then one whose level moved: by up to 20 % in four of five."""
    dice = Random(7)
    inside = 0
    for _ in range(2000):
        moved = dice.gauss(100, 15.6)
        days = [round(dice.gauss(level, 15) * USD) for level in [100.0] * 7 + [moved] * 7]
        week = month(days[:7]).next_7_days  # the 7 days after today; the scatter of each is the same
        inside += week.low <= sum(days[7:]) <= week.high

    assert 0.77 <= inside / 2000 <= 0.83
