"""The form "Set a budget": amount, period, what it counts, and where else it is told."""

from collections.abc import Mapping
from decimal import Decimal

from bot.commands.budget import (
    DEFAULT_CURRENCY,
    PERIODS,
    SetBudget,
    budget_channel,
    read_limit,
    read_scope,
    set_budget,
)
from bot.commands.words import Words
from bot.desk.forms.form import Field, Form, FormError
from bot.errors import CommandError
from bot.ports import Asked, House
from bot.query import AskedFilter
from bot.views.model import View

_PERIODS = (("monthly", "a month"), ("weekly", "a week"), ("daily", "a day"))


def form(_house: House, project: str = "") -> Form:
    """Return the form; `project` is what it counts at first (all if empty)."""
    return Form(
        name="set_budget",
        title="Set a budget",
        fields=(
            Field(name="amount", label="Amount", hint="Such as 500 or 1,200 EUR; without a currency in USD."),
            Field(name="period", label="For", kind="choice", value="monthly", choices=_PERIODS),
            Field(
                name="scope",
                label="What it counts",
                hint="everything, or provider, project, model or key with a name: project:Search",
                value=f"project:{project}" if project else "everything",
            ),
            Field(
                name="channel",
                label="Also told in",
                kind="channel",
                hint="Besides the alert channels. spendbot has to be a member there.",
                is_required=False,
            ),
        ),
        submit="Set budget",
    )


async def submit(asked: Asked, values: Mapping[str, str], _value: str) -> View:
    """Set the budget as `/budget set` does. Raises FormError and CommandError."""
    limit, currency = read_amount_field(values.get("amount", ""))
    if values.get("period") not in PERIODS:
        raise FormError("period", "Choose a month, a week or a day.")
    try:
        channel = await budget_channel(asked, values.get("channel", ""))
    except CommandError as err:
        raise FormError("channel", err.sentence) from None
    intent = SetBudget(
        limit=limit,
        period=PERIODS[values["period"]],
        currency=currency or DEFAULT_CURRENCY,
        scope=_scope(values.get("scope", "")),
    )
    try:
        return await set_budget(intent, asked, channel)
    except CommandError as err:  # the amount was read, so it is the scope that names nothing
        raise FormError("scope", err.sentence) from None


def read_amount_field(text: str) -> tuple[Decimal, str]:
    """Return amount and currency of the field "Amount". Raises FormError."""
    try:
        return read_limit(Words(text.split()))
    except CommandError as err:
        raise FormError("amount", err.sentence) from None


def _scope(text: str) -> AskedFilter | None:
    name, colon, pattern = text.strip().partition(":")
    words = [f"{name.strip()}:{pattern.strip()}"] if colon else [name.strip() or "everything"]
    try:
        return read_scope(Words(words))
    except CommandError as err:
        raise FormError("scope", err.sentence) from None
