"""The running bot: ticks that poll, watch, announce, summarise and clean, under the one run lease of the database.

Ticks only say "look now"; what is due lives in the database, so a killed bot goes on where it was.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from bot.health import LastTick, web_server
from bot.heartbeat import Heartbeat
from bot.jobs.announce import Announcer
from bot.jobs.housekeeping import clean
from bot.jobs.poll import Poller
from bot.jobs.summary import summarise
from bot.jobs.watch import Watcher
from bot.platforms.chat import ChatApp
from bot.platforms.supervisor import keep_listening
from bot.ports import House
from bot.scheduler import Scheduler
from storage import Holder, LeaseLostError, StorageError

log = structlog.get_logger("spendbot.run")

POLL_S, WATCH_S, ANNOUNCE_S, SUMMARY_S, LEASE_S, CONSOLE_S, CLEAN_S = 2, 10, 2, 20, 10, 1, 3600
DRAIN_S = 8


class Service:
    """One run of the bot, until `stopping` is set. `print_line` gets every new message of the console channel."""

    def __init__(
        self,
        house: House,
        print_line: Callable[[str], None],
        stopping: asyncio.Event,
        apps: Sequence[ChatApp] = (),
    ) -> None:
        self._house = house
        self._apps = apps
        self._looking: set[asyncio.Task[None]] = set()
        self._print = print_line
        self._poller = Poller(house)
        self._watcher = Watcher(house)
        self._announcer = Announcer(house)
        self._stopping = stopping
        self._last_tick = LastTick()
        self._seen_console = 0
        url = house.config["HEARTBEAT_URL"]
        self._heartbeat = Heartbeat(url) if url else None

    async def run(self) -> None:
        """Work until it is to stop: then nothing new is begun, and what runs ends or is given up cleanly.

        Raises RunLeaseHeldError when another run works on this database.
        """
        house = self._house
        house.fencing = await house.store.take_run_lease(Holder.this_process(), house.now())
        await house.store.end_dead_claims(house.now())
        self._seen_console = await self._newest_console()
        if self._apps:
            await house.pictures.warm()
        scheduler = self._scheduler()
        handlers = {path: handler for app in self._apps for path, handler in app.handlers.items()}
        async with web_server(house, self._last_tick, handlers), self._listening():
            scheduler.start()
            house.wake = self._look_soon
            log.info("started", fencing=house.fencing, platforms=sorted(house.platforms))
            await self._stopping.wait()
            house.wake = lambda: None
            await asyncio.gather(  # at the same time, so that all of it ends within one drain
                scheduler.stop(DRAIN_S), self._poller.drain(DRAIN_S), self._announcer.close(DRAIN_S)
            )
            await self.print_console()
            scheduler.shut_down()
        await house.store.release_run_lease(house.fencing)
        log.info("stopped")

    def _scheduler(self) -> Scheduler:
        scheduler = Scheduler()
        scheduler.every(LEASE_S, "lease", self._renew)
        scheduler.every(POLL_S, "poll", self._poll)
        scheduler.every(WATCH_S, "watch", self._watch)
        scheduler.every(ANNOUNCE_S, "announce", self._announce)
        scheduler.every(SUMMARY_S, "summary", self._summarise)
        scheduler.every(CONSOLE_S, "console", self.print_console)
        scheduler.every(CLEAN_S, "housekeeping", lambda: clean(self._house))
        return scheduler

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        """Listen to every platform while the block runs; one that fails never stops another."""
        tasks = [asyncio.create_task(keep_listening(app, down=self._house.down)) for app in self._apps]
        try:
            yield
        finally:
            for task in [*tasks, *self._looking]:
                task.cancel()
            await asyncio.gather(*tasks, *self._looking, return_exceptions=True)
            await asyncio.gather(*(app.close() for app in self._apps), return_exceptions=True)

    def _look_soon(self) -> None:
        """Deliver what was just queued without waiting for the next tick."""
        task = asyncio.get_running_loop().create_task(self._announce_now())
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def _announce_now(self) -> None:
        try:
            await self._announce()
        except (StorageError, LeaseLostError) as err:  # the next tick says it, and tries again
            log.info("not_announced_at_once", error=type(err).__name__)

    async def _poll(self) -> None:
        self._last_tick.at = self._house.now()
        await self._poller.tick()

    async def _watch(self) -> None:
        await self._watcher.tick()
        if self._heartbeat is not None:
            await self._heartbeat.beat(self._house.now())

    async def _announce(self) -> None:
        await self._announcer.tick(self._house.now())

    async def _summarise(self) -> None:
        for workspace_id, _name in await self._house.store.workspaces():
            try:
                await summarise(self._house, self._house.store.workspace(workspace_id), self._house.now())
            except StorageError:  # one workspace failing never stops another
                log.exception("summary_failed", workspace_id=workspace_id)

    async def _renew(self) -> None:
        try:
            await self._house.store.renew_run_lease(self._house.fencing, self._house.now())
        except LeaseLostError:
            log.error("lease_lost", fencing=self._house.fencing)
            self._stopping.set()

    async def print_console(self) -> None:
        """Print what was posted on the console since the last look."""
        store = self._house.store.workspace(await self._house.store.home(self._house.now()))
        for message in await store.console_messages(self._seen_console):
            self._seen_console = message.id
            self._print(message.text)

    async def _newest_console(self) -> int:
        store = self._house.store.workspace(await self._house.store.home(self._house.now()))
        return max((message.id for message in await store.console_messages()), default=0)
