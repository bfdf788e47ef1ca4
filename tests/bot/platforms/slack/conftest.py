"""A loopback Slack, our platform that posts to it, and a bot to which both vendors are connected."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platforms.slack.calls import make_client
from bot.platforms.slack.send import SlackPlatform
from bot.platforms.slack.upload import Uploads
from tests.bot.platforms.slack.open_slack import connect_both
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as running:
        yield running


@pytest.fixture
def platform(slack: FakeSlack) -> SlackPlatform:
    client = make_client(slack.world.bot_token, slack.api_url, timeout_s=2)
    return SlackPlatform(client, Uploads(client, looks_s=(0.01,) * 3), file_waits_s=(0.01, 0.01))


@pytest.fixture(scope="session")
def _connected_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("connected")
    asyncio.run(connect_both(folder))
    return folder


@pytest.fixture
def connected(_connected_once: Path, tmp_path: Path) -> Path:
    """The folder of a bot that has read both vendors: a copy for each test."""
    return shutil.copytree(_connected_once, tmp_path / "bot")
