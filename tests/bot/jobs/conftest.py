"""Houses that tell their incidents on a chat platform of the loopback."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot.jobs.telling_house import (
    Telling,
    make_empty,
    telling_house,
)
from tests.fakes.chat import ChatPlatform, ChatService

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the newest schema with nothing in it."""
    path = tmp_path_factory.mktemp("empty") / "spendbot.db"
    asyncio.run(make_empty(path))
    return path


@pytest.fixture
async def chat() -> AsyncIterator[ChatService]:
    async with ChatService() as service:
        yield service


@pytest.fixture
async def slack(chat: ChatService, empty: Path, tmp_path: Path) -> AsyncIterator[Telling]:
    """A platform that neither drops repeats nor can be searched."""
    async with telling_house(tmp_path, empty, {"slack": ChatPlatform(chat)}) as telling:
        yield telling


@pytest.fixture
async def discord(chat: ChatService, empty: Path, tmp_path: Path) -> AsyncIterator[Telling]:
    """A platform that drops repeats for two minutes and can be searched; pictures travel inside messages."""
    chat.drops_repeats = True
    platform = ChatPlatform(chat, drops_repeats_for=2 * MINUTE, can_find=True, uploads_first=False)
    async with telling_house(tmp_path, empty, {"slack": platform}) as telling:
        yield telling
