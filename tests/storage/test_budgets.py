"""Budgets as stored: one per scope and period."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spend.budgets import Budget, Period, Scope
from storage.errors import NotFoundError
from tests.storage.cast import NOW, by_mira


def budget(limit: str = "3300", **changes: Any) -> Budget:
    fields: dict[str, Any] = {"id": "", "scope": Scope(), "period": Period.MONTH, "limit": Decimal(limit)}
    return Budget(**fields | changes)


AGENTS = Scope("project", "proj_1", "Agents")


async def test_a_budget_is_read_back_as_it_was_set(store) -> None:
    workspace = store.workspace("home")
    wanted = budget(
        "400.000000001",
        scope=AGENTS,
        currency="EUR",
        starts_on=date(2026, 11, 16),
        channel="slack:T1:C1",
        thresholds=(75, 100),
        projected=(),
    )

    kept = await workspace.set_budget(wanted, by_mira("set a budget"))

    assert kept.id
    assert kept == budget(
        "400.000000001",
        id=kept.id,
        scope=AGENTS,
        currency="EUR",
        starts_on=date(2026, 11, 16),
        channel="slack:T1:C1",
        thresholds=(75, 100),
        projected=(),
    )
    assert await workspace.budgets() == [kept]


async def test_setting_the_same_scope_and_period_again_replaces(store) -> None:
    workspace = store.workspace("home")
    first = await workspace.set_budget(budget("3300"), by_mira())
    weekly = await workspace.set_budget(budget("800", period=Period.WEEK), by_mira())

    second = await workspace.set_budget(budget("4000"), by_mira())

    assert second.id == first.id
    assert await workspace.budgets() == [second, weekly]


async def test_the_whole_workspace_is_listed_first(store) -> None:
    workspace = store.workspace("home")
    agents = await workspace.set_budget(budget("400", scope=AGENTS), by_mira())
    everything = await workspace.set_budget(budget(), by_mira())

    assert await workspace.budgets() == [everything, agents]


async def test_a_budget_is_removed_once_and_only_by_its_workspace(store) -> None:
    workspace = store.workspace("home")
    other = store.workspace(await store.add_workspace("other", NOW))
    kept = await workspace.set_budget(budget(), by_mira())

    with pytest.raises(NotFoundError):
        await other.remove_budget(kept.id, by_mira())
    await workspace.remove_budget(kept.id, by_mira())

    assert await workspace.budgets() == []
    with pytest.raises(NotFoundError):
        await workspace.remove_budget(kept.id, by_mira())
