"""The kinds of rounds: what is killed, how the bot comes to rest afterwards, and what is counted then."""

import random
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot import failpoints as points
from bot.demo.vendors import Fault
from storage.keybox import encode_master_key, fingerprint
from tests.canaries import make_master_key, watch
from tests.e2e import kill_counts as counts
from tests.e2e.kill_town import PATIENCE_S, Town, connect_words, open_deliveries, rows
from tests.e2e.processes import Running
from tests.e2e.warm import WarmBot

LONGEST_LIFE_S = {"connect": 1.2, "poll": 0.9, "run": 1.4, "keys": 0.5}
REACHED_WITHIN_S = 4.0  # what has not come to its boundary by then is killed where it is
FIRST_LOOKS_S, SETTLED_S = 1.5, 0.6  # what the first looks find is taken up by the next tick
AT_MOST_AGAIN = 3
CHANCES = ("cli", "spend", "slack", "discord", "press")  # what happens when `run` dies at a random moment
PICTURE_ONCE = "A picture is not sent again."
# What must happen for `run` to come to a boundary: a spike with its picture, or Discord refusing a post.
WHAT_HAPPENS = {
    **dict.fromkeys((points.FOUND, points.QUEUED, points.BROUGHT, points.UPLOADED), "spend"),
    **{f"{name}#{n}": "spend" for name in (points.SENDING, points.ACCEPTED, points.SENT) for n in (3, 4)},
    points.REFUSED: "503",
    points.ADMINS_TOLD: "403",
}


@dataclass
class Round:
    """One round under way. `since`: where the doors stood when it began."""

    town: Town
    bot: WarmBot
    dice: random.Random
    since: tuple[int, int]
    kills: list[str] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    spent: int = 0
    provider: int = 0
    budgets: int = 0
    refused: bool = False
    new_key: bytes = b""

    def start(self, at: str, *words: str, stdin: str = "") -> Running:
        """Start a process that is killed at a boundary."""
        self.bot.kill_at = at
        try:
            return self.bot.start(*words, stdin=stdin)
        finally:
            self.bot.kill_at = ""

    def die(self, process: Running, at: str, longest_s: float) -> None:
        """Let it come to its boundary, or to a random moment, and note what it died of, if it did not end by itself."""
        until = time.monotonic() + (REACHED_WITHIN_S if at else self.dice.uniform(0, longest_s))
        while process.process.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        code = process.process.poll()
        if code is None:
            process.kill()
            self.kills.append("")
            if at:
                self.missed[at] += 1
        elif code == -9:
            self.kills.append(at)
        else:
            self.counts["ended before they were killed"] += 1

    def listens(self, process: Running, *platforms: str) -> bool:
        """Wait until it is connected there, and tell whether it lived so long."""
        until = time.monotonic() + PATIENCE_S
        while process.process.poll() is None and time.monotonic() < until:
            if all(self.town.listens(each) for each in platforms):
                return True
            time.sleep(0.01)
        return False


def kill_connect(here: Round, at: str) -> None:
    """Kill `connect`, by turns of both vendors."""
    provider = ("openai", "anthropic")[here.provider % 2]
    here.provider += 1
    vendor = here.town.vendors.openai if provider == "openai" else here.town.vendors.anthropic
    process = here.start(at, *connect_words(here.town, provider), stdin=vendor.admin_key)
    here.die(process, at, LONGEST_LIFE_S["connect"])


def rest_connected(here: Round) -> None:
    """Connect what is not connected yet, and read everything."""
    for provider in ("openai", "anthropic"):
        here.town.connect(here.bot, provider)
    here.bot.good("poll", "--once")


def count_figures(here: Round) -> list[str]:
    """Count usage by the meters and money by the bills."""
    wrong = counts.wrong_usage(here.bot, here.town) + counts.wrong_money(here.bot, here.town)
    connections = rows(here.bot, "SELECT provider, state FROM connection ORDER BY provider")
    if connections != [("anthropic", "active"), ("openai", "active")]:
        wrong.append(f"connections: {connections}")
    here.counts["usage records"] += len(rows(here.bot, "SELECT 1 FROM usage_record"))
    return wrong


def kill_poll(here: Round, at: str) -> None:
    """Kill a poll that has everything to read, and is refused once where that is wanted."""
    if at == points.TROUBLED:
        here.town.vendors.openai.faults.plan("usage/embeddings", Fault.answers(401))
    if at == points.PAST_ENDED:  # after the present was read
        here.town.vendors.openai.faults.plan("usage/embeddings", Fault.answers(400), after=1)
    here.die(here.start(at, "poll", "--once"), at, LONGEST_LIFE_S["poll"])


def rest_polled(here: Round) -> None:
    """Read everything."""
    here.town.vendors.openai.faults.clear()
    here.bot.good("poll", "--once")


def kill_run(here: Round, at: str) -> None:
    """Kill `run` while it finds, decides, posts, and answers people."""
    if at == points.REOPENED:  # there must be something that was left open
        kill_run(here, points.LEASED)
    by = WHAT_HAPPENS.get(at) or here.dice.choice(("cli",) if at else CHANCES)
    here.counts[f"happened: {by}"] += 1
    if by == "spend":
        here.town.spend(here.spent)
        here.spent += 1
        here.bot.good("poll", "--once")
    if by in ("cli", "503", "403"):
        here.bot.good("ask", f"budget set {5000 + len(here.kills)} monthly")
        here.budgets += 1
    if by in ("503", "403"):
        here.refused |= by == "403"
        here.town.discord.faults.add("post", by)
    process = here.start(at, "run")
    if by in ("slack", "discord") and here.listens(process, by):
        here.town.let(budget_asked_for(here, by))
    if by == "press" and here.listens(process, "slack"):
        for message in counts.alerts_on_slack(here.town, here.since)[-1:]:
            here.town.let(here.town.slack.press(message, "Acknowledge"))
    here.die(process, at, LONGEST_LIFE_S["run"])


def budget_asked_for(here: Round, by: str) -> Coroutine[Any, Any, Any]:
    """Let a person set a budget in chat."""
    amount = str(5000 + len(here.kills))
    if by == "slack":
        return here.town.slack.command(f"set {amount} monthly", command="/budget")
    return here.town.discord.slash("budget set", amount=amount, period="monthly")


def rest_told(here: Round) -> None:
    """Let `run` live until everything that was decided is told; what was found as it stopped, the next one tells."""
    _rest(here)
    for _ in range(AT_MOST_AGAIN):
        if open_deliveries(here.bot):
            _rest(here)


def _rest(here: Round) -> None:
    with here.bot.running("run") as run:
        run.wait_for(lambda each: "started" in each.err, within_s=PATIENCE_S)
        if here.spent:
            run.wait_for(lambda _: has_spike(here.bot), within_s=PATIENCE_S)
        quiet_since = time.monotonic() + FIRST_LOOKS_S
        while time.monotonic() - quiet_since < SETTLED_S:
            run.wait_for(lambda _: not open_deliveries(here.bot), within_s=PATIENCE_S)
            before = len(rows(here.bot, "SELECT 1 FROM delivery"))
            time.sleep(SETTLED_S / 4)
            if open_deliveries(here.bot) or len(rows(here.bot, "SELECT 1 FROM delivery")) != before:
                quiet_since = time.monotonic()
        code, _ = run.terminate()
    assert code == 0, run.err


def has_spike(bot: WarmBot) -> bool:
    """Tell whether the runaway loop was noticed."""
    return bool(rows(bot, "SELECT 1 FROM incident WHERE kind = 'spike'"))


def count_told(here: Round) -> list[str]:
    """Count at the doors. A post that Discord refused for good was told to admins instead."""
    wrong = counts.wrong_at_the_doors(here.bot, here.town, here.since, len(here.kills))
    database = counts.wrong_in_the_database(here.bot)
    once = [each for each in database if each.endswith(PICTURE_ONCE)]
    here.counts["pictures not sent again"] += len(once)
    refused = [each for each in database if "may not post in this channel" in each]
    told_instead = len(rows(here.bot, "SELECT 1 FROM incident WHERE dedup_key LIKE 'channel:%'"))
    if refused and not (here.refused and told_instead):  # a channel that refused once is left alone
        wrong += refused
    wrong += [each for each in database if each not in (*refused, *once)]
    notes = len(rows(here.bot, "SELECT 1 FROM incident WHERE kind = 'notice'"))
    if notes < here.budgets:
        wrong.append(f"{notes} notes of {here.budgets} budgets")
    wrong += counts.wrong_acts(here.bot, here.town, here.since)
    here.counts["acts shown"] += len(rows(here.bot, counts.ACKNOWLEDGED))
    for platform, found in counts.seen(here.town, here.since).items():
        here.counts[f"messages on {platform}"] += found.messages.total()
        here.counts[f"marked repeats on {platform}"] += found.marked.total()
        here.counts[f"seen twice on {platform}"] += sum(times - 1 for times in found.messages.values())
    return wrong


def kill_rotate(here: Round, at: str) -> None:
    """Kill the change of the master key; one that was not finished is begun again with the same key."""
    if not here.new_key or is_rotated(here):
        here.new_key = make_master_key()
        path = here.bot.home / "next.key"
        watch.allow(path)
        path.unlink(missing_ok=True)
        path.touch(0o600)
        path.write_text(encode_master_key(here.new_key))
    process = here.start(at, "keys", "rotate", "--new-key-file", str(here.bot.home / "next.key"))
    here.die(process, at, LONGEST_LIFE_S["keys"])


def is_rotated(here: Round) -> bool:
    """Tell whether the key file holds the new key already."""
    return (here.bot.config / "master.key").read_text().strip() == encode_master_key(here.new_key)


def rest_rotated(here: Round) -> None:
    """Finish it."""
    if not is_rotated(here):
        here.bot.good("keys", "rotate", "--new-key-file", str(here.bot.home / "next.key"))


def count_keys(here: Round) -> list[str]:
    """Every key opens under the new master key, and the old one is known no more."""
    wrong = [] if is_rotated(here) else ["the key file does not hold the new key"]
    wanted = [(fingerprint(here.new_key),)]
    for table in ("data_key", "canary"):
        found = rows(here.bot, f"SELECT kek_id FROM {table}")
        wrong += [] if found == wanted else [f"{table}: {found}, not {wanted}"]
    done = here.bot("poll", "--once")
    here.counts["keys opened after a rotation"] += len(rows(here.bot, "SELECT 1 FROM connection"))
    return wrong if done.code == 0 else [*wrong, f"poll: {done.err}"]


def kill_leave(here: Round, at: str) -> None:
    """Remove the bot from both platforms and kill it while it takes leave."""
    town = here.town
    process = here.start(at, "run")
    here.listens(process, "slack", "discord")
    town.slack.fail("*", "account_inactive", times=0)
    town.let(town.discord.leave())
    town.let(town.slack.event({"type": "app_uninstalled"}))
    here.die(process, at, LONGEST_LIFE_S["run"] / 2)


def rest_left(here: Round) -> None:
    """Let one `run` live until nothing more happens."""
    with here.bot.running("run") as run:
        run.wait_for(lambda each: "discord_connected" in each.err, within_s=PATIENCE_S)
        time.sleep(SETTLED_S)
        assert run.terminate()[0] == 0, run.err


def count_left(here: Round) -> list[str]:
    """Where every chat place is gone, every key is; where one is left, none is. Each is said once in the audit."""
    gone = rows(here.bot, "SELECT removed_at IS NOT NULL FROM installation WHERE platform != 'console'")
    keys = rows(here.bot, "SELECT sealed_key IS NOT NULL FROM connection")
    said = len(rows(here.bot, "SELECT 1 FROM audit WHERE what = 'disconnected'"))
    is_over = all(each for (each,) in gone)
    here.counts["workspaces left for good"] += is_over
    wrong = []
    if any(has_key for (has_key,) in keys) == is_over:
        wrong.append(f"keys {keys} while places gone are {gone}")
    if said != sum(not has_key for (has_key,) in keys):
        wrong.append(f"{said} keys destroyed in the audit, {keys} in the table")
    return wrong


type_step = Callable[[Round], None]
ROUNDS: dict[str, tuple[str, Callable[[Round, str], None], type_step, Callable[[Round], list[str]]]] = {
    "connect": ("fresh", kill_connect, rest_connected, count_figures),
    "poll": ("kept", kill_poll, rest_polled, count_figures),
    "run": ("working", kill_run, rest_told, count_told),
    "rotate": ("working", kill_rotate, rest_rotated, count_keys),
    "leave": ("working", kill_leave, rest_left, count_left),
}
