"""Prices: what a team has set itself, and what it gets off the list prices."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.views import text
from bot.views.answer_data import answer_data
from bot.views.facts import Unpriced
from bot.views.model import Button, Layout, Line, Name, Table, View, line
from bot.views.names import clean, short
from bot.views.times import Clock
from spend.pricing import Discount, PriceOverride, PriceRules

_MADE_AGAIN = "Estimates since then are made again; bills stay as they are."


def price_list_view(
    clock: Clock,
    rules: PriceRules,
    *,
    labels: Mapping[str, str],
    version: str,
    unpriced: Sequence[Unpriced] = (),
) -> View:
    """Build the list of prices and discounts that were set. `labels`: connection id to its label."""
    rows = [_override_row(clock, item) for item in rules.overrides]
    rows += [_discount_row(clock, item, labels) for item in rules.discounts]
    lead = line(_lead(rules, version))
    body = [
        line(Name(short(item.model)), f" has no price: {text.tokens(item.tokens)} tokens.")
        for item in unpriced[:3]
    ]
    return View(
        layout=Layout.NOTE,
        title="price list",
        lead=lead,
        body=tuple(body),
        table=Table(("Price of", "In", "Out", "From", "To"), tuple(rows), numeric=frozenset({1, 2}))
        if rows
        else None,
        buttons=tuple(
            Button("Set a price", "set_price", f"/spend price set {item.model} 3 in 15 out", value=item.model)
            for item in unpriced[:1]
        ),
        data=answer_data(
            title="price list", lead=str(lead), facts=[str(item) for item in body], price_version=version
        ),
    )


def price_set_view(clock: Clock, override: PriceOverride) -> View:
    """Build the note that a price was set, from when it counts."""
    prices = f"{text.price(override.input_per_million)} in and {text.price(override.output_per_million)} out"
    words = f": {prices} per 1M tokens from {clock.on(override.starts_on)}. {_MADE_AGAIN}"
    return _note("price set", line("Price set for ", Name(short(override.model)), words))


def discount_set_view(clock: Clock, discount: Discount, label: str) -> View:
    """Build the note that a discount was set."""
    percent = f"{discount.percent.normalize():f}%"
    words = f"Discount set: {percent} less on {short(label)} from {clock.on(discount.starts_on)}. "
    return _note("discount set", line(words + _MADE_AGAIN))


def price_ended_view(clock: Clock, what: str, ends_on: date) -> View:
    """Build the note that a price or a discount ends. `what`: the model, or the connection's label."""
    words = line(
        "The price set for ",
        Name(short(what)),
        f" ends on {clock.on(ends_on)}; the list price counts after it.",
    )
    return _note("price ended", words)


def _note(title: str, lead: Line) -> View:
    return View(layout=Layout.NOTE, title=title, lead=lead, data=answer_data(title=title, lead=str(lead)))


def _lead(rules: PriceRules, version: str) -> str:
    count = len(rules.overrides) + len(rules.discounts)
    book = f"List prices of {version}" if version else "List prices"
    return (
        f"{book}, with {text.count(count, 'change')} of your own."
        if count
        else f"{book}; nothing of your own is set."
    )


def _override_row(clock: Clock, item: PriceOverride) -> tuple[str, ...]:
    ends = clock.on(item.ends_on) if item.ends_on else ""
    prices = (text.price(item.input_per_million), text.price(item.output_per_million))
    return (clean(item.model), *prices, clock.on(item.starts_on), ends)


def _discount_row(clock: Clock, item: Discount, labels: Mapping[str, str]) -> tuple[str, ...]:
    label = clean(labels.get(item.connection_id, ""), item.connection_id)
    off = f"-{item.percent.normalize():f}%"
    return (
        f"all on {label}",
        off,
        off,
        clock.on(item.starts_on),
        clock.on(item.ends_on) if item.ends_on else "",
    )
