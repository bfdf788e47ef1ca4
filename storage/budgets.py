"""Budgets as stored: one per scope and period; setting it again replaces it."""

from typing import Any

from sqlalchemy import Row, delete, select, update

from spend.budgets import Budget, Period, Scope
from spend.money import from_nanos, to_nanos
from storage._ids import new_id
from storage.audit import Audit
from storage.errors import NotFoundError
from storage.tables._types import table_of
from storage.tables.budgets import BudgetRow
from storage.values import AuditEntry

_BUDGET = table_of(BudgetRow)


class Budgets(Audit):
    """Set, list and remove the budgets of a workspace."""

    async def budgets(self) -> list[Budget]:
        """Return every budget: whole workspace first, then by scope and period."""
        query = (
            select(_BUDGET)
            .where(_BUDGET.c.workspace_id == self.workspace_id)
            .order_by(
                _BUDGET.c.dimension != "workspace", _BUDGET.c.dimension, _BUDGET.c.value, _BUDGET.c.period
            )
        )
        async with self._read() as tx:
            return [_budget(row) for row in await tx.execute(query)]

    async def set_budget(self, budget: Budget, audit: AuditEntry) -> Budget:
        """Keep a budget and return it with its id: that of the budget it replaces, else its own, else a new one."""
        same = (
            (_BUDGET.c.workspace_id == self.workspace_id)
            & (_BUDGET.c.dimension == budget.scope.dimension)
            & (_BUDGET.c.value == budget.scope.value)
            & (_BUDGET.c.period == budget.period.value)
        )
        async with self._write() as tx:
            await self._lock_workspace(tx)
            known = (await tx.execute(select(_BUDGET.c.id).where(same))).scalar_one_or_none()
            row = _row(budget) | {"workspace_id": self.workspace_id, "id": known or budget.id or new_id()}
            await tx.execute(
                update(_BUDGET).where(same).values(row) if known else _BUDGET.insert().values(row)
            )
            await self._note(tx, audit)
            kept = await tx.execute(select(_BUDGET).where(same))
            return _budget(kept.one())

    async def remove_budget(self, budget_id: str, audit: AuditEntry) -> None:
        """Remove a budget; NotFoundError where there is none of this id."""
        statement = delete(_BUDGET).where(
            _BUDGET.c.workspace_id == self.workspace_id, _BUDGET.c.id == budget_id
        )
        async with self._write() as tx:
            if (await tx.execute(statement)).rowcount == 0:
                raise NotFoundError("There is no such budget.")
            await self._note(tx, audit)


def _row(budget: Budget) -> dict[str, Any]:
    return {
        "dimension": budget.scope.dimension,
        "value": budget.scope.value,
        "label": budget.scope.label,
        "period": budget.period.value,
        "limit_nanos": to_nanos(budget.limit),
        "currency": budget.currency,
        "starts_on": budget.starts_on,
        "channel": budget.channel,
        "thresholds": list(budget.thresholds),
        "projected": list(budget.projected),
    }


def _budget(row: Row[Any]) -> Budget:
    return Budget(
        id=row.id,
        scope=Scope(row.dimension, row.value, row.label),
        period=Period(row.period),
        limit=from_nanos(row.limit_nanos),
        currency=row.currency,
        starts_on=row.starts_on,
        channel=row.channel,
        thresholds=tuple(row.thresholds),
        projected=tuple(row.projected),
    )
