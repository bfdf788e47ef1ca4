"""Each kind of message is rendered as it was looked at last, and Slack takes it."""

import json

import pytest
from slack_sdk.models.blocks import Block

from tests.bot.platforms.slack.golden import FOLDER, NAMES, path_of, rendering
from tests.bot.platforms.slack.slack_rules import problems_of
from tests.bot.platforms.stories import STORIES


@pytest.mark.parametrize("name", NAMES)
def test_a_message_of_each_kind_is_as_it_was_looked_at(name: str) -> None:
    looked_at = path_of(name).read_text(encoding="utf-8")

    assert rendering(name) == looked_at, "look at it, then: python -m tests.bot.platforms.slack.golden"


@pytest.mark.parametrize("name", NAMES)
def test_slack_takes_it(name: str) -> None:
    blocks = json.loads(rendering(name))["blocks"]

    assert problems_of(blocks, most=50 if name in STORIES else 100) == []
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


def test_no_rendering_is_left_of_a_story_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(NAMES)
