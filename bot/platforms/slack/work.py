"""What goes on after an act was acknowledged: every task has an owner, a place among so many, and an end."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

log = structlog.get_logger("spendbot.slack")
AT_ONCE = 48  # most of them wait for a picture; the desk and the drawer have bounds of their own


@dataclass(eq=False)
class Work:
    """Runs answers in the background, so many at once; the others wait their turn."""

    room: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, name: str, work: Coroutine[Any, Any, object], *, at_once: bool = False) -> None:
        """Start a piece of work; its failure is logged and stops nothing else. `at_once`: Slack waits for it."""
        task = asyncio.create_task(self._run(name, work) if at_once else self._in_turn(name, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, timeout_s: float) -> None:
        """Give what runs so long to end, then end it."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _in_turn(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        try:
            async with self.room:
                await self._run(name, work)
        finally:
            work.close()  # cancelled while it waited: it never began

    async def _run(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except Exception:  # the top of an answer
            log.exception("slack_answer_failed", act=name)
