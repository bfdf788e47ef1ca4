"""What is queued or left out in the transaction that marks a delivery sent, and the audit by kind of change."""

import pytest

from spend.notify import DeliveryState, NewDelivery, Op
from storage.errors import LeaseLostError
from tests.storage.cast import NOW, by_mira
from tests.storage.test_deliveries import running, told
from tests.storage.test_incidents import post

PICTURE = NewDelivery(step="first", installation_id="slack-1", platform="slack", channel="C1", op=Op.ATTACH)


async def states(workspace) -> list[tuple[str, str, str]]:
    return [(each.step, each.op.value, each.state.value) for each in await workspace.deliveries()]


async def test_a_picture_is_queued_with_the_words_and_evidence_of_its_message(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post())
    (first,) = await workspace.claim_deliveries(NOW, token)

    await workspace.mark_sent(first.id, token, "17.1", NOW, then=[PICTURE])

    (picture,) = await workspace.deliveries([DeliveryState.QUEUED])
    assert (picture.op, picture.evidence, picture.parent_platform_id) == (Op.ATTACH, first.evidence, "17.1")


async def test_a_picture_that_is_queued_already_is_not_queued_twice(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), PICTURE)
    (first,) = await workspace.claim_deliveries(NOW, token)

    await workspace.mark_sent(first.id, token, "17.1", NOW, then=[PICTURE])

    assert await states(workspace) == [("first", "post", "sent"), ("first", "attach", "queued")]


async def test_only_what_still_waits_is_superseded(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), post(channel="C2"), post("grew", Op.EDIT))
    first, other = await workspace.claim_deliveries(NOW, token)
    edit = (await workspace.deliveries([DeliveryState.QUEUED]))[0]

    await workspace.mark_sent(first.id, token, "17.1", NOW, superseded=[edit.id, other.id])

    assert await states(workspace) == [
        ("first", "post", "sent"),
        ("first", "post", "leased"),
        ("grew", "edit", "superseded"),
    ]


async def test_a_late_owner_queues_and_supersedes_nothing(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), post("grew", Op.EDIT))
    (first,) = await workspace.claim_deliveries(NOW, token)
    edit = (await workspace.deliveries([DeliveryState.QUEUED]))[0]
    await running(store)

    with pytest.raises(LeaseLostError):
        await workspace.mark_sent(first.id, token, "17.1", NOW, then=[PICTURE], superseded=[edit.id])

    assert await states(workspace) == [("first", "post", "unknown"), ("grew", "edit", "queued")]


async def test_the_audit_can_be_asked_for_one_kind_of_change(store) -> None:
    workspace = store.workspace("home")
    for what in ("summary set", "key used", "summary set", "key used"):
        await workspace.audit(by_mira(what))

    assert [entry.what for entry in await workspace.audit_entries(1, what="summary set")] == ["summary set"]
    assert len(await workspace.audit_entries(what="summary set")) == 2
