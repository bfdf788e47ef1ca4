"""A view as a Slack message: the slots in their order, and what each of them becomes."""

import json
from dataclasses import replace
from typing import Any

from bot.platforms.slack.render import SlackMessage, render, render_plain
from bot.views.model import Button, Link, Name, Table, View, line
from charts.spec import Bars, Slot
from tests.bot.platforms.slack.slack_rules import problems_of, texts_of

VIEW = View(
    title="spike",
    lead=line("Spike: ", Name("agents-nightly"), " spent $11.55 since 10:00, usually nothing."),
    body=(line("All of it ", Name("claude-opus-5"), " in R&D. ", Link("Keys", "https://example.com/keys")),),
    table=Table(
        ("Model", "Today", "Share"),
        (("claude-opus-5", "$95.41", "57%"), ("gpt-5.2", "$71.18", "")),
        ("Total", "$166.59", "100%"),
        frozenset({1, 2}),
    ),
    chart=Bars(title="t", subtitle="", alt="Bars, $11.55 at 10:00.", slots=(Slot(1.0),)),
    footer="Data to 11:15 CET · estimated · K7Q2",
    buttons=(Button("Acknowledge", "ack", value="K7Q2"),),
)
FILE = "F0123456789"


def blocks_of(message: SlackMessage) -> list[dict[str, Any]]:
    return [dict(block) for block in message.blocks]


def text(words: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def raw(words: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": words}


def bold_cell(words: str) -> dict[str, Any]:
    section = {"type": "rich_text_section", "elements": [text(words, bold=True)]}
    return {"type": "rich_text", "elements": [section]}


def buttons_of(*buttons: Button) -> list[dict[str, Any]]:
    row: list[dict[str, Any]] = blocks_of(render(replace(VIEW, buttons=buttons)))[-1]["elements"]
    return row


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    words = {"type": "plain_text", "text": label, "emoji": False}
    return {"type": "button", "action_id": action, "text": words} | more


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


def test_a_table_has_its_numbers_at_the_right_no_empty_cell_and_a_bold_total() -> None:
    assert blocks_of(render(VIEW))[1] == {
        "type": "table",
        "column_settings": [{"align": "left", "is_wrapped": True}, {"align": "right"}, {"align": "right"}],
        "rows": [
            [raw("Model"), raw("Today"), raw("Share")],
            [raw("claude-opus-5"), raw("$95.41"), raw("57%")],
            [raw("gpt-5.2"), raw("$71.18"), raw(" ")],
            [bold_cell("Total"), bold_cell("$166.59"), bold_cell("100%")],
        ],
    }


def test_a_new_section_of_a_table_has_a_blank_row_before_it_and_each_ends_with_its_total() -> None:
    sections = (("a", "USD 1.00"), ("Total", "USD 1.00"), ("b", "EUR 2.00"), ("Total", "EUR 2.00"))
    table = Table(("P", "M"), sections, numeric=frozenset({1}), sections=(2,))

    rows = blocks_of(render(replace(VIEW, table=table)))[1]["rows"]

    assert rows[1:] == [
        [raw("a"), raw("USD 1.00")],
        [bold_cell("Total"), bold_cell("USD 1.00")],
        [raw(" "), raw(" ")],
        [raw("b"), raw("EUR 2.00")],
        [bold_cell("Total"), bold_cell("EUR 2.00")],
    ]


def test_the_short_table_is_shown_where_there_is_one() -> None:
    short = Table(("Model", "Today"), (("other (5)", "$5.00"),))

    rows = blocks_of(render(replace(VIEW, table=Table(("Model", "Today"), (("a", "$5"),) * 9, short=short))))[
        1
    ]

    assert rows["rows"][1:] == [[raw("other (5)"), raw("$5.00")]]


def test_a_table_that_is_too_long_counts_the_rows_left_out_before_its_total() -> None:
    rows = tuple((f"2026-01-{day % 31 + 1:02d}", f"${day}.00") for day in range(400))
    table = Table(("Day", "Spent"), rows, ("Total", "$79,800"), frozenset({1}))

    shown = blocks_of(render(replace(VIEW, table=table)))[1]["rows"]

    assert shown[-2] == [raw(f"and {400 - (len(shown) - 3)} more rows"), raw(" ")]
    assert shown[-1] == [bold_cell("Total"), bold_cell("$79,800")]
    assert problems_of(render(replace(VIEW, table=table)).blocks) == []


def test_the_whole_message_stays_below_what_slack_takes_together() -> None:
    table = Table(tuple("ABCDE"), (("name " * 8, *["$1,000.00"] * 4),) * 90, numeric=frozenset({1, 2, 3, 4}))
    message = render(replace(VIEW, table=table))

    shown = len(blocks_of(message)[1]["rows"]) - 2

    assert 9_000 < len(json.dumps(message.blocks, ensure_ascii=False)) < 10_000
    assert f"and {90 - shown} more rows" in texts_of(message.blocks)


def test_where_slack_refuses_a_table_its_text_has_sections_and_counts_what_it_leaves_out() -> None:
    rows = (("a", "USD 1.00"), ("b", "EUR 2.00"))
    short = Table(("P", "M"), rows, numeric=frozenset({1}), sections=(1,))
    long = Table(("P", "M"), rows * 200, ("Total", "400"), numeric=frozenset({1}))

    def lines_of(table: Table) -> list[str]:
        text = blocks_of(render(replace(VIEW, table=table), has_table=False))[1]["elements"][0]["elements"][
            0
        ]["text"]
        return str(text).splitlines()

    assert lines_of(short) == ["P         M", "a  USD 1.00", "", "b  EUR 2.00"]
    assert lines_of(long)[-1] == "Total       400"
    assert lines_of(long)[-2] == f"and {400 - (len(lines_of(long)) - 3)} more rows"


def test_where_slack_refuses_a_table_of_34_columns() -> None:
    table = Table(
        ("Model", "Today", "Share", "Tokens", "per 1M"),
        (("text-embedding-3-small", "$95.41", "57%", "17.0M", "$5.60"), ("gpt", "$71.18", "43%", "1", "$1")),
        ("Total", "$166.59", "100%", "18.0M", "$3"),
        frozenset({1, 2, 3, 4}),
    )

    preformatted = blocks_of(render(replace(VIEW, table=table), has_table=False))[1]["elements"][0]

    assert preformatted["type"] == "rich_text_preformatted"
    assert preformatted["elements"][0]["text"].splitlines() == [
        "Model                 Today  Share",
        "text-embed…3-small   $95.41    57%",
        "gpt                  $71.18    43%",
        "Total               $166.59   100%",
        "and 2 more columns",
    ]


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


def test_buttons_stand_in_one_row_while_at_most_one_is_rare() -> None:
    assert buttons_of(
        Button("Acknowledge", "ack", value="K7Q2"),
        Button("Snooze 1 day", "snooze_1d", value="K7Q2", is_rare=True),
        Button("Keys at OpenAI", "keys", url="https://example.com/keys"),
    ) == [
        button("Acknowledge", "ack", value="K7Q2"),
        button("Snooze 1 day", "snooze_1d", value="K7Q2"),
        button("Keys at OpenAI", "link:keys", url="https://example.com/keys"),
    ]


def test_rarer_buttons_go_into_a_menu_at_the_end() -> None:
    row = buttons_of(
        Button("Acknowledge", "ack", value="K7Q2"),
        Button("Snooze 1 day", "snooze_1d", value="K7Q2", is_rare=True),
        Button("Mute this key", "mute_key", value="K7Q2", is_rare=True),
    )

    assert row[0] == button("Acknowledge", "ack", value="K7Q2")
    assert row[1]["type"] == "overflow"
    assert [(option["text"]["text"], option["value"]) for option in row[1]["options"]] == [
        ("Snooze 1 day", "snooze_1d:K7Q2"),
        ("Mute this key", "mute_key:K7Q2"),
    ]


def test_more_than_five_buttons_are_four_and_a_menu() -> None:
    row = buttons_of(*(Button(f"B{n}", f"b{n}") for n in range(7)))

    assert [each["action_id"] for each in row] == ["b0", "b1", "b2", "b3", "more"]
    assert [option["value"] for option in row[4]["options"]] == ["b4:", "b5:", "b6:"]


def test_buttons_that_find_no_room_are_counted_in_the_footer() -> None:
    view = replace(VIEW, buttons=tuple(Button(f"B{n}", f"b{n}") for n in range(12)))

    assert "Data to 11:15 CET · estimated · K7Q2 · and 3 more buttons" in texts_of(render(view).blocks)


def test_the_same_action_twice_has_two_ids() -> None:
    row = buttons_of(Button("By key", "by", value="key"), Button("By model", "by", value="model"))

    assert [each["action_id"] for each in row] == ["by", "by.2"]


def test_a_button_that_asks_first_has_its_question_and_stays_out_of_the_menu() -> None:
    ask = Button("Disconnect", "disconnect", value="c1", confirm="Disconnect X?", is_rare=True)
    row = buttons_of(ask, *(Button(f"B{n}", f"b{n}", is_rare=True) for n in range(5)))

    assert [each["type"] for each in row] == ["button", "overflow"]
    assert {part: words["text"] for part, words in row[0]["confirm"].items()} == {
        "title": "Disconnect",
        "text": "Disconnect X?",
        "confirm": "Disconnect",
        "deny": "Cancel",
    }


def test_a_button_whose_value_cannot_come_back_whole_is_left_out_and_counted() -> None:
    view = replace(
        VIEW, buttons=(Button("Cut", "cut", value="x" * 2_001), Button("Bad", "b", url="javascript:x"))
    )

    assert [block["type"] for block in blocks_of(render(view))] == ["rich_text", "table", "context"]
    assert "and 2 more buttons" in texts_of(render(view).blocks)


def test_buttons_that_make_a_row_too_long_are_left_out_from_the_last() -> None:
    long = [Button(f"B{n}", f"b{n}", value=str(n) * 900) for n in range(4)]

    assert [each["action_id"] for each in buttons_of(*long)] == ["b0", "b1"]


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


def test_a_choice_too_long_for_the_menu_stands_in_the_row() -> None:
    rare = [Button(f"B{n}", "b", value="x" * length, is_rare=True) for n, length in enumerate((10, 20, 149))]

    row = buttons_of(Button("Acknowledge", "ack"), *rare)

    assert [each["text"]["text"] for each in row[:-1]] == ["Acknowledge", "B2"]
    assert [len(option["value"]) for option in row[-1]["options"]] == [12, 22]


def test_a_table_has_a_hundred_rows_at_most() -> None:
    message = render(replace(VIEW, body=(), table=Table(("A", "B"), (("a", "1"),) * 400, ("T", "2"))))

    assert len(blocks_of(message)[1]["rows"]) == 100
    assert "and 303 more rows" in texts_of(message.blocks)


def test_a_question_before_a_button_is_cut_to_what_slack_takes() -> None:
    [button] = buttons_of(Button("Disconnect " + "y" * 60, "disconnect", confirm="x" * 400))

    assert (
        problems_of(render(replace(VIEW, buttons=(Button("y" * 60, "d", confirm="x" * 301),))).blocks) == []
    )
    assert len(button["confirm"]["text"]["text"]) in (299, 300)
    assert len(button["confirm"]["confirm"]["text"]) == 30


def test_an_address_that_is_none_is_only_text() -> None:
    link = Link("Keys", "javascript:alert(1)")

    assert blocks_of(render(replace(VIEW, body=(line(link),))))[0]["elements"][0]["elements"][-1] == text(
        "Keys"
    )


def test_a_cell_of_several_words_is_whole_and_a_name_in_it_is_cut_like_any_name() -> None:
    words = "The new key agents-nightly on claude-opus-5 in project Agents"
    table = Table(("Part", "Change"), ((words, "+$80.09"), ("n" * 60, "+$1.00")), numeric=frozenset({1}))

    rows = blocks_of(render(replace(VIEW, table=table)))[1]["rows"]

    assert [row[0]["text"] for row in rows[1:]] == [words, f"{'n' * 23}…{'n' * 16}"]
