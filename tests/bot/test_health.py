"""The health page and the heartbeat, over real sockets."""

from datetime import timedelta
from pathlib import Path

import aiohttp
import structlog
from aiohttp import web

from bot.health import LastTick, web_server
from bot.heartbeat import Heartbeat
from tests.bot.demo.shop import shop
from tests.bot.open_desk import NOON, Desk, open_desk
from tests.fakes.serving import free_port


def on_a_free_port(desk: Desk) -> int:
    """Let the bot serve on a free port, and return it."""
    port = free_port()
    desk.house.config.values["HTTP_PORT"] = port  # type: ignore[index]
    return port


async def _get(port: int) -> tuple[int, dict[str, object]]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status, await answer.json()


async def test_a_well_bot_says_how_old_each_connection_is_and_names_nobody(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")
        desk.clock.now += timedelta(seconds=90)
        tick, port = LastTick(), on_a_free_port(desk)
        tick.at = desk.clock()

        async with web_server(desk.house, tick):
            status, seen = await _get(port)

        assert status == 200
        assert seen["connections"] == [{"provider": "openai", "state": "active", "age_s": 90}]
        assert "Harbor" not in str(seen)


async def test_a_bot_that_stopped_looking_is_not_well(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        tick, port = LastTick(), on_a_free_port(desk)
        tick.at = desk.clock() - timedelta(minutes=2)

        async with web_server(desk.house, tick):
            status, seen = await _get(port)

        assert (status, seen["status"]) == (503, "failing")


async def test_a_stale_connection_is_told_and_does_not_make_the_bot_ill(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")
        desk.clock.now += timedelta(hours=3)
        tick, port = LastTick(), on_a_free_port(desk)
        tick.at = desk.clock()

        async with web_server(desk.house, tick):
            status, seen = await _get(port)

        assert status == 200
        assert seen["connections"] == [{"provider": "openai", "state": "stale", "age_s": 10800}]


async def test_the_heartbeat_is_called_at_most_once_a_minute() -> None:
    calls: list[str] = []

    async def note(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_get("/ping/secret", note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    heartbeat = Heartbeat(f"http://127.0.0.1:{port}/ping/secret")

    await heartbeat.beat(NOON)
    await heartbeat.beat(NOON + timedelta(seconds=59))
    await heartbeat.beat(NOON + timedelta(seconds=60))

    await runner.cleanup()
    assert calls == ["/ping/secret", "/ping/secret"]


async def test_a_dead_heartbeat_address_is_logged_once_and_without_it() -> None:
    heartbeat = Heartbeat(f"http://127.0.0.1:{free_port()}/ping/secret")

    with structlog.testing.capture_logs() as logs:
        await heartbeat.beat(NOON)
        await heartbeat.beat(NOON + timedelta(minutes=2))

    assert [entry["event"] for entry in logs] == ["heartbeat_failed"]
    assert "secret" not in repr(logs)
