"""Whatever a view says and whatever things are called: Slack takes the message, nobody is pinged, no figure is lost."""

import json
import re
from collections.abc import Collection

import pytest
from hypothesis import given, settings

from bot.platforms.slack.render import SlackMessage, render, render_plain
from tests.bot.platforms.made_views import HOSTILE_NAMES, MadeView, made_views, view_named
from tests.bot.platforms.slack.slack_rules import pings_and_links, problems_of, texts_of
from tests.bot.platforms.stories import STORIES, renamed

OUR_URL = "https://platform.openai.com/api-keys"
FILE = "F0123456789"


@settings(max_examples=10_000)
@given(made_views())
def test_ten_thousand_views_stay_within_every_limit_and_ping_nobody(made: MadeView) -> None:
    message = render(
        made.view,
        file_id=FILE,
        is_possible_repeat=not made.view.is_private,
        has_table=len(made.names) != 2,
    )

    assert problems_of(message.blocks) == []
    assert_harmless(message)
    assert_figures_stay(made, message)
    assert_says_what_is_left_out(made, message)


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_a_hostile_name_in_every_slot_leaves_the_message_whole(name: str) -> None:
    made = view_named(name)
    for has_table in (True, False):
        message = render(made.view, file_id=FILE, has_table=has_table)

        assert problems_of(message.blocks) == []
        assert_harmless(message)
        assert_figures_stay(made, message)
    plain = render_plain(made.view)
    assert problems_of(plain.blocks) == []
    assert_harmless(plain)


@pytest.mark.parametrize("story", STORIES)
def test_every_kind_of_message_stays_whole_whatever_things_are_called(story: str) -> None:
    ours = set(pings_and_links("", render(STORIES[story]).blocks))
    for name in HOSTILE_NAMES:
        message = render(renamed(STORIES[story], name), file_id=FILE)

        assert problems_of(message.blocks) == []
        assert_harmless(message, links=ours)


def assert_harmless(message: SlackMessage, links: Collection[str] = (OUR_URL,)) -> None:
    """No mention, no link but ours, nothing that turns text round or breaks it, nothing that cannot be sent."""
    assert set(pings_and_links(message.text, message.blocks)) <= set(links)
    assert 0 < len(message.text) <= 4_000
    assert message.text.isprintable()
    json.dumps([message.text, *message.blocks], ensure_ascii=False).encode()


def assert_figures_stay(made: MadeView, message: SlackMessage) -> None:
    bold = "".join(
        element["text"]
        for element in message.blocks[0]["elements"][0]["elements"]  # type: ignore[index]
        if element.get("style", {}).get("bold")
    )
    assert all(figure in message.text and figure in bold for figure in made.figures)


def assert_says_what_is_left_out(made: MadeView, message: SlackMessage) -> None:
    """Shown and counted together are what there was: rows of the table, lines, buttons."""
    words = texts_of(message.blocks)
    table = next((block for block in message.blocks if block["type"] == "table"), None)
    if made.view.table and table:
        whole, counted = made.view.table.for_chat, _counted(words, "row")
        lines = len(table["rows"]) - 1 - bool(whole.total) - bool(counted)  # type: ignore[arg-type]
        assert lines + counted - len(whole.rows) in range(len(whole.sections) + 1)
    row = next((block["elements"] for block in message.blocks if block["type"] == "actions"), [])
    buttons = sum(len(element.get("options", [1])) for element in row)  # type: ignore[attr-defined]
    assert buttons + _counted(words, "button") == len(made.view.buttons)
    prose = message.blocks[0]["elements"][0]["elements"]  # type: ignore[index]
    body = sum(element["text"] == "\n" for element in prose)
    left_out = _counted(prose[-1]["text"], "line")
    assert body + left_out - bool(left_out) == len(made.view.body)


def _counted(words: str, one: str) -> int:
    found = re.search(rf"and ([\d,]+) more {one}s?\b", words)
    return int(found[1].replace(",", "")) if found else 0
