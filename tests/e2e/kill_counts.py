"""What is counted after every round: at the doors of Slack and Discord, in the vendors' books, in the database.

Nothing here asks the bot what it told: messages are counted by the code in their footer where people see them, usage by
the vendors' meters, money by the vendors' bills.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tests.e2e.kill_town import DAYS, Town, rows
from tests.e2e.processes import amounts
from tests.e2e.warm import WarmBot
from tests.fakes.discord.world import AI_SPEND
from tests.fakes.slack.world import GENERAL, Message

REPEAT = "(possible repeat)"
ACKNOWLEDGED = "SELECT code FROM incident WHERE state = 'acknowledged'"
_CODE = re.compile(r"(?<![\w-])[2346789BCDFGHJKMNPQRTVWXY]{4}(?:-\d+)?(?![\w-])")


@dataclass(frozen=True)
class Seen:
    """The messages of one channel since a round began, by the code in their footer; `marked`: possible repeats."""

    messages: Counter[str]
    marked: Counter[str]


def door(town: Town) -> tuple[int, int]:
    """Return how many messages each platform has: where a round begins."""
    return len(town.slack.world.messages), len(town.discord.world.messages)


def seen(town: Town, since: tuple[int, int]) -> dict[str, Seen]:
    """Return what people saw in the alert channels since then."""
    return {platform: _counted(texts) for platform, texts in _texts(town, since).items()}


def _texts(town: Town, since: tuple[int, int]) -> dict[str, list[str]]:
    on_slack = [
        message.words
        for message in town.slack.world.messages[since[0] :]
        if message.channel == GENERAL and not message.only_for and not message.is_deleted
    ]
    on_discord = [
        message.text
        for message in town.discord.world.messages[since[1] :]
        if message.channel == AI_SPEND and not message.only_for
    ]
    return {"slack": on_slack, "discord": on_discord}


def alerts_on_slack(town: Town, since: tuple[int, int]) -> list[Message]:
    """Return the alerts there that somebody may still acknowledge."""
    there = [each for each in town.slack.world.messages[since[0] :] if each.channel == GENERAL]
    return [each for each in there if "Acknowledge" in each.words.split()]


def wrong_acts(bot: WarmBot, town: Town, since: tuple[int, int]) -> list[str]:
    """Return the platforms on which an act that was kept is not shown."""
    return [
        f"{platform}: nobody sees that {code} was acknowledged"
        for (code,) in rows(bot, ACKNOWLEDGED)
        for platform, texts in _texts(town, since).items()
        if not any(code in text and "Acknowledged by Mira" in text for text in texts)
    ]


def described(town: Town, since: tuple[int, int]) -> str:
    """Return every message since then, for whoever looks at a round that went wrong."""
    lines = [
        f"slack {each.channel} {each.thread_ts or '-'} {each.ts} {each.words!r} {each.pictures}"
        for each in town.slack.world.messages[since[0] :]
    ]
    lines += [
        f"discord {each.channel} {each.answers or '-'} {each.id} {each.text!r} {len(each.attachments)}"
        for each in town.discord.world.messages[since[1] :]
    ]
    return "\n".join([*lines, *(str(call) for call in town.slack.world.calls[-200:])])


def _counted(texts: list[str]) -> Seen:
    codes = [(_CODE.findall(text), REPEAT in text) for text in texts]
    return Seen(
        Counter(found[-1] for found, _ in codes if found),
        Counter(found[-1] for found, is_marked in codes if found and is_marked),
    )


def told(bot: WarmBot, platform: str) -> Counter[str]:
    """Return the codes of everything that the database says was sent to an alert channel."""
    channel = {"slack": GENERAL, "discord": AI_SPEND}[platform]
    found: Counter[str] = Counter()
    number: Counter[str] = Counter()
    for code, state in rows(
        bot,
        "SELECT i.code, d.state FROM delivery d JOIN incident i ON i.id = d.incident_id "
        f"WHERE d.channel = '{channel}' AND d.op IN ('post', 'reply') ORDER BY d.sequence",
    ):
        number[code] += 1
        if state == "sent":
            found[code if number[code] == 1 else f"{code}-{number[code]}"] += 1
    return found


def wrong_at_the_doors(bot: WarmBot, town: Town, since: tuple[int, int], kills: int) -> list[str]:
    """Return what was lost or seen twice: nothing on Discord, at most one marked repeat per kill on Slack."""
    wrong = []
    for platform, here in seen(town, since).items():
        sent = told(bot, platform)
        wrong += [f"{platform}: {code} was lost" for code in sent if not here.messages[code]]
        wrong += [
            f"{platform}: {code} is a message nobody decided on" for code in here.messages if not sent[code]
        ]
        twice = {code: times for code, times in here.messages.items() if times > 1}
        if platform == "discord":
            wrong += [f"discord: {code} is there {times} times" for code, times in twice.items()]
            wrong += [f"discord: {code} is marked as a repeat" for code in here.marked]
        else:
            bare = {code: times - here.marked[code] for code, times in here.messages.items()}
            wrong += [
                f"slack: {code} is there {times} times unmarked" for code, times in bare.items() if times > 1
            ]
            repeats = sum(times - 1 for times in twice.values())
            wrong += [f"slack: {repeats} repeats after {kills} kills"] if repeats > kills else []
    return wrong


def wrong_in_the_database(bot: WarmBot) -> list[str]:
    """Return what should not stand there once everything has come to rest."""
    wrong = [
        f"delivery {state}: {error}"
        for state, error in rows(
            bot, "SELECT state, error FROM delivery WHERE state NOT IN ('sent', 'superseded')"
        )
    ]
    rows_posted = rows(bot, "SELECT delivery_id FROM console_message")
    sent = rows(bot, "SELECT id FROM delivery WHERE platform = 'console' AND state = 'sent'")
    if sorted(rows_posted) != sorted(sent):
        wrong.append(f"console: {len(rows_posted)} messages for {len(sent)} deliveries")
    return wrong


def wrong_usage(bot: WarmBot, town: Town) -> list[str]:
    """Return how many usage records are not those of the vendors' meters, hour by hour and token by token."""
    wrong = []
    for provider, meter in (("openai", town.gpt), ("anthropic", town.opus)):
        found = rows(
            bot,
            "SELECT start / 1000000, tok_out FROM usage_record u JOIN connection c ON c.id = u.connection_id "
            f"WHERE c.provider = '{provider}' AND tok_out > 0",
        )
        stored, used = Counter(found), Counter((row.start, row.counts.out) for row in meter.known)
        lost, extra = (used - stored).total(), (stored - used).total()
        wrong += [f"{provider}: {lost} usage records lost"] if lost else []
        wrong += [f"{provider}: {extra} usage records doubled or made up"] if extra else []
    return wrong


def wrong_money(bot: WarmBot, town: Town) -> list[str]:
    """Return the settled days whose total is not the bill, to the nano-dollar."""
    first, last = settled_days()
    wrong = []
    for provider, vendor in (("openai", town.vendors.openai), ("anthropic", town.vendors.anthropic)):
        shown = amounts(bot.ask(f"spend {first}..{last} by day provider:{provider}"))
        books = {str(day): nanos for (day,), nanos in vendor.ledger.billed_by(first, last, "day").items()}
        wrong += [
            f"{provider} {day}: {shown.get(day, 0)} instead of {books.get(day, 0)} nano-dollars"
            for day in sorted({*shown, *books})
            if shown.get(day, 0) != books.get(day, 0)
        ]
    done = bot("db", "check")
    return wrong + ([f"db check: {done.err}"] if done.code else [])


def settled_days() -> tuple[date, date]:
    """Return the first and the last UTC day whose bill is final by now and for the next hours."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=DAYS), today - timedelta(days=2)
