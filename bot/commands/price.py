"""`/spend price list | set | discount | end`: a team's own prices, and discounts on the list prices."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib.metadata import version

from bot.changes.audit import audit_entry
from bot.changes.reprice import reprice_since
from bot.commands.filters import connection_named
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, read_amount, read_date, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.cuts import unpriced_of
from bot.reports.frame import load_frame
from bot.views.model import View
from bot.views.prices import discount_set_view, price_ended_view, price_list_view, price_set_view
from spend.pricing import Discount, PriceOverride
from storage import NotFoundError

LOOK_BACK = timedelta(days=35)
USAGE_SET = "MODEL 3 in 15 out [from DATE]"
USAGE_DISCOUNT = "15% on CONNECTION [from DATE]"


@dataclass(frozen=True, slots=True)
class ListPrices:
    """Show overrides and discounts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrice:
    """A price for a model in USD per million tokens, from a date on (None = all of history)."""

    model: str
    per_million_in: Decimal
    per_million_out: Decimal
    starts_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetDiscount:
    """A discount in percent on a connection's prices, from a date on (None = all of history)."""

    connection: str
    percent: Decimal
    starts_on: date | None


@dataclass(frozen=True, slots=True)
class EndPrice:
    """End the override of a model or the discount of a connection, from today on."""

    name: str


def read_list(_words: Words, _context: ReadContext) -> ListPrices:
    """`/spend price list` takes nothing."""
    return ListPrices()


def read_set(words: Words, _context: ReadContext) -> SetPrice:
    """Read `claude-opus-5 3 in 15 out from 2026-11-01`."""
    model = words.take()
    if not model:
        raise CommandError(f"A model is missing: /spend price set {USAGE_SET}.")
    prices: dict[str, Decimal] = {}
    starts_on = None
    while words:
        if words.take_if("from"):
            starts_on = read_date(words.take())
            continue
        amount = _price(words.take())
        side = words.take_if("in", "out", "input", "output")
        if not side:
            raise CommandError(f"Is that the price in or out? It is read as: /spend price set {USAGE_SET}.")
        prices[side.removesuffix("put")] = amount
    if set(prices) != {"in", "out"}:
        raise CommandError(
            f"Both prices are needed, per million tokens: /spend price set {shown(model)} 3 in 15 out."
        )
    return SetPrice(
        model=model, per_million_in=prices["in"], per_million_out=prices["out"], starts_on=starts_on
    )


def read_discount(words: Words, _context: ReadContext) -> SetDiscount:
    """Read `15% on "Harbor OpenAI" from 2026-11-01`."""
    word = words.take()
    percent = _percent(word)
    words.take_if("on")
    connection, starts_on = "", None
    while words:
        if words.take_if("from"):
            starts_on = read_date(words.take())
        else:
            connection = f"{connection} {words.take()}".strip()
    if not connection:
        raise CommandError(f"A connection is missing: /spend price discount {USAGE_DISCOUNT}.")
    return SetDiscount(connection=connection, percent=percent, starts_on=starts_on)


def read_end(words: Words, _context: ReadContext) -> EndPrice:
    """Read the name of a model or of a connection."""
    name = ""
    while words:
        name = f"{name} {words.take()}".strip()
    if not name:
        raise CommandError("Which one? Name a model or a connection: /spend price end claude-opus-5.")
    return EndPrice(name)


def _price(word: str) -> Decimal:
    return Decimal(0) if word == "0" else read_amount(word, what="a price")


def _percent(word: str) -> Decimal:
    text = word.removesuffix("%")
    if text.replace(".", "", 1).isdecimal() and text.isascii() and Decimal(0) < Decimal(text) < Decimal(100):
        return Decimal(text)
    raise CommandError(f'"{shown(word)}" is not a discount. Write 15% or 7.5%, over 0 and under 100.')


async def answer_list(_intent: ListPrices, asked: Asked) -> View:
    """Show what was set, and models without a price."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    first = frame.today - LOOK_BACK
    slices = await asked.store.day_slices(first, frame.today, ("model", "kind"))
    return price_list_view(
        frame.clock,
        await asked.store.price_rules(),
        labels={id_: connection.label for id_, connection in frame.names.connections.items()},
        version=f"genai-prices {version('genai-prices')}",
        unpriced=unpriced_of(slices),
    )


async def answer_set(intent: SetPrice, asked: Asked) -> View:
    """Set a price and estimate again what it covers."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    starts_on = intent.starts_on or frame.complete_from or frame.today
    override = PriceOverride(intent.model, intent.per_million_in, intent.per_million_out, starts_on)
    await asked.store.set_override(override, audit_entry(asked, "price set", name=intent.model))
    await reprice_since(asked.house, asked.store, starts_on)
    return price_set_view(frame.clock, override)


async def answer_discount(intent: SetDiscount, asked: Asked) -> View:
    """Set a discount and estimate again what it covers."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    connection = connection_named(intent.connection, frame.connections)
    starts_on = intent.starts_on or frame.complete_from or frame.today
    discount = Discount(connection.id, intent.percent, starts_on)
    await asked.store.set_discount(discount, audit_entry(asked, "discount set", name=connection.label))
    await reprice_since(asked.house, asked.store, starts_on, only=connection.id)
    return discount_set_view(frame.clock, discount, connection.label)


async def answer_end(intent: EndPrice, asked: Asked) -> View:
    """End an override or a discount: from today on the list price counts."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    audit = audit_entry(asked, "price ended", name=intent.name)
    connection = next((c for c in frame.connections if c.label.casefold() == intent.name.casefold()), None)
    try:
        if connection is not None:
            await asked.store.end_discount(connection.id, frame.today, audit)
        else:
            await asked.store.end_override(intent.name, frame.today, audit)
    except NotFoundError:
        raise CommandError(
            f"Nothing is set for {shown(intent.name)}. /spend price list shows what there is."
        ) from None
    await reprice_since(asked.house, asked.store, frame.today)
    return price_ended_view(frame.clock, connection.label if connection else intent.name, frame.today)


_FROM = Param("from", "date", "The first day it counts; all of history if left out", form="from {}")

SPECS = (
    CommandSpec(
        path=("spend", "price", "list"),
        help="Prices and discounts of your own, and models without a price.",
        example="/spend price list",
        read=read_list,
        answer=answer_list,
    ),
    CommandSpec(
        path=("spend", "price", "set"),
        help="Set a model's price in USD per million tokens.",
        usage=USAGE_SET,
        example="/spend price set claude-opus-5 3 in 15 out from 2026-11-01",
        params=(
            Param("model", "name", "Which model; * stands for anything", is_required=True),
            Param("in", "amount", "USD per million tokens in", is_required=True, form="{} in"),
            Param("out", "amount", "USD per million tokens out", is_required=True, form="{} out"),
            _FROM,
        ),
        is_admin=True,
        act="set prices",
        read=read_set,
        answer=answer_set,
    ),
    CommandSpec(
        path=("spend", "price", "discount"),
        help="Set what a connection gets off the list prices.",
        usage=USAGE_DISCOUNT,
        example='/spend price discount 15% on "Harbor OpenAI"',
        params=(
            Param("percent", "amount", "How much less, in percent", is_required=True),
            Param("connection", "name", "Which connection", is_required=True, form="on {}"),
            _FROM,
        ),
        is_admin=True,
        act="set prices",
        read=read_discount,
        answer=answer_discount,
    ),
    CommandSpec(
        path=("spend", "price", "end"),
        help="End a price or a discount of your own, from today on.",
        usage="MODEL|CONNECTION",
        example="/spend price end claude-opus-5",
        params=(Param("name", "name", "A model or a connection", is_required=True),),
        is_admin=True,
        act="set prices",
        read=read_end,
        answer=answer_end,
    ),
)
