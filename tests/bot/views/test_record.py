"""How sure forecasts are, in the words of docs/messages.md 3.2, and its picture."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.views.record import MonthJudged, RecordFacts, how_sure, miss, ordinal, record_view
from charts.spec import Record
from spend.forecast import MonthRecord, Range, Shown
from spend.window import DAY
from tests.bot.views import harbor
from tests.bot.views.harbor import nanos

ENDED = nanos("3128.25")


def october(mids: dict[int, str], *, ended: int = ENDED, margin: str = "100") -> MonthJudged:
    shown = tuple(
        Shown(date(2026, 10, day), Range(nanos(mid), nanos(mid) - nanos(margin), nanos(mid) + nanos(margin)))
        for day, mid in mids.items()
    )
    return MonthJudged(MonthRecord(date(2026, 10, 1), ended, shown))


OCTOBER = october(dict.fromkeys(range(1, 32), "3106.35"))
SEPTEMBER = MonthJudged(
    MonthRecord(date(2026, 9, 1), 1000, (Shown(date(2026, 9, 19), Range(1020, 1010, 1040)),)), is_billed=False
)


def view_of(*months: MonthJudged) -> list[str]:
    view = record_view(
        RecordFacts(clock=harbor.CLOCK, months=months, sources=harbor.SOURCES, trust=harbor.MONTH_TRUST)
    )
    return [str(view.lead), *(str(item) for item in view.body)]


def test_the_same_day_of_the_months_before_and_how_often_the_range_held() -> None:
    assert how_sure((OCTOBER,), harbor.CLOCK) == (
        "in October the forecast of the 19th was 0.7% low; the range held on 31 of 31 days"
    )
    assert how_sure((OCTOBER, SEPTEMBER), harbor.CLOCK) == (
        "in October the forecast of the 19th was 0.7% low, in September 2% high; the range held on 31 of 32 days"
    )


def test_a_day_that_was_not_kept_is_left_out_and_a_young_record_says_that_it_is_young() -> None:
    tomorrow = replace(harbor.CLOCK, now=harbor.CLOCK.now + DAY)

    assert how_sure((SEPTEMBER,), tomorrow) == "the range held on 0 of 1 days, too few to judge it by"
    assert how_sure((), tomorrow) == (
        "no month with kept forecasts is over yet, the first is judged on Dec 1"
    )


def test_a_month_of_which_three_forecasts_were_kept_does_not_say_every() -> None:
    """The bot was set up on October 29: "every forecast" would be three of thirty-one."""
    assert view_of(october(dict.fromkeys(range(29, 32), "3106.35")))[0] == (
        "October: the 3 forecasts kept were within 1% of the bill."
    )


def test_a_forecast_that_was_far_off_is_not_praised_as_within() -> None:
    assert view_of(october({1: "6256.50", 19: "3128.25"}))[0] == (
        "October: the worst forecast was 100% off the bill."
    )


def test_a_month_that_was_not_kept_on_this_day_has_its_first_day_on_the_axis() -> None:
    """The forecasts of October 1 to 3; today is the 19th."""
    view = record_view(
        RecordFacts(
            clock=harbor.CLOCK,
            months=(october(dict.fromkeys(range(1, 4), "3106.35")),),
            sources=harbor.SOURCES,
            trust=harbor.MONTH_TRUST,
        )
    )

    assert isinstance(view.chart, Record)
    assert [label.text for label in view.chart.axis] == ["Oct 1", "10", "31"]


@pytest.mark.parametrize(
    ("mid", "words"),
    [
        ("3128.25", "right"),
        ("3128.30", "right"),
        ("3159.53", "1% high"),
        ("2800", "10% low"),
        ("3500", "12% high"),
    ],
)
def test_a_miss_has_a_decimal_below_ten_percent(mid: str, words: str) -> None:
    month = october({19: mid})

    assert miss(month.record, month.record.shown[0]) == words


def test_days_are_written_as_people_say_them() -> None:
    assert [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st",
    ]  # fmt: skip


def test_the_answer_says_the_finding_the_day_and_the_months_before() -> None:
    assert view_of(OCTOBER, SEPTEMBER) == [
        "October: every forecast was within 1% of the bill.",
        "On the 19th it said $3,110, 0.7% low; it ended at $3,128.25. The 80% range held on 31 of 31 days.",
        "September: the one forecast kept was within 2% of what was spent; the range held on 0 of 1 days.",
    ]


def test_before_the_first_month_is_over_it_says_from_when() -> None:
    assert view_of() == [
        "No month with kept forecasts is over yet.",
        "One is kept each day; the first month is judged on Dec 1.",
    ]


def test_the_picture_has_the_finding_the_bill_and_the_same_day() -> None:
    view = record_view(
        RecordFacts(clock=harbor.CLOCK, months=(OCTOBER,), sources=harbor.SOURCES, trust=harbor.MONTH_TRUST)
    )
    chart = view.chart

    assert isinstance(chart, Record)
    assert chart.title == "October: every forecast was within 1% of the bill"
    assert chart.alt == (
        "October: every forecast was within 1% of the bill. Line chart, Oct 1 to 31; 80% range: held on 31 of 31 days; "
        "Oct 19: $3,110, 0.7% low; it ended at $3,128.25."
    )
    assert (chart.actual.label, chart.actual_word) == ("$3,128.25", "billed")
    assert chart.dot is not None
    assert chart.dot.at == 18.5
    assert [label.text for label in chart.axis] == ["Oct 1", "10", "19", "31"]
    assert all(3006 <= line.value <= 3207 for line in chart.grid)
    assert chart.grid


def test_a_miss_is_a_part_of_what_the_month_came_to() -> None:
    assert OCTOBER.record.miss(OCTOBER.record.shown[0]) == Fraction(-2190, 312825)
