"""A whole bot that listens at the loopback Discord: real sockets, the real gateway client, real posts."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.desk import Desk
from bot.errors import PlatformError
from bot.jobs.announce import announce
from bot.platforms.discord.app import DiscordApp
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.send import DiscordPlatform
from tests.bot.open_desk import Desk as Bot
from tests.bot.open_desk import open_desk
from tests.bot.platforms.discord.simulated import ACCOUNTS
from tests.fakes.discord import GUILD_ID, Discord
from tests.fakes.discord.world import WAIT_S


@dataclass
class Listening:
    """The bot, its Discord, and the task that listens."""

    bot: Bot
    discord: Discord
    platform: DiscordPlatform
    app: DiscordApp
    wakes: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] = field(init=False)

    def start(self) -> None:
        """Listen."""
        self.task = asyncio.create_task(self.app.run())

    def link(self, guild_id: str) -> None:
        """Let one more server belong to the bot."""
        config = self.bot.house.config
        guilds = (*config["DISCORD_GUILDS"], guild_id)
        self.bot.house.config = replace(config, values={**config.values, "DISCORD_GUILDS": guilds})

    async def knows_servers(self) -> None:
        """Wait until the app was told of all its servers, and did what follows from that."""
        async with asyncio.timeout(WAIT_S):
            await self.app.servers_known.wait()

    async def stop(self) -> None:
        """Stop listening, as the supervisor does."""
        self.task.cancel()
        with suppress(asyncio.CancelledError, PlatformError):
            await self.task

    async def restart(self) -> None:
        """Stop, and let another app listen over the same data."""
        await self.stop()
        self.app = DiscordApp(self.bot.house, Desk(self.bot.house), self.platform)
        self.start()
        await self.discord.connected()

    async def told(self, is_told: Callable[[], bool]) -> None:
        """Deliver what answers queue, each time one may have queued something, until people see what they should."""
        async with asyncio.timeout(WAIT_S):
            while not is_told():
                await self.wakes.wait()
                self.wakes.clear()
                await self.tell()

    async def tell(self) -> None:
        """Deliver what is queued."""
        self.bot.house.fencing = self.bot.house.fencing or 1
        await announce(self.bot.house, self.bot.clock.now)


@asynccontextmanager
async def open_listening(
    folder: Path, discord: Discord, *, linked: bool = True, token: str = ""
) -> AsyncIterator[Listening]:
    """Open a bot over the data in a folder; it listens once `start` is called."""
    async with open_desk(folder, ACCOUNTS) as bot:
        config = bot.house.config
        settings = {
            "DISCORD_GUILDS": (GUILD_ID,) if linked else (),
            "DISCORD_TOKEN": token or discord.token,
            "DISCORD_API_URL": discord.url,
        }
        urls = {"openai": bot.vendors.openai.base_url, "anthropic": bot.vendors.anthropic.base_url}
        bot.house.config = replace(config, values={**config.values, **settings}, base_urls=urls)
        platform = DiscordPlatform(Rest(token or discord.token, discord.url))
        bot.house.platforms["discord"] = platform
        app = DiscordApp(bot.house, Desk(bot.house), platform)
        listening = Listening(bot, discord, platform, app)
        bot.house.wake = listening.wakes.set
        await bot.house.pictures.warm()  # as `run` does
        try:
            yield listening
        finally:
            if hasattr(listening, "task"):
                await listening.stop()
            await platform.close()
