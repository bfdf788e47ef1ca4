"""Whatever a platform does to a message, in any order: nothing is lost unsaid, and nothing is seen twice unmarked."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.jobs.announce import announce
from spend.notify import DeliveryState, IncidentKind
from tests.bot.jobs.telling_house import Telling, make_empty, telling_house
from tests.fakes.chat import ChatPlatform, ChatService

FAULTS = st.lists(st.sampled_from(["503", "503 taken", "reset taken", "429", "400", "killed"]), max_size=4)
NOTE = {"title": "connected", "lead": "Mira Okafor disconnected Harbor OpenAI.", "body": []}
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "spendbot.db"
    asyncio.run(make_empty(path))
    return path


@given(FAULTS)
@settings(max_examples=8)
def test_where_repeats_are_dropped_or_found_it_is_seen_exactly_once(empty: Path, faults: list[str]) -> None:
    service = ChatService(drops_repeats=True)
    platform = ChatPlatform(service, drops_repeats_for=2 * MINUTE, can_find=True, uploads_first=False)

    marks, state = asyncio.run(told_under(faults, platform, empty))

    assert (marks, state) == ([False], DeliveryState.SENT)


@given(FAULTS)
@settings(max_examples=8)
def test_where_not_every_repeat_is_marked_and_what_is_given_up_is_known(
    empty: Path, faults: list[str]
) -> None:
    marks, state = asyncio.run(told_under(faults, ChatPlatform(ChatService()), empty))

    silent = sum(fault in ("503", "503 taken", "reset taken") for fault in faults)
    assert state is (DeliveryState.SENT if silent < 2 else DeliveryState.FAILED)
    assert marks[1:] == [True] * (len(marks) - 1)
    assert len(marks) >= (state is DeliveryState.SENT)


async def told_under(
    faults: list[str], platform: ChatPlatform, empty: Path
) -> tuple[list[bool], DeliveryState]:
    """Post one note while the platform does this to each attempt; return the marks that were seen, and the end."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            platform.service as service,
            telling_house(Path(folder), empty, {platform.name: platform}) as telling,
        ):
            await telling.find(kind=IncidentKind.NOTICE, evidence=NOTE)
            for fault in [*faults, "", "", ""]:
                telling.clock.now += 20 * MINUTE
                if fault == "killed":
                    await claimed_and_killed(telling)
                    continue
                service.faults.extend([fault] if fault else [])
                await announce(telling.house, telling.clock.now)
                service.faults.clear()
            post = (await telling.workspace.deliveries())[0]
            return ["(possible repeat)" in message.texts[0] for message in service.messages], post.state


async def claimed_and_killed(telling: Telling) -> None:
    """Take the lease of what is queued and die before anything is sent."""
    await telling.workspace.claim_deliveries(telling.clock.now, telling.house.fencing)
    await telling.restart()
