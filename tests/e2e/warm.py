"""A `Bot` whose processes are forked from one that has loaded everything: for tests that start very many."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.processes import HOUSE, LONGEST_S, PASSED_ON, Bot, Done, Running


class Zygote:
    """The process that forks; see tests/e2e/zygote.py. Ended by `close()`."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**environment, "PYTHONPATH": str(HOUSE)},
            cwd=HOUSE,
        )

    def ask(self, **order: Any) -> Any:
        """Give one order and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        """Let it end."""
        self._process.communicate(timeout=LONGEST_S)


@dataclass
class Forked:
    """One forked process, with the part of `subprocess.Popen` that is used here."""

    zygote: Zygote
    pid: int

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        code: int | None = self.zygote.ask(look=self.pid)
        return code

    def wait(self, timeout: float) -> int:
        """Return the exit code once it has ended."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            assert time.monotonic() < until, "it did not end in time"
            time.sleep(0.005)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


@dataclass
class WarmBot(Bot):
    """One installation. `kill_at`: a boundary of bot/failpoints.py at which its processes are killed, or `name#n`."""

    zygote: Zygote = field(kw_only=True)
    kill_at: str = ""
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __call__(self, *words: str, stdin: str = "") -> Done:
        started = self.start(*words, stdin=stdin)
        return Done(started.process.wait(LONGEST_S), started.out, started.err)

    def start(self, *words: str, stdin: str = "") -> Running:
        """Start a command; the caller waits for it or kills it."""
        number = next(self._numbers)
        out_file, err_file = self.home / f"{number}.out", self.home / f"{number}.err"
        order = {
            "words": words,
            "environment": self.environment,
            "stdin": stdin,
            "out": str(out_file),
            "err": str(err_file),
            "kill_at": self.kill_at,
        }
        return Running(Forked(self.zygote, self.zygote.ask(start=order)), out_file, err_file)

    @contextmanager
    def running(self, *words: str) -> Iterator[Running]:
        started = self.start(*words)
        try:
            yield started
        finally:
            started.kill()

    def copy_to(self, home: Path) -> "WarmBot":
        copied = super().copy_to(home)
        return WarmBot(copied.home, copied.settings, zygote=self.zygote)
