"""What the bot may do in a channel, worked out from the server's roles and the channel's exceptions.

Facts: Discord's API reference, Permissions, "Permission Overwrites" (checked 2026-11-20): the server's roles add up;
then the channel takes and gives for everyone, then for all roles at once, then for the member alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.platforms.discord.rest import RefusedError, Rest

ADMINISTRATOR = 1 << 3
NEEDED = {
    1 << 10: "View Channel",
    1 << 11: "Send Messages",
    1 << 14: "Embed Links",
    1 << 15: "Attach Files",
    1 << 16: "Read Message History",
}
EVERYTHING = sum(NEEDED)
TO_POST = frozenset({"View Channel", "Send Messages"})  # without the others a message still arrives, plainer


async def missing_rights(
    rest: Rest, channel_id: str, own_id: str, *, of_server: str | None = None
) -> list[str]:
    """Return what the bot needs in a channel and may not do there, as Discord names it; empty when all is well.

    of_server: whose channel it must be, where that matters: one bot serves many servers, and in another all is missing.
    A direct conversation and a thread have no exceptions of their own and miss nothing. Raises ChatError when Discord
    does not answer.
    """
    try:
        channel = await rest.call("GET", f"/channels/{channel_id}")
        if of_server is not None and str(channel.get("guild_id")) != of_server:
            return list(NEEDED.values())
        if "guild_id" not in channel or "permission_overwrites" not in channel:
            return []
        server = f"/guilds/{channel['guild_id']}"
        roles = (await rest.call("GET", server))["roles"]
        mine = (await rest.call("GET", f"{server}/members/{own_id}"))["roles"]
    except RefusedError as err:
        if err.status == 403:
            return [NEEDED[1 << 10]]
        raise
    allowed = _allowed(str(channel["guild_id"]), own_id, roles, mine, channel["permission_overwrites"])
    return [name for flag, name in NEEDED.items() if not allowed & flag]


def _allowed(
    everyone: str,
    own_id: str,
    roles: Sequence[Mapping[str, Any]],
    mine: Sequence[str],
    exceptions: Sequence[Mapping[str, Any]],
) -> int:
    """Return the flags of what is allowed. The role of all members has the server's own id."""
    held = {everyone, *map(str, mine)}
    allowed = _any(int(role["permissions"]) for role in roles if str(role["id"]) in held)
    if allowed & ADMINISTRATOR:
        return EVERYTHING
    for whom in ({everyone}, held - {everyone}, {own_id}):
        concerned = [each for each in exceptions if str(each["id"]) in whom]
        allowed &= ~_any(int(each["deny"]) for each in concerned)
        allowed |= _any(int(each["allow"]) for each in concerned)
    return allowed


def _any(flags: Iterable[int]) -> int:
    total = 0
    for each in flags:
        total |= each
    return total
