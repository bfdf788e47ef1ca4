"""A house for tests of telling: a real store, a clock that stands still, pictures that are drawn at once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config import load_config
from bot.ports import House, Platform
from bot.views.model import View
from spend.notify import Decision, Finding, Incident, IncidentKind, NewDelivery, Op, Step
from storage import AuditEntry, Holder, Store, WorkspaceStore
from tests.bot.views.test_spike import EVIDENCE

NOW = datetime.fromisoformat("2026-11-19T11:20:00+01:00")
ELSEWHERE = Holder(host="elsewhere", place="", pid=1, started="")
FIRST = Decision(step=Step.FIRST, reason="above the floor")
GREW = Decision(step=Step.GREW, reason="twice", edits=True, thread_line=True)
OVER = Decision(step=Step.RESOLVED, reason="over", edits=True, thread_line=True)


class Clock:
    """A clock that stands where it was set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass
class InstantPictures:
    """Draws at once; `png` None: it cannot be drawn. `is_stuck`: never. `theme`: of the last one."""

    png: bytes | None = b"PNG"
    is_stuck: bool = False
    drawn: int = 0
    theme: str = ""

    async def warm(self) -> None:
        pass

    async def draw(self, view: View, *, theme: str) -> bytes | None:
        if self.is_stuck:
            await asyncio.get_running_loop().create_future()
        self.drawn += view.chart is not None
        self.theme = theme
        return self.png if view.chart is not None else None


@dataclass
class Telling:
    """One house, its home workspace and the clock that both read."""

    house: House
    workspace: WorkspaceStore
    clock: Clock
    pictures: InstantPictures

    async def restart(self) -> None:
        """Take the run lease as a new process does."""
        self.house.fencing = await self.house.store.take_run_lease(ELSEWHERE, self.clock.now, timedelta(0))

    async def find(self, decision: Decision = FIRST, *new: NewDelivery, **changes: Any) -> Incident:
        """Keep a finding about the spike and queue its deliveries; one post in C1 where none is given."""
        deliveries = list(new) or [delivery()]
        finding = Finding(
            kind=changes.pop("kind", IncidentKind.SPIKE),
            dedup_key=changes.pop("key", "spike:c1"),
            evidence=changes.pop("evidence", EVIDENCE),
            size_nanos=changes.pop("size_nanos", 11_550_000_000),
            is_over=decision.step is Step.RESOLVED,
        )
        incident = await self.workspace.tell(finding, decision, deliveries, self.clock.now)
        assert incident is not None
        return incident

    async def states(self) -> list[tuple[str, str, str]]:
        """Return (step, op, state) of every delivery."""
        return [(each.step, each.op.value, each.state.value) for each in await self.workspace.deliveries()]


@asynccontextmanager
async def telling_house(folder: Path, empty: Path, platforms: dict[str, Platform]) -> AsyncIterator[Telling]:
    """Open a house on a copy of the empty database in a folder, with the run lease held."""
    shutil.copy(empty, folder / "spendbot.db")
    clock, pictures = Clock(NOW), InstantPictures()
    config = load_config({}, providers=(), keepable=(), data_dir=folder, config_dir=folder / "config")
    store = await Store.open(f"sqlite:///{folder}/spendbot.db", key_source=None, now=NOW)
    try:
        workspace = store.workspace(await store.home(NOW, "Europe/Berlin"))
        house = House(
            config=config,
            clock=clock,
            store=store,
            pictures=pictures,
            provider=_no_vendor,
            make_http=_no_vendor,
            make_prices=_no_vendor,
            pictures_folder=folder / "pictures",
            platforms=platforms,
        )
        telling = Telling(house, workspace, clock, pictures)
        await telling.restart()
        yield telling
    finally:
        await store.close()


async def make_empty(path: Path) -> None:
    """Make a database of the newest schema with nothing in it."""
    await (await Store.open(f"sqlite:///{path}", key_source=None, now=NOW)).close()


def delivery(step: str = "first", op: Op = Op.POST, channel: str = "C1", **changes: Any) -> NewDelivery:
    """A delivery to the Slack place."""
    return NewDelivery(step=step, installation_id="S1", platform="slack", channel=channel, op=op, **changes)


def by_mira(what: str) -> AuditEntry:
    """An audit entry of Mira, the admin."""
    return AuditEntry(at=NOW, who="slack:U1", where="C1", what=what)


def _no_vendor(*_: object) -> Any:
    raise AssertionError("telling asks no vendor")
