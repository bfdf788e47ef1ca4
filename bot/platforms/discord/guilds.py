"""Servers: which of them are linked, where the first words are said, and what follows when the bot is removed."""

import discord
import structlog

from bot.desk import Desk
from bot.platforms.discord.people import PLATFORM

log = structlog.get_logger("spendbot.discord")


async def here(desk: Desk, guild: discord.Guild) -> None:
    """Link a server the bot is in, and greet there once. A server that belongs to no workspace is told when it asks."""
    channel = channel_to_greet_in(guild)
    place = await desk.joined(
        PLATFORM, str(guild.id), guild.name, greet_in=str(channel.id) if channel is not None else ""
    )
    if place is None:
        log.info("server_not_linked", server=str(guild.id))


async def gone(desk: Desk, guild: discord.Guild) -> None:
    """Stop what is done for a server."""
    log.info("server_left", server=str(guild.id))
    await desk.left(PLATFORM, str(guild.id))


def channel_to_greet_in(guild: discord.Guild) -> discord.TextChannel | None:
    """Return where the first words are posted: where Discord's own welcome goes, else the topmost; None if nowhere."""
    first = [guild.system_channel] if guild.system_channel is not None else []
    return next((channel for channel in [*first, *guild.text_channels] if may_write(channel)), None)


def may_write(channel: discord.TextChannel) -> bool:
    """Tell whether the bot may post a whole message there."""
    rights = channel.permissions_for(channel.guild.me)
    return rights.view_channel and rights.send_messages and rights.embed_links
