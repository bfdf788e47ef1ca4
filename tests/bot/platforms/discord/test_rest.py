"""Requests to Discord against our own Discord on loopback: each way to fail, and what is known afterwards."""

import asyncio
import socket

import pytest

from bot.errors import ChatError
from bot.platforms.discord.rest import File, RefusedError, Rest
from tests.fakes.discord import AI_SPEND, Discord

MESSAGES = f"/channels/{AI_SPEND}/messages"
BODY = {"content": "Spike", "allowed_mentions": {"parse": []}}


async def refused(rest: Rest) -> ChatError:
    with pytest.raises(ChatError) as caught:
        await rest.call("POST", MESSAGES, body=BODY)
    return caught.value


async def test_a_message_arrives_with_its_file(discord: Discord, rest: Rest) -> None:
    body = {**BODY, "attachments": [{"id": 0, "filename": "chart.png", "description": "A line"}]}
    answer = await rest.call("POST", MESSAGES, body=body, files=[File("chart.png", b"PNG")])

    assert discord.world.seen() == ["Spike"]
    [message] = discord.world.messages
    assert answer["id"] == message.id
    assert [(a.filename, a.description, a.content) for a in message.attachments] == [
        ("chart.png", "A line", b"PNG")
    ]


@pytest.mark.parametrize("fault", ["503 taken", "reset taken", "silent taken"])
async def test_a_lost_answer_leaves_the_outcome_unknown(discord: Discord, rest: Rest, fault: str) -> None:
    discord.faults.add("post", fault)

    assert not (await refused(rest)).outcome_known
    assert discord.world.seen() == ["Spike"]


async def test_nothing_is_sent_twice_by_itself(discord: Discord, rest: Rest) -> None:
    discord.faults.add("post", "503", "reset", "503 taken")
    for _ in range(3):
        await refused(rest)

    assert len(discord.world.calls) == 3
    assert discord.world.seen() == ["Spike"]


async def test_a_429_says_at_once_how_long_to_wait_and_nothing_is_asked_before(
    discord: Discord, rest: Rest
) -> None:
    discord.faults.add("post", "429")

    first, second = await refused(rest), await refused(rest)

    assert first.retry_after_s == 7
    assert second.retry_after_s is not None
    assert 6 < second.retry_after_s <= 7
    assert len(discord.world.calls) == 1


async def test_a_global_429_holds_everything(discord: Discord, rest: Rest) -> None:
    discord.faults.add("post", "429 global")
    await refused(rest)

    with pytest.raises(ChatError):
        await rest.call("GET", "/users/@me")
    assert len(discord.world.calls) == 1


@pytest.mark.parametrize(("fault", "code"), [("403", 50013), ("403 access", 50001), ("404", 10003)])
async def test_a_closed_channel_is_refused_for_good(
    discord: Discord, rest: Rest, fault: str, code: int
) -> None:
    discord.faults.add("post", fault)
    error = await refused(rest)

    assert isinstance(error, RefusedError)
    assert (error.permanent, error.closes_channel, error.code) == (True, True, code)


async def test_a_deleted_message_closes_no_channel(discord: Discord, rest: Rest) -> None:
    with pytest.raises(RefusedError) as caught:
        await rest.call("PATCH", f"{MESSAGES}/1", body=BODY)

    assert not caught.value.closes_channel


async def test_after_a_refused_token_nothing_is_asked_any_more(discord: Discord) -> None:
    rest = Rest("canary-wrong-token", discord.url)
    errors = [await refused(rest), await refused(rest)]
    await rest.close()

    assert [error.permanent for error in errors] == [True, True]
    assert len(discord.world.calls) == 1
    assert "canary" not in "".join(str(error) + repr(error) + repr(rest) for error in errors)


async def test_a_refused_connection_is_known_to_have_delivered_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        rest = Rest("canary-token", f"http://127.0.0.1:{unused.getsockname()[1]}/api/v10")
        error = await refused(rest)
    await rest.close()

    assert (error.outcome_known, error.permanent) == (True, False)


async def test_a_page_of_a_proxy_closes_nothing() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        page = b"<html>Access denied</html>"
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: %d\r\n\r\n%s" % (len(page), page))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    rest = Rest("canary-token", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/v10")
    error = await refused(rest)
    await rest.close()
    server.close()
    await server.wait_closed()

    assert (error.permanent, error.outcome_known) == (False, True)
