"""Simulated vendors with thousands of small accounts, in a process of their own, under a clock that can be moved."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from bot.demo.vendors import CrowdedAnthropic, CrowdedOpenAi

_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Clock:
    """Real time plus what it was moved forward by, the same in both processes."""

    ahead_s: "Synchronized[float]"

    def __call__(self) -> datetime:
        """The present moment, aware UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead_s.value)

    def move(self, by: timedelta) -> None:
        """Go forward."""
        self.ahead_s.value += by.total_seconds()


@dataclass(frozen=True, slots=True)
class CrowdVendors:
    """Where the vendors listen, and the keys of their accounts, one per connection."""

    openai_url: str
    anthropic_url: str
    openai_keys: tuple[str, ...]
    anthropic_keys: tuple[str, ...]


@contextmanager
def crowd_of(size: int, clock: Clock) -> Iterator[CrowdVendors]:
    """Run both vendors with `size` accounts each until the end of the block."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_serve, args=(size, clock.ahead_s, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(10)


def new_clock() -> Clock:
    """Return a clock that shows real time."""
    return Clock(_SPAWN.Value("d", 0.0))


def _serve(size: int, ahead_s: "Synchronized[float]", pipe: Connection) -> None:
    asyncio.run(_listen(size, Clock(ahead_s), pipe))


async def _listen(size: int, clock: Clock, pipe: Connection) -> None:
    async with CrowdedOpenAi(clock, size=size) as openai, CrowdedAnthropic(clock, size=size) as anthropic:
        vendors = CrowdVendors(
            openai_url=openai.base_url,
            anthropic_url=anthropic.base_url,
            openai_keys=tuple(openai.crowd.key(number) for number in range(size)),
            anthropic_keys=tuple(anthropic.crowd.key(number) for number in range(size)),
        )
        pipe.send(vendors)
        await asyncio.to_thread(pipe.recv)
