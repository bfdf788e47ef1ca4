"""A form as a Discord modal: what is asked for, what stands there already, and what there is no room for."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import Field, Form
from bot.platforms.discord.form import render_form
from bot.platforms.discord.limits import units
from bot.views.model import Name, line
from tests.bot.platforms.discord.markdown_model import parse
from tests.bot.platforms.made_views import hostile_names

CONNECT = Form(
    name="connect",
    title="Connect a provider",
    text=(line("OpenAI: make an admin key."), line("On the server: spendbot connect ", Name("openai"))),
    fields=(
        Field(
            name="provider", label="Provider", kind="choice", value="openai",
            choices=(("anthropic", "Anthropic"), ("openai", "OpenAI")),
        ),
        Field(name="label", label="Name", hint="Shown beside its figures.", is_required=False),
        Field(name="key", label="Key (visible while you type)", kind="key"),
    ),
    submit="Check and save",
)  # fmt: skip
BUDGET = Form(
    name="raise_budget",
    title="Raise budget",
    fields=(
        Field(name="amount", label="New amount", value="400"),
        Field(name="channel", label="Also told in", kind="channel", value="123456789012345678", is_required=False),
    ),
    submit="Save",
    value="b1",
)  # fmt: skip


def test_the_connect_form_has_its_words_its_choice_and_a_key_that_is_said_to_be_visible() -> None:
    assert render_form(CONNECT) == {
        "title": "Connect a provider",
        "custom_id": "connect:",
        "components": [
            {"type": 10, "content": "OpenAI: make an admin key.\nOn the server: spendbot connect `openai`"},
            {
                "type": 18,
                "label": "Provider",
                "component": {
                    "type": 3,
                    "custom_id": "provider",
                    "required": True,
                    "options": [
                        {"value": "anthropic", "label": "Anthropic", "default": False},
                        {"value": "openai", "label": "OpenAI", "default": True},
                    ],
                },
            },
            {
                "type": 18,
                "label": "Name",
                "description": "Shown beside its figures.",
                "component": {
                    "type": 4,
                    "custom_id": "label",
                    "required": False,
                    "style": 1,
                    "max_length": 4000,
                },
            },
            {
                "type": 18,
                "label": "Key (visible while you type)",
                "component": {
                    "type": 4,
                    "custom_id": "key",
                    "required": True,
                    "style": 1,
                    "max_length": 4000,
                },
            },
        ],
    }


def test_what_is_known_stands_in_the_fields_and_the_forms_value_in_its_id() -> None:
    modal = render_form(BUDGET)

    assert modal["custom_id"] == "raise_budget:b1"
    assert [each["component"] for each in modal["components"]] == [
        {"type": 4, "custom_id": "amount", "required": True, "style": 1, "max_length": 4000, "value": "400"},
        {
            "type": 8,
            "custom_id": "channel",
            "required": False,
            "channel_types": [0, 5],
            "default_values": [{"id": "123456789012345678", "type": "channel"}],
        },
    ]


def test_five_fields_leave_no_room_for_words_and_six_are_a_fault_of_ours() -> None:
    five = replace(
        CONNECT, fields=tuple(Field(name=f"f{number}", label=f"Field {number}") for number in range(5))
    )

    assert [each["type"] for each in render_form(five)["components"]] == [18] * 5
    with pytest.raises(ValueError, match="connect does not fit"):
        render_form(replace(five, fields=(*five.fields, Field(name="f5", label="Field 5"))))


def test_a_form_whose_value_would_have_to_be_cut_is_a_fault_of_ours() -> None:
    assert len(render_form(replace(BUDGET, value="v" * 87))["custom_id"]) == 100
    with pytest.raises(ValueError, match="raise_budget does not fit"):
        render_form(replace(BUDGET, value="v" * 88))


@st.composite
def made_forms(draw: st.DrawFn) -> Form:
    names = st.one_of(hostile_names(), st.text(max_size=300))
    kinds = st.sampled_from(("text", "key", "choice", "channel"))
    fields = [
        Field(
            name=f"field_{number}",
            label=draw(names),
            kind=draw(kinds),
            hint=draw(names),
            value=draw(names),
            choices=tuple((f"{each}", draw(names)) for each in range(draw(st.integers(1, 30)))),
            is_required=draw(st.booleans()),
        )
        for number in range(draw(st.integers(1, 5)))
    ]
    text = tuple(line(draw(names), Name(draw(names))) for _ in range(draw(st.integers(0, 6))))
    return Form(name="made", title=draw(names), text=text, fields=tuple(fields), submit="Save", value="b1")


@settings(max_examples=300)
@given(made_forms())
def test_any_form_fits_and_its_words_are_harmless(form: Form) -> None:
    modal = render_form(form)

    json.dumps(modal).encode("utf-8")
    assert 1 <= units(modal["title"]) <= 45
    assert 1 <= len(modal["components"]) <= 5
    for part in modal["components"]:
        if part["type"] == 10:
            assert units(part["content"]) <= 4000
            assert {piece.kind for piece in parse(part["content"])} <= {"text", "code"}
        else:
            assert_label_fits(part)


def assert_label_fits(part: dict[str, Any]) -> None:
    field = part["component"]
    assert 1 <= units(part["label"]) <= 45
    assert 1 <= units(part.get("description", "x")) <= 100
    assert units(field.get("value", "")) <= 4000
    options = field.get("options", ())
    assert len(options) <= 25
    assert all(1 <= units(each["label"]) <= 100 for each in options)
    assert all(1 <= units(each["value"]) <= 100 for each in options)
