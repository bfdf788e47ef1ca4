"""How many connections the whole running bot polls in five minutes, against simulated vendors in another process.

`python -m benchmarks.polling [CONNECTIONS]`: half of them OpenAI, half Anthropic, all due at once; the rate at which
they are done says how many fit into five minutes. First the first read of all (two days of every stream), then an
ordinary pass five minutes later, then one more while charts are drawn.
"""

import asyncio
import resource
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from benchmarks._crowd import CrowdVendors, crowd_of, new_clock
from benchmarks._machine import heading, milliseconds, say
from benchmarks._stored import environment
from bot.config import load_config
from bot.ports import House
from bot.service import Service
from bot.wiring import open_house
from charts.png import draw
from providers import Provider, provider
from storage import AuditEntry, NewConnection, WorkspaceStore
from tests.charts.stories import stories

_FIVE_MINUTES = timedelta(minutes=5)
_LAG_S = 0.01


async def main(connections: int) -> None:
    """Connect them, run the bot, print a block per pass."""
    say(heading("aiohttp", "httpx", "sqlalchemy"))
    clock = new_clock()
    with crowd_of((connections + 1) // 2, clock) as vendors, tempfile.TemporaryDirectory() as folder:
        config = load_config(environment(Path(folder)), providers=("openai", "anthropic"), keepable=())
        async with open_house(config, clock=clock) as house:
            store = house.store.workspace(await house.store.home(clock()))
            await _connect_all(store, vendors, connections, clock())
            say(f"{connections:,} connections")
            async with _running(house):
                await _measure(house, store, connections, "the first read of all")
                clock.move(_FIVE_MINUTES * 1.2)
                await _measure(house, store, connections, "five minutes later")
                clock.move(_FIVE_MINUTES * 1.2)
                async with _drawing():
                    await _measure(
                        house, store, connections, "five minutes later, charts drawn without a pause"
                    )


async def _connect_all(store: WorkspaceStore, vendors: CrowdVendors, count: int, now: datetime) -> None:
    for number in range(count):
        is_openai = number % 2 == 0
        found = provider("openai" if is_openai else "anthropic")
        url = vendors.openai_url if is_openai else vendors.anthropic_url
        keys = vendors.openai_keys if is_openai else vendors.anthropic_keys
        new = _new_connection(found, number, keys[number // 2], url, now)
        audit = AuditEntry(at=now, who="console:benchmark", where="benchmark", what="connected", detail={})
        await store.add_connection(new, now, audit)


def _new_connection(found: Provider, number: int, key: str, url: str, now: datetime) -> NewConnection:
    return NewConnection(
        provider=found.info.key,
        label=f"Account {number}",
        key=key,
        base_url=url,
        allow_private=True,
        connected_by="console:benchmark",
        streams=[(stream.name, stream.role) for stream in found.info.streams],
        history_goal=now,  # no history: what is measured is the present
    )


@asynccontextmanager
async def _running(house: House) -> AsyncIterator[None]:
    stopping = asyncio.Event()
    task = asyncio.create_task(Service(house, lambda _text: None, stopping).run())
    try:
        yield
    finally:
        stopping.set()
        await task


async def _measure(house: House, store: WorkspaceStore, connections: int, what: str) -> None:
    """Wait until every connection was read since the clock was moved, and say how that went."""
    since = house.now()
    began, cpu = perf_counter(), process_time()
    lags: list[float] = []
    probe = asyncio.create_task(_note_lag(lags))
    while (done := await _done(store, since)) < connections:
        say(f"  {done:,} of {connections:,} after {perf_counter() - began:.0f} s")
        await asyncio.sleep(5)
    took, used = perf_counter() - began, process_time() - cpu
    probe.cancel()
    with suppress(asyncio.CancelledError):
        await probe
    errors = sum(1 for each in await store.connections() for stream in each.streams if stream.last_error)
    rate = connections / took * _FIVE_MINUTES.total_seconds()
    say(f"{what}: {took:.1f} s, {errors} streams with errors; {rate:,.0f} connections per 5 minutes")
    say(f"  processor {1000 * used / connections:.1f} ms a connection, {100 * used / took:.0f} % of one core")
    say(f"  the loop's lag: {milliseconds(lags)}")
    say(f"  memory, at most so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


async def _done(store: WorkspaceStore, since: datetime) -> int:
    """Count connections of which every stream that was due at `since` is due no more."""
    connections = await store.connections()
    return sum(all(stream.next_due_at > since for stream in each.streams) for each in connections)


async def _note_lag(lags: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _LAG_S
        await asyncio.sleep(_LAG_S)
        lags.append(max(0.0, loop.time() - due))


@asynccontextmanager
async def _drawing() -> AsyncIterator[None]:
    from concurrent.futures import ThreadPoolExecutor

    specs = list(stories().values())

    async def draw_all() -> None:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(max_workers=1) as executor:
            while True:
                for spec in specs:
                    await loop.run_in_executor(executor, draw, spec, "light")

    task = asyncio.create_task(draw_all())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
