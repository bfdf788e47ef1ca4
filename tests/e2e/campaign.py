"""A campaign of kills: `spendbot` processes are ended with SIGKILL, and then everything is counted.

A campaign is made of rounds. Each begins with a home of its own, kills one kind of process a few times, at boundaries
between two durable steps and at random moments, lets the bot come to rest, and counts. What a round does follows from
the seed and its number alone, so it can be played again; what it meets depends on the machine too.

Used by tests/e2e/test_kills.py and, for as many kills as one likes, by benchmarks/kills.py.
"""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot import failpoints as points
from tests.e2e.kill_counts import described, door
from tests.e2e.kill_rounds import ROUNDS, Round
from tests.e2e.kill_town import Town

ANY_MOMENT = ""
NUMBERED = 6  # how many commits of a process are looked at one by one
COMMITS = tuple(
    f"{name}#{n}" for n in range(1, NUMBERED + 1) for name in (points.COMMITTING, points.COMMITTED)
)
# Where each kind of round kills. Every second kill is at a random moment; a name met later carries its number.
DECKS = {
    "connect": (points.CHECKED, points.KEY_KEPT, points.FETCHED, points.SAVED, points.PAST_SAVED, *COMMITS),
    "poll": (*points.BOUNDARIES["poll"], f"{points.PAST_SAVED}#5", f"{points.READ}#3", *COMMITS),
    "run": (
        *(*points.BOUNDARIES["watch"], *points.BOUNDARIES["announce"]),
        *(f"{name}#{n}" for n in (2, 3, 4) for name in (points.SENDING, points.ACCEPTED, points.SENT)),
        *COMMITS,
    ),
    "rotate": (*points.BOUNDARIES["rotate"], *COMMITS),
    "leave": (*points.BOUNDARIES["removal"], f"{points.DESTROYED}#2", *COMMITS),
}
ORDER = ("run", "poll", "run", "connect", "run", "rotate", "run", "leave")
KILLS_A_ROUND = {"connect": 5, "poll": 5, "run": 9, "rotate": 5, "leave": 1}


@dataclass
class Report:
    """What a campaign counted. `wrong`: by round, what was lost or twice; `kills` by boundary ('' = random)."""

    kills: Counter[str] = field(default_factory=Counter)
    rounds: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[int, list[str]] = field(default_factory=dict)

    @property
    def killed(self) -> int:
        """How many processes were killed."""
        return self.kills.total()

    def lines(self) -> Iterator[str]:
        """Return the report as text."""
        yield f"{self.killed} kills in {self.rounds.total()} rounds: {_listed(self.rounds)}"
        yield f"at a random moment {self.kills[ANY_MOMENT]}, at a boundary {self.killed - self.kills[ANY_MOMENT]}"
        yield _listed(Counter({name: times for name, times in self.kills.items() if name}))
        yield f"killed where they were, not at: {_listed(self.missed) or 'none'}"
        yield _listed(self.counts)
        for number, wrong in self.wrong.items():
            yield f"round {number}: {'; '.join(wrong)}"
        yield "nothing lost, nothing twice" if not self.wrong else f"{len(self.wrong)} rounds went wrong"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {times:,}" for name, times in sorted(counts.items()))


def run_campaign(
    town: Town,
    folder: Path,
    *,
    kills: int,
    seed: int,
    only: int | None = None,
    say: Callable[[str], None] = print,
) -> Report:
    """Play rounds until so many processes were killed, or one round alone, and report what was counted."""
    report = Report()
    number = 0 if only is None else only
    while report.killed < kills:
        play(town, folder / f"round-{number}", number, seed, report)
        for wrong in report.wrong.get(number, ()):
            say(f"round {number} of seed {seed} ({kind_of(number)}): {wrong}")
        if only is not None:
            break
        number += 1
    return report


def kind_of(number: int) -> str:
    """Return what a round kills."""
    return ORDER[number % len(ORDER)]


def plan(number: int, seed: int) -> list[str]:
    """Return where a round kills, in order: every second kill at a boundary of its deck, which goes round and round."""
    kind = kind_of(number)
    deck = list(DECKS[kind])
    random.Random(f"{seed} {kind}").shuffle(deck)
    kills = KILLS_A_ROUND[kind]
    before = sum(KILLS_A_ROUND[kind] for earlier in range(number) if kind_of(earlier) == kind)
    drawn = [deck[(before + each) // 2 % len(deck)] for each in range(kills)]
    return [at if (before + each) % 2 == 0 else ANY_MOMENT for each, at in enumerate(drawn)]


def play(town: Town, home: Path, number: int, seed: int, report: Report) -> None:
    """Play one round; the home of one that went wrong is kept."""
    kind = kind_of(number)
    begin, kill, rest, count = ROUNDS[kind]
    bot = town.homes[begin].copy_to(home)
    here = Round(town, bot, random.Random(f"{seed} {number}"), door(town))
    for at in plan(number, seed):
        kill(here, at)
    rest(here)
    wrong = count(here)
    town.calm_down()
    report.rounds[kind] += 1
    report.kills.update(here.kills)
    report.missed.update(here.missed)
    report.counts.update(here.counts)
    if wrong:
        report.wrong[number] = wrong
        (home / "doors.txt").write_text(described(town, here.since))
    else:
        shutil.rmtree(home)
