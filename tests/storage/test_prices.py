"""Prices of a team: exact, dated, replaced by the same start date."""

from datetime import date
from decimal import Decimal

import pytest

from spend.pricing import Discount, PriceOverride, PriceRules
from storage.errors import NotFoundError
from tests.storage.cast import NOW, by_mira

FROM = date(2026, 11, 1)
LATER = date(2026, 11, 15)


def price(amount: str, starts_on: date = FROM) -> PriceOverride:
    return PriceOverride("gpt-5*", Decimal(amount), Decimal("15"), starts_on)


async def test_prices_and_discounts_are_read_back_exactly(store) -> None:
    workspace = store.workspace("home")
    discount = Discount("c1", Decimal("12.5"), FROM, LATER)

    await workspace.set_override(price("0.000000001"), by_mira("set a price"))
    await workspace.set_discount(discount, by_mira("set a discount"))

    rules = await workspace.price_rules()
    assert rules == PriceRules((price("0.000000001"),), (discount,))
    assert [each.what for each in await workspace.audit_entries()] == ["set a discount", "set a price"]


async def test_the_same_start_date_replaces_another_one_adds(store) -> None:
    workspace = store.workspace("home")

    for override in (price("3"), price("2"), price("4", LATER)):
        await workspace.set_override(override, by_mira())

    assert (await workspace.price_rules()).overrides == (price("2"), price("4", LATER))


async def test_an_ended_rule_stays_for_its_time(store) -> None:
    workspace = store.workspace("home")
    await workspace.set_override(price("3"), by_mira())
    await workspace.set_discount(Discount("c1", Decimal("15"), FROM), by_mira())

    await workspace.end_override("gpt-5*", LATER, by_mira())
    await workspace.end_discount("c1", LATER, by_mira())

    rules = await workspace.price_rules()
    assert [each.ends_on for each in (*rules.overrides, *rules.discounts)] == [LATER, LATER]
    with pytest.raises(NotFoundError):
        await workspace.end_override("gpt-5*", LATER, by_mira())


async def test_prices_of_one_workspace_are_not_those_of_another(store) -> None:
    other = store.workspace(await store.add_workspace("other", NOW))
    await store.workspace("home").set_override(price("3"), by_mira())

    assert await other.price_rules() == PriceRules()
    with pytest.raises(NotFoundError):
        await other.end_override("gpt-5*", LATER, by_mira())
