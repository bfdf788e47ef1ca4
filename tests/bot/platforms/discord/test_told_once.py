"""Whatever Discord does to a post, in any order: people see it exactly once, and never marked as a repeat."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.announce import announce
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.send import DiscordPlatform
from bot.ports import Platform
from spend.notify import DeliveryState, IncidentKind, NewDelivery, Op
from tests.bot.jobs.telling_house import FIRST, Telling, make_empty, telling_house
from tests.fakes.discord import AI_SPEND, Discord

FAULTS = st.lists(
    st.sampled_from(["503", "503 taken", "reset", "reset taken", "429", "400", "killed", "find 503"]),
    max_size=5,
)
PAUSES = st.sampled_from([timedelta(seconds=20), timedelta(minutes=20)])
NOTE = {"title": "connected", "lead": "Mira Okafor disconnected Harbor OpenAI.", "body": []}
POST = NewDelivery(step="first", installation_id="D1", platform="discord", channel=AI_SPEND, op=Op.POST)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "spendbot.db"
    asyncio.run(make_empty(path))
    return path


@given(FAULTS, PAUSES)
@settings(max_examples=12)
def test_it_is_seen_exactly_once(empty: Path, faults: list[str], pause: timedelta) -> None:
    seen, state = asyncio.run(told_under(faults, pause, empty))

    assert state is DeliveryState.SENT
    assert len(seen) == 1
    assert "(possible repeat)" not in seen[0]


async def told_under(faults: list[str], pause: timedelta, empty: Path) -> tuple[list[str], DeliveryState]:
    """Post one note while Discord does this to each attempt; return what people see, and the end."""
    with tempfile.TemporaryDirectory() as folder:
        async with Discord() as discord:
            platforms: dict[str, Platform] = {}
            async with telling_house(Path(folder), empty, platforms) as telling:

                def seconds() -> float:
                    return telling.clock.now.timestamp()

                rest = Rest(discord.token, discord.url, clock=seconds)
                platforms["discord"] = DiscordPlatform(rest)
                discord.world.clock = seconds
                await telling.find(FIRST, POST, kind=IncidentKind.NOTICE, evidence=NOTE)
                for fault in [*faults, *[""] * 3]:
                    telling.clock.now += pause if fault else timedelta(minutes=20)
                    await attempt(telling, discord, fault)
                [delivery] = await telling.workspace.deliveries()
                await rest.close()
            return discord.world.seen(), delivery.state


async def attempt(telling: Telling, discord: Discord, fault: str) -> None:
    """Deliver what can be delivered now, while this goes wrong."""
    if fault == "killed":
        await telling.workspace.claim_deliveries(telling.clock.now, telling.house.fencing)
        await telling.restart()
        return
    kind, what = ("find", "503") if fault == "find 503" else ("post", fault)
    discord.faults.add(kind, *([what] if what else []))
    await announce(telling.house, telling.clock.now)
    discord.faults.waiting.clear()
