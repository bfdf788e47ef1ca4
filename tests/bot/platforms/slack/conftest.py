"""A loopback Slack and our platform that posts to it."""

from collections.abc import AsyncIterator

import pytest

from bot.platforms.slack.calls import make_client
from bot.platforms.slack.send import SlackPlatform
from bot.platforms.slack.upload import Uploads
from tests.fakes.slack import FakeSlack


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as running:
        yield running


@pytest.fixture
def platform(slack: FakeSlack) -> SlackPlatform:
    client = make_client(slack.world.bot_token, slack.api_url, timeout_s=2)
    return SlackPlatform(client, Uploads(client, looks_s=(0.01,) * 3), file_waits_s=(0.01, 0.01))
