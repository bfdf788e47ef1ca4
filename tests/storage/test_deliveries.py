"""Deliveries: claimed once, in order per channel, written only by whoever holds them (design 3.2)."""

import asyncio

import pytest

from spend.notify import DeliveryState, NewDelivery, Op
from storage.errors import LeaseLostError, NotFoundError
from storage.holder import Holder
from tests.storage.cast import HOUR, MINUTE, NOW
from tests.storage.test_incidents import FIRST, GREW, post, spike

LEASE = MINUTE / 2
RUN = Holder(host="elsewhere", place="", pid=1, started="")


async def running(store, at=NOW) -> int:
    """Take the run lease as a process on another machine whose lease is over at once."""
    return await store.take_run_lease(RUN, at, 0 * MINUTE)


async def told(workspace, *deliveries, key="a"):
    return await workspace.tell(spike(dedup_key=key), FIRST, list(deliveries), NOW)


async def test_of_fifty_racing_claims_one_gets_the_delivery(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post())

    claims = await asyncio.gather(*(workspace.claim_deliveries(NOW, token) for _ in range(50)))

    (won,) = [each for claim in claims for each in claim]
    assert (won.state, won.fencing, won.lease_until) == (DeliveryState.LEASED, token, NOW + LEASE)


async def test_a_channel_goes_in_order_and_channels_do_not_wait_for_each_other(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), post(channel="C2"), key="a")
    await told(workspace, post(), post(channel="C2"), key="b")

    first, second = await workspace.claim_deliveries(NOW, token)
    assert (first.channel, second.channel) == ("C1", "C2")
    assert await workspace.claim_deliveries(NOW, token) == []

    await workspace.mark_sent(first.id, token, "17.1", NOW)
    (third,) = await workspace.claim_deliveries(NOW, token)
    assert third.channel == "C1"

    await workspace.mark_unknown(second.id, token, "No answer.", NOW)
    assert await workspace.claim_deliveries(NOW, token) == []


async def test_a_waiting_head_holds_its_channel_until_its_time(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), key="a")
    await told(workspace, post(), post(channel="C2"), key="b")
    (head, _) = await workspace.claim_deliveries(NOW, token)

    await workspace.requeue(head.id, token, NOW + MINUTE, 0)

    assert await workspace.claim_deliveries(NOW, token) == []
    (again,) = await workspace.claim_deliveries(NOW + MINUTE, token)
    assert (again.id, again.resends) == (head.id, 0)


async def test_a_limit_takes_the_longest_queued_first(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, *(post(channel=f"C{n}") for n in (3, 1, 2)))

    assert [each.channel for each in await workspace.claim_deliveries(NOW, token, limit=2)] == ["C3", "C1"]


async def test_a_lease_that_is_over_is_unknown_not_queued(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post())
    (leased,) = await workspace.claim_deliveries(NOW, token)

    assert await workspace.claim_deliveries(NOW + LEASE, token) == []

    (unknown,) = await workspace.deliveries([DeliveryState.UNKNOWN])
    assert (unknown.id, unknown.resends) == (leased.id, 0)
    await workspace.requeue(unknown.id, token, NOW + LEASE, 1)
    (again,) = await workspace.claim_deliveries(NOW + LEASE, token)
    assert (again.id, again.resends) == (leased.id, 1)


async def test_a_new_run_makes_leased_deliveries_unknown_and_its_own(store) -> None:
    workspace, old = store.workspace("home"), await running(store)
    await told(workspace, post(), key="a")
    await told(workspace, post(channel="C2"), key="b")
    (leased, uncertain) = await workspace.claim_deliveries(NOW, old)
    await workspace.mark_unknown(uncertain.id, old, "No answer.", NOW)

    new = await running(store, NOW + MINUTE)

    assert [(each.state, each.fencing) for each in await workspace.deliveries()] == [
        (DeliveryState.UNKNOWN, new),
        (DeliveryState.UNKNOWN, new),
    ]
    await workspace.requeue(leased.id, new, NOW, 0)
    assert [each.id for each in await workspace.claim_deliveries(NOW, new)] == [leased.id]


@pytest.mark.parametrize("write", ["sent", "failed", "superseded", "unknown", "requeue", "claim"])
@pytest.mark.parametrize("after", ["taken over", "taken over and claimed", "taken over and sent"])
async def test_a_late_owner_can_write_nothing(store, after, write) -> None:
    workspace, old = store.workspace("home"), await running(store)
    await told(workspace, post())
    (late,) = await workspace.claim_deliveries(NOW, old)
    new = await running(store, NOW + MINUTE)
    if after != "taken over":
        await workspace.requeue(late.id, new, NOW, 0)
        await workspace.claim_deliveries(NOW, new)
    if after == "taken over and sent":
        await workspace.mark_sent(late.id, new, "17.1", NOW)
    before = await workspace.deliveries()

    with pytest.raises(LeaseLostError):
        await {
            "sent": lambda: workspace.mark_sent(late.id, old, "17.2", NOW, console_text="twice"),
            "failed": lambda: workspace.mark_failed(late.id, old, "gone", NOW),
            "superseded": lambda: workspace.mark_superseded(late.id, old, NOW),
            "unknown": lambda: workspace.mark_unknown(late.id, old, "gone", NOW),
            "requeue": lambda: workspace.requeue(late.id, old, NOW, 1),
            "claim": lambda: workspace.claim_deliveries(NOW, old),
        }[write]()

    assert await workspace.deliveries() == before
    assert await workspace.console_messages() == []


async def test_what_is_sent_is_not_sent_again(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post())
    (leased,) = await workspace.claim_deliveries(NOW, token)

    await workspace.mark_sent(leased.id, token, "17.1", NOW)

    with pytest.raises(LeaseLostError):
        await workspace.mark_sent(leased.id, token, "17.2", NOW)
    assert await workspace.claim_deliveries(NOW + HOUR, token) == []
    (sent,) = await workspace.deliveries([DeliveryState.SENT])
    assert sent.platform_id == "17.1"


async def test_posting_on_the_console_is_a_row_in_the_transaction_that_sets_sent(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    console = NewDelivery(
        step="first", installation_id="console", platform="console", channel="console", op=Op.POST
    )
    await told(workspace, console, key="a")
    await told(workspace, console, key="b")

    for text in ("Spike: one", "Spike: two"):
        (leased,) = await workspace.claim_deliveries(NOW, token)
        await workspace.mark_sent(leased.id, token, "", NOW, console_text=text, chart_path="spike.png")

    first, second = await workspace.console_messages()
    assert [(each.at, each.text, each.chart_path) for each in (first, second)] == [
        (NOW, "Spike: one", "spike.png"),
        (NOW, "Spike: two", "spike.png"),
    ]
    assert await workspace.console_messages(first.id) == [second]
    assert await workspace.console_messages(second.id) == []


async def test_an_edit_knows_the_message_it_changes(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), post(channel="C2"))
    for posted, platform_id in zip(
        await workspace.claim_deliveries(NOW, token), ("17.1", "22.2"), strict=True
    ):
        await workspace.mark_sent(posted.id, token, platform_id, NOW)

    await workspace.tell(
        spike(dedup_key="a"), GREW, [post("grew-1", Op.EDIT), post("grew-1", Op.REPLY, "C2")], NOW
    )

    edit, reply = await workspace.claim_deliveries(NOW, token)
    assert (edit.op, edit.parent_platform_id) == (Op.EDIT, "17.1")
    assert (reply.op, reply.parent_platform_id) == (Op.REPLY, "22.2")


async def test_an_edit_of_what_was_never_posted_has_no_parent(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    await told(workspace, post(), post("first", Op.ATTACH))
    (posted,) = await workspace.claim_deliveries(NOW, token)
    await workspace.mark_failed(posted.id, token, "The channel is gone.", NOW)

    (attach,) = await workspace.claim_deliveries(NOW, token)

    assert (attach.op, attach.parent_platform_id) == (Op.ATTACH, "")
    (failed,) = await workspace.deliveries([DeliveryState.FAILED])
    assert failed.error == "The channel is gone."


async def test_an_uploaded_picture_is_kept_before_the_message_is_sent(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    incident = await told(workspace, post())
    (leased,) = await workspace.claim_deliveries(NOW, token)

    await workspace.set_file(leased.id, "F123")

    assert [each.file_id for each in await workspace.deliveries(incident_id=incident.id)] == ["F123"]
    with pytest.raises(NotFoundError):
        await workspace.set_file("nobody", "F123")


async def test_deliveries_of_another_workspace_can_be_neither_claimed_nor_finished(store) -> None:
    workspace, token = store.workspace("home"), await running(store)
    other = store.workspace(await store.add_workspace("other", NOW))
    await told(workspace, post())
    assert await other.claim_deliveries(NOW, token) == []
    (leased,) = await workspace.claim_deliveries(NOW, token)

    with pytest.raises(LeaseLostError):
        await other.mark_sent(leased.id, token, "17.1", NOW)
