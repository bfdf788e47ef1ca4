"""The variants of docs/messages.md 3.3: what is missing, loading, broken, empty, in two currencies, negative."""

from dataclasses import replace
from datetime import date

from bot.views.facts import History, NotEnoughDays, TooIrregular, Unpriced
from bot.views.footer import SourceState, Trust
from bot.views.periods import Period, PeriodKind
from bot.views.spend import spend_view
from bot.views.spend_facts import LastSpend, OnlyOne
from spend.usage import Basis
from tests.bot.views import harbor
from tests.bot.views.harbor import nanos, row, total
from tests.bot.views.harbor_spend import BY_MODEL, MONTH, TODAY, words


def test_nothing_connected_says_how_to_connect_and_never_an_amount() -> None:
    view = spend_view(replace(MONTH, sources=(), rows=(), totals=()))

    assert words(view) == ["Nothing is connected yet, so there is nothing to count."]
    assert (view.table, view.chart, view.footer) == (None, None, "")
    assert [button.label for button in view.buttons] == ["Connect a provider", "See an example"]
    assert view.data is not None
    assert view.data["total"] is None


def test_while_history_loads_the_body_says_how_far() -> None:
    view = spend_view(
        replace(MONTH, history=History(34, 90, date(2026, 10, 17)), today=None, outlook=None, base=None)
    )

    assert words(view)[1:] == ["History is loading: 34 of 90 days; windows before Oct 17 are incomplete."]


def test_the_first_day_counts_since_midnight() -> None:
    first = replace(
        TODAY, rows=(row("openai", amount="33.01"),), totals=(total("33.01"),), base=None, spikes=(), pace=None,
        connected_days=0,
    )  # fmt: skip

    assert words(spend_view(first)) == [
        "Today so far: $33.01, counted since midnight.",
        "Comparisons start tomorrow, spike alerts on Nov 26.",
    ]


def test_no_spend_yet_says_that_the_sources_answer_and_when_money_was_last_spent() -> None:
    empty = replace(MONTH, rows=(), totals=(total("0"),), today=None, outlook=None)
    october = LastSpend(day=date(2026, 10, 28), nanos=nanos("4.12"))

    with_past, without = spend_view(replace(empty, last_spend=october)), spend_view(empty)

    assert (
        str(with_past.lead) == "Nothing spent in November. Both sources answer; last spend: $4.12 on Oct 28."
    )
    assert str(without.lead) == "Nothing spent in November. Both sources answer; last spend: never."
    assert (with_past.table, with_past.chart) == (None, None)


def test_one_key_and_one_model_need_no_table_and_no_cuts() -> None:
    view = spend_view(
        replace(
            MONTH, rows=(row("openai", amount="18.90"),), totals=(total("18.90", "12"),), today=None, outlook=None,
            only=OnlyOne(model="gpt-5-mini", key="solo"),
        )
    )  # fmt: skip

    assert str(view.lead) == "November so far: $18.90, all gpt-5-mini on key solo."
    assert view.table is None
    assert not [button for button in view.buttons if button.label.startswith("By ")]


def test_a_stale_source_is_named_in_the_footer_and_past_two_hours_in_the_lead() -> None:
    stale = (
        harbor.source("OpenAI", SourceState.STALE, harbor.at(19, 11, 20)),
        harbor.source("Anthropic", SourceState.OK, harbor.NOW),
    )

    view = spend_view(replace(TODAY, sources=stale, base=None))

    assert str(view.lead) == "Today so far: $166.59, OpenAI only to 11:20."
    assert view.footer.startswith("OpenAI only to 11:20, Anthropic as of 14:05 CET · estimated")


def test_a_broken_connection_is_named_beside_the_total_and_nothing_is_forecast() -> None:
    broken = (
        harbor.source("OpenAI", SourceState.OK, harbor.NOW),
        harbor.source("Anthropic", SourceState.BROKEN, None, reason="its key is refused", has_figures=False),
    )

    view = spend_view(
        replace(
            MONTH,
            sources=broken,
            rows=(row("openai", amount="1016.19"),),
            totals=(total("1016.19", "900"),),
            today=None,
        )
    )

    assert words(view) == ["November so far: $1,016.19 without Anthropic (its key is refused)."]
    assert view.footer.endswith("· without Anthropic")


def test_a_broken_connection_with_figures_says_in_the_footer_since_when() -> None:
    broken = (
        harbor.source("OpenAI", SourceState.OK, harbor.NOW),
        harbor.source("Anthropic", SourceState.BROKEN, harbor.at(19, 11, 40), reason="its key is refused"),
    )

    view = spend_view(replace(MONTH, sources=broken, today=None))

    assert words(view) == ["November so far: $2,253.55."]
    assert (
        view.footer == "As of 14:05 CET · billed to Nov 17, estimated since · without Anthropic since 11:40"
    )


def test_tokens_without_a_price_are_said_beside_the_total_and_in_their_row() -> None:
    rows = (
        *harbor.TODAY_MODELS,
        row("ft:gpt-5-mini:harbor", amount="0", tokens=12_400_000, basis=Basis.UNPRICED),
    )
    unpriced = (Unpriced("ft:gpt-5-mini:harbor", "completions", 12_400_000),)

    month = spend_view(replace(MONTH, unpriced=unpriced, today=None, outlook=None, base=None))
    models = spend_view(replace(BY_MODEL, rows=rows, unpriced=unpriced))

    assert str(month.lead) == "November so far: $2,253.55, and 12.4M tokens not priced."
    assert models.table is not None
    assert models.table.rows[-1] == ("ft:gpt-5-mini:harbor", "not priced", "", "12.4M", "")
    assert models.table.total == ("Total", "$166.59", "100%", "284M", "$0.61")
    assert models.buttons[0].label == "Set a price"


def test_two_currencies_are_never_added_and_have_a_section_each() -> None:
    rows = (*harbor.MONTH_ROWS, row("mistral", amount="41.20", currency="EUR"))
    totals = (harbor.MONTH_TOTAL, total("41.20", currency="EUR"))

    view = spend_view(replace(MONTH, rows=rows, totals=totals, today=None, outlook=None))

    assert str(view.lead) == "November so far: USD 2,253.55 and EUR 41.20, not added."
    assert view.table is not None
    assert view.table.rows == (
        ("Anthropic", "USD 1,237.36", "55%"),
        ("OpenAI", "USD 1,016.19", "45%"),
        ("Total", "USD 2,253.55", "100%"),
        ("mistral", "EUR 41.20", "100%"),
        ("Total", "EUR 41.20", "100%"),
    )
    assert view.table.sections == (3,)
    assert view.data is not None
    assert [item["currency"] for item in view.data["totals"]] == ["USD", "EUR"]


def test_not_enough_history_says_what_is_needed_and_from_when() -> None:
    not_enough = spend_view(replace(MONTH, today=None, outlook=NotEnoughDays(3, 2, date(2026, 11, 21))))
    irregular = spend_view(replace(MONTH, today=None, outlook=TooIrregular(nanos("210.20"), nanos("639.90"))))

    assert words(not_enough)[1] == "A forecast needs 3 complete days; there are 2. From Sat Nov 21."
    assert words(irregular)[1] == "Too irregular for one number: between $210 and $640."


def test_a_credit_is_a_row_of_its_own_and_takes_the_shares_away() -> None:
    rows = (row("openai", amount="50"), row("anthropic", amount="-12"))

    view = spend_view(replace(MONTH, rows=rows, totals=(total("38"),), today=None, outlook=None, base=None))

    assert view.table is not None
    assert view.table.rows == (("OpenAI", "$50.00", ""), ("Anthropic", "-$12.00 credit", ""))
    assert view.table.total == ("Total", "$38.00", "")


def test_a_settled_window_is_billed() -> None:
    week = Period(kind=PeriodKind.RANGE, first=date(2026, 11, 3), last=date(2026, 11, 9))

    view = spend_view(
        replace(
            MONTH,
            period=week,
            base=None,
            today=None,
            outlook=None,
            trust=Trust(basis=Basis.BILLED),
            spikes=(),
        )
    )

    assert words(view) == ["Nov 3 to Nov 9: $2,253.55."]
    assert view.footer == "As of 14:05 CET · billed"
