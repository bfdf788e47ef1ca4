"""Estimating again what is stored, after a price of a team's own changed. Bills stay as they are."""

import asyncio
from collections.abc import Sequence
from datetime import date
from functools import partial

from bot.ports import House
from bot.reports.rules import ledger_rules
from spend.pricing import PriceBook, PriceRules, price_usage
from spend.usage import PricedUsage, UsageRecord
from spend.window import dates
from storage import Connection, WorkspaceStore


async def reprice_since(house: House, store: WorkspaceStore, first: date, *, only: str = "") -> int:
    """Estimate every UTC day from `first` on again, of one connection or of all; returns how many days changed."""
    rules = await store.price_rules()
    oldest = await store.first_record_at()
    if oldest is None:
        return 0
    changed = 0
    for connection in await store.connections(include_disconnected=True):
        if only not in ("", connection.id):
            continue
        price = partial(_price, connection, house.prices, rules)
        for day in dates(max(first, oldest.date()), house.now().date()):
            changed += await store.reprice(
                connection.id, day, price, ledger_rules(house.provider(connection.provider), connection)
            )
            await asyncio.sleep(0)  # a day at a time: polls and answers go on between them
    return changed


def _price(
    connection: Connection, book: PriceBook, rules: PriceRules, records: Sequence[UsageRecord]
) -> list[PricedUsage]:
    return price_usage(
        records, provider=connection.provider, connection_id=connection.id, book=book, rules=rules
    )
