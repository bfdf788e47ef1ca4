"""The form "Set a price": what a model without a price costs per million tokens."""

from collections.abc import Mapping
from decimal import Decimal

from bot.commands.price import SetPrice, answer_set
from bot.commands.words import read_amount
from bot.desk.forms.form import Field, Form, FormError
from bot.errors import CommandError
from bot.ports import Asked, House
from bot.views.model import View


def form(_house: House, model: str = "") -> Form:
    """Return the form for a model."""
    return Form(
        name="set_price",
        title="Set a price",
        fields=(
            Field(name="model", label="Model", hint="* stands for anything.", value=model),
            Field(name="in", label="USD per million tokens in", hint="Such as 3 or 0.25."),
            Field(name="out", label="USD per million tokens out", hint="Such as 15."),
        ),
        submit="Set price",
    )


async def submit(asked: Asked, values: Mapping[str, str], _value: str) -> View:
    """Set the price as `/spend price set` does, for all of history. Raises FormError and CommandError."""
    model = values.get("model", "").strip()
    if not model or not model.isprintable():
        raise FormError("model", "Write the model's name as the figures show it.")
    per_million_in, per_million_out = (_price(values, side) for side in ("in", "out"))
    price = SetPrice(
        model=model, per_million_in=per_million_in, per_million_out=per_million_out, starts_on=None
    )
    return await answer_set(price, asked)


def _price(values: Mapping[str, str], side: str) -> Decimal:
    try:
        return read_amount(values.get(side, "").strip(), what="a price")
    except CommandError as err:
        raise FormError(side, err.sentence) from None
