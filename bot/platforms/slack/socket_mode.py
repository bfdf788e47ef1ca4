"""Socket Mode: the websocket over which Slack's acts arrive, opened again whenever it is lost.

The SDK opens it again by itself, but may try one worn-out address for ever, and writes a traceback at every try. So it
is watched here, quietly: lost for too long, it ends, and whoever started it starts it anew.

Facts: slack_sdk 3.47.0, `socket_mode/aiohttp`; Slack, "Using Socket Mode", checked 2026-11-20.
"""

import asyncio
from dataclasses import dataclass

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PlatformError
from bot.platforms.slack.calls import called, silent_logger
from bot.platforms.slack.refusals import SlackError

log = structlog.get_logger("spendbot.slack")


@dataclass(frozen=True, slots=True)
class Patience:
    """Times in seconds: to connect, between looks, until a loss is said, until the connection is given up."""

    connect_s: float = 20.0
    look_s: float = 1.0
    say_s: float = 5.0
    give_up_s: float = 60.0
    ping_s: float = 10.0


async def listen(bolt: AsyncApp, client: AsyncWebClient, app_token: str, patience: Patience) -> None:
    """Listen until cancelled. Raises PlatformError when no connection can be had."""
    url = await _address(client, app_token)
    handler = AsyncSocketModeHandler(
        bolt,
        app_token,
        logger=silent_logger(),
        web_client=client,
        proxy=client.proxy,
        ping_interval=patience.ping_s,
    )
    handler.client.proxy = client.proxy  # the SDK looks into the environment where it is told of none
    handler.client.wss_uri = url
    try:
        async with asyncio.timeout(patience.connect_s):
            await handler.client.connect()  # type: ignore[no-untyped-call] # as the SDK has it
        log.info("slack_connected")
        await _watch(handler, patience)
    except TimeoutError:
        raise PlatformError("Slack's websocket cannot be opened.") from None
    finally:
        await handler.client.close()  # type: ignore[no-untyped-call] # as the SDK has it


async def _address(client: AsyncWebClient, app_token: str) -> str:
    try:
        answer = await called(lambda: client.apps_connections_open(app_token=app_token))
    except SlackError as err:
        hint = " Check SPENDBOT_SLACK_APP_TOKEN and its scope connections:write." if err.is_token else ""
        raise PlatformError(f"{err.sentence}{hint}") from None
    url = answer.get("url")
    if not isinstance(url, str):
        raise PlatformError("Slack names no address for a websocket.")
    return url


async def _watch(handler: AsyncSocketModeHandler, patience: Patience) -> None:
    """Look whether it is connected; say once that it is lost and once that it is back."""
    loop = asyncio.get_running_loop()
    seen_at, is_said = loop.time(), False
    while True:
        await asyncio.sleep(patience.look_s)
        if await handler.client.is_connected():
            if is_said:
                log.info("slack_connected_again")
            seen_at, is_said = loop.time(), False
            continue
        lost_s = loop.time() - seen_at
        if lost_s >= patience.say_s and not is_said:
            log.warning("slack_connection_lost")
            is_said = True
        if lost_s >= patience.give_up_s:
            raise PlatformError(f"Slack's websocket is lost since {lost_s:.0f} s.")
