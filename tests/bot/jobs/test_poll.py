"""Polling: what is read when, and what one connection's trouble means for the others."""

from datetime import timedelta
from pathlib import Path

from bot.demo.vendors import Fault
from bot.jobs.poll import Poller, poll_connection
from bot.jobs.read_stream import PollPlan
from storage import ConnectionState
from tests.bot.demo.shop import shop
from tests.bot.open_desk import Desk, amounts, metered, open_desk, used


async def _tick(desk: Desk) -> dict[str, str]:
    poller = Poller(desk.house)
    await poller.tick()
    return {f"{each.provider} {each.stream}": each.error for each in await poller.drain()}


async def test_a_new_connection_reads_two_days_first_and_then_its_past(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI", poll=False)

        await _tick(desk)

        asked = [r for r in desk.vendors.openai.requests if r.path.endswith("usage/completions")]
        times = [dict(r.query) for r in asked if {"end_time"} <= dict(r.query).keys() - {"page"}]
        spans = [int(each["end_time"]) - int(each["start_time"]) for each in times]
        assert spans[0] <= 50 * 3600
        assert max(spans[1:]) == 7 * 24 * 3600


async def test_what_is_not_due_is_not_read_again(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")
        seen = len(desk.vendors.openai.requests)

        assert await _tick(desk) == {}
        assert len(desk.vendors.openai.requests) == seen


async def test_a_gap_is_read_however_long_the_bot_was_away(tmp_path: Path) -> None:
    accounts = metered([used(day, 9) for day in range(10, 20)])
    async with open_desk(tmp_path, accounts) as desk:
        desk.clock.now -= timedelta(days=9)
        await desk.connect("openai", "Harbor OpenAI")
        desk.clock.now += timedelta(days=9)

        await _tick(desk)

        by_day = amounts(await desk.ask("spend 2026-11-11..2026-11-18 by day"))
        assert {str(amount) for amount in by_day.values()} == {"14"}


async def test_a_refused_key_breaks_only_its_own_connection(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")
        await desk.connect("anthropic", "Harbor Anthropic")
        desk.vendors.openai.customers.revoke(desk.vendors.openai.admin_key)
        desk.clock.now += timedelta(hours=2)

        errors = await _tick(desk)

        states = {c.label: c.state for c in await desk.store.connections()}
        assert states == {"Harbor OpenAI": ConnectionState.BROKEN, "Harbor Anthropic": ConnectionState.ACTIVE}
        assert {provider for provider, error in errors.items() if not error and "anthropic" in provider}
        assert all(error for provider, error in errors.items() if "openai" in provider)


async def test_a_broken_connection_is_asked_hourly_and_comes_back(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        openai = desk.vendors.openai
        known = openai.customers.credential(openai.admin_key)
        assert known is not None
        await desk.connect("openai", "Harbor OpenAI")
        openai.customers.revoke(openai.admin_key)
        desk.clock.now += timedelta(hours=2)
        await _tick(desk)
        desk.clock.now += timedelta(minutes=30)
        assert await _tick(desk) == {}
        openai.customers.add(openai.admin_key, known.customer)
        desk.clock.now += timedelta(minutes=31)

        await _tick(desk)

        (connection,) = await desk.store.connections()
        assert connection.state is ConnectionState.ACTIVE


async def test_a_stream_that_fails_backs_off_and_leaves_what_it_had(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        await desk.connect("openai", "Harbor OpenAI")
        before = await desk.ask("spend by model")
        desk.vendors.openai.faults.plan("/usage/completions", Fault.answers(500), times=50)
        desk.clock.now += timedelta(minutes=10)

        errors = await _tick(desk)

        (connection,) = await desk.store.connections()
        failing = next(s for s in connection.streams if s.stream == "usage/completions")
        assert errors["openai usage/completions"]
        assert failing.failures == 1
        assert failing.next_due_at > desk.clock()
        assert amounts(await desk.ask("spend by model")) == amounts(before)


async def test_two_polls_of_one_connection_never_overlap(tmp_path: Path) -> None:
    async with open_desk(tmp_path, shop()) as desk:
        connection = await desk.connect("openai", "Harbor OpenAI")
        for state in connection.streams:
            await desk.store.claim_stream(
                connection.id, state.stream, desk.clock(), timedelta(minutes=5), only_due=False
            )

        outcomes = await poll_connection(desk.house, desk.store, connection, PollPlan(everything=True))

        assert outcomes == []
