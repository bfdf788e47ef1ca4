"""A whole bot over both simulated vendors: connect, poll, set the clock, ask. Nothing in between is replaced."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.cli.ask import ask
from bot.config import load_config
from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.account import Counts, Fee, StoredMeter, UsageRow
from bot.jobs.connect import ConnectRequest, connect
from bot.jobs.poll import poll_connection
from bot.jobs.read_stream import PollPlan
from bot.places import person_at_the_console
from bot.ports import House
from bot.views.model import View
from bot.wiring import open_house
from providers import Secret, provider_names
from spend.money import from_nanos
from storage import Connection, WorkspaceStore
from tests.bot.demo.shop import MESSAGE, ROW, Clock, Shop, shop

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)  # a Thursday
MILLION = 1_000_000


def used(day: int, hour: int, month: int = 11, **changes: Any) -> UsageRow:
    """Return an hour of gpt-5.2 at OpenAI (1,000,000 tokens out, $14) unless something else is said."""
    start = int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())
    return replace(ROW, start=start, **{"counts": Counts(out=MILLION, requests=10)} | changes)


def asked_claude(day: int, hour: int, month: int = 11, **changes: Any) -> UsageRow:
    """Return an hour of claude-opus-5 at Anthropic (1,000,000 tokens out, $25) unless something else is said."""
    start = int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())
    return replace(MESSAGE, start=start, **{"counts": Counts(out=MILLION, requests=10)} | changes)


def metered(
    openai: Sequence[UsageRow] = (),
    anthropic: Sequence[UsageRow] = (),
    *,
    fees: Sequence[Fee] = (),
    discount: int = 0,
) -> Shop:
    """Return the shop's two accounts with this usage instead of their own."""
    whole = shop(openai_discount_percent=discount)
    return Shop(
        replace(whole.openai, meter=StoredMeter(openai, fees)),
        replace(whole.anthropic, meter=StoredMeter(anthropic)),
    )


@dataclass
class Desk:
    """A bot at work. `clock.now` may be set; what happens at the vendors moves with it."""

    house: House
    store: WorkspaceStore
    vendors: SimulatedVendors
    clock: Clock

    async def connect(self, provider: str, label: str, *, key: str = "", poll: bool = True) -> Connection:
        """Connect one vendor's admin key, and read everything unless told not to."""
        vendor = self.vendors.openai if provider == "openai" else self.vendors.anthropic
        actor, _ = await person_at_the_console(self.store)
        request = ConnectRequest(
            provider=provider, key=Secret(key or vendor.admin_key), label=label, base_url=vendor.base_url
        )
        connection, _ = await connect(self.house, self.store, actor, request)
        if poll:
            await self.poll()
        return connection

    async def poll(self, *only: Connection) -> None:
        """Read every stream of every connection, or of these only."""
        for connection in only or await self.store.connections():
            outcomes = await poll_connection(self.house, self.store, connection, PollPlan(everything=True))
            assert not [outcome.error for outcome in outcomes if outcome.error]

    async def view(self, words: str) -> View:
        """Ask, and return the view."""
        return await ask(self.house, words)

    async def ask(self, words: str) -> dict[str, Any]:
        """Ask, and return the object that `--json` prints."""
        data = (await self.view(words)).data
        assert data is not None
        return data

    async def lead(self, words: str) -> str:
        """Ask, and return the first line."""
        return str((await self.view(words)).lead)


@asynccontextmanager
async def open_desk(
    folder: Path, accounts: Shop, *, zone: str = "UTC", now: datetime = NOON
) -> AsyncIterator[Desk]:
    """Open a bot over two vendors; nothing is connected yet."""
    clock = Clock(now)
    config = load_config(
        {"SPENDBOT_TIMEZONE": zone},
        providers=tuple(provider_names()),
        keepable=(),
        data_dir=folder,
        config_dir=folder / "keys",
    )
    async with SimulatedVendors(accounts, clock) as vendors, open_house(config, clock=clock) as house:
        store = house.store.workspace(await house.store.home(clock()))
        yield Desk(house, store, vendors, clock)


def amounts(data: dict[str, Any], *columns: str) -> dict[Any, Decimal]:
    """Return a table's amounts by one column, or by several as a tuple."""
    names = data["table"]["columns"]
    places = [names.index(column) for column in columns or names[:1]]
    amount = names.index("amount")
    found = {}
    for row in data["table"]["rows"]:
        key = tuple(row[place] for place in places)
        found[key if len(key) > 1 else key[0]] = Decimal(row[amount] or 0)
    return found


def dollars(nanos: int) -> Decimal:
    """Return nano-dollars as dollars."""
    return from_nanos(nanos)
