"""The form "Raise budget": another amount for a budget that is passed, with the one it has standing there."""

from collections.abc import Mapping
from dataclasses import replace

from bot.commands.budget import keep_budget
from bot.desk.forms.budget import read_amount_field
from bot.desk.forms.form import Field, Form, FormError
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.budgets import budget_label
from bot.reports.frame import load_frame
from bot.views import text
from bot.views.budget import per_period
from bot.views.model import View, line
from bot.views.names import short
from spend.budgets import Budget

_GONE = "This budget is not there any more. /budget list shows them all."


async def form(asked: Asked, budget_id: str) -> Form:
    """Return the form with what is set now. Raises CommandError where the budget is gone."""
    budget = await _budget(asked, budget_id)
    frame = await load_frame(asked.house, asked.store, asked.now)
    limit = text.limit(budget.limit, budget.currency)
    words = f"{short(budget_label(frame, budget))}: {limit} {per_period(budget.period)}."
    return Form(
        name="raise_budget",
        title="Raise budget",
        text=(line(words),),
        fields=(
            Field(
                name="amount",
                label="New amount",
                hint=f"In {budget.currency}.",
                value=f"{budget.limit:f}",
            ),
        ),
        submit="Save",
        value=budget_id,
    )


async def submit(asked: Asked, values: Mapping[str, str], value: str) -> View:
    """Keep the new amount and tell the channels who changed it. Raises FormError and CommandError."""
    budget = await _budget(asked, value)
    amount, currency = read_amount_field(values.get("amount", ""))
    if currency not in ("", budget.currency):
        raise FormError("amount", f"This budget counts {budget.currency}. Write the amount alone.")
    return await keep_budget(asked, replace(budget, limit=amount))


async def _budget(asked: Asked, budget_id: str) -> Budget:
    found = next((each for each in await asked.store.budgets() if each.id == budget_id), None)
    if found is None:
        raise CommandError(_GONE)
    return found
