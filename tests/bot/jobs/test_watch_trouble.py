"""Trouble is told once when it starts and closed once when it is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.demo.vendors.faults import Fault
from bot.views.evidence import from_evidence
from bot.views.trouble import TroubleEvidence
from spend.notify import IncidentKind, IncidentState
from spend.usage import Role
from spend.window import HOUR
from storage import ConnectionState
from tests.bot.jobs.watching import Scene, local, scene, shop
from tests.storage.cast import by_mira, harbor_openai
from tests.storage.reads import MONDAY, at, days, read_bill, read_usage, used

STREAMS = [("usage/completions", Role.USAGE), ("costs", Role.COST)]


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[Scene]:
    """The shop without its loop, connected on Nov 8, at noon of Nov 18."""
    async with scene(shop(has_loop=False), local(8, 12), tmp_path) as quiet:
        await quiet.connect("anthropic", label="Shop Anthropic")
        await quiet.at(local(18, 12))
        yield quiet


async def trouble(house: Scene) -> list[tuple[TroubleEvidence, IncidentState, tuple[str, ...]]]:
    return [
        (from_evidence(TroubleEvidence, each.evidence), each.state, each.told_steps)
        for each in await house.of_kind(IncidentKind.TROUBLE)
    ]


async def test_a_refused_key_is_told_once_and_closed_with_the_money_of_the_gap(quiet: Scene) -> None:
    """$1 an hour: figures end at 12:00 (reported to 11:56) and are back at 15:30 (to 15:26): $3.50."""
    quiet.vendors.anthropic.faults.plan("/v1/", Fault.answers(401), times=1000)
    for hour, minute in ((12, 30), (13, 31), (14, 0)):
        await quiet.at(local(18, hour, minute))
    quiet.restart()
    await quiet.at(local(18, 14, 15))

    ((found, state, steps),) = await trouble(quiet)
    assert (found.what, found.connection, found.provider) == ("broken", "Shop Anthropic", "Anthropic")
    assert (found.key_hint, found.status, found.since) == ("r2Fp", 401, local(18, 12))
    assert (state, steps) == (IncidentState.OPEN, ("first",))

    quiet.vendors.anthropic.faults.clear()
    await quiet.at(local(18, 15, 30))
    await quiet.at(local(18, 15, 40))

    ((found, state, steps),) = await trouble(quiet)
    assert (state, steps) == (IncidentState.RESOLVED, ("first", "resolved"))
    assert found.ended_at == local(18, 15, 30)
    assert found.gap_nanos is not None
    assert round(found.gap_nanos / 10**9, 2) == 3.50
    assert await quiet.steps() == [("first", "post"), ("resolved", "post")]


async def test_trouble_of_a_connection_that_is_stopped_closes_without_a_word(quiet: Scene) -> None:
    (connection,) = quiet.connections
    await quiet.store.set_state(connection.id, ConnectionState.BROKEN, "refused (401)", quiet.clock.now)
    await quiet.look_at(local(18, 12, 2))
    await quiet.store.set_state(connection.id, ConnectionState.PAUSED, "paused", quiet.clock.now)

    await quiet.look_at(local(18, 12, 4))

    ((_, state, steps),) = await trouble(quiet)
    assert (state, steps) == (IncidentState.RESOLVED, ("first",))
    assert await quiet.steps() == [("first", "post")]


async def test_a_source_is_back_when_its_figures_are_not_when_its_key_is(quiet: Scene) -> None:
    (connection,) = quiet.connections
    await quiet.store.set_state(connection.id, ConnectionState.BROKEN, "refused (401)", quiet.clock.now)
    await quiet.look_at(local(18, 12, 30))
    await quiet.store.set_state(connection.id, ConnectionState.ACTIVE, "", quiet.clock.now)
    await quiet.look_at(local(18, 12, 32))
    ((_, state, _),) = await trouble(quiet)
    assert state is IncidentState.OPEN

    await quiet.at(local(18, 12, 40))

    ((_, state, steps),) = await trouble(quiet)
    assert (state, steps) == (IncidentState.RESOLVED, ("first", "resolved"))


async def test_one_failed_poll_and_hours_when_nobody_asked_are_no_trouble(quiet: Scene) -> None:
    (connection,) = quiet.connections
    await quiet.look_at(local(18, 18))
    assert await trouble(quiet) == []

    stream = "usage_report/messages"
    now = quiet.clock.now
    await quiet.store.stream_failed(connection.id, stream, now, now + HOUR, "Anthropic is in trouble (503).")
    await quiet.watch.look()

    assert await trouble(quiet) == []


async def test_two_hours_of_failing_are_told(quiet: Scene) -> None:
    (connection,) = quiet.connections
    for minutes in (5, 60, 124):
        quiet.clock.now = local(18, 12).astimezone(quiet.clock.now.tzinfo) + timedelta(minutes=minutes)
        now = quiet.clock.now
        await quiet.store.stream_failed(
            connection.id, "usage_report/messages", now, now + HOUR, "Anthropic is in trouble (503)."
        )
        await quiet.watch.look()
    assert await trouble(quiet) == []

    await quiet.look_at(local(18, 14, 5))

    ((found, state, _),) = await trouble(quiet)
    assert (found.what, found.since, found.poll_minutes) == ("stale", local(18, 12), 5)
    await quiet.at(local(18, 15, 30))
    ((found, state, _),) = await trouble(quiet)
    assert state is IncidentState.RESOLVED


async def test_a_model_without_a_price_is_told_until_it_has_one(tmp_path: Path) -> None:
    async with scene(shop(price_tag="house-brand-1"), local(18, 12), tmp_path) as house:
        await house.connect("anthropic")
        await house.watch.look()
        await house.at(local(18, 15))
        await house.at(local(18, 16))

        ((found, state, steps),) = await trouble(house)
        assert (found.what, found.model) == ("unpriced", "house-brand-1")
        assert found.tokens > 0
        assert (state, steps) == (IncidentState.OPEN, ("first",))
        assert await house.of_kind(IncidentKind.SPIKE) == []


async def test_a_bill_that_is_missing_is_told_two_days_after_it_was_due(tmp_path: Path) -> None:
    """Monday settles on Wednesday at 00:00 UTC; without a line by Friday it is told."""
    async with scene(shop(), local(15, 12), tmp_path) as house:
        added = await house.store.add_connection(harbor_openai(streams=STREAMS), house.clock.now, by_mira())
        settled = at(MONDAY, 0) + timedelta(days=2, hours=1)
        await house.store.save_window(
            read_usage(added.id, [used(at(MONDAY, 9), nanos=61_670_000_000)], stream=STREAMS[0][0])
        )
        await house.store.save_window(read_bill(added.id, [], window=days(MONDAY, MONDAY), read_at=settled))
        await house.look_at(settled)
        assert await trouble(house) == []

        await house.look_at(settled + timedelta(days=2))

        ((found, _, _),) = await trouble(house)
        assert (found.what, found.day, found.days_overdue) == ("bill_missing", MONDAY, 2)
        assert Decimal(found.nanos) == 61_670_000_000


async def test_a_paused_connection_is_no_trouble(quiet: Scene) -> None:
    (connection,) = quiet.connections
    await quiet.store.set_state(connection.id, ConnectionState.PAUSED, "paused", quiet.clock.now)

    await quiet.look_at(local(19, 12))

    assert await trouble(quiet) == []
