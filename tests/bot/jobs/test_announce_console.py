"""Deliveries on the console: a message is a row in the transaction that marks it sent, its picture a file before it."""

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import failpoints
from bot.jobs.announce import Announcer, announce
from bot.platforms.console.app import ConsolePlatform
from spend.notify import NewDelivery, Op
from tests.bot.jobs.telling_house import FIRST, NOW, OVER, Telling, make_empty, telling_house


class KilledError(BaseException):
    """Stands for SIGKILL."""


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Telling]:
    await make_empty(tmp_path / "empty.db")
    async with telling_house(tmp_path, tmp_path / "empty.db", {"console": ConsolePlatform()}) as telling:
        yield telling


def on_console(step: str = "first", op: Op = Op.POST) -> NewDelivery:
    return NewDelivery(step=step, installation_id="console", platform="console", channel="console", op=op)


async def test_a_message_is_a_row_and_names_its_picture_which_only_its_owner_reads(console: Telling) -> None:
    incident = await console.find(FIRST, on_console())

    assert await announce(console.house, NOW) == 1

    (message,) = await console.workspace.console_messages()
    path = console.house.pictures_folder / f"spike-{incident.code}-first.png"
    assert message.text.startswith("Spike: agents-nightly spent $11.55 since 10:00, usually nothing at this")
    assert f"\nPicture: {path}\nExpected: /spend alerts expected " in message.text
    assert f"\nWhy: /spend why {incident.code}\n" in message.text
    assert message.chart_path == str(path)
    assert path.read_bytes() == b"PNG"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("boundary", [failpoints.LEASED, failpoints.ACCEPTED])
async def test_killed_before_the_row_it_is_posted_once_and_not_called_a_repeat(
    console: Telling, boundary: str
) -> None:
    await console.find(FIRST, on_console())
    await killed_at(console, boundary)
    assert await console.workspace.console_messages() == []

    await announce(console.house, console.clock.now)

    (message,) = await console.workspace.console_messages()
    assert "repeat" not in message.text


async def test_killed_behind_the_row_it_is_not_posted_again(console: Telling) -> None:
    await console.find(FIRST, on_console())
    await killed_at(console, failpoints.SENT)

    assert await announce(console.house, console.clock.now) == 0

    assert len(await console.workspace.console_messages()) == 1


async def test_the_end_is_a_message_of_its_own_with_a_code_of_its_own(console: Telling) -> None:
    incident = await console.find(FIRST, on_console())
    await announce(console.house, NOW)

    await console.find(OVER, on_console("resolved"))
    await announce(console.house, NOW)

    _, over = await console.workspace.console_messages()
    assert over.text.startswith("Over: agents-nightly spent $11.55 from 10:00 to 11:15 today, usually")
    assert f" · {incident.code}-2\nWhy: /spend why {incident.code}\n" in over.text
    assert over.chart_path == ""


async def test_a_message_whose_picture_cannot_be_drawn_says_so(console: Telling) -> None:
    console.pictures.png = None
    await console.find(FIRST, on_console())

    await announce(console.house, NOW)

    (message,) = await console.workspace.console_messages()
    assert "picture left out (busy)\nExpected: /spend alerts expected " in message.text
    assert message.chart_path == ""


async def test_what_was_printed_is_not_edited(console: Telling) -> None:
    await console.find(FIRST, on_console())
    await announce(console.house, NOW)

    await console.find(OVER, on_console("resolved", Op.EDIT))

    assert await announce(console.house, NOW) == 0
    assert ("resolved", "edit", "superseded") in await console.states()


async def killed_at(telling: Telling, boundary: str) -> None:
    """Announce and die at a boundary; then a new process takes the run lease."""

    def stop(name: str) -> None:
        if name == boundary:
            raise KilledError

    disarm = failpoints.arm(stop)
    announcer = Announcer(telling.house)
    try:
        await announcer.tick(NOW)
        (task,) = announcer._running.values()
        await asyncio.wait([task])
        assert isinstance(task.exception(), KilledError)
    except KilledError:
        assert boundary == failpoints.LEASED
    finally:
        disarm()
    telling.clock.now = NOW + timedelta(seconds=1)
    await telling.restart()
