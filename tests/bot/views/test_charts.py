"""Pictures: the title is the finding, texts are finished, amounts are of one currency."""

from dataclasses import replace
from datetime import date

from bot.views.facts import DayAmount, HourAmount
from bot.views.periods import Period, PeriodKind
from bot.views.spend import spend_view
from charts.spec import Bars, Breakdown, Hours, Mark, Role, Spike, Trend, Waterfall
from tests.bot.views import harbor
from tests.bot.views.harbor import at, nanos, row, total
from tests.bot.views.harbor_spend import BY_MODEL, CHANGE, MONTH, TODAY

DAYS = tuple(
    DayAmount(date(2026, 11, day), nanos("110"), Mark.BILLED if day < 18 else Mark.ESTIMATED, nanos("100"))
    for day in range(1, 20)
)


def test_a_breakdown_marks_what_rose_and_shows_the_providers() -> None:
    chart = spend_view(replace(BY_MODEL, providers=harbor.TODAY_ROWS)).chart

    assert isinstance(chart, Breakdown)
    assert [one.role for one in chart.rows] == [Role.ACCENT, *[Role.SUBJECT] * 5]
    assert [part.label for part in chart.strip] == ["Anthropic 76%", "OpenAI 24%"]
    assert chart.subtitle == "Thu Nov 19 to 14:05 CET, USD · tick: last Thursday"
    assert chart.note == "6 models, $166.59"
    assert chart.alt == (
        "claude-opus-5 is 57% of today, it was 13% last Thursday. Bar chart of 6 models, Thu Nov 19 to 14:05 CET; "
        "claude-opus-5 $95.41, claude-sonnet-5 $26.85, gpt-5.2 $25.13."
    )


def test_one_share_is_rounded_one_way_and_what_has_no_owner_is_no_model() -> None:
    """43.4, 28.3 and 28.3 % make 44, 28 and 28 together, though 43.4 alone would be 43."""
    rows = (
        row("gpt-5.2", amount="43.40"),
        row("claude-opus-5", amount="28.30"),
        row("(not attributed)", amount="28.30"),
    )

    view = spend_view(replace(BY_MODEL, rows=rows, base=None, totals=(total("100.00"),)))

    assert view.table is not None
    assert [line[2] for line in view.table.rows] == ["44%", "28%", "28%"]
    assert str(view.lead) == "gpt-5.2 is 44% of today: $43.40 of $100.00."
    assert isinstance(view.chart, Breakdown)
    assert view.chart.title == "gpt-5.2 is 44% of today"
    assert view.chart.note == "2 models, $100.00"


def test_a_long_breakdown_ends_with_an_exact_other_in_grey() -> None:
    rows = tuple(row(f"key-{n:02}", amount=f"{20 - n}.335") for n in range(12))

    chart = spend_view(replace(BY_MODEL, by=("key",), rows=rows, base=None, totals=(total("178.02"),))).chart

    assert isinstance(chart, Breakdown)
    assert (len(chart.rows), chart.rows[-1].name, chart.rows[-1].role) == (8, "other (5)", Role.CONTEXT)
    assert sum(round(float(one.money[1:]) * 100) for one in chart.rows) == 17802


def test_with_a_credit_there_are_no_shares_and_no_strip() -> None:
    rows = (row("a", amount="50"), row("b", amount="-12"))

    chart = spend_view(replace(BY_MODEL, rows=rows, providers=rows, totals=(total("38"),), base=None)).chart

    assert isinstance(chart, Breakdown)
    assert [(one.money, one.share) for one in chart.rows] == [("$50.00", ""), ("−$12.00", "")]
    assert chart.strip == ()


def test_two_currencies_draw_the_first_and_name_it() -> None:
    rows = (*CHANGE.rows, row("Agents", amount="41.20", before="1", currency="EUR"))

    chart = spend_view(
        replace(CHANGE, rows=rows, totals=(*CHANGE.totals, total("41.20", currency="EUR")))
    ).chart

    assert isinstance(chart, Waterfall)
    assert chart.title == "USD: $102.69 more than last week, $100.25 of it Agents"
    assert len(chart.steps) == 5
    assert [step.money for step in chart.steps] == ["+$100.25", "+$3.20", "+$0.92", "−$1.01", "−$0.67"]


def test_a_month_is_a_running_total_that_ends_now() -> None:
    chart = spend_view(replace(MONTH, days=DAYS)).chart

    assert isinstance(chart, Trend)
    assert chart.title == "On course for $3,530, $230 over budget"
    assert chart.spent[0].at == 0
    assert 18.5 < chart.spent[-1].at < 18.6
    assert chart.spent[-1].mark is Mark.ESTIMATED
    assert chart.days == 30


def test_other_windows_are_bars_per_day_with_the_comparison() -> None:
    week = Period(kind=PeriodKind.DAYS, first=date(2026, 11, 13), last=date(2026, 11, 19), until=harbor.NOW)
    base = Period(kind=PeriodKind.DAYS, first=date(2026, 11, 6), last=date(2026, 11, 12))

    view = spend_view(
        replace(MONTH, period=week, base=base, days=DAYS[-7:], totals=(total("770", "700"),), today=None)
    )

    assert isinstance(view.chart, Bars)
    assert view.chart.title == "Last 7 days: $770.00, $70.00 more (+10%) than the 7 days before"
    assert [label.text for label in view.chart.axis] == ["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"]


def test_today_is_its_hours_and_a_spike_while_one_is_open() -> None:
    hours = tuple(
        HourAmount(at(19, hour), nanos("10"), nanos("4"), Mark.ESTIMATED if hour < 14 else Mark.MISSING)
        for hour in range(24)
    )

    spike = spend_view(replace(TODAY, hours=hours)).chart
    plain = spend_view(replace(TODAY, hours=hours, spikes=())).chart

    assert isinstance(spike, Spike)
    assert spike.title == "agents-nightly: $80.09 since 10:00, usually nothing at this time"
    assert len(spike.slots) == 14
    assert isinstance(plain, Hours)
    assert plain.title == "Today so far: $166.59"
    assert [label.text for label in plain.axis] == ["00:00", "06:00", "12:00", "18:00", "24:00"]


def test_hours_to_come_are_left_empty_and_hours_that_should_be_known_are_missing() -> None:
    marks = (Mark.ESTIMATED, Mark.MISSING, Mark.MISSING, Mark.MISSING)  # from 12:00; it is 14:05
    hours = tuple(
        HourAmount(start=at(19, 12 + place), nanos=0, mark=mark) for place, mark in enumerate(marks)
    )

    chart = spend_view(replace(TODAY, spikes=(), hours=hours)).chart

    assert isinstance(chart, Hours)
    assert [slot.mark for slot in chart.slots] == [Mark.ESTIMATED, Mark.MISSING, Mark.MISSING]
    assert chart.hours == 4
