"""Our own Discord on loopback: REST with nonces and rate limits, the gateway, and people who use what is there.

`async with Discord() as discord:` starts it; `discord.url` goes into SPENDBOT_DISCORD_API_URL and `discord.token` into
SPENDBOT_DISCORD_TOKEN. `python -m tests.fakes.discord` runs it by itself, for a bot in another process.
"""

from tests.fakes.discord.acts import Act
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import (
    AI_SPEND,
    DANA,
    GENERAL,
    GUILD_ID,
    MIRA,
    TOKEN,
    Channel,
    Guild,
    Message,
    World,
)

__all__ = [
    "AI_SPEND",
    "DANA",
    "GENERAL",
    "GUILD_ID",
    "MIRA",
    "TOKEN",
    "Act",
    "Channel",
    "Discord",
    "Guild",
    "Message",
    "World",
]
