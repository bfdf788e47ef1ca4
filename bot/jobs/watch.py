"""The watch: finds what is worth telling in what is stored, decides about it and queues it. It asks no vendor.

It reads storage only, so it notices what other processes wrote too. What it remembers is a cache: after a restart, or
when keeping a finding failed, it is made again from storage and says nothing twice.
"""

from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.jobs.watch_budgets import BudgetWatch
from bot.jobs.watch_first_seen import NewcomerWatch
from bot.jobs.watch_restatements import RestatementWatch
from bot.jobs.watch_spikes import SpikeWatch
from bot.jobs.watch_trouble import TroubleWatch
from bot.ports import House
from bot.reports.frame import Frame, load_frame
from storage import Connection, WorkspaceStore

log = structlog.get_logger("spendbot.watch")

# Time alone makes news: a day ends, figures grow stale, a group is complete.
AT_LEAST_EVERY = timedelta(minutes=1)


class Part(Protocol):
    """One kind of finding. What it remembers is only a cache of storage: a new one goes on where it stopped."""

    async def look(self, frame: Frame) -> None:
        """Find what is new and tell it."""


class Watch:
    """Watches one workspace. Looking is cheap while nothing was read."""

    def __init__(self, house: House, store: WorkspaceStore) -> None:
        self._house, self._store = house, store
        # Spikes come first: what is said of a budget names the open spike that eats it.
        self._parts: list[Part] = [
            SpikeWatch(),
            BudgetWatch(),
            NewcomerWatch(),
            TroubleWatch(),
            RestatementWatch(),
        ]
        self._connections: list[Connection] = []
        self._looked_at: datetime | None = None

    async def look(self) -> None:
        """Look once, if a stream was read since the last look or a minute is over."""
        now = self._house.now()
        connections = await self._store.connections()
        is_recent = self._looked_at is not None and now - self._looked_at < AT_LEAST_EVERY
        if is_recent and connections == self._connections:
            return
        frame = await load_frame(self._house, self._store, now)
        results = [await self._let_look(place, frame) for place in range(len(self._parts))]
        self._connections = connections
        self._looked_at = now if all(results) else None

    async def _let_look(self, place: int, frame: Frame) -> bool:
        part = self._parts[place]
        try:
            await part.look(frame)
        except Exception:  # the top of one kind of finding: the others go on, this one starts from storage
            log.exception("watch_failed", workspace_id=self._store.workspace_id, part=type(part).__name__)
            self._parts[place] = type(part)()
            return False
        return True


class Watcher:
    """Watches every workspace of a house, one after the other; one that fails never stops the others."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._watches: dict[str, Watch] = {}

    async def tick(self) -> None:
        """Look at every workspace once."""
        ids = [workspace_id for workspace_id, _name in await self._house.store.workspaces()]
        self._watches = {
            id_: self._watches.get(id_) or Watch(self._house, self._house.store.workspace(id_)) for id_ in ids
        }
        for workspace_id, watch in self._watches.items():
            try:
                await watch.look()
            except Exception:  # the top of one workspace's watch: it is looked at again at the next tick
                log.exception("watch_failed", workspace_id=workspace_id)
