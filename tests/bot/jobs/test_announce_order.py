"""Later steps of an incident, the order of a channel, and who may deliver."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.announce import Announcer, announce
from spend.notify import DeliveryState, IncidentState, Op
from storage import LeaseLostError
from tests.bot.jobs.killing import first_words, go_on
from tests.bot.jobs.telling_house import (
    ELSEWHERE,
    FIRST,
    GREW,
    NOW,
    OVER,
    Telling,
    by_mira,
    delivery,
    telling_house,
)
from tests.bot.views.test_spike import EVIDENCE
from tests.fakes.chat import ChatPlatform, ChatService


async def test_growth_edits_the_message_and_a_thread_line_has_a_code_of_its_own(
    slack: Telling, chat: ChatService
) -> None:
    incident = await slack.find()
    await announce(slack.house, NOW)
    grown = EVIDENCE | {
        "observed_nanos": 1,
        "subject": EVIDENCE["subject"] | {"observed_nanos": 31_730_000_000},
    }

    await slack.find(GREW, delivery("grew", Op.EDIT), delivery("grew", Op.REPLY), evidence=grown)
    await announce(slack.house, NOW)

    first, line = chat.messages
    assert first.texts[-1].startswith("Spike: agents-nightly spent $31.73")
    assert first.texts[-1].endswith(f" {incident.code}")
    assert first.picture == "F2"
    assert line.texts[-1].startswith("agents-nightly spent $31.73 by 11:15")
    assert line.texts[-1].endswith(f" {incident.code}-2")
    assert line.parent == "1"


async def test_the_newest_edit_wins(slack: Telling, chat: ChatService) -> None:
    await slack.find()
    await announce(slack.house, NOW)
    chat.faults.extend(["", "429"])
    await slack.find(GREW, delivery("grew", Op.EDIT))
    await announce(slack.house, NOW)

    await slack.find(OVER, delivery("resolved", Op.EDIT))
    await go_on(slack)

    assert chat.messages[0].texts[-1].startswith("Over: agents-nightly")
    assert ("grew", "edit", "superseded") in await slack.states()


async def test_what_opened_and_ended_while_nothing_could_be_delivered_is_one_message(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()
    await slack.find(OVER, delivery("resolved", Op.EDIT), delivery("resolved", Op.REPLY))

    await go_on(slack)

    (text,) = chat.seen()
    assert text.startswith("Over: agents-nightly spent $11.55 from 10:00 to 11:15")


async def test_what_could_not_be_told_for_six_hours_is_told_as_late(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()

    await announce(slack.house, NOW + timedelta(hours=6, seconds=1))

    (text,) = chat.seen()
    assert text.startswith("Spike, found late (17:20): ")


async def test_who_acknowledged_it_is_said_in_the_message(slack: Telling, chat: ChatService) -> None:
    incident = await slack.find()
    await announce(slack.house, NOW)
    await slack.workspace.act(
        incident.id, IncidentState.ACKNOWLEDGED, "Mira Okafor", NOW, audit=by_mira("acknowledged")
    )
    platform = slack.house.platforms["slack"]
    said: list[str] = []
    real = platform.edit

    async def edit(message):  # type: ignore[no-untyped-def]
        said.extend(str(line) for line in message.view.body)
        return await real(message)

    platform.edit = edit  # type: ignore[method-assign]
    await slack.find(GREW, delivery("grew", Op.EDIT))
    await announce(slack.house, NOW)

    assert "Acknowledged by Mira Okafor at 11:20: quiet until it doubles." in said


async def test_a_channel_keeps_its_order_and_no_channel_waits_for_another(
    slack: Telling, chat: ChatService
) -> None:
    chat.faults.append("429")
    await slack.find(key="spike:a")
    await slack.find(key="spike:b")
    await announce(slack.house, NOW)
    asked_to_wait = list(chat.calls)

    await slack.find(FIRST, delivery(channel="C2"), key="spike:c")
    await announce(slack.house, NOW)
    meanwhile = chat.calls[1:]
    await go_on(slack)

    assert [channel for _, channel in asked_to_wait] == ["C1"]
    assert {channel for _, channel in meanwhile} == {"C2"}
    sent = [each for each in await slack.workspace.deliveries([DeliveryState.SENT]) if each.op is Op.POST]
    assert [int(each.platform_id) for each in sent if each.channel == "C1"] == [2, 3]


async def test_evidence_that_cannot_be_told_fails_and_its_channel_goes_on(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find(key="spike:broken", evidence={"since": "never"})
    await slack.find()

    await announce(slack.house, NOW)

    assert len(first_words(chat)) == 1
    assert ("first", "post", "failed") in await slack.states()


async def test_a_process_that_was_replaced_delivers_nothing(slack: Telling, chat: ChatService) -> None:
    await slack.find()
    await slack.house.store.take_run_lease(ELSEWHERE, NOW, timedelta(0))

    with pytest.raises(LeaseLostError):
        await announce(slack.house, NOW)

    assert chat.messages == []


async def test_a_platform_that_is_not_set_up_holds_only_its_own_channels(empty: Path, tmp_path: Path) -> None:
    async with ChatService() as chat, telling_house(tmp_path, empty, {}) as telling:
        await telling.find()
        assert await announce(telling.house, NOW) == 0

        telling.house.platforms["slack"] = ChatPlatform(chat)
        await go_on(telling)

        assert len(chat.messages) == 1


async def test_closing_lets_arrive_what_is_under_way_and_begins_nothing_more(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()
    announcer = Announcer(slack.house)
    await announcer.tick(NOW)

    await announcer.close(5)

    assert [call[0] for call in chat.calls] == ["post"]
    assert await slack.states() == [("first", "post", "sent"), ("first", "attach", "queued")]


async def test_what_closing_cannot_wait_for_is_found_by_the_next_run(
    discord: Telling, chat: ChatService
) -> None:
    chat.faults.append("silent taken")
    await discord.find()
    announcer = Announcer(discord.house)
    await announcer.tick(NOW)
    await chat.holds(1)

    await announcer.close(0)
    await discord.restart()
    await go_on(discord, timedelta(seconds=1))

    assert len(chat.messages) == 1
    assert ("first", "post", "sent") in await discord.states()


async def test_a_slow_channel_holds_up_no_later_tick(slack: Telling, chat: ChatService) -> None:
    chat.faults.append("silent taken")
    announcer = Announcer(slack.house)
    await slack.find()
    await announcer.tick(NOW)
    await chat.holds(1)

    await slack.find(FIRST, delivery(channel="C2"), key="spike:c2")
    await announcer.tick(NOW)
    await chat.holds(2)

    assert len(chat.seen("C2")) == 1
    await announcer.close(0)
