"""A whole bot whose Discord is simcord: people use its commands, buttons and forms, and see what comes of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.desk import Desk
from bot.platforms.discord.app import DiscordApp
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.send import DiscordPlatform
from bot.platforms.discord.sync import NOTE
from tests.bot.open_desk import Desk as Bot
from tests.bot.open_desk import asked_claude, metered, open_desk, used

GUILD = 800000000000000001
ACCOUNTS = metered([used(18, 9), used(19, 9)], [asked_claude(19, 9)])
SETTLE_S = 60  # a picture is drawn by a thread, and slow machines are not what is tested
NOBODY_THERE = "http://127.0.0.1:9/api/v10"


@dataclass
class Server:
    """A Discord server with the bot in it: Mira may manage it, Dana is a member."""

    env: Any
    bot: Bot
    app: DiscordApp
    guild: Any
    channel: Any
    mira: Any
    dana: Any

    def calls(self) -> list[Any]:
        """Return what the bot sent about interactions."""
        sent = self.env.http_requests
        return [call for call in sent if call.path.startswith(("/interactions", "/webhooks"))]

    def syncs(self) -> int:
        """Return how often the commands were sent."""
        return sum(
            call.method == "PUT" and call.path.endswith("/commands") for call in self.env.http_requests
        )

    async def forget_commands(self) -> None:
        """Let the bot know of other commands than it has."""
        await self.bot.store.keep_note(NOTE, "older", self.bot.clock.now)

    async def restart(self) -> None:
        """Stop the bot and start another one over the same data."""
        self.app = app_of(self.bot)
        await self.env.restart_bot(self.app.new_client())


def app_of(bot: Bot) -> DiscordApp:
    """Return a new app over a bot; its posts go nowhere, as simcord only sees what discord.py sends."""
    platform = DiscordPlatform(Rest("canary-discord-token", NOBODY_THERE))
    bot.house.platforms["discord"] = platform
    return DiscordApp(bot.house, Desk(bot.house), platform)


async def make_connected(folder: Path) -> None:
    """Make the data of a bot with two days of figures of two providers."""
    async with open_desk(folder, ACCOUNTS) as bot:
        await bot.connect("openai", "Harbor OpenAI", poll=False)
        await bot.connect("anthropic", "Harbor Anthropic")


@asynccontextmanager
async def open_server(folder: Path, *, linked: bool = True) -> AsyncIterator[Server]:
    """Open a bot over the data in a folder, in the server Harbor Notes, which is linked to it unless told not to."""
    async with open_desk(folder, ACCOUNTS) as bot:
        guilds = (str(GUILD),) if linked else ()
        config = bot.house.config
        bot.house.config = replace(config, values={**config.values, "DISCORD_GUILDS": guilds})
        app = app_of(bot)
        async with simcord.run(app.new_client(), settle_timeout=SETTLE_S) as env:
            guild = env.create_guild("Harbor Notes", id=GUILD)
            channel = guild.create_text_channel("ai-spend")
            managers = guild.create_role("Managers", permissions=discord.Permissions(manage_guild=True))
            mira = guild.add_member(env.create_user("mira", global_name="Mira Okafor"), roles=[managers])
            dana = guild.add_member(env.create_user("dana", global_name="Dana Weiss"))
            await env.settle()
            yield Server(env, bot, app, guild, channel, mira, dana)
        platform = bot.house.platforms["discord"]
        assert isinstance(platform, DiscordPlatform)
        await platform.close()
