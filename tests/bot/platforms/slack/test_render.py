"""A view as a Slack message: the slots in their order, and what each of them becomes."""

import json
from dataclasses import replace

from bot.platforms.slack.render import SlackMessage, render, render_plain
from bot.views.model import Link, Name, Table, View, line
from tests.bot.platforms.slack.rendered import FILE, VIEW, blocks_of, text
from tests.bot.platforms.slack.slack_rules import texts_of


def test_slots_come_in_their_order() -> None:
    kinds = [block["type"] for block in blocks_of(render(VIEW, file_id=FILE))]

    assert kinds == ["rich_text", "table", "image", "context", "actions"]


def test_the_lead_is_bold_and_stands_escaped_in_the_notification() -> None:
    message = render(replace(VIEW, lead=line("Spike: ", Name("<!here>"), " spent $5 at R&D.")))

    assert message.text == "Spike: &lt;!here&gt; spent $5 at R&amp;D."
    assert blocks_of(message)[0]["elements"][0]["elements"][:3] == [
        text("Spike: ", bold=True),
        text("<!here>", bold=True, code=True),
        text(" spent $5 at R&D.", bold=True),
    ]


def test_body_lines_follow_in_the_same_block_with_names_in_code_style_and_links_as_links() -> None:
    assert blocks_of(render(VIEW))[0]["elements"][0]["elements"][3:] == [
        text("\n"),
        text("All of it "),
        text("claude-opus-5", code=True),
        text(" in R&D. "),
        {"type": "link", "url": "https://example.com/keys", "text": "Keys"},
    ]


def test_the_whole_message_stays_below_what_slack_takes_together() -> None:
    table = Table(tuple("ABCDE"), (("name " * 8, *["$1,000.00"] * 4),) * 90, numeric=frozenset({1, 2, 3, 4}))
    message = render(replace(VIEW, table=table))

    shown = len(blocks_of(message)[1]["rows"]) - 2

    assert 9_000 < len(json.dumps(message.blocks, ensure_ascii=False)) < 10_000
    assert f"and {90 - shown} more rows" in texts_of(message.blocks)


def test_a_picture_is_shown_only_once_slack_has_its_file() -> None:
    image = {"type": "image", "slack_file": {"id": FILE}, "alt_text": "Bars, $11.55 at 10:00."}

    assert blocks_of(render(VIEW, file_id=FILE))[2] == image
    assert [block["type"] for block in blocks_of(render(VIEW))] == [
        "rich_text",
        "table",
        "context",
        "actions",
    ]
    assert "image" not in [
        block["type"] for block in blocks_of(render(replace(VIEW, chart=None), file_id=FILE))
    ]


def test_the_footer_is_small_and_says_when_the_message_may_be_there_already() -> None:
    footer = {"type": "plain_text", "text": "Data to 11:15 CET · estimated · K7Q2", "emoji": False}

    assert blocks_of(render(VIEW))[2] == {"type": "context", "elements": [footer]}
    assert blocks_of(render(VIEW, is_possible_repeat=True))[2]["elements"][0]["text"] == (
        "Data to 11:15 CET · estimated · K7Q2 (possible repeat)"
    )


def test_a_view_without_anything_but_a_lead_is_one_block() -> None:
    message = render(View(title="refused", lead=line('"5oo" is not an amount.')))

    assert message == SlackMessage(
        '"5oo" is not an amount.',
        (
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_section", "elements": [text('"5oo" is not an amount.', bold=True)]}
                ],
            },
        ),
    )


def test_lines_that_find_no_room_are_counted() -> None:
    view = replace(VIEW, table=None, body=tuple(line(f"Line {number}.") for number in range(54)))

    elements = blocks_of(render(view))[0]["elements"][0]["elements"]

    assert elements[-1] == text("and 15 more lines")
    assert [each["text"] for each in elements if each["text"].startswith("Line")][-1] == "Line 38."


def test_a_name_of_ten_thousand_characters_leaves_every_figure_of_the_lead() -> None:
    view = replace(
        VIEW, lead=line("x" * 10_000, " spent $11.55 of $95.41, by ", Name("y" * 10_000), ", 12% less.")
    )

    assert render(view).text == (
        f"{'x' * 160}… (9,732 characters left out) …{'x' * 108} spent $11.55 of $95.41, by "
        f"{'y' * 23}…{'y' * 16}, 12% less."
    )


def test_a_lead_of_many_long_spans_keeps_the_figures_between_them() -> None:
    spans = [span for n in range(1, 4) for span in ("x" * 10_000, f" ${n}.00 ")]
    text = render(replace(VIEW, lead=line(*spans))).text

    assert all(f"${n}.00" in text for n in range(1, 4))
    assert len(text) <= 700


def test_a_lead_that_nothing_shortens_is_cut_in_its_middle() -> None:
    text = render(replace(VIEW, lead=line(*[Name(f"name-{n}" + "y" * 40) for n in range(30)]))).text

    assert len(text) <= 700
    assert "characters left out) …" in text


def test_a_lead_without_a_visible_character_is_the_title() -> None:
    assert render(replace(VIEW, lead=line(Name(""), "\u200b"))).text == "…"
    assert render(replace(VIEW, lead=line("\u200b"))).text == "spike"


def test_where_slack_refuses_its_blocks_a_message_is_plain_text_that_says_it_all() -> None:
    message = render_plain(replace(VIEW, lead=line("Spike: ", Name("<!here>"), ".")), is_possible_repeat=True)

    assert message.text == "Spike: &lt;!here&gt;."
    [section] = blocks_of(message)
    assert (section["type"], section["text"]["type"], section["text"]["emoji"]) == (
        "section",
        "plain_text",
        False,
    )
    assert section["text"]["text"].splitlines() == [
        "Spike: <!here>.",
        "All of it claude-opus-5 in R&D. Keys",
        "claude-opus-5  $95.41 · 57%",
        "gpt-5.2  $71.18",
        "Total  $166.59 · 100%",
        "Data to 11:15 CET · estimated · K7Q2 (possible repeat)",
    ]


def test_plain_text_that_is_too_long_counts_the_lines_left_out() -> None:
    view = replace(VIEW, table=None, body=tuple(line(f"Line {number} " + "x " * 100) for number in range(54)))

    words = blocks_of(render_plain(view))[0]["text"]["text"]

    assert len(words) <= 3_000
    assert words.splitlines()[-2:] == ["and 41 more lines", "Data to 11:15 CET · estimated · K7Q2"]


def test_an_address_that_is_none_is_only_text() -> None:
    link = Link("Keys", "javascript:alert(1)")

    assert blocks_of(render(replace(VIEW, body=(line(link),))))[0]["elements"][0]["elements"][-1] == text(
        "Keys"
    )
