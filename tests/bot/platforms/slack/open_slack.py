"""A whole bot that listens to a loopback Slack: vendors, database, desk and app. Nothing between is replaced."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import web

from bot.desk import Desk
from bot.errors import PlatformError
from bot.platforms.slack.app import SlackApp
from bot.platforms.slack.calls import make_client
from bot.platforms.slack.http_mode import PATH
from bot.platforms.slack.send import SlackPlatform
from bot.platforms.slack.setup import SlackSetup
from bot.platforms.slack.socket_mode import Patience
from bot.platforms.slack.upload import Uploads
from tests.bot.open_desk import Desk as Bot
from tests.bot.open_desk import asked_claude, metered, open_desk, used
from tests.fakes.slack import FakeSlack

ACCOUNTS = metered([used(19, 8)], [asked_claude(19, 9)])
QUICK = Patience(connect_s=10, look_s=0.05, say_s=0.1, give_up_s=3, ping_s=2)


@dataclass
class Running:
    """The bot, its Slack, and the app between them."""

    bot: Bot
    slack: FakeSlack
    app: SlackApp
    platform: SlackPlatform
    listening: "asyncio.Task[None]"


async def connect_both(folder: Path) -> None:
    """Make a bot to which both vendors are connected, with all their history."""
    async with open_desk(folder, ACCOUNTS) as bot:
        await bot.connect("openai", "Harbor OpenAI")
        await bot.connect("anthropic", "Harbor Anthropic")
        # the first picture loads the library that draws: not while a test waits for one
        await bot.house.pictures.draw(await bot.view("spend today"), theme="light")


@asynccontextmanager
async def open_slack(
    folder: Path, *, over_http: bool = False, slack: FakeSlack | None = None
) -> AsyncIterator[Running]:
    """Let the bot of a folder listen to its Slack; a new folder is a bot with nothing connected."""
    async with slack or FakeSlack() as running, open_desk(folder, ACCOUNTS) as bot:
        openai, anthropic = bot.vendors.openai.base_url, bot.vendors.anthropic.base_url
        urls = {"openai": openai, "anthropic": anthropic}
        bot.house.config = replace(bot.house.config, base_urls=urls)
        world = running.world
        client = make_client(world.bot_token, running.api_url, timeout_s=3)
        platform = SlackPlatform(
            client, Uploads(client, looks_s=(0.02,) * 5 + (0.1,) * 60), file_waits_s=(0.02, 0.02)
        )
        bot.house.platforms["slack"] = platform
        app = SlackApp(_setup(running, over_http), Desk(bot.house), platform, patience=QUICK)
        async with _web_server(app, running, over_http):
            listening = asyncio.create_task(app.run())
            try:
                async with asyncio.timeout(10):
                    await app.ready.wait()
                await world.until(lambda: over_http or running.sockets.connections)
                yield Running(bot, running, app, platform, listening)
            finally:
                listening.cancel()
                with suppress(asyncio.CancelledError, PlatformError):
                    await listening


def new_app(running: Running) -> SlackApp:
    """Return another app for the same bot: what `run` says of tokens can be looked at."""
    desk = Desk(running.bot.house)
    return SlackApp(_setup(running.slack, over_http=False), desk, running.platform, patience=QUICK)


def _setup(slack: FakeSlack, over_http: bool) -> SlackSetup:
    return SlackSetup(
        bot_token=slack.world.bot_token,
        app_token="" if over_http else slack.world.app_token,
        signing_secret=slack.world.signing_secret,
        api_url=slack.api_url,
    )


@asynccontextmanager
async def _web_server(app: SlackApp, slack: FakeSlack, over_http: bool) -> AsyncIterator[None]:
    if not over_http:
        yield
        return
    served = web.Application()
    served.router.add_route("*", PATH, app.handlers[PATH])
    runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    yield
    await runner.cleanup()
