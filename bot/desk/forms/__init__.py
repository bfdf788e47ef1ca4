"""Forms, one file each: what is asked for (`form`), and what follows once it is filled in (`submit`)."""

from collections.abc import Mapping

from bot.changes.rights import for_admins
from bot.desk.forms import budget, connect, price, raise_budget
from bot.desk.forms.form import Field, FieldErrors, Form, FormError
from bot.errors import CommandError
from bot.ports import Asked, House
from bot.views.errors import no_such_button
from bot.views.model import View

__all__ = ["Field", "FieldErrors", "Form", "FormError", "blank", "form", "submit"]

_BLANK = {"connect": connect.form, "set_budget": budget.form, "set_price": price.form}
_ACTS = {
    "connect": "connect providers",
    "set_budget": "set budgets",
    "raise_budget": "set budgets",
    "set_price": "set prices",
}
_SUBMITS = {
    "connect": connect.submit,
    "set_budget": budget.submit,
    "raise_budget": raise_budget.submit,
    "set_price": price.submit,
}


async def form(asked: Asked, name: str, value: str) -> Form:
    """Return a form filled with what is known.

    Raises CommandError where there is nothing to fill in, or for who may not send it: a key is not typed for nothing.
    """
    await _may(asked, name)
    if name == "raise_budget":
        return await raise_budget.form(asked, value)
    return _BLANK[name](asked.house, value)


def blank(house: House, name: str) -> Form:
    """Return a form that reads nothing; a budget is set anew where the one to raise cannot be read in time."""
    return _BLANK.get(name, budget.form)(house)


async def submit(asked: Asked, name: str, values: Mapping[str, str], value: str) -> View:
    """Do what a form says. Raises FormError for one field, CommandError for the whole; nothing is changed then."""
    await _may(asked, name)
    return await _SUBMITS[name](asked, values, value)


async def _may(asked: Asked, name: str) -> None:
    if name not in _ACTS:
        raise CommandError(no_such_button(name))
    await for_admins(asked, _ACTS[name])
