"""What a workspace has said about prices: overrides by model, discounts by connection, each from a date on."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, select, update

from spend.money import from_nanos, to_nanos
from spend.pricing import Discount, PriceOverride, PriceRules
from storage._sql import upsert
from storage.audit import Audit
from storage.errors import NotFoundError
from storage.tables._types import table_of
from storage.tables.prices import DiscountRow, PriceOverrideRow
from storage.values import AuditEntry

_OVERRIDE = table_of(PriceOverrideRow)
_DISCOUNT = table_of(DiscountRow)


class Prices(Audit):
    """Set, end and read price overrides and discounts."""

    async def price_rules(self) -> PriceRules:
        """Return everything said about prices, ended rules included, oldest first."""
        async with self._read() as tx:
            overrides = await tx.execute(self._price_rules(_OVERRIDE))
            discounts = await tx.execute(self._price_rules(_DISCOUNT))
        return PriceRules(
            overrides=tuple(
                PriceOverride(
                    model=row.model,
                    input_per_million=from_nanos(row.input_nanos),
                    output_per_million=from_nanos(row.output_nanos),
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                )
                for row in overrides
            ),
            discounts=tuple(
                Discount(
                    connection_id=row.connection_id,
                    percent=Decimal(row.percent),
                    starts_on=row.starts_on,
                    ends_on=row.ends_on,
                )
                for row in discounts
            ),
        )

    async def set_override(self, override: PriceOverride, audit: AuditEntry) -> None:
        """Keep a price; one of the same model and start date is replaced."""
        row = {
            "workspace_id": self.workspace_id,
            "model": override.model,
            "starts_on": override.starts_on,
            "ends_on": override.ends_on,
            "input_nanos": to_nanos(override.input_per_million),
            "output_nanos": to_nanos(override.output_per_million),
        }
        await self._set_price_rule(_OVERRIDE, row, audit)

    async def end_override(self, model: str, ends_on: date, audit: AuditEntry) -> None:
        """End the model's open overrides; NotFoundError where none is open."""
        await self._end_price_rule(_OVERRIDE, "model", model, ends_on, audit)

    async def set_discount(self, discount: Discount, audit: AuditEntry) -> None:
        """Keep a discount; one of the same connection and start date is replaced."""
        row = {
            "workspace_id": self.workspace_id,
            "connection_id": discount.connection_id,
            "starts_on": discount.starts_on,
            "ends_on": discount.ends_on,
            "percent": str(discount.percent),
        }
        await self._set_price_rule(_DISCOUNT, row, audit)

    async def end_discount(self, connection_id: str, ends_on: date, audit: AuditEntry) -> None:
        """End the connection's open discounts; NotFoundError where none is open."""
        await self._end_price_rule(_DISCOUNT, "connection_id", connection_id, ends_on, audit)

    def _price_rules(self, table: Table) -> Any:
        return select(table).where(table.c.workspace_id == self.workspace_id).order_by(table.c.starts_on)

    async def _set_price_rule(self, table: Table, row: dict[str, Any], audit: AuditEntry) -> None:
        changes = [column.name for column in table.columns if not column.primary_key]
        async with self._write() as tx:
            await tx.execute(upsert(tx, table, changes).values(row))
            await self._note(tx, audit)

    async def _end_price_rule(
        self, table: Table, column: str, value: str, ends_on: date, audit: AuditEntry
    ) -> None:
        statement = (
            update(table)
            .where(table.c.workspace_id == self.workspace_id)
            .where(table.c[column] == value, table.c.ends_on.is_(None))
            .values(ends_on=ends_on)
        )
        async with self._write() as tx:
            if (await tx.execute(statement)).rowcount == 0:
                raise NotFoundError(f"There is nothing to end for {value}.")
            await self._note(tx, audit)
