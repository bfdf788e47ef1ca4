"""What needs a clock or a disk that a test can turn: the house is built in this process, vendors stay real servers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from structlog.testing import capture_logs

from bot.cli.ask import ask
from bot.config import load_config
from bot.demo.story import harbor_notes
from bot.demo.vendors import SimulatedVendors
from bot.jobs.announce import announce
from bot.jobs.connect import ConnectRequest, connect
from bot.jobs.poll import Poller, poll_connection
from bot.jobs.read_stream import PollPlan
from bot.jobs.watch import Watcher
from bot.places import person_at_the_console
from bot.ports import House
from bot.wiring import open_house
from providers import Secret, provider_names
from storage import Connection, WorkspaceStore
from tests.e2e.processes import amounts

END = datetime(2026, 11, 19, 13, 5, tzinfo=UTC)


class Clock:
    """Shows what it was set to."""

    def __init__(self) -> None:
        self.now = END

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def house_at(
    clock: Clock, folder: Path
) -> AsyncIterator[tuple[House, WorkspaceStore, SimulatedVendors]]:
    """Build a house with this clock beside vendors that go by it too."""
    config = load_config(
        {}, providers=tuple(provider_names()), keepable=(), data_dir=folder, config_dir=folder / "k"
    )
    async with (
        SimulatedVendors(harbor_notes(days=6), clock) as vendors,
        open_house(config, clock=clock) as house,
    ):
        yield house, house.store.workspace(await house.store.home(clock())), vendors


async def openai(house: House, store: WorkspaceStore, vendors: SimulatedVendors) -> Connection:
    """Connect OpenAI without reading anything yet."""
    actor, _ = await person_at_the_console(store)
    request = ConnectRequest(
        provider="openai", key=Secret(vendors.openai.admin_key), base_url=vendors.openai.base_url
    )
    return (await connect(house, store, actor, request))[0]


async def limit_pages(house: House, most: int) -> None:
    """Let the database file grow to so many pages and no further; it never shrinks below what it has."""
    async with house.store._write() as tx:
        await tx.exec_driver_sql(f"PRAGMA max_page_count = {most}")


async def test_what_a_full_disk_interrupted_is_read_again_within_a_minute(tmp_path: Path) -> None:
    clock = Clock()
    async with house_at(clock, tmp_path) as (house, store, vendors):
        connection = await openai(house, store, vendors)
        poller = Poller(house)
        await limit_pages(house, 1)
        with capture_logs() as logged:
            await poller.tick()
            await poller.drain()
        assert [each["event"] for each in logged] == ["poll_failed"]
        assert (await store.connection(connection.id)).streams[0].last_success_at is None

        await limit_pages(house, 1_000_000)
        clock.now += timedelta(seconds=2)
        await poller.tick()
        clock.now += timedelta(seconds=58)
        await poller.tick()
        outcomes = await poller.drain()

    assert sorted(outcome.stream for outcome in outcomes) == [
        "costs",
        "usage/completions",
        "usage/embeddings",
    ]
    assert [outcome.error for outcome in outcomes] == ["", "", ""]


async def test_a_clock_set_back_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    clock = Clock()
    day = END.date() - timedelta(days=3)
    async with house_at(clock, tmp_path) as (house, store, vendors):
        connection = await openai(house, store, vendors)
        watcher = Watcher(house)
        for moment in (END, END - timedelta(hours=1), END - timedelta(days=1), END + timedelta(minutes=5)):
            clock.now = moment
            connection = await store.connection(connection.id)
            outcomes = await poll_connection(house, store, connection, PollPlan(everything=True))
            assert [outcome.error for outcome in outcomes] == ["", "", ""]
            await watcher.tick()
            await announce(house, clock.now)
        answer = await ask(house, f"spend {day}..{day}")
        problems = await house.store.check()
        messages = [message.text for message in await store.console_messages()]
        books = vendors.openai.ledger.billed_nanos(day)

    assert amounts(answer.data) == {"openai": books}
    assert problems == []
    assert len(set(messages)) == len(messages)


async def test_a_run_goes_on_reading_when_the_clock_is_set_back(tmp_path: Path) -> None:
    clock = Clock()
    async with house_at(clock, tmp_path) as (house, store, vendors):
        connection = await openai(house, store, vendors)
        await poll_connection(house, store, connection, PollPlan(everything=True))
        poller = Poller(house)
        clock.now -= timedelta(days=1)
        await poller.tick()
        outcomes = await poller.drain()

    assert len(outcomes) == 3
