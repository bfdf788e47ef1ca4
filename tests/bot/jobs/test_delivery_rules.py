"""What becomes of a delivery that did not simply arrive (design 3.2), as plain decisions."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import ChatError
from bot.jobs.delivery_rules import (
    Again,
    GiveUp,
    after_error,
    code_of,
    is_marked_repeat,
    is_outdated,
    must_look_first,
    nonce_of,
    said_by,
)
from spend.notify import Delivery, DeliveryState, Op
from tests.bot.jobs.telling_house import NOW
from tests.fakes.chat import ChatPlatform, ChatService

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
SLACK = ChatPlatform(ChatService())
DISCORD = ChatPlatform(ChatService(), drops_repeats_for=2 * MINUTE, can_find=True)
SILENCE = ChatError("No answer.", outcome_known=False)
REFUSED = ChatError("It cannot be reached.")


def delivery(order: int = 1, op: Op = Op.POST, step: str = "first", **changes: object) -> Delivery:
    known = Delivery(
        id=f"d{order}",
        incident_id="i1",
        step=step,
        installation_id="S1",
        platform="slack",
        channel="C1",
        op=op,
        state=DeliveryState.QUEUED,
        order=order,
        evidence={},
        not_before=NOW,
        created_at=NOW,
        code="K7Q2",
    )
    return replace(known, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("resends", "verdict"),
    [
        (0, Again(at=NOW + 5 * SECOND, resends=1)),
        (1, GiveUp("No answer. It may be there; it was sent again once.")),
    ],
)
def test_silence_uses_up_the_one_resend_where_nobody_can_look(resends: int, verdict: object) -> None:
    assert after_error(delivery(resends=resends), SILENCE, SLACK, NOW) == verdict


@pytest.mark.parametrize(
    ("age", "wait"),
    [(SECOND, 5 * SECOND), (MINUTE, 30 * SECOND), (20 * MINUTE, 10 * MINUTE), (23 * HOUR, 15 * MINUTE)],
)
def test_where_one_can_look_it_is_sent_again_ever_more_rarely_for_a_day(
    age: timedelta, wait: timedelta
) -> None:
    verdict = after_error(delivery(resends=7), SILENCE, DISCORD, NOW + age)

    assert verdict == Again(at=NOW + age + wait, resends=8)
    late = after_error(delivery(resends=7), SILENCE, DISCORD, NOW + 24 * HOUR)
    assert late == GiveUp("No answer. Given up after a day.")


def test_an_edit_may_be_repeated_anywhere() -> None:
    assert isinstance(after_error(delivery(op=Op.EDIT, resends=3), SILENCE, SLACK, NOW), Again)


def test_what_was_not_delivered_counts_as_no_attempt() -> None:
    assert after_error(delivery(), REFUSED, SLACK, NOW) == Again(at=NOW + 5 * SECOND, resends=0)
    assert after_error(delivery(), REFUSED, None, NOW) == Again(at=NOW + 5 * SECOND, resends=0)


def test_told_to_wait_it_waits_exactly_as_told() -> None:
    asked = ChatError("Slow down.", retry_after_s=31.5)

    assert after_error(delivery(resends=1), asked, SLACK, NOW) == Again(at=NOW + 31.5 * SECOND, resends=1)


def test_only_what_is_permanent_is_told_to_admins() -> None:
    gone = ChatError("The channel is gone.", permanent=True)

    assert after_error(delivery(), gone, SLACK, NOW) == GiveUp("The channel is gone.", tell_admins=True)


def test_a_channel_is_searched_only_when_an_attempt_may_have_arrived_and_repeats_are_no_longer_dropped() -> (
    None
):
    tried = delivery(resends=1)

    assert must_look_first(tried, DISCORD, NOW + 2 * MINUTE + SECOND)
    assert not must_look_first(tried, DISCORD, NOW + 2 * MINUTE)
    assert not must_look_first(delivery(), DISCORD, NOW + HOUR)
    assert not must_look_first(tried, SLACK, NOW + HOUR)
    assert is_marked_repeat(tried, SLACK)
    assert is_marked_repeat(delivery(error="spendbot was stopped."), SLACK)
    assert not is_marked_repeat(delivery(), SLACK)
    assert not is_marked_repeat(tried, DISCORD)


def test_a_repeat_stays_marked_when_its_picture_or_an_edit_changes_it() -> None:
    sent = {"state": DeliveryState.SENT, "platform_id": "1"}
    picture = delivery(2, Op.ATTACH, parent_platform_id="1")
    edit = delivery(3, Op.EDIT, "grew", parent_platform_id="1")

    for change in (picture, edit):
        assert is_marked_repeat(change, SLACK, [delivery(1, **sent, error="spendbot was stopped.")])
        assert is_marked_repeat(change, SLACK, [delivery(1, **sent, resends=1)])
        assert not is_marked_repeat(change, SLACK, [delivery(1, **sent)])
        assert not is_marked_repeat(change, DISCORD, [delivery(1, **sent, resends=1)])


def test_a_nonce_is_25_hex_digits_and_stays_the_same_for_a_delivery() -> None:
    nonce = nonce_of(delivery())

    assert len(nonce) == 25
    assert set(nonce) <= set("0123456789abcdef")
    assert nonce == nonce_of(delivery(resends=1))
    assert nonce != nonce_of(delivery(2))


def test_each_message_has_a_code_of_its_own_and_an_edit_that_of_its_message() -> None:
    sent = {"state": DeliveryState.SENT, "platform_id": "1"}
    family = [
        delivery(1, **sent),
        delivery(2, Op.ATTACH, **sent),
        delivery(3, Op.EDIT, "grew", **sent),
        delivery(4, Op.REPLY, "grew", **sent),
        delivery(5, step="repeat", **sent),
        delivery(6, Op.EDIT, "resolved"),
    ]

    assert [code_of(each, family) for each in family] == [
        "K7Q2",
        "K7Q2",
        "K7Q2",
        "K7Q2-2",
        "K7Q2-3",
        "K7Q2-3",
    ]


def test_a_post_says_what_waits_behind_it_but_brings_its_picture_itself() -> None:
    post, picture = delivery(1), delivery(2, Op.ATTACH)
    edit, line = delivery(3, Op.EDIT, "resolved"), delivery(4, Op.REPLY, "resolved")
    said = delivery(5, Op.EDIT, "grew", state=DeliveryState.SENT)
    family = [post, picture, edit, line, said]

    assert said_by(post, family) == [edit, line]
    assert said_by(edit, family) == []


def test_an_edit_gives_way_to_a_newer_one_and_follows_only_what_was_sent() -> None:
    older = delivery(2, Op.EDIT, "grew", parent_platform_id="1")
    newer = delivery(3, Op.EDIT, "grew-2", parent_platform_id="1")
    family = [delivery(1), older, newer]

    assert is_outdated(older, family, can_edit=True)
    assert not is_outdated(newer, family, can_edit=True)
    assert is_outdated(newer, family, can_edit=False)
    assert is_outdated(delivery(4, Op.REPLY, "grew"), family, can_edit=True)
