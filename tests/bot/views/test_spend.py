"""The answers of docs/messages.md 3.2, word for word."""

from dataclasses import replace
from datetime import date

from bot.platforms.console.render import render
from bot.views.periods import Period, PeriodKind
from bot.views.spend import spend_view
from bot.views.spend_facts import SpendFacts
from tests.bot.views.harbor import row, total
from tests.bot.views.harbor_spend import BY_MODEL, CHANGE, MONTH, TODAY, words


def test_bare_spend_is_the_month_with_todays_line_and_the_forecast() -> None:
    assert render(spend_view(MONTH)).splitlines() == [
        "November so far: $2,253.55, $418.67 more (+23%) than by this time in",
        "October.",
        "Today: $166.59, 2.1x last Thursday by 14:05 ($80.98). A spike is open on",
        "agents-nightly.",
        "On course for about $3,530 (80% range 3,450 to 3,620), $230 over the",
        "$3,300 budget.",
        "Provider    November  Share",
        "Anthropic  $1,237.36    55%",
        "OpenAI     $1,016.19    45%",
        "Total      $2,253.55   100%",
        "As of 14:05 CET · billed to Nov 17, estimated since",
    ]


def test_spend_today_says_the_spike_and_the_burn_rate() -> None:
    view = spend_view(TODAY)

    assert words(view) == [
        "Today so far: $166.59, 2.1x last Thursday by 14:05 ($80.98).",
        "A spike is open: agents-nightly, $80.09 since 10:00, usually nothing at this time.",
        "Burn: $34.55 an hour over the last 3 h, usually $9.85; $9.13 over 24 h; $118.20 per active day.",
    ]
    assert view.table is not None
    assert view.table.rows == (("Anthropic", "$127.31", "76%"), ("OpenAI", "$39.28", "24%"))
    assert view.footer == "As of 14:05 CET · estimated, bill due Sat 01:00"


def test_today_by_model_on_the_console_is_the_golden_text() -> None:
    assert render(spend_view(BY_MODEL), picture="breakdown.png").splitlines() == [
        "claude-opus-5 is $95.41 of today's $166.59 (57%); it was 13% last",
        "Thursday by 14:05.",
        "Model                     Today  Share  Tokens  per 1M",
        "claude-opus-5            $95.41    57%   17.0M   $5.60",
        "claude-sonnet-5          $26.85    16%   11.4M   $2.35",
        "gpt-5.2                  $25.13    15%   10.1M   $2.48",
        "gpt-5-mini               $10.07     6%   24.6M   $0.41",
        "claude-haiku-4-5          $5.05     3%   4.28M   $1.18",
        "text-embedding-3-small    $4.08     3%    204M   $0.02",
        "Total                   $166.59   100%    271M   $0.61",
        "As of 14:05 CET · estimated, bill due Sat 01:00",
        "Picture: breakdown.png",
    ]


def test_the_lead_names_total_and_comparison_when_no_share_moved() -> None:
    rows = (row("gpt-5.2", amount="60", before="31"), row("gpt-5-mini", amount="40", before="19"))
    view = spend_view(replace(BY_MODEL, rows=rows, totals=(total("100", "50"),)))

    assert str(view.lead) == "Today so far: $100.00, 2.0x last Thursday by 14:05 ($50.00)."


PROJECTS_AND_MODELS = (
    row("Support", "claude-sonnet-5", amount="747.93"),
    row("Support", "claude-haiku-4-5", amount="137.42"),
    row("Search", "gpt-5.2", amount="653.94"),
    row("Search", "text-embedding-3-small", amount="32.89"),
    row("Search", "gpt-5-mini", amount="16.83"),
    row("Agents", "claude-opus-5", amount="352.01"),
    row("Ingest", "gpt-5-mini", amount="172.77"),
    row("Ingest", "text-embedding-3-small", amount="58.75"),
    row("Evals", "gpt-5.2", amount="81.01"),
)


def test_two_dimensions_are_grouped_and_a_group_of_one_is_one_row() -> None:
    view = spend_view(
        replace(
            MONTH,
            by=("project", "model"),
            rows=PROJECTS_AND_MODELS,
            base=None,
            today=None,
            outlook=None,
            totals=(total("2253.55"),),
        )
    )

    assert str(view.lead) == "Support on claude-sonnet-5 is a third of November: $747.93 of $2,253.55."
    assert view.table is not None
    assert view.table.rows == (
        ("Support", "$885.35", "39%"),
        ("· claude-sonnet-5", "$747.93", ""),
        ("· claude-haiku-4-5", "$137.42", ""),
        ("Search", "$703.66", "31%"),
        ("· gpt-5.2", "$653.94", ""),
        ("· text-embedding-3-small", "$32.89", ""),
        ("· gpt-5-mini", "$16.83", ""),
        ("Agents · claude-opus-5", "$352.01", "16%"),
        ("Ingest", "$231.52", "10%"),
        ("· gpt-5-mini", "$172.77", ""),
        ("· text-embedding-3-small", "$58.75", ""),
        ("Evals · gpt-5.2", "$81.01", "4%"),
    )


def test_a_week_against_the_last_names_what_made_the_change() -> None:
    view = spend_view(CHANGE)

    assert words(view) == [
        "This week so far: $598.03, $102.69 more (+21%) than last week to Thursday 14:05. $100.25 of it is Agents.",
        "Agents: the key agents-nightly is new, $98.79; agents-prod +$1.46.",
    ]
    assert view.table is not None
    assert view.table.columns == ("Project", "This week", "Last week", "Change")
    assert view.table.rows == (
        ("Agents", "$162.30", "$62.05", "+$100.25"),
        ("Support", "$208.83", "$205.63", "+$3.20"),
        ("Search", "$157.30", "$156.38", "+$0.92"),
        ("Ingest", "$48.15", "$49.16", "-$1.01"),
        ("Evals", "$21.45", "$22.12", "-$0.67"),
    )
    assert view.table.total == ("Total", "$598.03", "$495.34", "+$102.69")


def test_the_waterfalls_title_is_the_change_and_its_largest_part() -> None:
    chart = spend_view(CHANGE).chart

    assert chart is not None
    assert chart.kind == "waterfall"
    assert chart.title == "$102.69 more than last week, $100.25 of it Agents"


def test_the_breakdowns_title_is_the_slice_that_grew() -> None:
    chart = spend_view(BY_MODEL).chart

    assert chart is not None
    assert chart.kind == "breakdown"
    assert chart.title == "claude-opus-5 is 57% of today, it was 13% last Thursday"
    assert len(chart.alt) <= 300


def test_chat_shows_seven_rows_and_an_exact_other_while_ask_lists_all() -> None:
    rows = tuple(row(f"key-{n:02}", amount=f"{20 - n}.335") for n in range(12))
    view = spend_view(replace(BY_MODEL, by=("key",), rows=rows, base=None, totals=(total("178.02"),)))

    assert view.table is not None
    assert len(view.table.rows) == 12
    short = view.table.for_chat
    assert len(short.rows) == 8
    assert short.rows[-1][0] == "other (5)"
    assert short.total == view.table.total
    assert view.data is not None
    assert len(view.data["table"]["rows"]) == 12


def test_top_two_folds_the_rest_also_for_scripts() -> None:
    view = spend_view(replace(BY_MODEL, top=2))

    assert view.data is not None
    assert [cells[0] for cells in view.data["table"]["rows"]] == ["claude-opus-5", "claude-sonnet-5", "other"]
    assert view.table is not None
    assert view.table.rows[-1][:2] == ("other (4)", "$44.33")


def test_the_lead_and_the_picture_say_the_share_that_the_table_shows() -> None:
    """Shown shares make 100, so 58.33 % may stand as 59 %: then it is 59 % everywhere."""
    amounts = ("92.73", "28.75", "20.87", "8.46", "4.65", "3.51")
    rows = tuple(
        row(f"model-{place}", amount=amount, before="10" if place else "1")
        for place, amount in enumerate(amounts)
    )

    view = spend_view(replace(BY_MODEL, rows=rows, totals=(total("158.97", "51"),)))

    assert view.table is not None
    assert view.chart is not None
    assert view.table.rows[0][2] == "59%"
    assert "(59%)" in str(view.lead)
    assert "59% of today" in view.chart.title


def test_hours_and_days_are_written_as_people_read_a_clock() -> None:
    """The night of the change: 02:00 in Berlin is there twice on Oct 25, 2026."""
    hours = ("2026-10-24T22:00Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z")
    change = date(2026, 10, 25)
    by_hour = replace(
        TODAY,
        by=("hour",),
        rows=tuple(row(hour, amount="1") for hour in hours),
        totals=(total("4"),),
        period=Period(kind=PeriodKind.DAY, first=change, last=change),
        base=None,
    )
    by_day = replace(by_hour, by=("day",), rows=(row("2026-10-24", amount="4"),))
    two_days = replace(by_hour, period=Period(kind=PeriodKind.RANGE, first=date(2026, 10, 24), last=change))

    def labels(facts: SpendFacts) -> list[str]:
        table = spend_view(facts).table
        assert table is not None
        return [line[0] for line in table.rows]

    assert labels(by_hour) == ["00:00", "02:00 CEST", "02:00 CET", "03:00"]
    assert labels(by_day) == ["Sat Oct 24"]
    assert labels(two_days)[0] == "Oct 25 00:00"
