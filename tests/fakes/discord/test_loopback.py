"""Our loopback Discord keeps Discord's rules, asked with discord.py's own client."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord as library
import pytest
from discord.http import Route

from tests.fakes.discord import AI_SPEND, GUILD_ID, Discord
from tests.fakes.discord.acts import ANSWER_WITHIN_S

NO_PINGS: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord() as there:
        yield there


@pytest.fixture
async def client(discord: Discord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[library.Client]:
    monkeypatch.setattr(Route, "BASE", discord.url)
    async with library.Client(intents=library.Intents.none()) as client:
        await client.login(discord.token)
        yield client


async def post(client: library.Client, channel: str = AI_SPEND, **body: Any) -> Any:
    route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
    return await client.http.request(route, json={"content": "words", **NO_PINGS, **body})


async def refused(call: Any) -> tuple[int, int]:
    with pytest.raises(library.HTTPException) as caught:
        await call
    return caught.value.status, caught.value.code


async def test_an_enforced_nonce_gives_the_first_message_again_for_some_minutes(
    discord: Discord, client: library.Client
) -> None:
    first = await post(client, nonce="n1", enforce_nonce=True)
    again = await post(client, nonce="n1", enforce_nonce=True)
    discord.world.forget_nonces()
    later = await post(client, nonce="n1", enforce_nonce=True)

    assert again["id"] == first["id"]
    assert later["id"] != first["id"]


async def test_a_nonce_that_is_not_enforced_drops_nothing(discord: Discord, client: library.Client) -> None:
    await post(client, nonce="n1")
    await post(client, nonce="n1")

    assert discord.world.seen() == ["words", "words"]


async def test_discords_limits_are_kept(client: library.Client) -> None:
    button = {"type": 2, "style": 2, "label": "x", "custom_id": "same"}

    assert await refused(post(client, content="x" * 2001)) == (400, 50035)
    assert await refused(post(client, nonce="x" * 26)) == (400, 50035)
    assert await refused(post(client, embeds=[{"description": "x" * 4000}, {"description": "y" * 2001}])) == (
        400,
        50035,
    )
    assert await refused(post(client, components=[{"type": 1, "components": [button, button]}])) == (
        400,
        50035,
    )
    assert await refused(post(client, allowed_mentions={"parse": ["everyone"]})) == (400, 50035)


async def test_unknown_and_closed_channels_are_refused(discord: Discord, client: library.Client) -> None:
    discord.world.guilds[GUILD_ID].channels[AI_SPEND].can_write = False

    assert await refused(post(client, "1")) == (404, 10003)
    assert await refused(post(client)) == (403, 50013)
    assert discord.world.refused == 1


async def test_a_wrong_token_is_refused(discord: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", discord.url)
    async with library.Client(intents=library.Intents.none()) as client:
        with pytest.raises(library.LoginFailure):
            await client.login("wrong")


async def answer(discord: Discord, act: Any, body: Any) -> int:
    url = f"{discord.url}/interactions/{act.id}/{act.token}/callback"
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as response:
        return response.status


async def test_an_act_is_answered_once_and_in_time(discord: Discord) -> None:
    discord.world.commands = [{"id": "1", "name": "spend", "options": []}]
    act = await discord.slash("spend")
    late = await discord.slash("spend")
    late.at -= ANSWER_WITHIN_S + 1

    assert await answer(discord, act, {"type": 5, "data": {"flags": 64}}) == 204
    assert await answer(discord, act, {"type": 5}) == 400
    assert await answer(discord, late, {"type": 5}) == 404
    assert [each.refusals[0][1] for each in (act, late)] == [40060, 10062]


async def test_what_was_never_synced_cannot_be_used(discord: Discord) -> None:
    with pytest.raises(KeyError):
        await discord.slash("spend today")


async def test_it_runs_as_a_process_of_its_own_and_ends_by_itself() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.discord", "--seconds", "1", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    about = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession(headers={"Authorization": f"Bot {about['token']}"}) as session:
        url = f"{about['api_url']}/channels/{AI_SPEND}/messages"
        await session.post(url, json={"content": "words", **NO_PINGS})
        async with session.get(f"{about['control_url']}/seen") as response:
            shown = await response.json()

    assert [message["text"] for message in shown["messages"]] == ["words"]
    assert await process.wait() == 0
