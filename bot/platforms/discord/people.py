"""Who does something on Discord, where, and with which rights at this moment: an interaction as an `Arrival`."""

from typing import Any

import discord

from bot.desk import Arrival

PLATFORM = "discord"


def arrival_of(interaction: "discord.Interaction[Any]") -> Arrival:
    """Return what the desk wants to know. Rights are those Discord sent along with this very act."""
    guild_id = interaction.guild_id
    rights = interaction.permissions
    own_rights = interaction.app_permissions
    can_send = own_rights.send_messages_in_threads if is_thread(interaction) else own_rights.send_messages
    return Arrival(
        platform=PLATFORM,
        external_id=str(guild_id) if guild_id is not None else "",
        act_id=str(interaction.id),
        user_id=str(interaction.user.id),
        user_name=interaction.user.display_name,
        is_platform_admin=guild_id is not None and (rights.manage_guild or rights.administrator),
        may_ask=guild_id is not None and not is_user_install(interaction),
        channel=str(interaction.channel_id or ""),
        channel_name=channel_name(interaction),
        is_channel_member=own_rights.administrator or (own_rights.view_channel and can_send),
    )


def is_user_install(interaction: "discord.Interaction[Any]") -> bool:
    """Tell whether the bot is only there because this person installed it for themselves."""
    return interaction.is_user_integration() and not interaction.is_guild_integration()


def is_thread(interaction: "discord.Interaction[Any]") -> bool:
    """Tell whether it was done in a thread."""
    return isinstance(interaction.channel, discord.Thread)


def channel_name(interaction: "discord.Interaction[Any]") -> str:
    """Return the channel as people see it, `#ai-spend`; '' where it has no name."""
    name = getattr(interaction.channel, "name", None)
    return f"#{name}" if isinstance(name, str) and name else ""
