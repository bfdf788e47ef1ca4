"""Announcements on their way through our platform into a loopback Slack: what is seen, once, and what is said of it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.announce import announce
from bot.platforms.slack.send import SlackPlatform
from spend.notify import DeliveryState, Op
from tests.bot.jobs.telling_house import FIRST, GREW, Telling, by_mira, delivery, make_empty, telling_house
from tests.fakes.slack import FakeSlack, Message
from tests.fakes.slack.world import ELSEWHERE, GENERAL

MIRA = "U0MIRAOKA"
SPIKE = "Spike: agents-nightly spent $11.55 since 10:00, usually nothing at this time."


@dataclass
class Teller:
    """A house that tells, and the Slack it tells it in."""

    telling: Telling
    slack: FakeSlack
    platform: SlackPlatform

    async def tell(self, channel: str = GENERAL) -> None:
        """Queue the spike for a channel, and deliver what can be delivered now."""
        await self.telling.find(FIRST, delivery(channel=channel))
        await self.look()

    async def look(self, after: timedelta = timedelta()) -> None:
        """Deliver what can be delivered, some time later."""
        self.telling.clock.now += after
        await announce(self.telling.house, self.telling.clock.now)

    def seen(self) -> list[Message]:
        """What everybody in the channel sees."""
        return self.slack.world.in_channel()

    async def states(self) -> list[DeliveryState]:
        """What became of every delivery."""
        return [each.state for each in await self.telling.workspace.deliveries()]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "spendbot.db"
    asyncio.run(make_empty(path))
    return path


@pytest.fixture
async def teller(
    slack: FakeSlack, platform: SlackPlatform, empty: Path, tmp_path: Path
) -> AsyncIterator[Teller]:
    async with telling_house(tmp_path, empty, {"slack": platform}) as telling:
        yield Teller(telling, slack, platform)


async def test_an_alert_is_text_first_and_its_picture_enters_the_same_message(teller: Teller) -> None:
    teller.slack.world.ready_after_asks = 1

    await teller.tell()

    [message] = teller.seen()
    assert message.text.startswith(SPIKE)
    assert ["slack_file" in str(version["blocks"]) for version in message.versions] == [False, True]
    assert message.words.count("Acknowledge") == 1


async def test_growth_is_an_edit_with_its_picture_and_a_line_in_the_thread(teller: Teller) -> None:
    await teller.tell()
    [message] = teller.seen()
    told = await teller.telling.workspace.deliveries()

    edit, line = delivery("grew-1", Op.EDIT, GENERAL), delivery("grew-1", Op.REPLY, GENERAL)
    await teller.telling.find(GREW, edit, line)
    await teller.look(timedelta(minutes=15))

    assert len(message.pictures) == 1
    assert len(message.versions) == 3
    assert len(teller.slack.world.in_channel(thread_ts=message.ts)) == 1
    assert len(told) == 2


async def test_a_picture_that_is_never_ready_follows_in_the_thread(teller: Teller) -> None:
    teller.slack.world.ready_after_asks = 99

    await teller.tell()

    [message] = teller.seen()
    [follows] = teller.slack.world.in_channel(thread_ts=message.ts)
    assert message.pictures == []
    assert len(follows.pictures) == 1
    assert set(await teller.states()) == {DeliveryState.SENT}


async def test_429_is_waited_out_as_told_and_never_before(teller: Teller) -> None:
    teller.slack.fail("chat.postMessage", "429", retry_after_s=40)
    await teller.tell()

    await teller.look(timedelta(seconds=39))
    assert len(teller.slack.world.called("chat.postMessage")) == 1
    await teller.look(timedelta(seconds=2))

    [message] = teller.seen()
    assert "(possible repeat)" not in message.words


@pytest.mark.parametrize("fault", ["500 taken", "reset taken", "garbage taken"])
async def test_an_unknown_outcome_is_one_marked_repeat_and_no_more(teller: Teller, fault: str) -> None:
    teller.slack.fail("chat.postMessage", fault)
    await teller.tell()

    for _ in range(5):
        await teller.look(timedelta(minutes=1))

    first, again = teller.seen()
    assert "(possible repeat)" not in first.words
    assert "(possible repeat)" in again.words


async def test_silence_is_one_marked_repeat_too(teller: Teller) -> None:
    teller.slack.fail("chat.postMessage", "silent taken")
    await teller.tell()
    await teller.look(timedelta(minutes=1))

    assert ["(possible repeat)" in each.words for each in teller.seen()] == [False, True]


async def test_a_channel_it_was_removed_from_is_told_to_the_admins_once(teller: Teller) -> None:
    workspace = teller.telling.workspace
    await workspace.add_installation(
        "slack", teller.slack.world.team_id, "Harbor Notes", by_mira("installed")
    )
    await workspace.change_settings(by_mira("admins"), admins=(f"slack:{MIRA}",))

    await teller.tell(ELSEWHERE)
    for _ in range(3):
        await teller.look(timedelta(minutes=1))

    [told] = teller.slack.world.told_directly(MIRA)
    assert "cannot be posted: spendbot is not in that channel. Invite it again" in told.text
    assert len(teller.slack.world.called("chat.postMessage")) == 2


async def test_a_refused_token_loses_nothing_once_it_is_mended(teller: Teller) -> None:
    now = 0.0
    teller.platform.clock = lambda: now
    teller.slack.fail("*", "token_revoked", times=0)
    await teller.tell()
    for _ in range(3):
        await teller.look(timedelta(minutes=1))
    assert len(teller.slack.world.calls) == 1, "it stopped posting"

    teller.slack.faults.mend()
    now = 3600.0
    await teller.look(timedelta(hours=1))

    [message] = teller.seen()
    assert "(possible repeat)" not in message.words


async def test_one_channel_that_waits_holds_up_no_other(teller: Teller) -> None:
    teller.slack.world.channels[ELSEWHERE].has_bot = True
    teller.slack.fail("chat.postMessage", "429", retry_after_s=600)
    await teller.tell()

    await teller.telling.find(FIRST, delivery(channel=ELSEWHERE), key="spike:c2")
    await teller.look(timedelta(seconds=1))

    assert teller.seen() == []
    assert len(teller.slack.world.in_channel(ELSEWHERE)) == 1
