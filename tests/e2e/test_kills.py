"""Killed with -9 at any moment: nothing is lost, nothing is there twice, and the next start goes on at once."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot import failpoints
from tests.e2e import kill_counts
from tests.e2e.campaign import DECKS, plan, run_campaign
from tests.e2e.conftest import connect, vendors_now
from tests.e2e.kill_rounds import Round, rest_told
from tests.e2e.kill_town import Town, kill_town
from tests.e2e.warm import WarmBot, Zygote
from tests.fakes.other_vendors import OtherOpenAi
from tests.fakes.serving import served

KILLS = 60
BOUNDARIES = (failpoints.LEASED, failpoints.ACCEPTED, failpoints.SENT)  # those a console delivery passes


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, zygote: Zygote) -> Iterator[Town]:
    """Vendors, Slack and Discord, with homes to begin with."""
    with kill_town(tmp_path_factory.mktemp("town"), zygote) as started:
        yield started


def test_after_sixty_kills_figures_are_the_vendors_own_and_everything_was_told_once(
    town: Town, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}: python -m benchmarks.kills --kills {KILLS} --seed {seed}")

    report = run_campaign(town, tmp_path, kills=KILLS, seed=seed)

    print("\n".join(report.lines()))
    assert report.wrong == {}
    assert report.killed >= KILLS
    assert report.counts["messages on slack"] > 0
    assert report.counts["messages on discord"] > 0


def test_what_was_lost_or_is_there_twice_is_counted(town: Town, tmp_path: Path) -> None:
    since = kill_counts.door(town)
    bot = town.homes["working"].copy_to(tmp_path / "home")
    bot.good("ask", "budget set 77 monthly")
    rest_told(Round(town, bot, random.Random(1), since))
    assert kill_counts.wrong_at_the_doors(bot, town, since, 0) == []
    assert kill_counts.wrong_usage(bot, town) == []

    (code,) = kill_counts.told(bot, "discord")
    town.discord.world.messages.append(replace(town.discord.world.messages[-1], id="1"))
    (message,) = [each for each in town.slack.world.in_channel() if code in each.words]
    message.is_deleted = True
    with closing(sqlite3.connect(bot.database)) as database, database:
        database.execute("DELETE FROM usage_record WHERE start = (SELECT min(start) FROM usage_record)")

    assert kill_counts.wrong_at_the_doors(bot, town, since, 0) == [
        f"slack: {code} was lost",
        f"discord: {code} is there 2 times",
    ]
    assert kill_counts.wrong_usage(bot, town) == [
        "openai: 1 usage records lost",
        "anthropic: 1 usage records lost",
    ]
    town.discord.world.messages.pop()


def test_every_boundary_has_its_place_in_a_campaign_and_a_round_is_planned_by_its_number_alone() -> None:
    every = {name for names in failpoints.BOUNDARIES.values() for name in names}
    planned = [at for number in range(200) for at in plan(number, seed=7)]

    assert every <= {at.partition("#")[0] for deck in DECKS.values() for at in deck}
    assert every <= {at.partition("#")[0] for at in planned}
    assert plan(12, seed=7) == plan(12, seed=7) != plan(12, seed=8)
    assert 0.4 < planned.count("") / len(planned) < 0.6


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
