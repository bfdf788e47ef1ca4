"""A form as a modal: every field of its kind, prefilled, within the limits, and back again."""

from dataclasses import replace
from typing import Any

from slack_sdk.models.views import View as SlackView

from bot.desk import Field, Form
from bot.platforms.slack.forms import render_form
from bot.platforms.slack.read import submitted
from bot.views.model import Link, line
from tests.bot.platforms.made_views import HOSTILE_NAMES
from tests.bot.platforms.slack.slack_rules import pings_and_links, problems_of, texts_of

CONNECT = Form(
    name="connect",
    title="Connect a provider",
    text=(
        line("OpenAI: make an admin key, see ", Link("its page", "https://example.com/keys"), "."),
        line("Or not."),
    ),
    fields=(
        Field(
            name="provider",
            label="Provider",
            kind="choice",
            value="openai",
            choices=(("anthropic", "Anthropic"), ("openai", "OpenAI")),
        ),
        Field(name="label", label="Name", hint="Shown beside its figures.", value="Main", is_required=False),
        Field(name="key", label="Key (visible while you type)", kind="key", value="never-sent-back"),
        Field(name="channel", label="Told in", kind="channel"),
    ),
    submit="Check and save",
    value="c1",
)


def drawn(form: Form) -> dict[str, Any]:
    return dict(render_form(form))


def inputs_of(form: Form) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block for block in drawn(form)["blocks"] if block["type"] == "input"}


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def test_a_form_is_a_modal_with_its_name_its_value_and_its_words() -> None:
    modal = drawn(CONNECT)

    assert (modal["type"], modal["callback_id"], modal["private_metadata"]) == ("modal", "connect", "c1")
    assert (modal["title"], modal["submit"]) == (words("Connect a provider"), words("Check and save"))
    assert texts_of(modal["blocks"][:2]).splitlines() == [
        *("OpenAI: make an admin key, see ", "its page", "."),
        "Or not.",
    ]


def test_every_kind_of_field_has_its_element() -> None:
    inputs = inputs_of(CONNECT)

    assert inputs["provider"]["element"] == {
        "type": "static_select",
        "action_id": "input",
        "options": [
            {"text": words("Anthropic"), "value": "anthropic"},
            {"text": words("OpenAI"), "value": "openai"},
        ],
        "initial_option": {"text": words("OpenAI"), "value": "openai"},
    }
    assert inputs["label"] == {
        "type": "input",
        "block_id": "label",
        "label": words("Name"),
        "optional": True,
        "element": {"type": "plain_text_input", "action_id": "input", "initial_value": "Main"},
        "hint": words("Shown beside its figures."),
    }
    assert inputs["channel"]["element"] == {
        "type": "conversations_select",
        "action_id": "input",
        "filter": {"include": ["public", "private"], "exclude_external_shared_channels": True},
        "default_to_current_conversation": True,
    }


def test_a_channel_that_may_be_left_out_is_not_chosen_for_people() -> None:
    field = Field(name="channel", label="Told in", kind="channel", is_required=False)
    chosen = replace(field, value="C0123456789")

    assert (
        "default_to_current_conversation"
        not in inputs_of(replace(CONNECT, fields=(field,)))["channel"]["element"]
    )
    assert (
        inputs_of(replace(CONNECT, fields=(chosen,)))["channel"]["element"]["initial_conversation"]
        == "C0123456789"
    )


def test_a_key_is_never_sent_back() -> None:
    assert inputs_of(CONNECT)["key"]["element"] == {"type": "plain_text_input", "action_id": "input"}
    assert "never-sent-back" not in str(drawn(CONNECT))


def test_what_is_filled_in_comes_back_by_field() -> None:
    filled = {
        name: {block["element"]["action_id"]: {"type": "plain_text_input", "value": name.upper()}}
        for name, block in inputs_of(CONNECT).items()
    }

    assert submitted({**drawn(CONNECT), "state": {"values": filled}}) == (
        "connect",
        {"provider": "PROVIDER", "label": "LABEL", "key": "KEY", "channel": "CHANNEL"},
        "c1",
    )


def test_more_choices_than_slack_takes_are_counted() -> None:
    many = Field(
        name="m", label="Model", kind="choice", choices=tuple((f"m{n}", f"M {n}") for n in range(130))
    )
    block = inputs_of(replace(CONNECT, fields=(many,)))["m"]

    assert len(block["element"]["options"]) == 100
    assert block["hint"] == words("and 30 more choices")


def test_hostile_names_leave_a_form_whole() -> None:
    for name in HOSTILE_NAMES:
        field = Field(name="f", label=name, hint=name, value=name)
        choice = Field(name="c", label="Choice", kind="choice", value="v", choices=(("v", name),))
        form = Form(name="n", title=name, text=(line(name),), fields=(field, choice), submit=name)
        modal = drawn(form)

        assert problems_of(modal["blocks"], most=100) == []
        assert pings_and_links("", modal["blocks"]) == []
        SlackView(**modal).validate_json()
