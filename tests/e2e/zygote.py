"""A process that has loaded the bot and forks one that becomes `spendbot`, in a few milliseconds instead of a second.

Reads one JSON order a line from standard input and answers each with one JSON line: `{"start": {...}}` with the new
process's id, `{"look": id}` with its exit code (negative: the signal that ended it) or null while it runs. What runs
is a process like any other, killed like any other; only its start is warm.
"""

import gc
import json
import os
import signal
import sys
from importlib import import_module
from typing import Any, NoReturn

import bot.master_key
from bot.cli import run_words
from tests.canaries import make_master_key

LOADED = ("bot.service", "bot.cli.run", "bot.cli.poll", "bot.cli.connect", "bot.cli.ask", "bot.cli.db")
LOADED_TOO = (
    *("providers._http", "providers._prices", "providers.openai", "providers.anthropic", "aiosqlite"),
    *("bot.platforms.slack.app", "bot.platforms.discord.app", "charts.png", "bot.cli.keys"),
)


def main() -> None:
    """Answer orders until standard input ends."""
    for name in LOADED + LOADED_TOO:
        import_module(name)
    bot.master_key.new_master_key = make_master_key  # what is searched for (tests/canary_plugin.py)
    gc.freeze()  # so that a fork does not copy every page when it first looks for garbage
    ended: dict[int, int] = {}
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            answer: int | None = os.fork() or _become(order["start"])
        else:
            answer = _look(order["look"], ended)
        print(json.dumps(answer), flush=True)


def _look(pid: int, ended: dict[int, int]) -> int | None:
    if pid not in ended:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            ended[pid] = os.waitstatus_to_exitcode(status)
    return ended.get(pid)


def _become(order: dict[str, Any]) -> NoReturn:
    """Be `spendbot` with these words, this environment and these files; killed at a boundary if one is named."""
    os.environ.clear()
    os.environ.update(order["environment"])
    os.dup2(_pipe_with(order["stdin"]), 0)
    for number, path in ((1, order["out"]), (2, order["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115 - open as long as it lives
    if order["kill_at"]:
        _die_at(order["kill_at"])
    code = run_words(order["words"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _pipe_with(text: str) -> int:
    """Return the reading end of a pipe that holds the text: what is typed, a key above all, never lies in a file."""
    reading, writing = os.pipe()
    with open(writing, "w") as pipe:
        pipe.write(text)
    return reading


def _die_at(boundary: str) -> None:
    """Kill this process, as the kernel does, when it comes to a boundary: the first time, or the n-th of `name#n`."""
    from bot.failpoints import arm

    wanted, _, number = boundary.partition("#")
    left = int(number or 1)

    def stop(name: str) -> None:
        nonlocal left
        left -= name == wanted
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    arm(stop)


if __name__ == "__main__":
    main()
