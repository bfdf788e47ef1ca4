"""Buttons as Slack blocks: their row, the menu, and what finds no room."""

from dataclasses import replace

from bot.platforms.slack.render import render
from bot.views.model import Button
from tests.bot.platforms.slack.rendered import VIEW, blocks_of, button, buttons_of
from tests.bot.platforms.slack.slack_rules import problems_of, texts_of


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


def test_a_choice_too_long_for_the_menu_stands_in_the_row() -> None:
    rare = [Button(f"B{n}", "b", value="x" * length, is_rare=True) for n, length in enumerate((10, 20, 149))]

    row = buttons_of(Button("Acknowledge", "ack"), *rare)

    assert [each["text"]["text"] for each in row[:-1]] == ["Acknowledge", "B2"]
    assert [len(option["value"]) for option in row[-1]["options"]] == [12, 22]


def test_a_question_before_a_button_is_cut_to_what_slack_takes() -> None:
    [button] = buttons_of(Button("Disconnect " + "y" * 60, "disconnect", confirm="x" * 400))

    assert (
        problems_of(render(replace(VIEW, buttons=(Button("y" * 60, "d", confirm="x" * 301),))).blocks) == []
    )
    assert len(button["confirm"]["text"]["text"]) in (299, 300)
    assert len(button["confirm"]["confirm"]["text"]) == 30
