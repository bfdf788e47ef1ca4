"""Disks that are full or read-only, other writers, second runs, sudden ends: said in a sentence, survived, healed."""

import json
import shutil
import socket
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.conftest import Connected, connect, settled_days
from tests.e2e.processes import Bot, amounts
from tests.e2e.test_upkeep import bills
from tests.e2e.warm import WarmBot
from tests.fakes.other_vendors import OtherOpenAi
from tests.fakes.serving import served

FIRST, LAST = settled_days()
WINDOW = f"spend {FIRST}..{LAST}"


class SmallDisk:
    """A file system of 3 MB of its own for a bot's data, seen by its processes only."""

    def __init__(self, bot: Bot) -> None:
        self._keeper = subprocess.Popen(["unshare", "--mount", "sleep", "600"])
        time.sleep(0.1)
        inside = ("nsenter", "--target", str(self._keeper.pid), "--mount")
        saved = bot.home / "saved"
        shutil.copytree(bot.data, saved)
        subprocess.run([*inside, "mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(bot.data)], check=True)
        subprocess.run([*inside, "cp", "-a", f"{saved}/.", str(bot.data)], check=True)
        self.bot = Bot(bot.home, dict(bot.settings), prefix=inside)
        self._filler = Path(f"/proc/{self._keeper.pid}/root{bot.data}/filler")

    def fill(self) -> None:
        """Leave not a byte."""
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                return

    def free(self) -> None:
        """Leave room again."""
        self._filler.unlink()

    def close(self) -> None:
        """Take the file system away."""
        self._keeper.kill()
        self._keeper.wait()


@pytest.fixture
def disk(harbor: Connected) -> Iterator[SmallDisk]:
    if subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False
    ).returncode:
        pytest.skip("needs the right to mount a file system")
    made = SmallDisk(harbor.bot)
    yield made
    made.close()


def test_a_full_disk_is_said_and_the_next_poll_heals(disk: SmallDisk, harbor: Connected) -> None:
    disk.fill()

    full = disk.bot("poll", "--once")

    assert full.code == 1
    assert "full" in full.err
    assert full.err.count("\n") == 1
    assert "Traceback" not in full.err
    disk.free()
    assert disk.bot.good("db", "check").err == ""
    disk.bot.good("poll", "--once")
    assert amounts(disk.bot.ask(WINDOW)) == bills(harbor.vendors)


def test_a_run_outlives_a_full_disk_and_goes_on_when_there_is_room(disk: SmallDisk) -> None:
    with disk.bot.running("run") as run:
        run.wait_for(lambda each: "started" in each.err, within_s=30)
        disk.fill()
        run.wait_for(lambda each: "disk is full" in each.err, within_s=30)
        disk.free()
        disk.bot.good("ask", "budget set 88 monthly")
        run.wait_for(lambda each: "$88 a month" in each.out, within_s=30)
        code, seconds = run.terminate()

    assert (code, seconds < 10) == (0, True)


def test_a_read_only_database_is_one_sentence(disk: SmallDisk) -> None:
    inside = disk.bot.prefix
    subprocess.run([*inside, "mount", "-o", "remount,ro", str(disk.bot.data)], check=True)

    for words in (("poll", "--once"), ("run",), ("ask", "budget set 5 monthly")):
        done = disk.bot(*words)

        assert done.code == 1, words
        assert done.out == ""
        assert done.err.splitlines()[-1].startswith("spendbot: ")
        assert "Traceback" not in done.err


def test_another_writer_is_waited_for(harbor: Connected) -> None:
    with closing(sqlite3.connect(harbor.bot.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with harbor.bot.running("poll", "--once") as poll:
            time.sleep(3)
            assert poll.process.poll() is None
            other.execute("COMMIT")
            assert poll.process.wait(60) == 0

    assert amounts(harbor.bot.ask(WINDOW)) == bills(harbor.vendors)


def test_a_writer_that_never_ends_is_one_sentence(harbor: Connected) -> None:
    with closing(sqlite3.connect(harbor.bot.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = harbor.bot("ask", WINDOW, "--json")
        done = harbor.bot("poll", "--once")

    assert amounts(answer.json) == bills(harbor.vendors), "questions need no writer"
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith("spendbot: ")
    assert "locked" in done.err
    assert "Traceback" not in done.err


def test_a_second_run_is_refused_and_a_killed_one_is_followed_at_once(harbor: Connected) -> None:
    bot = harbor.bot
    with bot.running("run") as first:
        first.wait_for(lambda each: "started" in each.err, within_s=30)

        second = bot("run")

        assert (second.code, second.out) == (1, "")
        assert "Another run works on this database" in second.err.splitlines()[-1]
        first.kill()
        with bot.running("run") as third:
            assert third.wait_for(lambda each: "started" in each.err, within_s=30) < 10
            code, seconds = third.terminate()
            assert (code, seconds < 10) == (0, True)


def test_a_run_that_waits_for_a_silent_vendor_stops_in_time(warm: WarmBot) -> None:
    vendor = OtherOpenAi(
        "sk-admin-sLow0000000000000000000000000000000000", usage={"completions": {}, "embeddings": {}}
    )
    with served(vendor):
        warm.good("connect", "openai", "--key-stdin", "--base-url", vendor.base_url, stdin=vendor.key)
        make_due(warm)
        vendor.pause_s = 30
        asked = len(vendor.asked)
        with warm.running("run") as run:
            run.wait_for(lambda _: len(vendor.asked) > asked, within_s=30)
            code, seconds = run.terminate()

        assert (code, seconds < 10) == (0, True)
        assert "Traceback" not in run.err
        vendor.pause_s = 0
        assert len(warm.good("poll", "--once").out.splitlines()) == 3, (
            "what was given up is read by the next one"
        )


def test_a_run_notices_within_fifteen_seconds_what_another_process_wrote(harbor: Connected) -> None:
    bot = harbor.bot
    with bot.running("run") as run:
        run.wait_for(lambda each: "started" in each.err, within_s=30)

        bot.good("ask", "budget set 4321 monthly")

        run.wait_for(lambda each: "$4,321 a month" in each.out, within_s=15)


def test_what_is_connected_while_a_run_polls_is_loaded_whole_and_seen_on_its_health_page(
    warm: WarmBot, read_only_harbor: Connected
) -> None:
    vendors = read_only_harbor.vendors
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    warm.settings["HTTP_PORT"] = str(port)
    with warm.running("run") as run:
        run.wait_for(lambda each: "started" in each.err, within_s=30)

        connect(warm, vendors)

        run.wait_for(lambda _: states(port) == {"openai": "active", "anthropic": "active"}, within_s=15)
        assert run.terminate()[0] == 0
    assert "Traceback" not in run.err
    answer = warm.ask(WINDOW)
    assert (amounts(answer), answer["warnings"]) == (bills(vendors), [])


def states(port: int) -> dict[str, str]:
    """Return what the health page says of each provider's connection."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as page:
        return {each["provider"]: each["state"] for each in json.load(page)["connections"]}


def make_due(bot: Bot) -> None:
    """Make every stream due now, as five minutes of waiting would."""
    with closing(sqlite3.connect(bot.database)) as database, database:
        database.execute("UPDATE stream SET next_due_at = 0")
