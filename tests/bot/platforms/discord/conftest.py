"""A Discord on loopback, and what the bot speaks to it with."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from discord.gateway import KeepAliveHandler

from bot.platforms.discord.rest import Rest
from bot.platforms.discord.send import DiscordPlatform
from tests.bot.platforms.discord.simulated import make_connected
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


@pytest.fixture(autouse=True)
def no_heartbeat_outlives_its_connection() -> Iterator[None]:
    """A thread that goes on beating would speak to a loop that is closed, in the middle of another test."""
    yield
    assert not [each for each in threading.enumerate() if isinstance(each, KeepAliveHandler)]


@pytest.fixture(scope="session")
def connected_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a bot that has figures, made once."""
    folder = tmp_path_factory.mktemp("connected")
    asyncio.run(make_connected(folder))
    return folder


@pytest.fixture
def connected(connected_data: Path, tmp_path: Path) -> Path:
    """A copy of that data."""
    return Path(shutil.copytree(connected_data, tmp_path / "data"))
