"""Deliveries on a chat platform: each row of the table in design 3.2, killed and failed at every boundary."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import failpoints
from bot.jobs import deliver
from bot.jobs.announce import announce
from bot.platforms.console.app import ConsolePlatform
from bot.views.evidence import to_evidence
from bot.views.facts import DayAmount, Total
from bot.views.footer import Trust
from bot.views.summary import SummaryEvidence
from spend.notify import DeliveryState, IncidentKind, IncidentState, Op
from spend.usage import Basis
from tests.bot.jobs.killing import MINUTE, UNKNOWN, go_on, killed_at, marks
from tests.bot.jobs.telling_house import (
    GREW,
    NOW,
    Telling,
    by_mira,
    delivery,
    telling_house,
)
from tests.fakes.chat import RETRY_AFTER_S, ChatPlatform, ChatService


async def test_an_alert_is_text_first_and_its_picture_enters_the_same_message(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()

    assert await announce(slack.house, NOW) == 2

    (message,) = chat.messages
    assert [call[0] for call in chat.calls] == ["post", "upload", "edit"]
    assert message.picture == "F1"
    assert await slack.states() == [("first", "post", "sent"), ("first", "attach", "sent")]


@pytest.mark.parametrize("boundary", [failpoints.LEASED, failpoints.ACCEPTED, failpoints.SENT])
async def test_killed_anywhere_discord_shows_it_once(
    discord: Telling, chat: ChatService, boundary: str
) -> None:
    await discord.find()

    await killed_at(discord, boundary)
    await go_on(discord)

    assert marks(chat) == [False]
    assert ("first", "post", "sent") in await discord.states()


@pytest.mark.parametrize(("boundary", "seen"), [(failpoints.LEASED, 1), (failpoints.ACCEPTED, 2)])
async def test_killed_anywhere_slack_loses_nothing_and_marks_the_repeat(
    slack: Telling, chat: ChatService, boundary: str, seen: int
) -> None:
    await slack.find()

    await killed_at(slack, boundary)
    await go_on(slack)

    assert marks(chat) == [False, True][-seen:]


async def test_killed_between_text_and_picture_the_picture_still_comes(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()

    await killed_at(slack, failpoints.SENT)
    await go_on(slack)

    (message,) = chat.messages
    assert message.picture == "F1"


async def test_an_unknown_delivery_is_taken_up_at_the_first_look_of_a_new_run(
    discord: Telling, chat: ChatService
) -> None:
    await discord.find()
    await killed_at(discord, failpoints.ACCEPTED)

    await announce(discord.house, discord.clock.now)

    assert (await discord.states())[0] == ("first", "post", "sent")


async def test_long_after_a_kill_the_channel_is_searched_before_it_is_sent_again(
    discord: Telling, chat: ChatService
) -> None:
    await discord.find()
    await killed_at(discord, failpoints.ACCEPTED)
    chat.drops_repeats = False
    discord.clock.now += 5 * MINUTE

    await announce(discord.house, discord.clock.now)

    assert "find" in [call[0] for call in chat.calls]
    assert len(chat.messages) == 1


async def test_a_kill_does_not_use_up_the_one_resend(slack: Telling, chat: ChatService) -> None:
    await slack.find()
    await killed_at(slack, failpoints.LEASED)
    chat.faults.append("503")

    await go_on(slack)

    assert len(chat.messages) == 1


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_an_answer_that_never_came_is_seen_once_where_repeats_are_dropped(
    discord: Telling, chat: ChatService, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "PLATFORM_TIME_S", 0.2)
    chat.faults.append(fault)
    await discord.find()

    await go_on(discord, MINUTE / 6)

    assert marks(chat) == [False]
    assert ("first", "post", "sent") in await discord.states()


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_an_answer_that_never_came_is_one_marked_repeat_at_most(
    slack: Telling, chat: ChatService, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "PLATFORM_TIME_S", 0.2)
    chat.faults.append(fault)
    await slack.find()

    await go_on(slack)

    assert marks(chat) == [False, True]


async def test_after_one_resend_of_unknown_outcome_it_is_given_up_and_the_channel_goes_on(
    slack: Telling, chat: ChatService
) -> None:
    chat.faults.extend(["503 taken", "reset taken"])
    await slack.find()
    await slack.find(key="spike:c2")

    await go_on(slack)

    (given_up,) = await slack.workspace.deliveries([DeliveryState.FAILED])
    assert given_up.error == "The connection broke. It may be there; it was sent again once."
    assert marks(chat) == [False, True, False]


async def test_told_to_wait_it_waits_as_told_and_repeats_nothing(slack: Telling, chat: ChatService) -> None:
    chat.faults.append("429")
    await slack.find()
    await announce(slack.house, NOW)

    await announce(slack.house, NOW + timedelta(seconds=RETRY_AFTER_S - 1))
    assert chat.messages == []

    await announce(slack.house, NOW + timedelta(seconds=RETRY_AFTER_S))
    assert len(chat.messages) == 1
    assert "repeat" not in chat.seen()[0]


async def test_a_platform_that_cannot_be_reached_gets_it_later_unmarked(
    slack: Telling, chat: ChatService
) -> None:
    url, chat.url = chat.url, "http://127.0.0.1:9"
    await slack.find()
    await announce(slack.house, NOW)
    chat.url = url

    await go_on(slack)

    (text,) = chat.seen()
    assert "repeat" not in text


async def test_a_channel_that_is_gone_fails_and_admins_are_told_privately_once(
    slack: Telling, chat: ChatService
) -> None:
    installation = await slack.workspace.add_installation("slack", "T1", "Harbor Notes", by_mira("installed"))
    await slack.workspace.change_settings(by_mira("admins"), admins=("slack:U1",))
    chat.faults.extend(["403", "403"])
    await slack.find()
    await slack.find(key="spike:c2")

    await go_on(slack)

    assert chat.seen() == []
    (told,) = chat.seen("D-U1")
    assert told.startswith("Alerts for C1 cannot be posted: spendbot was removed there. Invite it again")
    failed = await slack.workspace.deliveries([DeliveryState.FAILED])
    assert [each.error for each in failed] == ["spendbot was removed there."] * 2
    assert installation.id


async def test_an_admin_at_the_console_is_told_on_the_console(slack: Telling, chat: ChatService) -> None:
    slack.house.platforms["console"] = ConsolePlatform()
    await slack.workspace.change_settings(by_mira("admins"), admins=("console:root",))
    chat.faults.append("403")
    await slack.find()

    await go_on(slack)

    (told,) = await slack.workspace.console_messages()
    assert told.text.startswith("Alerts for C1 cannot be posted: spendbot was removed there.")


async def test_a_message_that_was_deleted_is_no_trouble_with_its_channel(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()
    await announce(slack.house, NOW)
    chat.faults.extend(["", "403"])

    await slack.find(GREW, delivery("grew", Op.EDIT))
    await go_on(slack)

    assert ("grew", "edit", "failed") in await slack.states()
    assert await slack.workspace.incidents(kinds=[IncidentKind.TROUBLE]) == []


async def test_a_channel_that_works_again_ends_the_trouble(slack: Telling, chat: ChatService) -> None:
    chat.faults.append("403")
    await slack.find()
    await go_on(slack)
    (trouble,) = await slack.workspace.incidents(kinds=[IncidentKind.TROUBLE])
    assert trouble.state is IncidentState.OPEN

    await slack.find(key="spike:c2")
    await go_on(slack)

    (trouble,) = await slack.workspace.incidents(kinds=[IncidentKind.TROUBLE])
    assert trouble.state is IncidentState.RESOLVED


async def test_a_picture_the_message_refuses_follows_in_its_thread(slack: Telling, chat: ChatService) -> None:
    chat.faults.extend(["", "", "400"])
    await slack.find()

    await announce(slack.house, NOW)

    assert [(each.parent, each.picture) for each in chat.messages] == [("", ""), ("1", "F1")]


@pytest.mark.parametrize("fault", ["503 taken", "reset taken"])
async def test_a_picture_of_unknown_outcome_is_not_sent_again(
    slack: Telling, chat: ChatService, fault: str
) -> None:
    chat.faults.extend(["", "", fault])
    await slack.find()

    await go_on(slack)

    assert [call[0] for call in chat.calls] == ["post", "upload", "edit"]
    assert await slack.states() == [("first", "post", "sent"), ("first", "attach", "failed")]


async def test_killed_while_the_picture_is_under_way_it_is_not_sent_again(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find()

    await killed_at(slack, failpoints.UPLOADED)
    await go_on(slack)

    assert [call[0] for call in chat.calls] == ["post", "upload"]


def a_summary() -> dict[str, object]:
    known = SummaryEvidence(
        day=date(2026, 11, 18),
        total=Total(nanos=142_660_000_000),
        month=Total(nanos=2_086_960_000_000),
        as_of=NOW,
        sources=(),
        trust=Trust(basis=Basis.BILLED),
        days=tuple(DayAmount(date(2026, 11, day), 100_000_000_000) for day in range(5, 19)),
    )
    return json.loads(json.dumps(to_evidence(known)))


async def test_a_summary_is_posted_with_its_picture(slack: Telling, chat: ChatService) -> None:
    await slack.find(kind=IncidentKind.SUMMARY, key="summary:2026-11-19", evidence=a_summary())

    await announce(slack.house, NOW)

    assert [call[0] for call in chat.calls] == ["upload", "post"]
    (message,) = chat.messages
    assert message.picture == "F1"


async def test_killed_between_upload_and_post_the_summary_uses_its_picture_again(
    slack: Telling, chat: ChatService
) -> None:
    await slack.find(kind=IncidentKind.SUMMARY, key="summary:2026-11-19", evidence=a_summary())

    await killed_at(slack, failpoints.UPLOADED)
    await go_on(slack)

    assert [call[0] for call in chat.calls] == ["upload", "post"]
    (message,) = chat.messages
    assert message.picture == "F1"


async def test_a_summary_does_not_wait_for_its_picture_for_ever(
    slack: Telling, chat: ChatService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "PICTURE_TIME_S", 0.05)
    slack.pictures.is_stuck = True
    await slack.find(kind=IncidentKind.SUMMARY, key="summary:2026-11-19", evidence=a_summary())

    await announce(slack.house, NOW)

    (text,) = chat.seen()
    assert text.endswith("picture left out (busy)")


async def test_pictures_suit_the_platform_until_the_workspace_chooses(
    chat: ChatService, empty: Path, tmp_path: Path
) -> None:
    async with telling_house(tmp_path, empty, {"slack": ChatPlatform(chat, theme="dark")}) as telling:
        await telling.find()
        await announce(telling.house, NOW)
        suits = telling.pictures.theme
        await telling.workspace.change_settings(by_mira("settings changed"), pictures="light")
        await telling.find(key="spike:c2")
        await announce(telling.house, NOW)

    assert (suits, telling.pictures.theme) == ("dark", "light")
