"""Whatever a view says and whatever people named their things: it fits, pings nobody, and reads as it was written."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings

from bot.platforms.discord.escape import one_line
from bot.platforms.discord.limits import units
from bot.platforms.discord.render import DiscordMessage, render
from bot.platforms.discord.typed import typed
from bot.views.model import Link, View
from tests.bot.platforms.discord.markdown_model import Piece, parse, visible
from tests.bot.platforms.made_views import HOSTILE_NAMES, MadeView, made_views, view_named
from tests.bot.platforms.stories import STORIES, renamed

RAW_MENTION = re.compile(
    r"@(everyone|here)|<@[!&]?\d+>|<#\d+>|</[^:>]+:\d+>|<t:-?\d|<a?:\w+:\d+>|<id:", re.IGNORECASE
)


@settings(max_examples=10_000)
@given(made_views())
def test_any_view_fits_and_says_only_what_was_meant(made: MadeView) -> None:
    message = render(made.view, has_picture=True, is_possible_repeat=len(made.names) > 1)

    assert_fits(message)
    assert_harmless(message, made.view)
    assert_figures_stay(message, made)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_in_every_slot_is_shown_and_does_nothing(name: str) -> None:
    made = view_named(name)
    message = render(made.view, has_picture=True)

    assert_fits(message)
    assert_harmless(message, made.view)
    assert_figures_stay(message, made)


@pytest.mark.parametrize("story", STORIES)
def test_two_hundred_hostile_names_leave_a_message_of_each_kind_whole(story: str) -> None:
    for name in HOSTILE_NAMES:
        view = renamed(STORIES[story], name)
        message = render(view, has_picture=True)

        assert_fits(message)
        assert_harmless(message, view)
        assert_reads_as_written(message, view)


def assert_reads_as_written(message: DiscordMessage, view: View) -> None:
    """What had room is read word for word, as if nothing had been escaped."""
    if "…" not in message.content:
        assert words(visible(message.content)) == words(typed(one_line(str(view.lead))))
    lines = visible((message.embed or {}).get("description", "")).splitlines()
    for said, shown in zip(view.body, lines, strict=False):
        if "…" not in shown:
            assert words(shown) == words(typed(one_line(str(said))))


def words(text: str) -> str:
    """The characters that are seen, in their order; gaps may be wider where a name has none."""
    return "".join(text.replace("\u200e", "").split())


def assert_fits(message: DiscordMessage) -> None:
    """Every limit of Discord's holds, and the whole can be sent as JSON."""
    body = message.payload()
    json.dumps(body).encode("utf-8")
    embed = message.embed or {}
    description, footer = embed.get("description", ""), embed.get("footer", {}).get("text", "")
    assert 0 < units(message.content) <= 2000
    assert units(description) <= 4096
    assert units(footer) <= 2048
    assert units(description) + units(footer) <= 6000
    assert units(message.alt) <= 1024
    assert set(embed) <= {"color", "description", "image", "footer"}
    assert_rows_fit(message)


def assert_rows_fit(message: DiscordMessage) -> None:
    """At most five rows of one to five buttons, each with a label and one thing it does."""
    assert len(message.components) <= 5
    buttons = [button for row in message.components for button in row["components"]]
    assert all(1 <= len(row["components"]) <= 5 for row in message.components)
    assert all(1 <= units(button["label"]) <= 80 for button in buttons)
    assert all(("url" in button) != ("custom_id" in button) for button in buttons)
    ids = [button["custom_id"] for button in buttons if "custom_id" in button]
    assert len(set(ids)) == len(ids)
    assert all(1 <= units(each) <= 100 for each in ids)


def assert_harmless(message: DiscordMessage, view: View) -> None:
    """Nobody is pinged, and nothing but our own bold, code and links is markup."""
    body = message.payload()
    assert body["allowed_mentions"] == {"parse": []}
    for text in texts(body):
        assert not RAW_MENTION.search(text)
        assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\x1b\r")
    ours = {span.url for line in view.body for span in line.spans if isinstance(span, Link)}
    lead = parse(message.content)
    pieces = [*lead, *parse((message.embed or {}).get("description", ""))]
    assert {piece.kind for piece in pieces} <= {"text", "bold", "code", "link"}
    assert {piece.address for piece in pieces if piece.address} <= ours
    assert "text" not in {piece.kind for piece in lead}, "all of it is bold"


def assert_figures_stay(message: DiscordMessage, made: MadeView) -> None:
    """However long the names are, the lead keeps its figures."""
    said = visible(message.content)
    assert all(figure in said for figure in made.figures)


def texts(body: Any) -> Iterator[str]:
    """Every text a person may see."""
    if isinstance(body, dict):
        for key, value in body.items():
            if key not in ("custom_id", "url", "filename"):
                yield from texts(value)
    elif isinstance(body, list | tuple):
        for value in body:
            yield from texts(value)
    elif isinstance(body, str):
        yield body


def test_the_properties_see_a_renderer_that_escapes_nothing() -> None:
    broken = DiscordMessage(content="**a** <@1>", embed={"description": "@everyone"}, components=())

    with pytest.raises(AssertionError):
        assert_harmless(broken, view_named("a").view)
    assert Piece("user", "<@1>") in parse(broken.content)
