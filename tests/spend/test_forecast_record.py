"""The track record judges what was shown by what the month came to; parts of a forecast make the whole."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from spend.forecast import (
    Forecast,
    MonthRecord,
    NotEnough,
    Part,
    Range,
    Shown,
    forecast_until,
    month_record,
    split_forecast,
)

OCTOBER = date(2026, 10, 1)


def shown(day: int, mid: int, low: int, high: int, month: int = 10) -> Shown:
    return Shown(date(2026, month, day), Range(mid, low, high))


def test_a_month_is_judged_by_its_own_days_only() -> None:
    """1,000 in the end: 950 on the 1st (range missed), 1,020 on the 2nd (held); September's day is left out."""
    found = month_record(
        OCTOBER, 1000, [shown(2, 1020, 900, 1100), shown(30, 7, 7, 7, month=9), shown(1, 950, 900, 990)]
    )

    assert isinstance(found, MonthRecord)
    assert [each.day.day for each in found.shown] == [1, 2]
    assert found.held == 1
    assert found.miss(found.shown[0]) == Fraction(-5, 100)
    assert found.largest_miss == Fraction(5, 100)
    assert found.on(2) == shown(2, 1020, 900, 1100)
    assert found.on(3) is None


def test_a_range_holds_at_its_very_edges() -> None:
    found = month_record(OCTOBER, 1000, [shown(1, 950, 900, 1000), shown(2, 1050, 1000, 1100)])

    assert found is not None
    assert found.held == 2


def test_nothing_shown_or_nothing_spent_is_no_record() -> None:
    assert month_record(OCTOBER, 1000, []) is None
    assert month_record(OCTOBER, 0, [shown(1, 950, 900, 990)]) is None


def whole(spent: int, history: list[int]) -> Forecast:
    found = forecast_until(
        history,
        today=date(2026, 11, 29),
        last_day=date(2026, 11, 30),
        spent_nanos=spent,
        today_nanos=0,
        today_fraction_elapsed=0.0,
    )
    assert isinstance(found, Forecast)
    return found


def test_what_is_left_goes_out_by_what_each_part_expects_of_itself() -> None:
    """10 a day and two days left: 20 to come. Alone the parts expect 2 x 3 and 2 x 1: 15 and 5 of the 20."""
    parts = split_forecast(
        whole(100, [10] * 3), [("a", 70), ("b", 30)], [whole(70, [3] * 3), whole(30, [1] * 3)]
    )

    assert parts == (Part("a", 70, 85), Part("b", 30, 35))


def test_a_part_that_is_too_young_gets_nothing_and_without_any_it_goes_by_what_is_spent() -> None:
    young = NotEnough(have=1, need=3, ready_on=date(2026, 12, 1))

    assert split_forecast(whole(100, [10] * 3), [("a", 70), ("b", 30)], [whole(70, [3] * 3), young]) == (
        Part("a", 70, 90),
        Part("b", 30, 30),
    )
    assert split_forecast(whole(100, [10] * 3), [("a", 70), ("b", 30)], [young, None]) == (
        Part("a", 70, 84),
        Part("b", 30, 36),
    )


@given(
    spends=st.lists(st.integers(0, 10**12), min_size=1, max_size=8),
    daily=st.integers(0, 10**12),
    data=st.data(),
)
def test_the_parts_add_up_to_the_whole_to_the_nano_unit(
    spends: list[int], daily: int, data: st.DataObject
) -> None:
    total = whole(sum(spends), [daily] * 20)
    own = [whole(each, [data.draw(st.integers(0, 10**12))] * 20) for each in spends]

    parts = split_forecast(total, [(str(at), each) for at, each in enumerate(spends)], own)

    assert sum(part.end_nanos for part in parts) == total.period_end.mid
    assert [part.spent_nanos for part in parts] == spends
