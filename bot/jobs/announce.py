"""Announcements: takes up what is queued, one delivery per channel at a time, and what an earlier process left open.

Order is kept per channel, and channels never wait for each other. A delivery that was under way when its process died
is taken up at the first look after the run lease was taken.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog

from bot.failpoints import LEASED, REOPENED, failpoint
from bot.jobs.deliver import deliver
from bot.jobs.delivery_rules import INTERRUPTED
from bot.ports import House
from spend.notify import Delivery, DeliveryState, Op
from storage import LeaseLostError, StorageError, WorkspaceStore

log = structlog.get_logger("spendbot.announce")

_UNFINISHED = (DeliveryState.QUEUED, DeliveryState.LEASED, DeliveryState.UNKNOWN)
_OUR_FAULT = "This message could not be built; the log says why."


async def announce(house: House, now: datetime) -> int:
    """Deliver everything that can be delivered now, and return how many messages arrived.

    Raises LeaseLostError where a later `run` has taken over.
    """
    announcer = Announcer(house)
    await announcer.tick(now)
    return await announcer.drain()


class Announcer:
    """Delivers under the run lease of its house (`house.fencing`), a task per channel."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._running: dict[str, asyncio.Task[None]] = {}
        self._arrived = 0
        self._is_closing = False

    async def tick(self, now: datetime) -> None:
        """Start what can be delivered now; returns at once. Raises LeaseLostError where a later `run` took over."""
        for workspace_id, _ in await self._house.store.workspaces():
            await self._look(self._house.store.workspace(workspace_id), now)

    async def drain(self) -> int:
        """Wait until nothing can be delivered any more and return how many messages arrived since the last time."""
        while self._running:
            await asyncio.wait(list(self._running.values()))
        arrived, self._arrived = self._arrived, 0
        return arrived

    async def close(self, timeout_s: float) -> None:
        """Begin nothing more and let what is under way arrive; what outlasts the time a restart finds as unknown."""
        self._is_closing = True
        under_way = list(self._running.values())
        if under_way:
            _, late = await asyncio.wait(under_way, timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _look(self, store: WorkspaceStore, now: datetime) -> None:
        """Settle what nobody knows the outcome of, and start the first delivery of each channel that is free."""
        if self._is_closing:
            return
        unfinished = await store.deliveries(_UNFINISHED)
        if not unfinished:
            return
        await self._settle(store, [each for each in unfinished if each.state is DeliveryState.UNKNOWN], now)
        claimed = await store.claim_deliveries(now, self._house.fencing)
        if claimed:
            failpoint(LEASED)
        for delivery in claimed:
            task = asyncio.create_task(self._run(store, delivery, now))
            self._running[delivery.id] = task
            task.add_done_callback(partial(self._done, delivery.id))

    async def _settle(self, store: WorkspaceStore, unknown: Sequence[Delivery], now: datetime) -> None:
        """Queue again what a process was about to send when it died; that does not use up the one resend."""
        for each in unknown:
            if each.id in self._running or each.fencing != self._house.fencing:
                continue
            if each.op is Op.ATTACH:
                await store.mark_failed(
                    each.id, each.fencing, f"{INTERRUPTED} A picture is not sent again.", now
                )
                continue
            platform = self._house.platforms.get(each.platform)
            if platform is None or not platform.keeps_in_database:
                await store.mark_unknown(each.id, each.fencing, INTERRUPTED, now)
                failpoint(REOPENED)
            await store.requeue(each.id, each.fencing, now, each.resends)

    async def _run(self, store: WorkspaceStore, delivery: Delivery, now: datetime) -> None:
        try:
            self._arrived += await deliver(self._house, store, delivery, now)
        except LeaseLostError:
            log.warning("delivery_lost", delivery_id=delivery.id)
            return
        except Exception:  # the top of one delivery: its channel goes on with the next
            log.exception("delivery_broken", delivery_id=delivery.id)
            await store.mark_failed(delivery.id, delivery.fencing, _OUR_FAULT, now)
        try:
            await self._look(store, max(now, self._house.now()))
        except StorageError as err:  # the next tick looks again
            log.warning("next_delivery_not_claimed", error=err.sentence)

    def _done(self, delivery_id: str, _task: asyncio.Task[None]) -> None:
        del self._running[delivery_id]
