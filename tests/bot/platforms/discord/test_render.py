"""A view as a Discord message: which slot goes where, and what happens where there is no room."""

import doctest
from dataclasses import replace
from types import ModuleType

import pytest

from bot.platforms.discord import components, escape, limits
from bot.platforms.discord.components import acted_on
from bot.platforms.discord.render import render
from bot.views.model import Button, Link, Name, Table, Tone, View, line
from charts.spec import Bars, Slot
from tests.bot.platforms.discord.markdown_model import Piece, parse, visible

CHART = Bars(title="made", subtitle="", alt="Bars of two days.", slots=(Slot(1.0), Slot(2.0)))
BARE = View(title="made", lead=line("Nothing was spent."))
FULL = replace(
    BARE,
    body=(line("All of it ", Name("claude-opus-5"), "."),),
    chart=CHART,
    footer="As of 14:05 CET · estimated",
    buttons=(Button("By model", "by_model", value="spend by model"), Button("Share here", "share")),
)


def description(view: View) -> str:
    return str((render(view).embed or {})["description"])


def test_every_slot_has_its_place() -> None:
    assert render(FULL, has_picture=True).payload() == {
        "content": "**Nothing was spent.**",
        "embeds": [
            {
                "color": 0x1F6FB2,
                "description": "All of it `claude-opus-5`.",
                "image": {"url": "attachment://chart.png"},
                "footer": {"text": "As of 14:05 CET · estimated"},
            }
        ],
        "components": [
            {
                "type": 1,
                "components": [
                    {"type": 2, "style": 2, "label": "By model", "custom_id": "by_model:spend by model"},
                    {"type": 2, "style": 2, "label": "Share here", "custom_id": "share:"},
                ],
            }
        ],
        "attachments": [{"id": "0", "filename": "chart.png", "description": "Bars of two days."}],
        "allowed_mentions": {"parse": []},
    }


def test_a_message_of_one_sentence_has_no_embed() -> None:
    assert render(BARE).payload()["embeds"] == []


def test_without_its_picture_an_edit_takes_an_earlier_one_away() -> None:
    body = render(FULL).payload()

    assert body["attachments"] == []
    assert "image" not in body["embeds"][0]


def test_a_view_without_a_chart_has_no_picture_even_if_one_is_announced() -> None:
    assert render(BARE, has_picture=True).payload()["attachments"] == []


@pytest.mark.parametrize(
    ("tone", "colour"),
    [
        (Tone.NEUTRAL, 0x1F6FB2),
        (Tone.ATTENTION, 0xC2500A),
        (Tone.TROUBLE, 0x7E306E),
        (Tone.CLOSED, 0x8A919A),
    ],
)
def test_the_tone_is_the_colour_bar(tone: Tone, colour: int) -> None:
    embed = render(replace(FULL, tone=tone)).embed

    assert embed is not None
    assert embed["color"] == colour


def test_a_possible_repeat_is_said_at_the_end_of_the_footer() -> None:
    embed = render(replace(BARE, footer="billed · K7Q2"), is_possible_repeat=True).embed

    assert embed is not None
    assert embed["footer"] == {"text": "billed · K7Q2 (possible repeat)"}


def test_the_footer_is_plain_text_and_gets_no_backslashes() -> None:
    embed = render(replace(BARE, footer="without a_b*c · K7Q2")).embed

    assert embed is not None
    assert embed["footer"] == {"text": "without a_b*c · K7Q2"}


def test_a_footer_that_is_far_too_long_keeps_its_start_and_the_code_at_its_end() -> None:
    embed = render(replace(BARE, footer=f"As of 14:05 CET · {'x' * 9000} · K7Q2")).embed

    assert embed is not None
    text = embed["footer"]["text"]
    assert (len(text), text[:15], text[-7:]) == (2048, "As of 14:05 CET", " · K7Q2")


def test_a_name_that_could_leave_its_backticks_is_escaped_instead() -> None:
    view = replace(BARE, lead=line("Spike: ", Name("a`b**c"), " spent ", Name("agents-nightly")))

    assert render(view).content == r"**Spike: a\`b\*\*c spent `agents-nightly`**"
    assert visible(render(view).content) == "Spike: a`b**c spent agents-nightly"


def test_two_spans_that_are_harmless_alone_make_no_mention_together() -> None:
    view = replace(BARE, body=(line("@", Name("<"), "everyone <", "@1> :", "smile:"),))

    assert {piece.kind for piece in parse(description(view))} == {"text"}
    assert visible(description(view)) == "@<everyone <@1> :smile:"


@pytest.mark.parametrize(
    "start", ["# a", "### a", "-# a", "- a", "+ a", "* a", "1. a", "> a", ">>> a", "===", "---"]
)
def test_no_line_begins_a_block(start: str) -> None:
    view = replace(BARE, body=(line("first"), line(start)))

    assert parse(description(view)) == [Piece("text", f"first\n{start}")]


def test_figures_stay_behind_a_name_that_is_written_from_right_to_left() -> None:
    table = Table(("Project", "Today", "Share"), (("\u05d0\u05d1 \u05d2", "$5.00", "9%"),))
    view = replace(BARE, lead=line("In \u0639\u0631\u0628\u064a: $5.00"), table=table)

    assert render(view).content == "**In \u0639\u0631\u0628\u064a\u200e: $5.00**"
    assert description(view) == "**$5.00** 9% · \u05d0\u05d1 \u05d2\u200e"


def test_our_links_are_links_and_their_words_cannot_break_them() -> None:
    view = replace(
        BARE, body=(line(Link("Keys of [x](https://evil.example)", "https://vendor.example/keys")),)
    )

    assert parse(description(view)) == [
        Piece("link", "Keys of (x)(https://evil.example)", address="https://vendor.example/keys")
    ]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://vendor.example", "https://a.example/)("])
def test_an_address_that_is_no_plain_https_address_is_no_link(address: str) -> None:
    assert description(replace(BARE, body=(line(Link("Keys", address)),))) == "Keys"


TABLE = Table(
    columns=("Model", "Today", "Share", "Tokens", "per 1M"),
    rows=(
        ("a_b", "not priced", "", "2M", ""),
        ("gpt-5.2", "$9.00", "90%", "10M", "$0.90"),
        ("gpt-5-mini", "$1.00", "10%", "4M", "$0.25"),
    ),
    total=("Total", "$10.00", "100%", "16M", "$0.71"),
    numeric=frozenset({1, 2, 3, 4}),
)


def test_a_row_says_its_money_first_and_what_tokens_and_prices_are_until_it_is_clear() -> None:
    assert description(replace(BARE, table=TABLE)).splitlines() == [
        r"**not priced** · a\_b · 2M tokens",
        "**$9.00** 90% · gpt-5.2 · 10M tokens at $0.90 per 1M",
        "**$1.00** 10% · gpt-5-mini · 4M at $0.25",
        "**$10.00** total · 16M tokens at $0.71 per 1M",
    ]


def test_what_is_expected_of_a_budget_stands_below_it() -> None:
    table = Table(
        columns=("Budget", "Spent", "Limit", "Used", "Expected"),
        rows=(
            ("Agents", "$352.01", "of $400 a month", "88%", "about $535, over on Nov 23"),
            ("Evals", "$1.00", "of $9 a week", "11%", ""),
        ),
        numeric=frozenset({1, 3}),
    )

    assert description(replace(BARE, table=table)).splitlines() == [
        "**$352.01** of $400 a month, 88% · Agents",
        "\N{EM SPACE}about $535, over on Nov 23",
        "**$1.00** of $9 a week, 11% · Evals",
    ]


def test_body_and_table_are_parted_by_an_empty_line_and_so_are_sections() -> None:
    table = Table(
        columns=("Provider", "November"),
        rows=(("OpenAI", "USD 1.00"), ("Total", "USD 1.00"), ("mistral", "EUR 2.00"), ("Total", "EUR 2.00")),
        sections=(2,),
    )

    assert description(replace(FULL, table=table)).splitlines() == [
        "All of it `claude-opus-5`.", "",
        "**USD 1.00** · OpenAI", "**USD 1.00** total", "",
        "**EUR 2.00** · mistral", "**EUR 2.00** total",
    ]  # fmt: skip


def test_a_project_named_total_is_a_row_like_any_other() -> None:
    table = Table(columns=("Project", "November"), rows=(("Total", "$1.00"),), total=("Total", "$1.00"))

    assert description(replace(BARE, table=table)).splitlines() == ["**$1.00** · Total", "**$1.00** total"]


def rows(number: int, name: str = "project") -> Table:
    return Table(
        columns=("Project", "November"),
        rows=tuple((f"{name} {index}", f"${index}.00") for index in range(1, number + 1)),
        total=("Total", "$9.00"),
    )


def test_a_month_of_days_is_shown_whole_and_what_is_more_is_counted() -> None:
    assert len(description(replace(BARE, table=rows(31))).splitlines()) == 32

    lines = description(replace(BARE, table=rows(45))).splitlines()

    assert lines[-3:] == ["**$31.00** · project 31", "and 14 more rows", "**$9.00** total"]


def test_rows_go_before_lines_and_the_total_stays() -> None:
    view = replace(BARE, body=(line("x" * 900),) * 4, table=rows(30, name="y" * 60))

    lines = description(view).splitlines()

    shown = sum("yyy" in each for each in lines)
    assert lines[:4] == ["x" * 900] * 4
    assert 0 < shown < 30
    assert lines[-2:] == [f"and {30 - shown} more rows", "**$9.00** total"]
    assert len(description(view)) <= 4096


def test_lines_without_room_are_counted_too() -> None:
    lines = description(replace(BARE, body=(line("x" * 900),) * 7)).splitlines()

    assert lines == ["x" * 900] * 4 + ["and 3 more lines"]


def test_the_longest_name_gives_way_and_the_figures_stay() -> None:
    view = replace(BARE, lead=line("Spike: ", "n" * 10_000, " spent $11.55 since 10:00."))

    content = render(view).content

    assert len(content) <= 2000
    assert content.startswith("**Spike: nnn")
    assert content.endswith("nnn spent $11.55 since 10:00.**")
    assert content.count("…") == 1


def test_a_character_beyond_the_basic_plane_counts_twice() -> None:
    content = render(replace(BARE, lead=line("\N{BAR CHART}" * 5000))).content

    assert 1990 < len(content.encode("utf-16-le")) // 2 <= 2000


def test_rarer_buttons_stand_in_rows_of_their_own() -> None:
    buttons = [Button(f"{name}", name, is_rare=name in "bg") for name in "abcdefgh"]

    message = render(replace(BARE, buttons=tuple(buttons)))

    assert [[each["label"] for each in row["components"]] for row in message.components] == [
        list("acdef"), ["h"], list("bg"),
    ]  # fmt: skip


def test_a_link_button_opens_its_page_and_one_that_destroys_is_red() -> None:
    message = render(
        replace(
            BARE,
            buttons=(
                Button("Keys at OpenAI", "keys", url="https://platform.openai.com/api-keys"),
                Button("Disconnect", "disconnect", value="c1", confirm="Disconnect it?"),
            ),
        )
    )

    assert message.components[0]["components"] == [
        {"type": 2, "style": 5, "label": "Keys at OpenAI", "url": "https://platform.openai.com/api-keys"},
        {"type": 2, "style": 4, "label": "Disconnect", "custom_id": "disconnect:c1"},
    ]


def test_a_button_whose_id_is_too_long_or_there_already_is_left_out_never_cut() -> None:
    longest = "v" * (100 - len("by_key:"))
    buttons = (
        Button("Fits", "by_key", value=longest),
        Button("Too long", "by_key", value=longest + "v"),
        Button("Twice", "by_key", value=longest),
        Button("Nowhere", "keys", url="javascript:alert(1)"),
        Button("\u200b", "empty"),
    )

    message = render(replace(BARE, buttons=buttons))

    assert [each["label"] for row in message.components for each in row["components"]] == ["Fits"]


def test_an_id_says_what_was_pressed() -> None:
    assert acted_on("price:ft:gpt-5:harbor") == ("price", "ft:gpt-5:harbor")


@pytest.mark.parametrize("module", [components, escape, limits])
def test_every_example_gives_what_it_says(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0
