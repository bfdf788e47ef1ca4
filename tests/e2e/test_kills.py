"""Killed with -9 at any moment: nothing is lost, nothing is there twice, and the next start goes on at once."""

import random
import sqlite3
import time
from contextlib import closing

import pytest

from bot import failpoints
from tests.e2e.campaign import run_campaign
from tests.e2e.conftest import connect, settled_days, vendors_now
from tests.e2e.warm import WarmBot
from tests.fakes.other_vendors import OtherOpenAi
from tests.fakes.serving import served

KILLS = 50
BOUNDARIES = (failpoints.LEASED, failpoints.ACCEPTED, failpoints.SENT)  # those a console delivery passes


def test_after_fifty_kills_at_random_moments_the_figures_are_the_vendors_own_and_everything_was_told_once(
    warm: WarmBot,
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")
    with served(vendors_now()) as vendors:
        report = run_campaign(warm, vendors, kills=KILLS, seed=seed, days=settled_days())

    assert report.stored == report.books
    assert report.problems == ""
    assert report.unfinished == 0
    assert report.told_once == report.announced, report.told
    assert report.told_twice == []
    assert report.is_good


def test_a_killed_poll_does_not_hold_up_the_next_one(warm: WarmBot) -> None:
    with served(vendors_now(days=4)) as vendors:
        connect(warm, vendors)
        vendors.openai.faults.clear()
        with warm.running("poll", "--once"):
            time.sleep(0.3)

        began = time.monotonic()
        done = warm.good("poll", "--once")

    assert len(done.out.splitlines()) == 5, "every stream was read"
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_console_message_is_there_once_wherever_its_delivery_was_killed(
    warm: WarmBot, boundary: str
) -> None:
    warm.good("ask", "budget set 77 monthly")
    warm.kill_at = boundary
    with warm.running("run") as run:
        assert run.process.wait(30) == -9
    warm.kill_at = ""

    with warm.running("run") as run:
        run.wait_for(lambda _: messages(warm) != [], within_s=20)
        time.sleep(3)  # time enough for a second look at the queue
        assert run.terminate()[0] == 0

    assert len(messages(warm)) == 1
    assert "$77 a month" in messages(warm)[0]


@pytest.mark.parametrize("boundary", [failpoints.FOUND, failpoints.QUEUED])
def test_a_finding_is_told_once_wherever_the_watch_was_killed(warm: WarmBot, boundary: str) -> None:
    vendor = OtherOpenAi(
        "sk-admin-gOod0000000000000000000000000000000000", usage={"completions": {}, "embeddings": {}}
    )
    with served(vendor):
        words = ("connect", "openai", "--key-stdin", "--base-url", vendor.base_url, "--label", "Harbor")
        warm.good(*words, stdin=vendor.key)
        vendor.key = "revoked"
        assert warm("poll", "--once").code == 1
        warm.kill_at = boundary
        with warm.running("run") as run:
            assert run.process.wait(30) == -9
        warm.kill_at = ""

        with warm.running("run") as run:
            run.wait_for(lambda _: messages(warm) != [], within_s=30)
            time.sleep(3)
            assert run.terminate()[0] == 0

    assert len(messages(warm)) == 1
    assert "Harbor" in messages(warm)[0]


def messages(bot: WarmBot) -> list[str]:
    """Return what was posted on the console."""
    with closing(sqlite3.connect(bot.database)) as database:
        return [str(text) for (text,) in database.execute("SELECT text FROM console_message ORDER BY id")]
