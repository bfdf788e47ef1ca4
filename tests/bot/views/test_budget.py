"""Budgets of docs/messages.md 3.2 and 3.3."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.views.budget import (
    BudgetListFacts,
    BudgetSetFacts,
    BudgetState,
    budget_list_view,
    budget_removed_view,
    budget_set_view,
)
from bot.views.facts import Outlook, Unpriced
from spend.budgets import Period
from tests.bot.views import harbor
from tests.bot.views.harbor import nanos


def course(amount: str) -> Outlook:
    return Outlook(nanos=nanos(amount), low_nanos=nanos(amount), high_nanos=nanos(amount))


EVERYTHING = BudgetState(
    label="Everything", period=Period.MONTH, limit=Decimal("3300.00"), spent_nanos=nanos("2253.55"),
    outlook=course("3528.61"), over_on=date(2026, 11, 28),
)  # fmt: skip
AGENTS = BudgetState(
    label="Agents", period=Period.MONTH, limit=Decimal(400), spent_nanos=nanos("352.01"), outlook=course("535.2"),
    over_on=date(2026, 11, 23), today_if="agents-nightly",
)  # fmt: skip
GPT = BudgetState(
    label="gpt-5.2",
    period=Period.WEEK,
    limit=Decimal(300),
    spent_nanos=nanos("167.21"),
    outlook=course("277.4"),
)
FACTS = BudgetListFacts(
    clock=harbor.CLOCK, budgets=(GPT, EVERYTHING, AGENTS), sources=harbor.SOURCES, trust=harbor.MONTH_TRUST
)


def test_the_list_puts_first_what_will_not_last() -> None:
    view = budget_list_view(FACTS)

    assert str(view.lead) == "2 of 3 budgets will not last: Agents and Everything."
    assert view.table is not None
    assert view.table.rows == (
        (
            "Agents",
            "$352.01",
            "of $400 a month",
            "88%",
            "about $535, over on Nov 23, today if agents-nightly goes on",
        ),
        ("Everything", "$2,253.55", "of $3,300 a month", "68%", "about $3,530, over on Nov 28"),
        ("gpt-5.2", "$167.21", "of $300 a week", "56%", "about $277, fits"),
    )
    assert view.chart is not None
    assert view.chart.title == "2 of 3 budgets will not last"


def test_no_budget_yet_says_how_to_set_one() -> None:
    view = budget_list_view(replace(FACTS, budgets=()))

    assert str(view.lead) == "No budgets are set."
    assert "/budget set 500 monthly" in str(view.body[0])


def test_a_budget_counts_one_currency_and_names_what_it_leaves_out() -> None:
    budget = replace(EVERYTHING, left_out=((nanos("41.20"), "EUR"),))

    view = budget_list_view(replace(FACTS, budgets=(budget,)))

    assert view.table is not None
    assert view.table.rows[0][-1] == "about $3,530, over on Nov 28, counts USD, leaves out EUR 41.20"


def test_unpriced_tokens_make_a_budget_at_least() -> None:
    budget = replace(EVERYTHING, unpriced=(Unpriced("ft", "completions", 12_400_000),))

    view = budget_list_view(replace(FACTS, budgets=(budget,)))

    assert view.table is not None
    assert view.table.rows[0][3:] == ("at least 68%", "about $3,530, over on Nov 28, 12.4M tokens not priced")


SEARCH = BudgetState(
    label="Search",
    period=Period.MONTH,
    limit=Decimal(1200),
    spent_nanos=nanos("703.66"),
    outlook=course("1118.4"),
)
SET = BudgetSetFacts(
    clock=harbor.CLOCK, budget=SEARCH, told_in=("#ai-spend",), quiet=(50,), quiet_projected=(80,)
)  # fmt: skip


def test_setting_a_budget_says_where_it_stands_and_what_stays_quiet() -> None:
    view = budget_set_view(SET)

    assert [str(view.lead), *map(str, view.body)] == [
        "Budget set: $1,200 a month for Search. So far $703.66 (59%), about $1,120 expected: fits.",
        "Told in #ai-spend at 80 and 100% spent, and when the forecast passes 100%. "
        "50% spent and 80% forecast are passed already and stay quiet.",
    ]


def test_the_note_in_the_channel_says_who() -> None:
    view = budget_set_view(replace(SET, by="Mira Okafor"))

    assert str(view.lead) == (
        "Mira Okafor set a budget: $1,200 a month for Search. So far $703.66 (59%), about $1,120 expected: fits."
    )
    assert not view.is_private
    assert str(budget_removed_view(SEARCH).lead) == "Budget removed: $1,200 a month for Search."
