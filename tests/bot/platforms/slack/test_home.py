"""The Home tab: the same messages, one under the other."""

from typing import Any

from bot.platforms.slack.home import render_home
from bot.views.model import Button, Table, View, line
from tests.bot.platforms.made_views import HOSTILE_NAMES, view_named
from tests.bot.platforms.slack.slack_rules import pings_and_links, problems_of, texts_of

SPEND = View(
    title="spend",
    lead=line("November so far: $2,253.55."),
    table=Table(
        ("Provider", "November"), (("Anthropic", "$1,237.36"),), ("Total", "$2,253.55"), frozenset({1})
    ),
    footer="As of 14:05 CET",
    buttons=(Button("By model", "by_model", value="spend by model"),),
)
BUDGETS = View(
    title="budget list",
    lead=line("2 of 3 budgets will not last."),
    table=Table(
        ("Budget", "Spent", "Limit"), (("Agents", "$352.01", "of $400 a month"), ("Search", "$12.00", ""))
    ),
)


def home(*views: View, has_table: bool = True) -> list[dict[str, Any]]:
    published = render_home(views, has_table=has_table)
    assert published["type"] == "home"
    return list(published["blocks"])  # type: ignore[call-overload]


def test_views_stand_one_under_the_other_parted_by_a_line() -> None:
    assert [block["type"] for block in home(SPEND, BUDGETS)] == [
        *("rich_text", "table", "context", "actions"),
        "divider",
        *("rich_text", "rich_text"),
    ]


def test_a_second_table_is_lines() -> None:
    elements = home(SPEND, BUDGETS)[-1]["elements"][0]["elements"]

    assert "".join(each["text"] for each in elements).splitlines() == [
        "Agents  $352.01 of $400 a month",
        "Search  $12.00",
    ]


def test_where_slack_refuses_a_table_none_is_sent() -> None:
    assert "table" not in [block["type"] for block in home(SPEND, BUDGETS, has_table=False)]


def test_a_home_tab_stays_within_its_limits_and_says_how_much_it_leaves_out() -> None:
    blocks = home(*[SPEND] * 60)

    assert problems_of(blocks, most=100) == []
    assert texts_of(blocks[-1:]) == "and 41 more messages"


def test_hostile_names_ping_nobody_there_either() -> None:
    for name in HOSTILE_NAMES:
        blocks = home(view_named(name).view, view_named(name).view)

        assert problems_of(blocks, most=100) == []
        assert set(pings_and_links("", blocks)) <= {"https://platform.openai.com/api-keys"}
