"""What comes back from Slack is what the button or the form meant."""

from typing import Any

import pytest

from bot.platforms.slack.read import pressed, submitted
from bot.platforms.slack.render import render
from bot.views.model import Button, View, line

BUTTONS = (
    Button("By key", "by", value="spend by key"),
    Button("By model", "by", value="spend by model"),
    Button("Acknowledge", "ack"),
    Button("Keys at OpenAI", "keys", url="https://example.com/keys"),
    Button("Mute this key", "mute_key", value="a:b", is_rare=True),
    Button("Snooze 1 day", "snooze_1d", value="K7Q2", is_rare=True),
    Button("Docs", "docs", url="https://example.com/docs", is_rare=True),
)


def presses() -> list[dict[str, Any]]:
    """Every press that is possible on the message, as Slack reports it."""
    row: Any = render(View(title="t", lead=line("t"), buttons=BUTTONS)).blocks[-1]["elements"]
    direct = [element for element in row if element["type"] == "button"]
    menu = [
        {"type": "overflow", "action_id": element["action_id"], "selected_option": option}
        for element in row
        if element["type"] == "overflow"
        for option in element["options"]
    ]
    return direct + menu


def test_every_press_comes_back_as_the_button_that_was_meant() -> None:
    assert [pressed(action) for action in presses()] == [
        ("by", "spend by key"),
        ("by", "spend by model"),
        ("ack", ""),
        None,
        ("mute_key", "a:b"),
        ("snooze_1d", "K7Q2"),
        None,
    ]


@pytest.mark.parametrize(
    "action", [{}, {"action_id": None}, {"action_id": "more"}, {"action_id": "more", "x": 1}]
)
def test_a_press_that_says_nothing_is_nothing_of_ours(action: dict[str, Any]) -> None:
    assert pressed(action) == ("", "")


def test_a_form_comes_back_as_its_name_its_fields_and_its_value() -> None:
    view = {
        "callback_id": "connect",
        "private_metadata": "c1",
        "state": {
            "values": {
                "label": {"value": {"type": "plain_text_input", "value": "Main"}},
                "note": {"value": {"type": "plain_text_input", "value": None}},
                "provider": {"value": {"type": "static_select", "selected_option": {"value": "openai"}}},
                "period": {"value": {"type": "static_select", "selected_option": None}},
                "channel": {"value": {"type": "conversations_select", "selected_conversation": "C012"}},
            }
        },
    }

    assert submitted(view) == (
        "connect",
        {"label": "Main", "note": "", "provider": "openai", "period": "", "channel": "C012"},
        "c1",
    )


def test_a_form_without_a_state_is_empty() -> None:
    assert submitted({"callback_id": "connect"}) == ("connect", {}, "")
