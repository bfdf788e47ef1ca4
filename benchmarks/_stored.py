"""A real house over a database of its own, with one connected company, loaded the way history is loaded."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks._company import Company
from bot.config import load_config
from bot.ports import House
from bot.wiring import open_house
from spend.ledger import LedgerRules
from spend.usage import PricedUsage, Role
from spend.window import DAY, Window, split_window
from storage import AuditEntry, NewConnection, WindowRead, WindowSaved, WorkspaceStore

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 21, tzinfo=UTC)
USAGE, BILL = "usage.completions", "costs"
RULES = LedgerRules(settles_after=timedelta(hours=24), estimated_kinds=frozenset({"completions"}))


def environment(folder: Path) -> Mapping[str, str]:
    """Return the settings of a house that lives in one folder."""
    return {"SPENDBOT_DATA_DIR": str(folder / "data"), "SPENDBOT_CONFIG_DIR": str(folder / "config")}


@asynccontextmanager
async def house_in(folder: Path) -> AsyncIterator[House]:
    """Open the house of a folder, at noon of one fixed day."""
    config = load_config(environment(folder), providers=("openai", "anthropic"), keepable=())
    async with open_house(config, clock=lambda: NOW) as house:
        yield house


async def home(house: House) -> WorkspaceStore:
    """Return the home workspace."""
    return house.store.workspace(await house.store.home(NOW))


async def connect(store: WorkspaceStore, number: int) -> str:
    """Connect an account whose key was never any vendor's; returns the connection's id."""
    new = NewConnection(
        provider="openai",
        label=f"Company {number}",
        key=f"made-up-key-{number:08}",
        base_url="https://127.0.0.1/v1",
        allow_private=True,
        connected_by="console:benchmark",
        streams=[(USAGE, Role.USAGE), (BILL, Role.COST)],
        history_goal=NOW - timedelta(days=90),
    )
    audit = AuditEntry(at=NOW, who="console:benchmark", where="benchmark", what="connected", detail={})
    return (await store.add_connection(new, NOW, audit)).id


async def save_usage(
    store: WorkspaceStore,
    connection_id: str,
    window: Window,
    usage: list[PricedUsage],
    *,
    read_at: datetime = NOW,
) -> tuple[WindowSaved, float]:
    """Save one read of usage; returns what it did and how many seconds it took."""
    read = WindowRead(
        connection_id=connection_id,
        stream=USAGE,
        window=window,
        read_at=read_at,
        as_of=read_at,
        rules=RULES,
        usage=usage,
        is_history=window.end < TODAY,
    )
    started = perf_counter()
    saved = await store.save_window(read)
    return saved, perf_counter() - started


async def save_bill(store: WorkspaceStore, connection_id: str, company: Company, window: Window) -> float:
    """Save the bill of a window; returns how many seconds it took."""
    read = WindowRead(
        connection_id=connection_id,
        stream=BILL,
        window=window,
        read_at=NOW,
        as_of=NOW,
        rules=RULES,
        bill=company.bill(window),
    )
    started = perf_counter()
    await store.save_window(read)
    return perf_counter() - started


def history(days: int) -> list[Window]:
    """Cut the days up to now into the windows in which history is loaded, newest first."""
    past = split_window(Window(TODAY - days * DAY, TODAY), 7 * DAY)
    return [Window(TODAY, NOW), *reversed(list(past))]
