"""Deliveries on a chat platform: each row of the table in design 3.2, killed and failed at every boundary."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import failpoints
from bot.jobs import deliver
from bot.jobs.announce import Announcer, announce
from bot.views.evidence import to_evidence
from bot.views.facts import DayAmount, Total
from bot.views.footer import Trust
from bot.views.summary import SummaryEvidence
from spend.notify import DeliveryState, IncidentKind, IncidentState, Op
from spend.usage import Basis
from storage import LeaseLostError
from tests.bot.jobs.telling_house import (
    ELSEWHERE,
    FIRST,
    GREW,
    NOW,
    OVER,
    Telling,
    by_mira,
    delivery,
    make_empty,
    telling_house,
)
from tests.bot.views.test_spike import EVIDENCE
from tests.fakes.chat import RETRY_AFTER_S, ChatPlatform, ChatService

MINUTE = timedelta(minutes=1)
UNKNOWN = ("503 taken", "reset taken", "silent taken")
FIRST_WORDS = "Spike: agents-nightly spent $11.55 since 10:00"


class KilledError(BaseException):
    """Stands for SIGKILL: nothing in the process catches it."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of the newest schema with nothing in it."""
    path = tmp_path_factory.mktemp("empty") / "spendbot.db"
    asyncio.run(make_empty(path))
    return path


@pytest.fixture
async def chat() -> AsyncIterator[ChatService]:
    async with ChatService() as service:
        yield service


@pytest.fixture
async def slack(chat: ChatService, empty: Path, tmp_path: Path) -> AsyncIterator[Telling]:
    """A platform that neither drops repeats nor can be searched."""
    async with telling_house(tmp_path, empty, {"slack": ChatPlatform(chat)}) as telling:
        yield telling


@pytest.fixture
async def discord(chat: ChatService, empty: Path, tmp_path: Path) -> AsyncIterator[Telling]:
    """A platform that drops repeats for two minutes and can be searched; pictures travel inside messages."""
    chat.drops_repeats = True
    platform = ChatPlatform(chat, drops_repeats_for=2 * MINUTE, can_find=True, uploads_first=False)
    async with telling_house(tmp_path, empty, {"slack": platform}) as telling:
        yield telling


async def go_on(telling: Telling, after: timedelta = MINUTE) -> None:
    """Let time pass and look again, a few times: until nothing more happens."""
    for _ in range(4):
        telling.clock.now += after
        await announce(telling.house, telling.clock.now)


async def killed_at(telling: Telling, boundary: str) -> None:
    """Announce, and die at a boundary; then a new process takes the run lease."""

    def stop(name: str) -> None:
        if name == boundary:
            raise KilledError

    disarm = failpoints.arm(stop)
    announcer = Announcer(telling.house)
    with contextlib.suppress(KilledError):
        await announcer.tick(telling.clock.now)
    tasks: set[asyncio.Task[None]] = set()
    while announcer._running:
        tasks |= set(announcer._running.values())
        await asyncio.wait(tasks)
    assert boundary == failpoints.LEASED or any(isinstance(task.exception(), KilledError) for task in tasks)
    disarm()
    telling.clock.now += timedelta(seconds=1)
    await telling.restart()


def marks(chat: ChatService) -> list[bool]:
    """Tell of each message whether it was posted as a possible repeat."""
    return ["(possible repeat)" in message.texts[0] for message in chat.messages]


def first_words(chat: ChatService) -> list[str]:
    return [text for text in chat.seen() if text.startswith(FIRST_WORDS)]


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
    assert line.texts[-1].startswith("$31.73 by 11:15")
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
    await slack.find(FIRST, delivery(channel="C2"), key="spike:c")

    await announce(slack.house, NOW)
    waiting = {call[1] for call in chat.calls}
    await go_on(slack)

    assert waiting == {"C1", "C2"}
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
