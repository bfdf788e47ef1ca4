"""How long a cold question takes, against importing the library that weighs most in it, in turn in the same run.

`python -m benchmarks.start [FOLDER]`: the folder of benchmarks.million if there is one; else a small company is loaded.
"""

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks._company import Company
from benchmarks._machine import heading, say
from benchmarks._stored import connect, environment, history, home, house_in, save_bill, save_usage

_ROUNDS = 15
_ASK = ("-m", "bot", "ask", "spend today", "--json")
_IMPORT = ("-c", "import sqlmodel")
_NOTHING = ("-c", "pass")


def main(folder: Path) -> None:
    """Print processor time: the medians, and the ratio pair by pair."""
    say(heading("sqlmodel", "sqlalchemy"))
    if not (folder / "data").exists():
        asyncio.run(_load_small_company(folder))
    environ = {**os.environ, **environment(folder)}
    pairs = [
        (_run(_ASK, environ), _run(_IMPORT, environ), _run(_NOTHING, environ)) for _ in range(_ROUNDS + 1)
    ]
    asked, imported, nothing = (list(each) for each in zip(*pairs[1:], strict=True))
    ratio = statistics.median(one / other for one, other in zip(asked, imported, strict=True))
    for name, seconds in (("ask", asked), ("import sqlmodel", imported), ("python", nothing)):
        say(
            f"{name:<16} median {1000 * statistics.median(seconds):.0f} ms, worst {1000 * max(seconds):.0f} ms"
        )
    say(f"ask takes {ratio:.2f} times as long as the import (median of pairs)")


async def _load_small_company(folder: Path) -> None:
    company = Company(keys=3)
    async with house_in(folder) as house:
        store = await home(house)
        connection_id = await connect(store, 0)
        for window in history(28):
            await save_usage(store, connection_id, window, company.usage(window, house.prices))
            await save_bill(store, connection_id, company, window)


def _run(words: tuple[str, ...], environ: dict[str, str]) -> float:
    """Run one process and return the processor seconds it used."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    pid = os.posix_spawn(sys.executable, [sys.executable, *words], environ, file_actions=quiet)
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{' '.join(words)} failed")
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
