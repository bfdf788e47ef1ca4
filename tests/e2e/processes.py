"""`spendbot` as a user starts it: a process with folders of its own and nothing else in its environment."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from tests.canaries import watch

HOUSE = Path(__file__).parents[2]
PASSED_ON = ("PATH", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG", "COVERAGE_FILE")
LONGEST_S = 60


@dataclass(frozen=True)
class Done:
    """What a process left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


class Process(Protocol):
    """The part of `subprocess.Popen` that is used here."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float) -> int: ...

    def send_signal(self, number: int) -> None: ...

    def kill(self) -> None: ...


@dataclass
class Running:
    """A `spendbot` that goes on by itself, its output collected in two files."""

    process: Process
    out_file: Path
    err_file: Path

    @property
    def out(self) -> str:
        """What it has printed so far."""
        return self.out_file.read_text(encoding="utf-8") if self.out_file.exists() else ""

    @property
    def err(self) -> str:
        """What it has logged so far."""
        return self.err_file.read_text(encoding="utf-8") if self.err_file.exists() else ""

    def kill(self) -> None:
        """End it as the kernel does: at once, with nothing tidied up."""
        self.process.kill()
        self.process.wait(LONGEST_S)

    def terminate(self) -> tuple[int, float]:
        """Send SIGTERM and return the exit code and how many seconds it took to end."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LONGEST_S), time.monotonic() - began

    def wait_for(self, what: Callable[["Running"], bool], *, within_s: float) -> float:
        """Wait until `what` is true and return how many seconds that took; fails with the output when it never is."""
        began = time.monotonic()
        while not what(self):
            assert time.monotonic() - began < within_s, f"not within {within_s} s:\n{self.out}\n{self.err}"
            assert self.process.poll() is None, f"it ended:\n{self.out}\n{self.err}"
            time.sleep(0.05)
        return time.monotonic() - began


@dataclass
class Bot:
    """One installation below `home`. `settings` are names without the prefix; `code` is where the packages lie."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)
    code: Path = HOUSE
    prefix: tuple[str, ...] = ()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def config(self) -> Path:
        return self.home / "config"

    @property
    def database(self) -> Path:
        return self.data / "spendbot.db"

    @property
    def environment(self) -> dict[str, str]:
        """Everything the process gets to see."""
        own = {
            "HOME": str(self.home),
            "PYTHONPATH": str(self.code),
            "SPENDBOT_DATA_DIR": str(self.data),
            "SPENDBOT_CONFIG_DIR": str(self.config),
        }
        more = {f"SPENDBOT_{name}": value for name, value in self.settings.items()}
        return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | own | more

    def __call__(self, *words: str, stdin: str = "") -> Done:
        """Run one command to its end."""
        done = subprocess.run(
            [*self.prefix, sys.executable, "-m", "bot", *words],
            input=stdin.encode(),
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
        for name, printed in (("out", done.stdout), ("err", done.stderr)):
            watch.look(f"what spendbot {' '.join(words[:1])} printed ({name})", printed)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def good(self, *words: str, stdin: str = "") -> Done:
        """Run one command that must exit with 0."""
        done = self(*words, stdin=stdin)
        assert done.code == 0, f"{words}: {done}"
        return done

    def ask(self, words: str) -> Any:
        """Return the object that `ask --json` prints."""
        return self.good("ask", words, "--json").json

    @contextmanager
    def running(self, *words: str) -> Iterator[Running]:
        """Start a command that goes on; it is killed at the end of the block if it still runs."""
        number = len(list(self.home.glob("*.out")))
        out_file, err_file = self.home / f"{number}.out", self.home / f"{number}.err"
        with out_file.open("wb") as out, err_file.open("wb") as err:
            process = self._popen(words, out, err)
        started = Running(process, out_file, err_file)
        try:
            yield started
        finally:
            started.kill()

    def _popen(self, words: tuple[str, ...], out: IO[bytes], err: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self.prefix, sys.executable, "-m", "bot", *words],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=self.environment,
            cwd=self.home,
        )

    def copy_to(self, home: Path) -> "Bot":
        """Return another installation that begins where this one is; nothing may be running."""
        shutil.copytree(self.home, home)
        return Bot(home, dict(self.settings), self.code)


def amounts(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return the rows of an answer in nano-units, by what they were asked for."""
    columns = answer["table"]["columns"]
    width, at = columns.index("amount"), columns.index("amount")
    return {" ".join(row[:width]): nanos(row[at]) for row in answer["table"]["rows"]}


def nanos(amount: str) -> int:
    """Return exact decimal text as nano-units; more than nine digits after the point are an error."""
    whole, _, rest = amount.lstrip("-").partition(".")
    assert len(rest) <= 9, amount
    value = int(whole) * 10**9 + int(rest.ljust(9, "0"))
    return -value if amount.startswith("-") else value
