"""A house under a clock that tests move: real storage, simulated vendors, the real poll and the watch."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import load_config
from bot.demo.harbor import ANTHROPIC_MODELS
from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.account import Account, ApiKey, Counts, Person, Project, StoredMeter, UsageRow
from bot.demo.vendors.simulated import Accounts
from bot.jobs.connect import ConnectRequest, connect
from bot.jobs.poll import poll_connection
from bot.jobs.read_stream import PollPlan
from bot.jobs.watch import Watch
from bot.ports import Actor, House
from bot.wiring import open_house
from providers import Secret, provider_names
from spend.notify import Incident, IncidentKind
from spend.window import Window, hours
from storage import Channel, Connection, WorkspaceStore
from tests.storage.cast import by_mira

BERLIN = ZoneInfo("Europe/Berlin")
OPUS = "claude-opus-5"  # $5 per million tokens of input
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
MIRA = Actor(id="slack:mira", name="Mira Okafor", is_admin=True)


@dataclass
class Chat:
    """A chat platform as the watch sees it: one that can edit. It is never asked to post here."""

    name: str = "slack"
    keeps_in_database: bool = False


@dataclass
class Scene:
    """What a test works with. `now` is what every clock in it shows."""

    house: House
    store: WorkspaceStore
    vendors: SimulatedVendors
    clock: "Hands"
    watch: Watch
    connections: list[Connection] = field(default_factory=list)

    async def connect(self, vendor: str, *, label: str = "") -> Connection:
        """Connect an account and load its history, as `connect` on the command line does."""
        server = {"openai": self.vendors.openai, "anthropic": self.vendors.anthropic}[vendor]
        request = ConnectRequest(
            provider=vendor, key=Secret(server.admin_key), label=label or vendor, base_url=server.base_url
        )
        connection, _ = await connect(self.house, self.store, MIRA, request)
        self.connections.append(connection)
        await self.poll(everything=True)
        return connection

    async def poll(self, *, everything: bool = False) -> None:
        """Read what is due, or everything."""
        for connection in self.connections:
            fresh = await self.store.connection(connection.id)
            await poll_connection(self.house, self.store, fresh, PollPlan(everything=everything))

    async def at(self, moment: datetime, *, everything: bool = False) -> None:
        """Let it become a moment, read what is due then and look."""
        self.clock.now = moment.astimezone(UTC)
        await self.poll(everything=everything)
        await self.watch.look()

    async def look_at(self, moment: datetime) -> None:
        """Let it become a moment and look without reading anything."""
        self.clock.now = moment.astimezone(UTC)
        await self.watch.look()

    def restart(self) -> None:
        """Forget everything that only this process remembers."""
        self.watch = Watch(self.house, self.store)

    async def of_kind(self, kind: IncidentKind) -> list[Incident]:
        """Return the incidents of a kind."""
        return await self.store.incidents(kinds=(kind,))

    async def steps(self, channel: str = "console") -> list[tuple[str, str]]:
        """Return (step, op) of everything queued for a channel."""
        queued = await self.store.deliveries()
        return [(each.step, each.op.value) for each in queued if each.channel == channel]

    async def alerts_in_slack(self) -> None:
        """Let alerts go to a Slack channel from now on."""
        self.house.platforms["slack"] = Chat()  # type: ignore[assignment]
        place = await self.store.add_installation("slack", "T1", "Harbor Notes", by_mira())
        channel = Channel(
            installation_id=place.id, platform="slack", channel="C1", purpose="alerts", name="#ai-spend"
        )
        await self.store.set_channel(channel, by_mira())


@dataclass
class Hands:
    """A clock that stands where it was set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def scene(accounts: Accounts, start: datetime, folder: Path) -> AsyncIterator[Scene]:
    """A house in Berlin at a moment, with nothing connected."""
    clock = Hands(start.astimezone(UTC))
    config = load_config(
        {"SPENDBOT_TIMEZONE": "Europe/Berlin"},
        providers=provider_names(),
        keepable=(),
        data_dir=folder / "data",
        config_dir=folder / "config",
    )
    async with SimulatedVendors(accounts, clock) as vendors, open_house(config, clock=clock) as house:
        store = house.store.workspace(await house.store.home(clock()))
        yield Scene(house, store, vendors, clock, Watch(house, store))


def local(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """A moment of 2026 in Berlin."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)


def minutes(start: datetime, end: datetime, step: int) -> Sequence[datetime]:
    """Every so many minutes from a moment to another, both included."""
    count = int((end - start) / timedelta(minutes=step))
    return [start + timedelta(minutes=step * number) for number in range(count + 1)]


@dataclass(frozen=True)
class Shop:
    """The accounts of a shop that spends a dollar every hour with one key, until its loop runs on Nov 19."""

    openai: Account
    anthropic: Account


def shop(
    *,
    has_loop: bool = True,
    loop_tokens: int = 4_000_000,
    price_tag: str = OPUS,
    made_at: datetime = datetime(2026, 11, 13, 16, tzinfo=BERLIN),
) -> Shop:
    """Make the shop: `prod` spends $1 an hour from Oct 30 on; `nightly` $20 an hour on Nov 19, 10:00 to 16:20.

    loop_tokens: of an hour of another loop.
    price_tag: the model both use. made_at: when the key `nightly` was made, and is listed from.
    """
    rows = [_row("apikey_prod", hour, 200_000) for hour in hours(Window(_utc(30, 0, month=10), _utc(22, 0)))]
    if has_loop:
        rows += [
            _row("apikey_nightly", hour, loop_tokens) for hour in hours(Window(_utc(19, 10), _utc(19, 16)))
        ]
        rows.append(_row("apikey_nightly", _utc(19, 16), loop_tokens // 3, active_s=20 * 60))
    ada = Person(id="user_a", name="Ada", email="ada@shop.example", role="admin", joined_at=SINCE)
    key = ApiKey(id="apikey_prod", name="prod", project="wrkspc_a", hint="sk", created_at=SINCE, owner=ada)
    anthropic = Account(
        id="6f1c2b7e-93d4-4a58-8b0e-5d2f7c1a9e34",
        name="Shop",
        meter=StoredMeter([replace(row, model=price_tag) for row in rows]),
        models=ANTHROPIC_MODELS | {price_tag: replace(ANTHROPIC_MODELS[OPUS], name=price_tag)},
        projects=(Project(id="wrkspc_a", name="Alpha", created_at=SINCE),),
        keys=(key, replace(key, id="apikey_nightly", name="nightly", created_at=made_at)),
        people=(ada,),
    )
    return Shop(openai=replace(anthropic, meter=StoredMeter([]), keys=()), anthropic=anthropic)


def _utc(day: int, hour: int, *, month: int = 11) -> datetime:
    return local(day, hour, month=month).astimezone(UTC)


def _row(key: str, hour: datetime, tokens: int, *, active_s: int = 3600) -> UsageRow:
    return UsageRow(
        start=int(hour.timestamp()),
        project="wrkspc_a",
        key=key,
        model=OPUS,
        kind="messages",
        counts=Counts(uncached_in=tokens, requests=1),
        tier="standard",
        context_window="0-200k",
        active_s=active_s,
    )
