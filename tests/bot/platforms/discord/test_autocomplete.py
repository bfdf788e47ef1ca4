"""Suggestions, as people in a simulated server see them while they type."""

from pathlib import Path

import pytest

from bot.platforms.discord.autocomplete import choices
from tests.bot.platforms.discord.simulated import Server, open_server


async def suggested(server: Server, words: str, option: str, typed: str) -> list[str]:
    choices = await server.dana.autocomplete(server.channel, words, option, typed)
    return [choice["value"] for choice in choices]


async def test_windows_and_names_are_suggested(connected: Path) -> None:
    async with open_server(connected) as server:
        assert await suggested(server, "spend show", "window", "last") == [
            "last week",
            "last month",
            "last 7 days",
        ]
        assert await suggested(server, "spend show", "filter", "model:gp") == ["model:gpt-5.2"]
        assert await suggested(server, "spend disconnect", "name", "harbor o") == ["Harbor OpenAI"]
        assert await suggested(server, "spend price set", "model", "claude") == ["claude-opus-5"]
        assert await suggested(server, "spend price discount", "connection", "") == [
            "Harbor Anthropic",
            "Harbor OpenAI",
        ]


async def test_a_second_filter_is_suggested_behind_the_first(connected: Path) -> None:
    async with open_server(connected) as server:
        found = await suggested(server, "spend show", "filter", "model:gpt-5* provider:o")

    assert found == ["model:gpt-5* provider:openai"]


async def test_zones_are_suggested_by_any_part_of_their_name(connected: Path) -> None:
    async with open_server(connected) as server:
        assert await suggested(server, "spend summary at", "zone", "berl") == ["Europe/Berlin"]


async def test_more_choices_than_discord_shows_are_suggested(connected: Path) -> None:
    async with open_server(connected) as server:
        assert await suggested(server, "budget set", "currency", "eu") == ["EUR"]
        assert len(await suggested(server, "budget set", "currency", "")) == 25


def test_what_discord_would_refuse_is_left_out_so_that_the_rest_is_seen() -> None:
    names = [
        "gpt-5.2",
        "gpt-5.2",
        "",
        " ",
        "lone\ud800",
        "two\nlines",
        "end ",
        "\u200b",
        "x" * 100,
        "x" * 101,
        "🜁" * 51,
    ]

    assert choices(names) == ["gpt-5.2", "x" * 100]


async def test_a_suggestion_that_fails_is_an_empty_list(
    connected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_server(connected) as server:
        monkeypatch.setattr(server.bot.house, "store", None)

        assert await suggested(server, "spend show", "filter", "model:") == []
