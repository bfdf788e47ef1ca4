"""Servers: which of them are linked, where the first words are said, and what follows when the bot is removed."""

import discord
import structlog

from bot.desk import Desk
from bot.platforms.discord.people import PLATFORM
from bot.ports import House

log = structlog.get_logger("spendbot.discord")

NOTE = "discord application"


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


async def gone_meanwhile(house: House, desk: Desk, client: discord.Client) -> None:
    """Stop what is done for linked servers that the bot is not in any more: it was removed while it was off.

    Only where the same application found its servers before: another bot's token is in none of them, and that must not
    destroy anything.
    """
    application = str(client.application_id)
    here_now = {str(guild.id) for guild in client.guilds}
    home = house.store.workspace(await house.store.home(house.now()))
    linked = [
        place.external_id
        for workspace_id, _ in await house.store.workspaces()
        for place in await house.store.workspace(workspace_id).installations()
        if place.platform == PLATFORM and place.removed_at is None
    ]
    is_same = await home.note(NOTE) == application
    for external_id in linked if is_same else ():
        if external_id not in here_now:
            log.warning("server_left_meanwhile", server=external_id)
            await desk.left(PLATFORM, external_id)
    if here_now.intersection(linked):
        await home.keep_note(NOTE, application, house.now())


def channel_to_greet_in(guild: discord.Guild) -> discord.TextChannel | None:
    """Return where the first words are posted: where Discord's own welcome goes, else the topmost; None if nowhere."""
    first = [guild.system_channel] if guild.system_channel is not None else []
    return next((channel for channel in [*first, *guild.text_channels] if may_write(channel)), None)


def may_write(channel: discord.TextChannel) -> bool:
    """Tell whether the bot may post a whole message there."""
    rights = channel.permissions_for(channel.guild.me)
    return rights.view_channel and rights.send_messages and rights.embed_links
