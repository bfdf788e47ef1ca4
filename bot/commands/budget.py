"""`/budget set | list | remove`: limits on what a scope spends in a period. One budget per scope and period."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.changes.audit import audit_entry
from bot.changes.notices import announce_change
from bot.commands.filters import take_filter
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, read_amount, read_date, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.query import AskedFilter
from bot.reports.budgets import EVERYTHING, budget_state, budget_states, standing
from bot.reports.cuts import connections_with_money
from bot.reports.filters import matching
from bot.reports.frame import Frame, load_frame
from bot.reports.last_posts import channel_note
from bot.reports.trust import trust_of
from bot.views.budget import (
    BudgetListFacts,
    BudgetSetFacts,
    budget_list_view,
    budget_removed_view,
    budget_set_view,
)
from bot.views.errors import budget_needs_period, may_not_post
from bot.views.model import View
from spend.budgets import ACTUAL_THRESHOLDS, PROJECTED_THRESHOLDS, Budget, Period, Scope, passed_when_set
from spend.notify import Decision, Step
from spend.window import month_start

PERIODS = {
    "monthly": Period.MONTH,
    "weekly": Period.WEEK,
    "daily": Period.DAY,
    "month": Period.MONTH,
    "week": Period.WEEK,
    "day": Period.DAY,
}
SCOPES = ("provider", "connection", "project", "model", "key")
# ISO 4217 codes that vendors bill in, or may; a budget counts one of them.
CURRENCIES = frozenset(
    {
        *("AED", "ARS", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP"),
        *("HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON"),
        *("SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR"),
    }
)
DEFAULT_CURRENCY = "USD"
_MENTION = re.compile(r"<#(?P<id>[A-Z0-9]+)(?:\|(?P<name>[^>]*))?>")  # as chat clients write a channel
USAGE_SET = "AMOUNT [CURRENCY] monthly|weekly|daily [from DATE] [for SCOPE] [in CHANNEL]"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBudget:
    """A budget to set. `scope` None = everything; `channel` '' = the alert channels only."""

    limit: Decimal
    period: Period
    currency: str = DEFAULT_CURRENCY
    scope: AskedFilter | None = None
    starts_on: date | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class ListBudgets:
    """Show all budgets."""


@dataclass(frozen=True, slots=True)
class RemoveBudget:
    """Remove the budgets of a scope, or the one of a period."""

    scope: AskedFilter | None
    period: Period | None


def read_set(words: Words, _context: ReadContext) -> SetBudget:
    """Read `500 monthly for project:Search`; the parts behind the amount may come in any order."""
    if not words:
        raise CommandError("A budget needs an amount and a period: /budget set 500 monthly.")
    amount_word = words.take()
    limit = read_amount(amount_word)
    currency, period, starts_on, scope, channel = DEFAULT_CURRENCY, None, None, None, ""
    while words:
        if words.peek() in PERIODS:
            period = PERIODS[words.take().lower()]
        elif words.take_if("from"):
            starts_on = read_date(words.take())
        elif words.take_if("for"):
            scope = read_scope(words)
        elif words.take_if("in"):
            channel = words.take()
            if not channel:
                raise CommandError("A channel is missing behind in. Leave it out to use the alert channels.")
        elif words.peek().upper() in CURRENCIES:
            currency = words.take().upper()
        else:
            raise _not_read(words.take())
    if period is None:
        raise CommandError(budget_needs_period(amount_word))
    return SetBudget(
        limit=limit, period=period, currency=currency, scope=scope, starts_on=starts_on, channel=channel
    )


def read_list(_words: Words, _context: ReadContext) -> ListBudgets:
    """`/budget list` takes nothing."""
    return ListBudgets()


def read_remove(words: Words, _context: ReadContext) -> RemoveBudget:
    """Read `project:Search monthly` or `everything`."""
    if not words:
        raise CommandError("Which budget? Nearest: /budget remove everything. /budget list shows them all.")
    scope = read_scope(words)
    period = PERIODS[words.take().lower()] if words.peek() in PERIODS else None
    return RemoveBudget(scope, period)


def read_limit(words: Words) -> tuple[Decimal, str]:
    """Read `500` or `1,200 EUR`; the currency is '' where none is said. Raises CommandError."""
    limit = read_amount(words.take())
    currency = words.take().upper()
    if currency and currency not in CURRENCIES:
        raise _not_read(currency)
    words.end("an amount and a currency, such as 500 EUR")
    return limit, currency


def read_scope(words: Words) -> AskedFilter | None:
    """Read `everything` (None) or a scope such as `project:Search`. Raises CommandError."""
    if words.take_if("everything", "workspace", "all"):
        return None
    said = words.peek()
    found = take_filter(words)
    if found is None or found.dimension not in SCOPES:
        near = f"project:{shown(said)}" if said and ":" not in said else "project:NAME"
        raise CommandError(
            f'"{shown(said)}" is no scope. Write everything, or {", ".join(SCOPES)} with a name: for {near}.'
        )
    return found


def _not_read(word: str) -> CommandError:
    if len(word) == 3 and word.isalpha():
        return CommandError(
            f'"{shown(word)}" is not a currency that is known. Nearest: {nearest(word.upper(), CURRENCIES)}.'
        )
    near = nearest(word, ("monthly", "weekly", "daily", "for", "from", "in"))
    return CommandError(
        f'"{shown(word)}" cannot be read here. Nearest: {near}. It is read as: /budget set {USAGE_SET}.'
    )


async def answer_set(intent: SetBudget, asked: Asked) -> View:
    """Set a budget in place of the one of its scope and period; thresholds passed already stay quiet."""
    return await set_budget(intent, asked, await budget_channel(asked, intent.channel))


async def set_budget(intent: SetBudget, asked: Asked, channel: str) -> View:
    """Set a budget that is told in a channel as `budget_channel` returned it."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    budget = Budget(
        id="",
        scope=await _found_scope(frame, intent.scope),
        period=intent.period,
        limit=intent.limit,
        currency=intent.currency,
        starts_on=intent.starts_on,
        channel=channel,
    )
    return await keep_budget(asked, budget)


async def keep_budget(asked: Asked, budget: Budget) -> View:
    """Keep a budget in place of the one of its scope and period, and tell the channels it concerns who set it."""
    async with (
        asked.store.together()
    ):  # or a bot killed in between would tell what had been passed long before
        return await _keep_budget(asked, budget)


async def _keep_budget(asked: Asked, budget: Budget) -> View:
    audit = audit_entry(asked, "budget set", limit=str(budget.limit), period=budget.period.value)
    budget = await asked.store.set_budget(budget, audit)
    frame = await load_frame(asked.house, asked.store, asked.now)
    at = await standing(frame, budget)
    for finding in passed_when_set(at) if at else ():
        await asked.store.tell(finding, Decision(step=Step.QUIET, reason=finding.reason), (), asked.now)
    facts = BudgetSetFacts(
        clock=frame.clock,
        is_connected=frame.is_connected,
        budget=await budget_state(frame, budget),
        told_in=await _told_in(asked, budget),
        quiet=tuple(percent for percent in ACTUAL_THRESHOLDS if at and at.has_used(percent)),
        quiet_projected=tuple(percent for percent in PROJECTED_THRESHOLDS if at and at.is_projected(percent)),
    )
    note = budget_set_view(replace(facts, by=asked.actor.name))
    await announce_change(asked, note, key=f"budget {budget.id}", also=budget.channel)
    return budget_set_view(facts)


async def answer_list(_intent: ListBudgets, asked: Asked) -> View:
    """Show every budget and whether it will last."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    first = month_start(frame.today)
    slices = await asked.store.day_slices(first, frame.today, ("connection_id",))
    return budget_list_view(
        BudgetListFacts(
            clock=frame.clock,
            budgets=await budget_states(frame),
            sources=frame.sources(connections_with_money(slices)),
            trust=await trust_of(frame, first, frame.today, slices),
            is_connected=frame.is_connected,
        )
    )


async def answer_remove(intent: RemoveBudget, asked: Asked) -> View:
    """Remove one budget; with several periods of a scope the period has to be said."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    scope = await _found_scope(frame, intent.scope)
    named = intent.scope.pattern if intent.scope else EVERYTHING.lower()
    found = [
        budget
        for budget in await asked.store.budgets()
        if (budget.scope.dimension, budget.scope.value) == (scope.dimension, scope.value)
        and intent.period in (None, budget.period)
    ]
    if not found:
        raise CommandError(f"There is no such budget for {shown(named)}. /budget list shows them all.")
    if len(found) > 1:
        raise CommandError(
            f"There are {len(found)} budgets for {shown(named)}. Say which: monthly, weekly or daily."
        )
    state = await budget_state(frame, found[0])
    audit = audit_entry(asked, "budget removed", limit=str(found[0].limit))
    note = budget_removed_view(state, by=asked.actor.name)
    async with asked.store.together():
        await asked.store.remove_budget(found[0].id, audit)
        await announce_change(asked, note, key=f"budget {found[0].id} removed", also=found[0].channel)
    return budget_removed_view(state)


async def _found_scope(frame: Frame, asked: AskedFilter | None) -> Scope:
    """Turn a typed scope into ids; a model keeps its wildcards, everything else must name exactly one."""
    if asked is None:
        return Scope("workspace", "", EVERYTHING)
    if asked.dimension == "model":
        await matching(frame, asked)
        return Scope("model", asked.pattern, asked.pattern)
    values = sorted(await matching(frame, asked))
    if len(values) > 1:
        raise CommandError(
            f"{len(values)} {asked.dimension}s match {shown(asked.pattern)}; a budget counts one. Write its whole name."
        )
    column = {"connection": "connection_id", "key": "api_key"}.get(asked.dimension, asked.dimension)
    return Scope(asked.dimension, values[0], frame.names.name(column, values[0]) or values[0])


async def budget_channel(asked: Asked, channel: str) -> str:
    """Return a channel as budgets keep it; the name that its platform said along is kept for messages.

    Raises CommandError where the platform says that the bot may not post there, or that it is another server's.
    """
    if not channel:
        return ""
    match = _MENTION.fullmatch(channel)
    where = match["id"] if match else channel.lstrip("#")
    platform = asked.house.platforms.get(asked.place.platform)
    if platform is not None and not await platform.may_post(where, await _external_id(asked)):
        named = f"#{match['name']}" if match and match["name"] else "that channel" if match else channel
        raise CommandError(may_not_post(asked.place.platform, named))
    if match and match["name"]:
        await asked.store.keep_note(channel_note(asked.place.platform, where), f"#{match['name']}", asked.now)
    return f"{asked.place.platform}:{asked.place.installation_id}:{where}"


async def _external_id(asked: Asked) -> str:
    every = await asked.store.installations()
    return next((each.external_id for each in every if each.id == asked.place.installation_id), "")


async def _told_in(asked: Asked, budget: Budget) -> tuple[str, ...]:
    names = [channel.name or channel.channel for channel in await asked.store.channels("alerts")]
    if budget.channel:
        platform, _, channel = budget.channel.split(":", 2)
        names.append(await asked.store.note(channel_note(platform, channel)) or channel)
    return tuple(dict.fromkeys(names))


SPECS = (
    CommandSpec(
        path=("budget", "set"),
        help="Set a limit on what a scope spends; one budget per scope and period.",
        usage=USAGE_SET,
        example="/budget set 500 monthly for project:Search",
        params=(
            Param("amount", "amount", "How much, in the budget's currency", is_required=True),
            Param(
                "period",
                "period",
                "How often it starts anew",
                ("monthly", "weekly", "daily"),
                is_required=True,
            ),
            Param("scope", "scope", "What it counts; everything if left out", form="for {}"),
            Param("currency", "choice", "The currency it counts", tuple(sorted(CURRENCIES))),
            Param("from", "date", "The first day it counts", form="from {}"),
            Param("channel", "channel", "Where else its alerts are told", form="in {}"),
        ),
        is_admin=True,
        act="set budgets",
        read=read_set,
        answer=answer_set,
    ),
    CommandSpec(
        path=("budget", "list"),
        help="Every budget, what is spent of it, and whether it will last.",
        example="/budget list",
        read=read_list,
        answer=answer_list,
    ),
    CommandSpec(
        path=("budget", "remove"),
        help="Remove the budget of a scope.",
        usage="everything|SCOPE [PERIOD]",
        example="/budget remove project:Search monthly",
        params=(
            Param("scope", "scope", "Which one", is_required=True),
            Param(
                "period", "period", "Which period, where there are several", ("monthly", "weekly", "daily")
            ),
        ),
        is_admin=True,
        act="remove budgets",
        read=read_remove,
        answer=answer_remove,
    ),
)
