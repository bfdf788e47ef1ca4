"""A Discord on loopback, and what the bot speaks to it with."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.discord.rest import Rest
from bot.platforms.discord.send import DiscordPlatform
from tests.fakes.discord import Discord


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    """The loopback Discord."""
    async with Discord() as there:
        yield there


@pytest.fixture
async def rest(discord: Discord) -> AsyncIterator[Rest]:
    """A client with the right token that waits for a second at most."""
    client = Rest(discord.token, discord.url, deadline_s=1.0)
    yield client
    await client.close()


@pytest.fixture
def platform(rest: Rest) -> DiscordPlatform:
    """The platform over it."""
    return DiscordPlatform(rest)
