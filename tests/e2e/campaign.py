"""A campaign of kills: `spendbot` processes are ended with SIGKILL at random moments, and then everything is counted.

Used by tests/e2e/test_kills.py and, for as many kills as one likes, by benchmarks/kills.py.
"""

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date

from bot.demo.vendors import SimulatedVendors
from tests.e2e.processes import amounts
from tests.e2e.warm import WarmBot

CONNECTS = 6  # of the kills, this many hit `connect` while it checks, seals or loads history
LONGEST_LIFE_S = {"connect": 1.2, "poll": 0.9, "run": 1.6}


@dataclass(frozen=True)
class Report:
    """What a campaign left behind: `stored` and `books` in nano-units, by provider and day."""

    kills: int
    stored: dict[str, int]
    books: dict[str, int]
    problems: str
    told: list[str]
    announced: list[str]
    unfinished: int

    @property
    def told_once(self) -> list[str]:
        """What was announced and stands on the console exactly once."""
        return [each for each in self.announced if self._times(each) == 1]

    @property
    def told_twice(self) -> list[str]:
        """Messages that stand on the console more than once."""
        return sorted({text for text in self.told if self.told.count(text) > 1})

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing twice, every day its bill to the nano-dollar."""
        is_told = self.told_once == self.announced and not self.told_twice
        return is_told and self.stored == self.books and not self.problems and not self.unfinished

    def _times(self, announced: str) -> int:
        return sum(announced in text.replace("\n", " ") for text in self.told if " set a budget" in text)


def run_campaign(
    bot: WarmBot, vendors: SimulatedVendors, *, kills: int, seed: int, days: tuple[date, date]
) -> Report:
    """Kill that many processes, let the bot come to rest, and report what stands in the database."""
    dice = random.Random(seed)
    keys = {"openai": vendors.openai, "anthropic": vendors.anthropic}
    for number in range(CONNECTS):
        provider = "openai" if number % 2 else "anthropic"
        words = ("connect", provider, "--key-stdin", "--base-url", keys[provider].base_url)
        _kill(bot, dice, *words, stdin=keys[provider].admin_key)
    for provider, vendor in keys.items():
        bot("connect", provider, "--key-stdin", "--base-url", vendor.base_url, stdin=vendor.admin_key)
    announced = []
    for number in range(kills - CONNECTS):
        if number % 2:
            _kill(bot, dice, "poll", "--once")
        else:
            amount = f"{5000 + number:,}"
            bot.good("ask", f"budget set {amount} monthly")
            announced.append(f"${amount} a month")
            _kill(bot, dice, "run")
    bot.good("poll", "--once")
    _come_to_rest(bot)
    stored = {}
    for provider in keys:
        for day, value in amounts(bot.ask(f"spend {days[0]}..{days[1]} by day provider:{provider}")).items():
            stored[f"{provider} {day}"] = value
    books = {
        f"{provider} {day}": value
        for provider, vendor in keys.items()
        for (day,), value in vendor.ledger.billed_by(*days, "day").items()
    }
    return Report(
        kills=kills,
        stored={name: value for name, value in stored.items() if value},
        books={name: value for name, value in books.items() if value},
        problems=bot("db", "check").err,
        told=[str(text) for (text,) in _rows(bot, "SELECT text FROM console_message ORDER BY id")],
        announced=announced,
        unfinished=len(_rows(bot, "SELECT 1 FROM delivery WHERE state NOT IN ('sent', 'superseded')")),
    )


def _kill(bot: WarmBot, dice: random.Random, *words: str, stdin: str = "") -> None:
    started = bot.start(*words, stdin=stdin)
    time.sleep(dice.uniform(0, LONGEST_LIFE_S[words[0]]))
    started.kill()


def _come_to_rest(bot: WarmBot) -> None:
    """Let one `run` live until everything that was decided is told."""
    open_ones = "SELECT 1 FROM delivery WHERE state IN ('queued', 'leased', 'unknown')"
    with bot.running("run") as run:
        run.wait_for(lambda each: "started" in each.err, within_s=30)
        run.wait_for(lambda each: not _rows(bot, open_ones), within_s=30)
        assert run.terminate()[0] == 0


def _rows(bot: WarmBot, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{bot.database}?mode=ro", uri=True)) as database:
        return database.execute(query).fetchall()
