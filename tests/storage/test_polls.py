"""Claims of streams: one reader at a time, in the order of what is due, trouble counted."""

import asyncio

import pytest

from storage.errors import NotFoundError
from storage.holder import Holder
from storage.values import ConnectionState, PollAttempt
from tests.storage.cast import HOUR, MINUTE, NOW, by_mira, harbor_anthropic, harbor_openai
from tests.storage.killing import dead_process


async def connected(store, new=None, workspace_id="home"):
    return await store.workspace(workspace_id).add_connection(new or harbor_openai(), NOW, by_mira())


async def test_of_fifty_racing_claims_one_wins(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)

    won = await asyncio.gather(*(workspace.claim_stream(kept.id, "costs", NOW, MINUTE) for _ in range(50)))

    assert won.count(True) == 1
    assert await workspace.claim_stream(kept.id, "usage.completions", NOW, MINUTE)


async def test_a_claim_ends_with_its_lease(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)

    assert await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)
    assert not await workspace.claim_stream(kept.id, "costs", NOW + MINUTE / 2, MINUTE)
    assert await workspace.claim_stream(kept.id, "costs", NOW + MINUTE, MINUTE)


async def test_a_claim_ends_with_its_process(store, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    await workspace.claim_stream(kept.id, "usage.completions", NOW, MINUTE)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(Holder, "this_process", staticmethod(dead_process))
        await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)

    assert await store.end_dead_claims(NOW) == 1

    assert await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)
    assert not await workspace.claim_stream(kept.id, "usage.completions", NOW, MINUTE), "its reader lives"
    assert await store.end_dead_claims(NOW) == 0


async def test_what_could_not_be_finished_is_released_and_due_when_it_is_said(
    store, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    await workspace.claim_stream(kept.id, "usage.completions", NOW, HOUR)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(Holder, "this_process", staticmethod(dead_process))
        await workspace.claim_stream(kept.id, "costs", NOW, HOUR)

    await workspace.release_streams(kept.id, NOW, NOW + MINUTE)

    assert not await workspace.claim_stream(kept.id, "usage.completions", NOW, HOUR)
    assert await workspace.claim_stream(kept.id, "usage.completions", NOW + MINUTE, HOUR)
    assert not await workspace.claim_stream(kept.id, "costs", NOW + MINUTE, HOUR), "that is another's"


async def test_a_run_that_takes_over_may_claim_what_the_one_before_was_reading(
    store, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    there = Holder(host="another-host", place="", pid=7, started="")
    await store.take_run_lease(there, NOW, MINUTE)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(Holder, "this_process", lambda: there)
        await workspace.claim_stream(kept.id, "costs", NOW, HOUR)

    await store.take_run_lease(Holder.this_process(), NOW + MINUTE)

    assert await workspace.claim_stream(kept.id, "costs", NOW + MINUTE, MINUTE)


async def test_what_is_not_due_is_claimed_only_on_purpose(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW + HOUR)

    assert not await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)
    assert await workspace.claim_stream(kept.id, "costs", NOW, MINUTE, only_due=False)
    assert not await workspace.claim_stream(kept.id, "costs", NOW, MINUTE, only_due=False)


async def test_after_the_clock_was_set_back_a_stream_is_due_at_once_and_only_once(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    await workspace.stream_succeeded(kept.id, "costs", NOW + 24 * HOUR, NOW + 25 * HOUR)

    assert "costs" in {each.stream for each in await store.due_streams(NOW, 10)}
    assert await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)
    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW + HOUR)

    assert "costs" not in {each.stream for each in await store.due_streams(NOW + MINUTE, 10)}


async def test_another_workspace_claims_nothing_of_ours(store) -> None:
    kept = await connected(store)
    other = store.workspace(await store.add_workspace("other", NOW))

    assert not await other.claim_stream(kept.id, "costs", NOW, MINUTE)
    with pytest.raises(NotFoundError):
        await other.stream_succeeded(kept.id, "costs", NOW, NOW + HOUR)


async def test_failures_are_counted_until_a_success(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)

    assert await workspace.stream_failed(kept.id, "costs", NOW, NOW + MINUTE, "No answer within 20 s.") == 1
    assert (
        await workspace.stream_failed(kept.id, "costs", NOW + MINUTE, NOW + HOUR, "No answer within 20 s.")
        == 2
    )
    (_, failing) = (await workspace.connection(kept.id)).streams
    await workspace.stream_succeeded(kept.id, "costs", NOW + HOUR, NOW + 2 * HOUR, {"group_by": "project"})
    (_, healed) = (await workspace.connection(kept.id)).streams

    assert (failing.failures, failing.failing_since, failing.last_error) == (2, NOW, "No answer within 20 s.")
    assert (healed.failures, healed.failing_since, healed.last_error) == (0, None, "")
    assert (healed.last_success_at, healed.next_due_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert healed.settings == {"group_by": "project"}
    assert await workspace.poll_attempts(kept.id, NOW + MINUTE) == [
        PollAttempt("costs", NOW + MINUTE, "No answer within 20 s."),
        PollAttempt("costs", NOW + HOUR),
    ]


async def test_a_success_without_settings_keeps_what_was_learned(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)

    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW, {"group_by": "project"})
    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW)

    assert (await workspace.connection(kept.id)).streams[1].settings == {"group_by": "project"}


async def test_due_streams_come_longest_due_first_over_all_workspaces(store) -> None:
    other_id = await store.add_workspace("other", NOW)
    ours, theirs = await connected(store), await connected(store, harbor_anthropic(), other_id)
    await store.workspace("home").stream_succeeded(ours.id, "costs", NOW, NOW + 2 * MINUTE)
    await store.workspace("home").stream_succeeded(ours.id, "usage.completions", NOW, NOW + HOUR)
    await store.workspace(other_id).stream_succeeded(theirs.id, "messages", NOW, NOW + MINUTE)

    due = await store.due_streams(NOW + 2 * MINUTE, 10)

    assert [(each.workspace_id, each.provider, each.stream) for each in due] == [
        (other_id, "anthropic", "cost_report"),
        (other_id, "anthropic", "messages"),
        ("home", "openai", "costs"),
    ]
    assert due[:2] == await store.due_streams(NOW + 2 * MINUTE, 2)


@pytest.mark.parametrize(("state", "is_polled"), [("active", True), ("broken", True), ("paused", False)])
async def test_only_active_and_broken_connections_are_due(store, state, is_polled) -> None:
    kept = await connected(store)
    await store.workspace("home").set_state(kept.id, ConnectionState(state), "", NOW)

    assert bool(await store.due_streams(NOW, 10)) is is_polled


async def test_neither_claimed_nor_disconnected_streams_are_due(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)

    await workspace.claim_stream(kept.id, "costs", NOW, MINUTE)
    assert [each.stream for each in await store.due_streams(NOW, 10)] == ["usage.completions"]

    await workspace.disconnect(kept.id, NOW, by_mira())
    assert await store.due_streams(NOW + HOUR, 10) == []


async def test_a_healthy_stream_can_be_due_sooner(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW + HOUR)

    assert await workspace.bring_forward(kept.id, "costs", read_at=NOW, due_at=NOW + MINUTE)
    assert not await workspace.bring_forward(kept.id, "costs", read_at=NOW, due_at=NOW + 2 * MINUTE)

    assert (await workspace.connection(kept.id)).streams[1].next_due_at == NOW + MINUTE


async def test_a_stream_that_fails_or_was_read_meanwhile_is_not_due_sooner(store) -> None:
    workspace = store.workspace("home")
    kept = await connected(store)
    await workspace.stream_succeeded(kept.id, "costs", NOW, NOW + HOUR)
    await workspace.stream_succeeded(kept.id, "costs", NOW + MINUTE, NOW + HOUR)
    assert not await workspace.bring_forward(kept.id, "costs", read_at=NOW, due_at=NOW + MINUTE)

    await workspace.stream_failed(kept.id, "costs", NOW + MINUTE, NOW + HOUR, "OpenAI asks to slow down.")

    assert not await workspace.bring_forward(kept.id, "costs", read_at=NOW + MINUTE, due_at=NOW + 2 * MINUTE)
    assert (await workspace.connection(kept.id)).streams[1].next_due_at == NOW + HOUR
