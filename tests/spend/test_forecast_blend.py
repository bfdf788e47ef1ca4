"""The weekday blend: weekdays are kept, one wild day is not a new level, and the range comes from its own past."""

from datetime import date
from random import Random

import pytest

from spend.forecast import BLEND, Forecast, forecast_until
from spend.forecast.blend import Blend, fit_blend
from spend.forecast.levels import Level, levels_of
from spend.forecast.steps import level_since_step
from spend.forecast.weekdays import EVEN, HOLIDAY, kinds_of, weekday_factors

USD = 1_000_000_000
MONDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 15)
WORKING_WEEK = [100, 100, 100, 100, 100, 10, 10]


def forecast(history: list[int], *, today: date = MONDAY, last: date = date(2026, 11, 30)) -> Forecast:
    result = forecast_until(
        history, today=today, last_day=last, spent_nanos=0, today_nanos=0, today_fraction_elapsed=0.0
    )
    assert isinstance(result, Forecast)
    return result


def test_a_week_that_always_repeats_is_forecast_as_it_repeats() -> None:
    """8 working weeks: 5 x $100 and 2 x $10 again, within what a few imagined days take off."""
    days = forecast([day * USD for day in WORKING_WEEK * 8])

    assert days.method == BLEND
    assert days.next_7_days.mid == pytest.approx(520 * USD, rel=0.02)
    expected = [day.expected_nanos / USD for day in days.days[:7]]
    assert all(90 < amount < 105 for amount in expected[:5])
    assert all(10 < amount < 30 for amount in expected[5:])


def test_every_day_the_same_goes_on_the_same() -> None:
    days = forecast([50 * USD] * 40)

    assert {day.expected_nanos for day in days.days} == {50 * USD}
    assert days.period_end.mid == 15 * 50 * USD


def test_nothing_spent_goes_on_as_nothing() -> None:
    days = forecast([0] * 30)

    assert (days.period_end.low, days.period_end.mid, days.period_end.high) == (0, 0, 0)


def test_one_runaway_day_hardly_moves_the_next_days() -> None:
    """$50 a day, yesterday $2,000: a mean of 7 days would expect $328 a day."""
    days = forecast([50 * USD] * 40 + [2000 * USD])

    assert days.next_7_days.mid < 7 * 120 * USD


def test_a_launch_that_stays_is_taken_over_within_a_week() -> None:
    """Three weeks at $50, then a week at $100: nearer to the new level than to the old one."""
    days = forecast([50 * USD] * 33 + [100 * USD] * 7)

    assert days.next_7_days.mid > 7 * 75 * USD


def test_what_did_well_lately_weighs_more() -> None:
    """Steps up every week: the short memory was right each time, so the blend leans to the new level."""
    steps = [round(50 * 1.2**week) * USD for week in range(8) for _ in range(7)]
    newest = round(50 * 1.2**7) * USD

    assert forecast(steps).next_7_days.mid > 7 * 0.9 * newest


def test_weekday_factors_have_the_mean_one_and_start_at_the_right_weekday() -> None:
    history = [0.0, 0.0, *map(float, WORKING_WEEK * 8)]
    factors = weekday_factors(history, kinds_of(date(2026, 9, 19), len(history)))  # a Saturday

    assert sum(factors[:7]) == pytest.approx(7)
    assert min(factors[:5]) > 1.2
    assert max(factors[5:7]) < 0.5


def test_the_weekend_is_where_the_days_are_cheap() -> None:
    """Four weeks whose Friday and Saturday cost nothing: Sunday is a day like Monday to Thursday."""
    factors = weekday_factors([1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0] * 4, [*range(7)] * 4)

    assert max(factors[4:6]) < 0.1
    assert factors[6] == pytest.approx(factors[0], rel=0.02)


def test_below_two_weeks_every_weekday_is_like_any_other() -> None:
    assert weekday_factors([1.0, 9.0] * 6 + [1.0], [*range(7), *range(6)]) == EVEN
    assert weekday_factors([1.0, 9.0] * 7, [*range(7)] * 2) != EVEN


def test_days_at_the_turn_of_the_year_are_holidays_and_all_others_weekdays() -> None:
    """From Wednesday, 23 December 2026, to Saturday, 2 January 2027."""
    assert kinds_of(date(2026, 12, 23), 11) == [2, *[HOLIDAY] * 3, 6, 0, 1, 2, *[HOLIDAY] * 2, 5]


def test_a_holiday_costs_four_fifths_of_a_day_of_the_weekend() -> None:
    """Silent weekends, 14 days of them and one imagined like any other: 0.8 x 1/15. Where all days are alike: 0.8."""
    silent = weekday_factors(([1.4] * 5 + [0.0] * 2) * 8, [*range(7)] * 8)
    alike = weekday_factors([1.0] * 56, [*range(7)] * 8)

    assert silent[HOLIDAY] == pytest.approx(0.8 / 15, rel=0.01)
    assert alike[HOLIDAY] == pytest.approx(0.8)


def test_quiet_holidays_are_expected_and_are_not_taken_for_a_fall() -> None:
    """$100 on working days, $10 at weekends and holidays: Christmas is expected, and after it the week as before."""
    days = [10 if kind > 4 else 100 for kind in kinds_of(date(2026, 10, 5), 120)]  # a Monday
    eve, epiphany = date(2026, 12, 24), date(2027, 1, 4)
    before, after = (eve - date(2026, 10, 5)).days, (epiphany - date(2026, 10, 5)).days

    christmas = forecast([day * USD for day in days[:before]], today=eve, last=date(2026, 12, 31))
    january = forecast([day * USD for day in days[:after]], today=epiphany, last=date(2027, 1, 31))

    assert sum(day.expected_nanos for day in christmas.days[:3]) < 3 * 25 * USD
    assert christmas.days[4].expected_nanos > 90 * USD  # Monday, the 28th
    assert january.days[0].expected_nanos > 85 * USD


def test_home_is_what_nine_weeks_cost() -> None:
    """Three weeks at 200, then nine at 100: the level that all fall back to does not remember the 200."""
    levels, _ = levels_of([200.0] * 21 + [100.0] * 63, [*range(7)] * 12)

    assert levels[1].home == levels[2].now == levels[3].home
    assert levels[2].now == pytest.approx(100.0, rel=0.01)


def yesterday_counts(*last: float) -> float:
    """Return what the last of these days counts as after 35 days at 100: the level that begins at yesterday."""
    levels, _ = levels_of([100.0] * 35 + [*last], [0] * (35 + len(last)))  # every day a Monday: no weekdays
    return levels[3].now


def test_days_above_one_and_a_half_usual_days_count_as_that_until_they_last() -> None:
    """140 is within 150, a second day at 400 is cut to it, the third of five is the level."""
    assert yesterday_counts(140.0) == pytest.approx(140.0)
    assert yesterday_counts(400.0) == pytest.approx(150.0)
    assert yesterday_counts(400.0, 400.0) == pytest.approx(150.0)
    assert yesterday_counts(400.0, 400.0, 300.0) == pytest.approx(300.0)
    assert yesterday_counts(400.0, 100.0, 400.0, 100.0, 500.0) == pytest.approx(400.0)


def test_where_every_second_day_is_silent_the_others_are_the_usual() -> None:
    """Silent days say nothing about how high a day may be: 200 every second day counts whole."""
    levels, _ = levels_of([0.0, 200.0] * 21, [*range(7)] * 6)

    assert levels[3].now == 200.0


def test_a_level_falls_back_to_its_home_and_never_below_nothing() -> None:
    """100 falling back to 60 by half of the distance a day: 80, 70, 65."""
    assert Level(100.0, home=60.0, stays=0.5).days([1.0] * 3) == [80.0, 70.0, 65.0]
    assert Level(10.0, slope=-8.0).days([1.0] * 3) == [2.0, 0.0, 0.0]


def test_a_level_of_any_day_falls_back_to_the_weekday_of_its_home() -> None:
    """Yesterday's 100 on a day that costs half of usual, home 60: half of 100 and half of 60 x 0.5, so 65."""
    assert Level(100.0, home=60.0, stays=0.5, is_flat=True).days([0.5]) == [65.0]
    assert Level(100.0, home=60.0, stays=0.5).days([0.5]) == [40.0]


def test_the_level_since_a_step_is_what_days_cost_since_then() -> None:
    """Four weeks at 50, then five days at 100, two of them at 90 and 110: 100, not the mean of all."""
    days = [50.0, 52.0, 48.0, 50.0] * 7 + [100.0, 90.0, 110.0, 100.0, 100.0]

    assert level_since_step(days, [1.0] * 33, 57.6) == 100.0


def test_without_a_clear_step_the_level_is_the_long_mean() -> None:
    """Days that scatter by half, a rise of a tenth, and one day at twice the rest: none is a step."""
    wild, calm = [50.0, 150.0] * 15, [100.0] * 28

    assert level_since_step(wild, [1.0] * 30, 100.0) == 100.0
    assert level_since_step(calm + [110.0] * 10, [1.0] * 38, 102.6) == 102.6
    assert level_since_step([*calm, 200.0], [1.0] * 29, 103.4) == 103.4


def test_a_cheap_weekend_is_no_step() -> None:
    """A weekend counts as the part of usual days that it is."""
    assert (
        level_since_step([float(day) for day in WORKING_WEEK * 4], ([1.3] * 5 + [0.13] * 2) * 4, 76.9) == 76.9
    )


def test_the_range_is_what_the_replays_were_off_by() -> None:
    """94 replays of +-10 % and a guess worth 6: 0.94 x 10 % + 0.06 x 25 % below, x 30 % above, 1.1 times wider."""
    blend = Blend(days=(), errors=((), *(tuple([-0.1] * 47 + [0.1] * 47) for _ in range(6))))

    below, above = blend.margins([0.0] + [1.0] * 7, 1000 * USD)

    assert below == pytest.approx(1.1 * (0.94 * 0.1 + 0.06 * 0.25) * 1000 * USD)
    assert above == pytest.approx(1.1 * (0.94 * 0.1 + 0.06 * 0.30) * 1000 * USD)


def test_without_replays_the_range_is_the_guess() -> None:
    """1.1 x 25 % below and 1.1 x 30 % above."""
    assert Blend(days=(), errors=((),) * 7).margins([1.0], 100 * USD) == (27_500_000_000, 33_000_000_000)


def test_the_range_holds_about_four_times_in_five() -> None:
    """120 simulated workspaces whose days scatter by 25 % around a level: the 80 % range holds in 70 to 90 %."""
    dice, inside = Random(60), 0
    for _ in range(120):
        days = [round(max(0.0, dice.gauss(100, 25)) * USD) for _ in range(67)]
        fit = fit_blend(days[:60], first_day=date(2026, 3, 2), days=7)
        mid = sum(fit.expected(7))
        below, above = fit.margins([1.0] * 7, mid)
        inside += mid - below <= sum(days[60:]) <= mid + above

    assert 0.70 <= inside / 120 <= 0.90


def test_the_same_days_always_give_the_same_forecast_whatever_weekday_names_them() -> None:
    """The pattern belongs to the days: seven weeks seen on a Sunday forecast the same week one day earlier."""
    history = [day * USD for day in WORKING_WEEK * 7]

    assert forecast(history, today=SUNDAY).next_7_days == forecast(history).next_7_days
