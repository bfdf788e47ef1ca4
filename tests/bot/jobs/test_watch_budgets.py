"""Budgets speak once per period and threshold, and never of what was passed when they were set."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.jobs.watch_budgets import decided_before, watch_budget
from bot.reports.budgets import standing
from bot.reports.frame import Frame, load_frame
from bot.views.budget_alert import BudgetEvidence
from spend.budgets import Budget, Period, Scope, passed_when_set
from spend.forecast import Forecast, Range, forecast_until
from spend.money import NANOS_PER_UNIT, from_nanos
from spend.notify import Decision, IncidentKind, Step
from tests.bot.jobs.watching import Scene, local, scene, shop
from tests.storage.cast import by_mira

EVERYTHING = Scope()
NIGHTLY = Scope("key", "apikey_nightly")


@pytest.fixture
async def loop(tmp_path: Path) -> AsyncIterator[Scene]:
    """The shop, connected on Nov 8, on the morning of the day of the loop."""
    async with scene(shop(), local(8, 12), tmp_path) as loop:
        await loop.connect("anthropic")
        await loop.at(local(19, 9, 50))
        yield loop


async def set_budget(
    loop: Scene, scope: Scope, period: Period, limit: int | Decimal, **fields: str
) -> Budget:
    """Set a budget as `/budget set` does: what is passed already is kept as decided."""
    budget = Budget(id="", scope=scope, period=period, limit=Decimal(limit), **fields)
    kept = await loop.store.set_budget(budget, by_mira())
    at = await standing(await frame_of(loop), kept)
    for finding in passed_when_set(at) if at else ():
        await loop.store.tell(finding, Decision(step=Step.QUIET, reason=finding.reason), (), loop.clock.now)
    return kept


async def frame_of(loop: Scene) -> Frame:
    return await load_frame(loop.house, loop.store, loop.clock.now)


async def thresholds(loop: Scene, kind: IncidentKind = IncidentKind.BUDGET) -> list[tuple[str, int]]:
    return [(each.evidence["first"], each.evidence["threshold"]) for each in await loop.of_kind(kind)]


async def test_a_threshold_speaks_once_in_its_period(loop: Scene) -> None:
    """$60 a day for the key: $30 at 11:34, $48 at 12:28, over $60 at 13:04."""
    await set_budget(loop, NIGHTLY, Period.DAY, 60)
    await loop.at(local(19, 11, 30))
    assert await thresholds(loop) == []

    await loop.at(local(19, 11, 50))
    loop.restart()
    await loop.at(local(19, 12))
    assert await thresholds(loop) == [("2026-11-19", 50)]

    await loop.at(local(19, 14))
    await loop.at(local(19, 16))
    loop.restart()
    await loop.at(local(20, 9))

    assert await thresholds(loop) == [("2026-11-19", 50), ("2026-11-19", 100)]


async def test_the_message_names_the_spike_that_eats_the_budget(loop: Scene) -> None:
    await set_budget(loop, NIGHTLY, Period.MONTH, 60)
    await loop.at(local(19, 10, 30))
    await loop.at(local(19, 11, 50))

    (told,) = await loop.of_kind(IncidentKind.BUDGET)
    (spike,) = await loop.of_kind(IncidentKind.SPIKE)
    found = BudgetEvidence.from_evidence(told.evidence)
    assert (found.label, found.threshold, found.limit) == ("nightly", 50, Decimal(60))
    assert found.as_of == local(19, 11, 50)
    assert found.basis.startswith("estimated")
    assert found.eaten_by is not None
    assert (found.eaten_by.key, found.eaten_by.code) == ("nightly", spike.code)
    assert found.eaten_by.nanos == found.spent_nanos
    assert found.to_yesterday_nanos == 0


async def test_what_is_passed_when_a_budget_is_set_stays_quiet(loop: Scene) -> None:
    """$550 for November: about $444 are spent and about $720 expected; $440 is 80%."""
    await set_budget(loop, EVERYTHING, Period.MONTH, 550)
    for hour in (10, 11, 12):
        await loop.at(local(19, hour))

    assert await thresholds(loop) == []
    assert await thresholds(loop, IncidentKind.PROJECTED) == []
    quiet = await loop.store.decisions(local(19, 0).astimezone(UTC), IncidentKind.BUDGET)
    assert [each.reason for each in quiet] == ["passed already when the budget was set"] * 2


async def test_a_budget_is_told_in_its_own_channel_too(loop: Scene) -> None:
    await loop.alerts_in_slack()
    (place,) = [each for each in await loop.store.installations() if each.platform == "slack"]
    await set_budget(loop, NIGHTLY, Period.DAY, 60, channel=f"slack:{place.id}:C2")

    await loop.at(local(19, 11, 50))

    (told,) = await loop.of_kind(IncidentKind.BUDGET)
    queued = await loop.store.deliveries(incident_id=told.id)
    assert [(each.channel, each.op.value) for each in queued] == [("C1", "post"), ("C2", "post")]


async def test_a_projection_waits_for_a_second_day(loop: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit lies inside the range of the forecast: it is told on the second day it holds, not before."""
    budget = await loop.store.set_budget(
        Budget(id="", scope=EVERYTHING, period=Period.MONTH, limit=Decimal(1000)), by_mira()
    )
    forecast_stays(monkeypatch, 850, 700, 990)

    await judge(loop, budget)
    await judge(loop, budget)
    assert await loop.of_kind(IncidentKind.PROJECTED) == []
    (quiet,) = await loop.store.decisions(local(19, 0).astimezone(UTC), IncidentKind.PROJECTED)
    assert quiet.times == 1

    loop.clock.now = local(20, 9).astimezone(UTC)
    await judge(loop, budget)
    await judge(loop, budget)

    (told,) = await loop.of_kind(IncidentKind.PROJECTED)
    assert told.evidence["threshold"] == 80


async def judge(loop: Scene, budget: Budget) -> None:
    frame = await frame_of(loop)
    await watch_budget(frame, budget, await decided_before(frame))


def forecast_stays(monkeypatch: pytest.MonkeyPatch, mid: int, low: int, high: int) -> None:
    """Let every forecast of a budget end at an amount, with its range, in dollars."""
    today = date(2026, 11, 19)
    found = forecast_until(
        [0] * 7,
        today=today,
        last_day=date(2026, 11, 30),
        spent_nanos=0,
        today_nanos=0,
        today_fraction_elapsed=0.5,
    )
    assert isinstance(found, Forecast)
    kept = replace(found, period_end=Range(*(dollars * NANOS_PER_UNIT for dollars in (mid, low, high))))

    async def stays(*_: object) -> Forecast:
        return kept

    monkeypatch.setattr("bot.reports.budgets.forecast", stays)


async def test_thresholds_crossed_at_one_moment_are_one_message(
    loop: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop takes the key past half of its $200, and its forecast past all of it: what is spent says both."""
    await set_budget(loop, NIGHTLY, Period.MONTH, 200)
    forecast_stays(monkeypatch, 300, 250, 350)

    await loop.at(local(19, 18))
    await loop.at(local(20, 9))

    told = await loop.of_kind(IncidentKind.BUDGET) + await loop.of_kind(IncidentKind.PROJECTED)
    assert [(each.kind.value, each.evidence["threshold"]) for each in told] == [("budget", 50)]
    (quiet,) = await loop.store.decisions(local(19, 0).astimezone(UTC), IncidentKind.PROJECTED)
    assert quiet.reason == "said with what was spent, in one message"


async def test_the_forecast_of_a_day_is_kept_as_it_was_first_shown(loop: Scene) -> None:
    budget = await set_budget(loop, EVERYTHING, Period.MONTH, 900)
    await loop.at(local(19, 10, 30))
    (first, *_) = await loop.store.forecasts(date(2026, 11, 19))
    await loop.at(local(19, 13))

    kept = {each.scope: each for each in await loop.store.forecasts(date(2026, 11, 19))}
    assert set(kept) == {"month", f"budget:{budget.id}"}
    assert kept[first.scope] == first
    assert 600 < from_nanos(kept["month"].evidence["mid_nanos"]) < 900
