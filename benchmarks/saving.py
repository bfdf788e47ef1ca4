"""How many usage records are saved per second: history in windows of 7 days, and busy days read again.

`python -m benchmarks.saving [KEYS ...]`: a company of so many keys per run; the default is a small and a middling one.
"""

import asyncio
import statistics
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from benchmarks._company import Company
from benchmarks._machine import heading, milliseconds, say
from benchmarks._stored import NOW, TODAY, connect, history, home, house_in, save_bill, save_usage
from bot.ports import House
from spend.window import DAY, HOUR, Window
from storage import WorkspaceStore

_WEEKS = 4
_REREADS = 15


async def main(sizes: list[int]) -> None:
    """Print a block per size."""
    say(heading("sqlalchemy", "aiosqlite"))
    for keys in sizes:
        with tempfile.TemporaryDirectory() as folder:
            async with house_in(Path(folder)) as house:
                await _measure(house, Company(keys))


async def _measure(house: House, company: Company) -> None:
    store = await home(house)
    connection_id = await connect(store, 0)
    say(f"\n{company.keys} keys: {company.records_a_day:,} records a day")
    rates, seconds = [], []
    for window in history(7 * _WEEKS):
        usage = company.usage(window, house.prices)
        _, took = await save_usage(store, connection_id, window, usage)
        if window.length == 7 * DAY:
            rates.append(len(usage) / took)
            seconds.append(took)
    say(
        f"history, 7 days at a time: median {statistics.median(rates):,.0f} records/s; {milliseconds(seconds)}"
    )
    billed = [await save_bill(store, connection_id, company, window) for window in history(7 * _WEEKS)]
    say(f"the bill, 7 days at a time (every day is placed again): {milliseconds(billed)}")
    await _measure_rereads(house, store, connection_id, company)


async def _measure_rereads(house: House, store: WorkspaceStore, connection_id: str, company: Company) -> None:
    yesterday = Window(TODAY - DAY, TODAY)
    same = company.usage(yesterday, house.prices)
    last_hour = Window(TODAY - HOUR, TODAY)
    unchanged, grown = [], []
    for number in range(1, _REREADS + 1):
        read_at = NOW + timedelta(minutes=5 * number)
        saved, took = await save_usage(store, connection_id, yesterday, same, read_at=read_at)
        assert not saved.changed
        unchanged.append(took)
        same = [
            *(each for each in same if each.record.start < last_hour.start),
            *company.usage(last_hour, house.prices, more=number),
        ]
        saved, took = await save_usage(store, connection_id, yesterday, same, read_at=read_at + HOUR)
        assert len(saved.changed_hours) == 1
        grown.append(took)
    say(f"a day of {len(same):,} records read again, nothing new: {milliseconds(unchanged)}")
    say(f"a day of {len(same):,} records read again, its last hour grown: {milliseconds(grown)}")


if __name__ == "__main__":
    asyncio.run(main([int(word) for word in sys.argv[1:]] or [5, 20, 125]))
