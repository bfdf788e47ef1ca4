"""Each kind of message is rendered as it was looked at last."""

import pytest

from tests.bot.platforms.discord.golden import FOLDER, path_of, rendering
from tests.bot.platforms.stories import STORIES


@pytest.mark.parametrize("story", STORIES)
def test_a_message_of_each_kind_is_as_it_was_looked_at(story: str) -> None:
    looked_at = path_of(story).read_text(encoding="utf-8")

    assert rendering(story) == looked_at, "look at it, then: python -m tests.bot.platforms.discord.golden"


def test_no_rendering_is_left_of_a_story_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(STORIES)
