"""Every body that is sent to Discord is one that Discord describes."""

import os
from pathlib import Path
from typing import Any

import pytest

from bot.platforms.discord.commands import tree
from bot.platforms.discord.form import render_form
from bot.platforms.discord.render import render
from tests.bot.platforms.discord.test_form import BUDGET, CONNECT
from tests.bot.platforms.made_views import HOSTILE_NAMES, view_named
from tests.bot.platforms.stories import STORIES
from tests.contracts.discord_api.description import Description

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
FURTHER = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = f"{FURTHER}/messages/@original"
FIRST_RESPONSE = "/interactions/{interaction_id}/{interaction_token}/callback"
COMMANDS = "/applications/{application_id}/commands"
PRIVATE = 64
NONCE = {"nonce": "0123456789abcdef012345678", "enforce_nonce": True}


FILE = os.environ.get("DISCORD_OPENAPI", "")
if not FILE:
    pytest.skip(
        "DISCORD_OPENAPI names no file: Discord's description of its API was not asked",
        allow_module_level=True,
    )


@pytest.fixture(scope="module")
def discord() -> Description:
    return Description(Path(FILE))


def body_of(story: str, *, has_picture: bool = True) -> dict[str, Any]:
    return render(STORIES[story], has_picture=has_picture).payload()


@pytest.mark.parametrize("story", STORIES)
def test_a_message_of_each_kind_may_be_posted_edited_and_answered_with(
    discord: Description, story: str
) -> None:
    body, text_only = body_of(story), body_of(story, has_picture=False)

    assert discord.problems("post", MESSAGES, body | NONCE) == []
    assert discord.problems("patch", MESSAGE, body) == []
    assert discord.problems("patch", ORIGINAL, body) == []
    assert discord.problems("post", FURTHER, text_only | {"flags": PRIVATE}) == []
    assert discord.problems("post", FIRST_RESPONSE, {"type": 4, "data": text_only | {"flags": PRIVATE}}) == []


def test_a_reply_may_outlive_what_it_answers(discord: Description) -> None:
    reference = {"message_id": "1029384756102938475", "fail_if_not_exists": False}

    assert (
        discord.problems("post", MESSAGES, body_of("spike_grew") | NONCE | {"message_reference": reference})
        == []
    )


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_makes_a_body_that_is_not_described(discord: Description, name: str) -> None:
    body = render(view_named(name).view, has_picture=True).payload()

    assert discord.problems("post", MESSAGES, body) == []


@pytest.mark.parametrize("form", [CONNECT, BUDGET], ids=["connect", "raise_budget"])
def test_a_form_may_be_opened(discord: Description, form: Any) -> None:
    assert discord.problems("post", FIRST_RESPONSE, {"type": 9, "data": render_form(form)}) == []


def test_the_commands_may_be_registered(discord: Description) -> None:
    assert discord.problems("put", COMMANDS, tree()) == []


@pytest.mark.parametrize(
    "response",
    [
        {"type": 5, "data": {"flags": PRIVATE}},
        {"type": 6},
        {"type": 8, "data": {"choices": [{"name": "today", "value": "today"}]}},
    ],
)
def test_the_first_responses_are_described(discord: Description, response: dict[str, Any]) -> None:
    assert discord.problems("post", FIRST_RESPONSE, response) == []


def test_a_mistake_is_seen(discord: Description) -> None:
    body = body_of("spike")

    assert discord.problems("post", MESSAGES, body | {"content": "x" * 4001})
    assert discord.problems("post", MESSAGES, body | {"embed": {}})
    assert discord.problems("post", MESSAGES, body | {"nonce": "x" * 26})
    assert discord.problems(
        "post", MESSAGES, body | {"components": [{"type": 1, "components": [{"type": 2}]}]}
    )
