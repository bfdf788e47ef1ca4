"""Incidents: one per dedup key; what is decided, kept and queued is one transaction."""

import asyncio
from typing import Any

import pytest

from spend.notify import (
    Decision,
    DeliveryState,
    Finding,
    IncidentKind,
    IncidentState,
    NewDelivery,
    Op,
    Step,
)
from storage.errors import NotFoundError
from tests.storage.cast import HOUR, MINUTE, NOW, by_mira

FIRST = Decision(step=Step.FIRST, reason="above the floor")
GREW = Decision(step=Step.GREW, reason="grew by a quarter", edits=True)
QUIET = Decision(step=Step.QUIET, reason="grew by less than a quarter")
OVER = Decision(step=Step.RESOLVED, reason="one whole hour back in range", edits=True)


def spike(size: int = 11_550_000_000, **changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "kind": IncidentKind.SPIKE,
        "dedup_key": "spike c1 2026-11-19T10",
        "evidence": {"spent": size, "by": [{"key": "agents-nightly"}]},
        "size_nanos": size,
    }
    return Finding(**fields | changes)


def post(step: str = "first", op: Op = Op.POST, channel: str = "C1") -> NewDelivery:
    return NewDelivery(step=step, installation_id="slack-1", platform="slack", channel=channel, op=op)


async def test_the_first_telling_opens_the_incident_and_queues_its_deliveries(store) -> None:
    workspace = store.workspace("home")

    told = await workspace.tell(spike(), FIRST, [post(), post(channel="C2")], NOW)

    assert told == await workspace.incident("spike c1 2026-11-19T10")
    assert told == await workspace.incident_by_id(told.id)
    assert told == await workspace.incident_by_code(told.code.lower())
    assert (told.state, told.opened_at, told.told_steps) == (IncidentState.OPEN, NOW, ("first",))
    assert (told.size_nanos, told.told_nanos, told.told_at) == (11_550_000_000, 11_550_000_000, NOW)
    queued = await workspace.deliveries()
    assert [(each.channel, each.step, each.op, each.state, each.code) for each in queued] == [
        ("C1", "first", Op.POST, DeliveryState.QUEUED, told.code),
        ("C2", "first", Op.POST, DeliveryState.QUEUED, told.code),
    ]
    assert queued[0].evidence == spike().evidence
    assert queued[0].not_before == NOW


async def test_a_quiet_decision_about_the_unknown_is_kept_and_opens_nothing(store) -> None:
    workspace = store.workspace("home")

    assert await workspace.tell(spike(is_loud=False), QUIET, [], NOW) is None

    assert await workspace.incidents() == []
    (kept,) = await workspace.decisions(NOW)
    assert (kept.step, kept.reason, kept.dedup_key) == (Step.QUIET, QUIET.reason, spike().dedup_key)


async def test_the_same_quiet_decision_again_is_counted_not_repeated(store) -> None:
    workspace = store.workspace("home")

    for minute in range(4):
        await workspace.tell(spike(size=minute), QUIET, [], NOW + minute * MINUTE)
    await workspace.tell(spike(), Decision(step=Step.QUIET, reason="snoozed"), [], NOW + HOUR)
    await workspace.tell(spike(), QUIET, [], NOW + HOUR)

    kept = await workspace.decisions(NOW)
    assert [(each.reason, each.times) for each in kept] == [
        (QUIET.reason, 4),
        ("snoozed", 1),
        (QUIET.reason, 1),
    ]
    assert (kept[0].at, kept[0].last_at, kept[0].size_nanos) == (NOW, NOW + 3 * MINUTE, 3)
    assert len(await workspace.decisions(NOW + HOUR)) == 2
    assert await workspace.decisions(NOW, IncidentKind.BUDGET) == []


async def test_growth_updates_the_incident_and_what_was_told(store) -> None:
    workspace = store.workspace("home")
    first = await workspace.tell(spike(10), FIRST, [post()], NOW)

    quiet = await workspace.tell(spike(12), QUIET, [], NOW + MINUTE)
    grown = await workspace.tell(
        spike(20), GREW, [post("grew-1", Op.EDIT), post("grew-1", Op.REPLY)], NOW + HOUR
    )

    assert (quiet.size_nanos, quiet.told_nanos, quiet.told_steps) == (10, 10, ("first",))
    assert (quiet.updated_at, quiet.evidence) == (NOW, spike(12).evidence)
    assert (grown.id, grown.code, grown.opened_at) == (first.id, first.code, NOW)
    assert (grown.size_nanos, grown.updated_at) == (20, NOW + HOUR)
    assert grown.told_steps == ("first", "grew-1")
    assert grown.evidence == spike(20).evidence


async def test_only_posts_and_thread_lines_count_as_told(store) -> None:
    workspace = store.workspace("home")
    await workspace.tell(spike(10), FIRST, [post()], NOW)
    doubled = Decision(step=Step.GREW, reason="twice what was last told", edits=True, thread_line=True)

    edited = await workspace.tell(spike(14), GREW, [post("grew", Op.EDIT)], NOW + MINUTE)
    lined = await workspace.tell(spike(21), doubled, [post("grew-2", Op.REPLY)], NOW + HOUR)

    assert (edited.size_nanos, edited.updated_at) == (14, NOW + MINUTE)
    assert (edited.told_nanos, edited.told_at) == (10, NOW)
    assert (lined.size_nanos, lined.told_nanos, lined.told_at) == (21, 21, NOW + HOUR)


async def test_incidents_someone_wants_quiet_are_found_while_that_lasts(store) -> None:
    workspace = store.workspace("home")
    told = await workspace.tell(spike(), FIRST, [], NOW)
    await workspace.tell(spike(dedup_key="another"), FIRST, [], NOW)
    snoozed = await workspace.act(
        told.id, IncidentState.SNOOZED, "slack:mira", NOW, quiet_until=NOW + HOUR, audit=by_mira("snoozed")
    )

    assert await workspace.incidents(quiet_at=NOW + HOUR - MINUTE) == [snoozed]
    assert await workspace.incidents(quiet_at=NOW + HOUR) == []


async def test_what_is_over_is_resolved_even_when_nothing_is_said(store) -> None:
    workspace = store.workspace("home")
    await workspace.tell(spike(), FIRST, [], NOW)

    over = await workspace.tell(spike(is_over=True), QUIET, [], NOW + HOUR)
    still = await workspace.tell(spike(is_over=True), OVER, [], NOW + 2 * HOUR)

    assert (over.state, over.resolved_at) == (IncidentState.RESOLVED, NOW + HOUR)
    assert (still.state, still.resolved_at) == (IncidentState.RESOLVED, NOW + HOUR)


async def test_a_resolved_incident_that_is_told_again_is_open_again(store) -> None:
    workspace = store.workspace("home")
    await workspace.tell(spike(), FIRST, [], NOW)
    await workspace.tell(spike(is_over=True), OVER, [], NOW)

    again = await workspace.tell(spike(), Decision(step=Step.REPEAT, reason="came back"), [], NOW + HOUR)

    assert (again.state, again.resolved_at) == (IncidentState.OPEN, None)
    assert again.told_steps == ("first", "resolved", "repeat")


async def test_fifty_racing_findings_are_one_incident(store) -> None:
    workspace = store.workspace("home")

    told = await asyncio.gather(*(workspace.tell(spike(), FIRST, [post()], NOW) for _ in range(50)))

    assert len({each.id for each in told}) == 1
    assert len(await workspace.incidents()) == 1
    assert len(await workspace.deliveries()) == 1


async def test_a_failure_while_telling_leaves_nothing(store) -> None:
    workspace = store.workspace("home")
    unwritable = NewDelivery(
        step="first",
        installation_id="s",
        platform="slack",
        channel="C",
        op=Op.POST,
        evidence={"at": object()},
    )

    with pytest.raises(Exception, match="serializable"):
        await workspace.tell(spike(), FIRST, [post(), unwritable], NOW)

    assert await workspace.incidents() == []
    assert await workspace.decisions(NOW) == []
    assert await workspace.deliveries() == []


async def test_a_newer_edit_supersedes_older_ones_nobody_has_sent(store) -> None:
    workspace = store.workspace("home")
    await workspace.tell(spike(1), FIRST, [post()], NOW)
    await workspace.tell(spike(2), GREW, [post("grew-1", Op.EDIT), post("grew-1", Op.REPLY)], NOW)
    await workspace.tell(spike(2), GREW, [post("grew-1", Op.EDIT, "C2")], NOW)

    await workspace.tell(spike(3, is_over=True), OVER, [post("resolved", Op.EDIT)], NOW)

    assert [
        (each.channel, each.step, each.op.value, each.state.value) for each in await workspace.deliveries()
    ] == [
        ("C1", "first", "post", "queued"),
        ("C1", "grew-1", "edit", "superseded"),
        ("C1", "grew-1", "reply", "queued"),
        ("C2", "grew-1", "edit", "queued"),
        ("C1", "resolved", "edit", "queued"),
    ]


async def test_an_act_is_kept_with_who_and_until_when(store) -> None:
    workspace = store.workspace("home")
    told = await workspace.tell(spike(), FIRST, [], NOW)

    snoozed = await workspace.act(
        told.id,
        IncidentState.SNOOZED,
        "slack:mira",
        NOW + MINUTE,
        quiet_until=NOW + HOUR,
        audit=by_mira("snoozed"),
    )

    assert (snoozed.state, snoozed.quiet_until) == (IncidentState.SNOOZED, NOW + HOUR)
    assert (snoozed.acted_by, snoozed.acted_at) == ("slack:mira", NOW + MINUTE)
    assert [each.what for each in await workspace.audit_entries()] == ["snoozed"]
    assert await workspace.incidents(states=[IncidentState.SNOOZED]) == [snoozed]
    assert await workspace.incidents(states=[IncidentState.OPEN]) == []


async def test_an_act_does_not_open_what_is_resolved(store) -> None:
    workspace = store.workspace("home")
    told = await workspace.tell(spike(is_over=True), FIRST, [], NOW)

    acted = await workspace.act(told.id, IncidentState.EXPECTED, "slack:mira", NOW, audit=by_mira())

    assert (acted.state, acted.acted_by) == (IncidentState.RESOLVED, "slack:mira")


async def test_incidents_are_found_by_kind_state_and_time(store) -> None:
    workspace = store.workspace("home")
    old = await workspace.tell(spike(), FIRST, [], NOW)
    budget = spike(kind=IncidentKind.BUDGET, dedup_key="budget b1 2026-11 80")
    new = await workspace.tell(budget, FIRST, [], NOW + HOUR)

    assert await workspace.incidents() == [old, new]
    assert await workspace.incidents(kinds=[IncidentKind.BUDGET]) == [new]
    assert await workspace.incidents(since=NOW + HOUR) == [new]


async def test_codes_differ_within_a_workspace(store) -> None:
    workspace = store.workspace("home")

    told = [await workspace.tell(spike(dedup_key=f"spike {n}"), FIRST, [], NOW) for n in range(60)]

    assert len({each.code for each in told}) == 60
    assert all(len(each.code) == 4 and not set(each.code) & set("015AEILOSUZ") for each in told)


async def test_codes_that_collide_are_made_again(store, monkeypatch) -> None:
    workspace = store.workspace("home")
    monkeypatch.setattr("storage.incidents._code", lambda text: "K7Q2" if text.endswith(" 0") else "M4TD")

    first = await workspace.tell(spike(dedup_key="a"), FIRST, [], NOW)
    second = await workspace.tell(spike(dedup_key="b"), FIRST, [], NOW)

    assert (first.code, second.code) == ("K7Q2", "M4TD")


async def test_incidents_of_one_workspace_are_not_those_of_another(store) -> None:
    other = store.workspace(await store.add_workspace("other", NOW))
    ours = await store.workspace("home").tell(spike(), FIRST, [post()], NOW)

    theirs = await other.tell(spike(), FIRST, [], NOW)

    assert theirs.id != ours.id
    assert await other.deliveries() == []
    with pytest.raises(NotFoundError):
        await other.incident_by_id(ours.id)
    with pytest.raises(NotFoundError):
        await other.act(ours.id, IncidentState.EXPECTED, "x", NOW, audit=by_mira())
