"""The forecast and the burn rate of docs/messages.md 3.2."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.views.burn import BurnFacts, burn_view
from bot.views.facts import DayAmount, FanDay, HourAmount, NotEnoughDays, Outlook, Pace, TooIrregular
from bot.views.forecast import ForecastFacts, Range, forecast_view
from bot.views.forecast_parts import PartRow
from bot.views.model import View
from bot.views.record import MonthJudged
from charts.spec import Mark, Trend
from spend.forecast import STRAIGHT_LINE, MonthRecord, Shown
from spend.forecast import Range as BlendRange
from tests.bot.views import harbor
from tests.bot.views.harbor import at, nanos

OUTLOOK = Outlook(
    nanos=nanos("3528.61"), low_nanos=nanos("3449.20"), high_nanos=nanos("3621.70"), limit=Decimal(3300),
    over_on=date(2026, 11, 28),
)  # fmt: skip
FACTS = ForecastFacts(
    clock=harbor.CLOCK,
    period=harbor.MONTH,
    window=harbor.MONTH_WINDOW,
    month=harbor.MONTH_TOTAL,
    outlook=OUTLOOK,
    sources=harbor.SOURCES,
    trust=harbor.MONTH_TRUST,
    next_7_days=Range(nanos("817.2"), nanos("770.4"), nanos("860.1")),
    rest_of_today_nanos=nanos("54.10"),
    rest_nanos=nanos("1220.96"),
    rest_first=date(2026, 11, 20),
    rest_last=date(2026, 11, 30),
    loop="agents-nightly",
    loop_hourly_nanos=nanos("26.4"),
    days=tuple(
        DayAmount(
            date(2026, 11, day), nanos("110"), Mark.BILLED if day < 18 else Mark.ESTIMATED, nanos("100.91")
        )
        for day in range(1, 20)
    ),
    fan=tuple(
        FanDay(date(2026, 11, day), nanos(str(2400 + 100 * (day - 18))), nanos("2400"), nanos("3600"))
        for day in range(19, 31)
    ),
)


def words(view: View) -> list[str]:
    return [str(view.lead), *(str(item) for item in view.body)]


def test_the_forecast_has_a_range_a_budget_and_its_parts() -> None:
    assert words(forecast_view(FACTS)) == [
        "November is on course for about $3,530 (80% range 3,450 to 3,620), $230 over the $3,300 budget.",
        "Over the budget around Sat Nov 28. Next 7 days: about $817 (770 to 860).",
        "$2,253.55 is spent; about $54 for the rest of today, about $1,221 for Nov 20 to 30, if agents-nightly stops. "
        "If not: $26 more an hour.",
        "How sure: no month with kept forecasts is over yet, the first is judged on Dec 1.",
    ]


def test_a_budget_that_is_passed_has_no_day_any_more() -> None:
    assert isinstance(FACTS.outlook, Outlook)
    passed = replace(FACTS, outlook=replace(FACTS.outlook, limit=Decimal(2253), over_on=date(2026, 11, 19)))

    assert words(forecast_view(passed))[1] == (
        "The budget is passed already. Next 7 days: about $817 (770 to 860)."
    )


def test_how_sure_it_is_and_what_the_straight_line_says_come_last() -> None:
    october = MonthRecord(
        date(2026, 10, 1),
        nanos("3128.25"),
        (Shown(date(2026, 10, 19), BlendRange(nanos("3106.35"), nanos("3000"), nanos("3200"))),),
    )
    facts = replace(FACTS, months=(MonthJudged(october),), by_other_method_nanos=nanos("4021"))

    assert words(forecast_view(facts))[-1] == (
        "How sure: in October the forecast of the 19th was 0.7% low; the range held on 1 of 1 days, "
        "too few to judge it by. "
        "Straight line through the last 7 days: $4,020."
    )


def test_the_straight_line_says_its_name_and_what_the_blend_says() -> None:
    view = forecast_view(replace(FACTS, method="straight line", by_other_method_nanos=nanos("3528.61")))

    assert view.title == "spend forecast straight line"
    assert words(view)[-1] == "This is the straight line through the last 7 days. Weekday blend: $3,530."


PARTS = (
    PartRow("Support", nanos("885.35"), nanos("1390.005")),
    PartRow("Search", nanos("703.66"), nanos("1100.005")),
    PartRow("Rest", nanos("664.54"), nanos("1038.60")),
)


def test_a_cut_forecast_has_parts_that_make_the_totals() -> None:
    view = forecast_view(replace(FACTS, by="project", parts=PARTS))

    assert view.title == "spend forecast by project"
    assert view.table is not None
    assert view.table.columns == ("Project", "So far", "Month end")
    assert view.table.rows == (
        ("Support", "$885.35", "$1,390"),
        ("Search", "$703.66", "$1,100"),
        ("Rest", "$664.54", "$1,039"),
    )
    assert view.table.total == ("Total", "$2,253.55", "$3,529")
    assert view.data is not None
    assert view.data["table"] == {
        "columns": ["project", "amount", "currency", "spent"],
        "rows": [
            ["Support", "1390.005", "USD", "885.35"],
            ["Search", "1100.005", "USD", "703.66"],
            ["Rest", "1038.6", "USD", "664.54"],
        ],
    }


def test_chat_shows_seven_parts_and_the_others_together() -> None:
    parts = tuple(PartRow(f"p{at}", nanos("10"), nanos("20")) for at in range(10))
    table = forecast_view(replace(FACTS, by="model", parts=parts)).table

    assert table is not None
    assert len(table.rows) == 10
    assert table.for_chat.rows[-1] == ("other (3)", "$30.00", "$60")
    assert len(table.for_chat.rows) == 8


def test_the_pictures_title_is_the_finding_and_its_alt_text_says_the_key_values() -> None:
    chart = forecast_view(FACTS).chart

    assert isinstance(chart, Trend)
    assert chart.title == "On course for $3,530, $230 over budget"
    assert chart.alt == (
        "On course for $3,530, $230 over budget. Line chart, Nov 1 to 30: $2,253.55 spent by Nov 19; forecast 3,450 to "
        "3,620; budget $3,300 crossed around Nov 28; October ended at $1,917."
    )
    assert (chart.fan[0].at, chart.fan[0].amount) == (chart.spent[-1].at, chart.spent[-1].amount)
    assert [label.text for label in chart.axis] == ["Nov 1", "10", "19", "30"]
    assert (chart.forecast_label, chart.range_label, chart.now_label) == (
        "$3,530",
        "3,450 to 3,620",
        "now $2,253.55",
    )


def test_without_enough_days_there_is_no_figure_and_no_picture() -> None:
    view = forecast_view(replace(FACTS, outlook=NotEnoughDays(3, 2, date(2026, 11, 21))))

    assert words(view) == [
        "A forecast needs 3 complete days; there are 2. From Sat Nov 21.",
        "$2,253.55 is spent in November.",
    ]
    assert view.chart is None


BURN = BurnFacts(
    clock=harbor.CLOCK,
    pace=Pace(
        hourly_3h_nanos=nanos("34.55"),
        hourly_24h_nanos=nanos("9.13"),
        daily_nanos=nanos("118.20"),
        active_days=7,
    ),
    today=harbor.TODAY_TOTAL,
    window=harbor.TODAY_WINDOW,
    sources=harbor.SOURCES,
    trust=harbor.TODAY_TRUST,
    month_end_nanos=nanos("3507.70"),
    limit=Decimal(3300),
    lasts_until=date(2026, 11, 29),
    time_left=timedelta(hours=30, minutes=0),
)


def test_the_burn_rate_says_its_days_and_what_follows_for_the_month() -> None:
    assert words(burn_view(BURN)) == [
        "Burn: $118.20 per active day (7 of the last 7 days), $34.55 an hour over the last 3 h, $9.13 over 24 h.",
        "At $118.20 a day November ends near $3,510 and the $3,300 budget lasts until Nov 29; at the pace of the last "
        "3 h, 30 h.",
    ]


def test_the_picture_of_the_hours_names_the_busiest_ones() -> None:
    hours = tuple(HourAmount(at(19, hour), nanos("10" if 9 <= hour < 17 else "1")) for hour in range(24))

    chart = burn_view(replace(BURN, hours=hours)).chart

    assert chart is not None
    assert chart.title == "09:00 to 17:00 makes 83% of a weekday"


WILD = TooIrregular(nanos("210.20"), nanos("639.90"))


def test_a_month_without_one_number_still_says_its_budget_and_how_sure_it_is() -> None:
    facts = replace(FACTS, outlook=replace(WILD, limit=Decimal(500)), by="project", parts=())

    assert words(forecast_view(facts)) == [
        "Too irregular for one number: between $210 and $640, the $500 budget in between.",
        "$2,253.55 is spent in November.",
        "A range has no parts: it is not split.",
        "How sure: no month with kept forecasts is over yet, the first is judged on Dec 1.",
    ]


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("640", "within the $640 budget"),
        ("639", "the $639 budget in between"),
        ("210.20", "the $210.20 budget in between"),
        ("210", "over the $210 budget"),
    ],
)
def test_a_range_is_held_against_the_budget(limit: str, said: str) -> None:
    view = forecast_view(replace(FACTS, outlook=replace(WILD, limit=Decimal(limit))))

    assert str(view.lead) == f"Too irregular for one number: between $210 and $640, {said}."


def test_a_line_that_falls_to_zero_says_so_in_words() -> None:
    """Spent to the 19th: $570; the line adds $10 on the 20th, and is at zero from the 21st on."""
    ends = [570, 580, *[580] * 9]
    fan = tuple(
        FanDay(date(2026, 11, day), nanos(str(end)), nanos("570"), nanos("719"))
        for day, end in enumerate(ends, 19)
    )
    line = replace(
        FACTS,
        method=STRAIGHT_LINE,
        by_other_method_nanos=nanos("740"),
        fan=fan,
        next_7_days=Range(0, 0, nanos("75.92")),
        rest_of_today_nanos=nanos("0.50"),
        rest_nanos=0,
        loop="",
    )
    said = words(forecast_view(line))

    assert "Over the budget around Sat Nov 28. Next 7 days: nothing (up to $76)." in said
    assert "$2,253.55 is spent; about $0.50 for the rest of today, nothing for Nov 20 to 30." in said
    assert said[-1] == (
        "This is the straight line through the last 7 days. It falls to zero by Nov 21, so nothing is expected "
        "from then on. Weekday blend: $740."
    )
    sure = words(forecast_view(replace(line, fan=fan[:2], next_7_days=Range(0, 0, 0))))
    assert "Over the budget around Sat Nov 28. Next 7 days: nothing." in sure
    assert "zero" not in sure[-1]


def test_days_to_come_that_are_taken_for_holidays_are_named() -> None:
    december = replace(FACTS, rest_first=date(2026, 12, 20), rest_last=date(2026, 12, 31))

    assert "Taken for holidays: Dec 24, Dec 25, Dec 26 and Dec 31." in words(forecast_view(december))
    assert "holidays" not in str(words(forecast_view(FACTS)))
    line = replace(december, method=STRAIGHT_LINE)
    assert "holidays" not in str(words(forecast_view(line)))
