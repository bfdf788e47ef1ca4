"""Dying at a boundary of a delivery, going on afterwards, and what a person sees then."""

import asyncio
import contextlib
from datetime import timedelta

from bot import failpoints
from bot.jobs.announce import Announcer, announce
from tests.bot.jobs.telling_house import (
    Telling,
)
from tests.fakes.chat import ChatService

MINUTE = timedelta(minutes=1)
UNKNOWN = ("503 taken", "reset taken", "silent taken")
FIRST_WORDS = "Spike: agents-nightly spent $11.55 since 10:00"


class KilledError(BaseException):
    """Stands for SIGKILL: nothing in the process catches it."""


async def go_on(telling: Telling, after: timedelta = MINUTE) -> None:
    """Let time pass and look again, a few times: until nothing more happens."""
    for _ in range(4):
        telling.clock.now += after
        await announce(telling.house, telling.clock.now)


async def killed_at(telling: Telling, boundary: str) -> None:
    """Announce, and die at a boundary; then a new process takes the run lease."""

    def stop(name: str) -> None:
        if name == boundary:
            raise KilledError

    disarm = failpoints.arm(stop)
    announcer = Announcer(telling.house)
    with contextlib.suppress(KilledError):
        await announcer.tick(telling.clock.now)
    tasks: set[asyncio.Task[None]] = set()
    while announcer._running:
        tasks |= set(announcer._running.values())
        await asyncio.wait(tasks)
    assert boundary == failpoints.LEASED or any(isinstance(task.exception(), KilledError) for task in tasks)
    disarm()
    telling.clock.now += timedelta(seconds=1)
    await telling.restart()


def marks(chat: ChatService) -> list[bool]:
    """Tell of each message whether it was posted as a possible repeat."""
    return ["(possible repeat)" in message.texts[0] for message in chat.messages]


def first_words(chat: ChatService) -> list[str]:
    return [text for text in chat.seen() if text.startswith(FIRST_WORDS)]
