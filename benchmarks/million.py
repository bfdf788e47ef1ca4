"""A million usage records in SQLite: `spend month by model` against plain SQL, and whole answers when warm.

`python -m benchmarks.million [FOLDER]`: the folder keeps the database, so that a second run need not load it again.
"""

import asyncio
import sqlite3
import statistics
import sys
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path
from time import perf_counter

from benchmarks._company import Company
from benchmarks._machine import heading, milliseconds, say
from benchmarks._stored import NOW, TODAY, connect, history, home, house_in, save_bill, save_usage
from bot import commands
from bot.places import person_at_the_console
from bot.ports import Asked, House
from storage import WorkspaceStore
from storage.tables._wide import AMOUNT_COLUMNS, TOKEN_COLUMNS

_COMPANIES = 2
_COMPANY = Company(keys=58)  # 2 x 58 keys x 4 models x 24 hours x 90 days and a half: over a million records
_DAYS = 90
_ROUNDS = 200
_QUESTIONS = (
    "spend month by model",
    "spend today",
    "spend",
    "spend last 30 days by project",
    "spend forecast",
)
_SUMS = ", ".join(
    f"SUM({name})"
    for name in (
        "billed_nanos",
        "estimated_nanos",
        "provisional_nanos",
        "estimate_nanos",
        "unpriced_tokens",
        "unpriced_rows",
        *TOKEN_COLUMNS,
        "requests",
        *AMOUNT_COLUMNS,
    )
)
_MONEY = "SUM(billed_nanos), SUM(estimated_nanos)"


async def main(folder: Path) -> None:
    """Load what is missing, then measure."""
    say(heading("sqlalchemy", "aiosqlite"))
    async with house_in(folder) as house:
        store = await home(house)
        await _load(house, store)
        await _measure_report(store, folder / "data" / "spendbot.db")
        for question in _QUESTIONS:
            await _measure_answer(house, store, question)


async def _load(house: House, store: WorkspaceStore) -> None:
    """Load the companies through `save_window`, as history is loaded; one that is there already is left as it is."""
    for number in range(len(await store.connections()), _COMPANIES):
        connection_id = await connect(store, number)
        count, seconds, billing = 0, 0.0, 0.0
        for window in history(_DAYS):
            usage = _COMPANY.usage(window, house.prices)
            seconds += (await save_usage(store, connection_id, window, usage))[1]
            billing += await save_bill(store, connection_id, _COMPANY, window)
            count += len(usage)
        rate = count / seconds
        say(f"loaded {count:,} records at {rate:,.0f} records/s; their bills took {billing:.0f} s")


async def _measure_report(store: WorkspaceStore, database: Path) -> None:
    """Compare the report's reading of the rollup with the same sums in plain SQL, in turn."""
    first, last = date(NOW.year, NOW.month, 1), TODAY.date()
    plain = "SELECT model, currency, {} FROM spend_day WHERE workspace_id = ? AND day BETWEEN ? AND ? GROUP BY 1, 2"
    values = (store.workspace_id, first.isoformat(), last.isoformat())
    ours, theirs, money = [], [], []
    with closing(sqlite3.connect(database)) as connection:
        (records,) = connection.execute("SELECT COUNT(*) FROM usage_record").fetchone()
        (rows,) = connection.execute(
            "SELECT COUNT(*) FROM spend_day WHERE workspace_id = ? AND day BETWEEN ? AND ?", values
        ).fetchone()
        for _ in range(_ROUNDS):
            started = perf_counter()
            slices = await store.day_slices(first, last, ("model",))
            ours.append(perf_counter() - started)
            started = perf_counter()
            found = connection.execute(plain.format(_SUMS), values).fetchall()
            theirs.append(perf_counter() - started)
            started = perf_counter()
            connection.execute(plain.format(_MONEY), values).fetchall()
            money.append(perf_counter() - started)
    assert {(s.key[0], s.billed_nanos) for s in slices} == {(row[0], row[2]) for row in found}
    say(f"\n{records:,} usage records; the month has {rows:,} rows in the rollup")
    say(f"the month by model, read by the store: {milliseconds(ours)}")
    say(f"the same sums in plain SQL:            {milliseconds(theirs)}")
    say(f"only the money in plain SQL:           {milliseconds(money)}")
    same = statistics.median(ours) / statistics.median(theirs)
    short = statistics.median(ours) / statistics.median(money)
    say(f"ratio of medians: {same:.2f} to the same sums, {short:.2f} to the money alone\n")


async def _measure_answer(house: House, store: WorkspaceStore, question: str) -> None:
    actor, place = await person_at_the_console(store)
    seconds = []
    for _ in range(_ROUNDS + 1):
        asked = Asked(store=store, house=house, actor=actor, place=place, now=NOW)
        started = perf_counter()
        await commands.answer(question, asked)
        seconds.append(perf_counter() - started)
    say(f"{question:<42} {milliseconds(seconds[1:])}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(main(Path(sys.argv[1])))
    else:
        with tempfile.TemporaryDirectory() as made:
            asyncio.run(main(Path(made)))
