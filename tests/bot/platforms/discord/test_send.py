"""Scheduled posts on Discord, as the people in the channel see them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.errors import ChatError
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.send import DiscordPlatform
from bot.ports import Outgoing
from bot.views.model import Button, Layout, View, line
from charts.spec import Bars, Slot
from tests.fakes.discord import AI_SPEND, GENERAL, GUILD_ID, MIRA, Discord
from tests.fakes.discord.acts import as_message

CHART = Bars(title="Today", subtitle="", alt="Bars, 24 hours", slots=(Slot(amount=1.0),))
VIEW = View(
    layout=Layout.ALERT,
    title="Spike",
    lead=line("Spike: @everyone spent $11.55 since 10:00."),
    footer="Data to 11:15 CET · estimated · K7Q2",
    buttons=(Button("Acknowledge", "ack", value="i1"),),
    chart=CHART,
)
NONCE = "0123456789abcdef012345678"


def outgoing(**changes: Any) -> Outgoing:
    message = Outgoing(view=VIEW, channel=AI_SPEND, nonce=NONCE, code="K7Q2", installation_id="D1")
    return replace(message, **changes)


def note(footer: str) -> View:
    return View(layout=Layout.NOTE, title="Note", lead=line("A note."), footer=footer)


async def test_a_post_says_its_words_with_buttons_and_returns_its_id(
    discord: Discord, platform: DiscordPlatform
) -> None:
    message_id = await platform.post(outgoing())

    [message] = discord.world.messages
    assert message.id == message_id
    assert "spent $11.55 since 10:00." in message.text
    assert "K7Q2" in message.text
    assert [button["custom_id"] for button in message.buttons] == ["ack:i1"]


async def test_whether_it_may_post_is_known_without_posting(
    discord: Discord, platform: DiscordPlatform
) -> None:
    channels = discord.world.guilds[GUILD_ID].channels
    assert await platform.may_post(AI_SPEND, GUILD_ID)

    channels[AI_SPEND].can_attach = False
    assert await platform.may_post(AI_SPEND, GUILD_ID)
    channels[AI_SPEND].can_write = False
    assert not await platform.may_post(AI_SPEND, GUILD_ID)
    channels[GENERAL].can_see = False
    assert not await platform.may_post(GENERAL, GUILD_ID)
    assert not await platform.may_post("404404", GUILD_ID)
    assert discord.world.messages == []


async def test_a_channel_of_another_server_a_conversation_or_a_path_is_refused(
    discord: Discord, platform: DiscordPlatform
) -> None:
    """One bot serves many servers: their channels are not for this workspace's money."""
    own = await platform.private_channel(MIRA)

    assert await platform.may_post(AI_SPEND, GUILD_ID)
    assert not await platform.may_post(AI_SPEND, "800000000000000002")
    assert not await platform.may_post(AI_SPEND, "")
    assert not await platform.may_post(own, GUILD_ID)
    assert not await platform.may_post("../users/@me", GUILD_ID)


async def test_the_same_nonce_again_is_the_same_message(discord: Discord, platform: DiscordPlatform) -> None:
    discord.faults.add("post", "reset taken", "503 taken")
    for _ in range(2):
        with pytest.raises(ChatError) as caught:
            await platform.post(outgoing())
        assert not caught.value.outcome_known

    message_id = await platform.post(outgoing())

    assert [message.id for message in discord.world.messages] == [message_id]


async def test_every_post_and_reply_carries_a_nonce_that_discord_enforces(
    discord: Discord, platform: DiscordPlatform
) -> None:
    first = await platform.post(outgoing())
    await platform.reply(outgoing(parent=first, nonce=NONCE[::-1]))

    bodies = [message.body for message in discord.world.messages]
    assert [(body["nonce"], body["enforce_nonce"]) for body in bodies] == [(NONCE, True), (NONCE[::-1], True)]


async def test_nobody_can_be_pinged_by_anything_that_is_sent(
    discord: Discord, platform: DiscordPlatform
) -> None:
    first = await platform.post(outgoing())
    await platform.edit(outgoing(parent=first, picture=b"PNG"))
    await platform.reply(outgoing(parent=first, nonce="1" * 25))

    bodies = [body for message in discord.world.messages for body in message.bodies]
    assert [body["allowed_mentions"]["parse"] for body in bodies] == [[], [], []]


async def test_a_picture_enters_by_edit_and_a_new_one_takes_its_place(
    discord: Discord, platform: DiscordPlatform
) -> None:
    message_id = await platform.post(outgoing())
    await platform.edit(outgoing(parent=message_id, picture=b"first"))
    await platform.edit(outgoing(parent=message_id, picture=b"second"))

    [picture] = discord.world.messages[0].attachments
    assert (picture.content, picture.description) == (b"second", "Bars, 24 hours")
    assert discord.world.messages[0].body["embeds"][0]["image"] == {"url": f"attachment://{picture.filename}"}


async def test_an_edit_without_a_picture_takes_the_old_one_away(
    discord: Discord, platform: DiscordPlatform
) -> None:
    message_id = await platform.post(outgoing(picture=b"first"))
    await platform.edit(outgoing(parent=message_id, view=replace(VIEW, chart=None)))

    assert discord.world.messages[0].attachments == []


async def test_where_files_are_not_allowed_the_words_arrive_alone(
    discord: Discord, platform: DiscordPlatform
) -> None:
    channel = discord.world.channel(AI_SPEND)
    assert channel is not None
    channel.can_attach = False

    await platform.post(outgoing(picture=b"PNG"))

    [message] = discord.world.messages
    assert message.attachments == []
    assert "picture left out" in message.text
    assert platform.closed_channels() == {}


async def test_what_is_refused_for_its_form_arrives_as_bare_words_with_its_code(
    discord: Discord, platform: DiscordPlatform
) -> None:
    discord.faults.add("post", "400", "400")
    await platform.post(outgoing(picture=b"PNG"))

    [message] = discord.world.messages
    assert message.text.startswith("**Spike: ")
    assert "K7Q2" in message.text
    assert (message.buttons, message.attachments) == ([], [])
    assert await platform.find(AI_SPEND, "K7Q2") == message.id


async def test_what_is_refused_even_as_bare_words_is_given_up_so_that_others_arrive(
    discord: Discord, platform: DiscordPlatform
) -> None:
    discord.faults.add("post", "400", "400")
    with pytest.raises(ChatError) as caught:
        await platform.post(outgoing())
    await platform.post(outgoing(nonce="1" * 25))

    assert caught.value.permanent
    assert len(discord.world.messages) == 1


async def test_where_history_cannot_be_read_a_reply_stands_alone(
    discord: Discord, platform: DiscordPlatform
) -> None:
    first = await platform.post(outgoing())
    discord.faults.add("post", "400 history")
    await platform.reply(outgoing(parent=first, nonce="1" * 25))

    assert [message.answers for message in discord.world.messages] == ["", ""]


async def test_a_reply_answers_its_message_and_stands_alone_where_that_was_deleted(
    discord: Discord, platform: DiscordPlatform
) -> None:
    first = await platform.post(outgoing())
    await platform.reply(outgoing(parent=first, nonce="1" * 25))
    await platform.reply(outgoing(parent="99", nonce="2" * 25))

    assert [message.answers for message in discord.world.messages] == ["", first, ""]


async def test_a_message_is_found_by_its_code_as_a_word_of_its_own(
    discord: Discord, platform: DiscordPlatform
) -> None:
    first = await platform.post(outgoing(view=note("estimated · K7Q2")))
    second = await platform.post(outgoing(view=note("estimated · K7Q2-2"), nonce="1" * 25))

    assert await platform.find(AI_SPEND, "K7Q2") == first
    assert await platform.find(AI_SPEND, "K7Q2-2") == second
    assert await platform.find(AI_SPEND, "K7Q") == ""
    assert await platform.find(GENERAL, "K7Q2") == ""


async def test_a_message_is_found_among_hundreds(discord: Discord, platform: DiscordPlatform) -> None:
    first = await platform.post(outgoing(view=note("estimated · K7Q2")))
    for number in range(250):
        await platform.post(outgoing(view=note(f"estimated · Z{number}"), nonce=f"{number:025}"))

    assert await platform.find(AI_SPEND, "K7Q2") == first


async def test_what_others_wrote_is_not_found(
    discord: Discord, platform: DiscordPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    await platform.post(outgoing())

    def by_somebody_else(*args: Any) -> dict[str, Any]:
        return {**as_message(*args), "author": {"id": MIRA, "username": "mira"}}

    monkeypatch.setattr("tests.fakes.discord.rest.as_message", by_somebody_else)

    assert await platform.find(AI_SPEND, "K7Q2") == ""


@pytest.mark.parametrize("fault", ["403", "403 access", "404"])
async def test_a_channel_that_refuses_is_left_alone_until_something_changes(
    discord: Discord, platform: DiscordPlatform, fault: str
) -> None:
    discord.faults.add("post", fault)
    for _ in range(3):
        with pytest.raises(ChatError) as caught:
            await platform.post(outgoing())
        assert caught.value.permanent
    asked = len(discord.world.calls)
    await platform.post(outgoing(channel=GENERAL, nonce="1" * 25))
    platform.reopen()
    await platform.post(outgoing())

    assert asked == 1
    assert [message.channel for message in discord.world.messages] == [GENERAL, AI_SPEND]


async def test_edits_replies_and_looking_stop_with_the_channel(
    discord: Discord, platform: DiscordPlatform
) -> None:
    first = await platform.post(outgoing())
    discord.world.guilds.clear()
    for call in (platform.edit(outgoing(parent=first)), platform.reply(outgoing(parent=first))):
        with pytest.raises(ChatError):
            await call
    with pytest.raises(ChatError):
        await platform.find(AI_SPEND, "K7Q2")

    assert len(discord.world.calls) == 2


async def test_a_deleted_message_is_no_reason_to_leave_its_channel(
    discord: Discord, platform: DiscordPlatform
) -> None:
    with pytest.raises(ChatError) as caught:
        await platform.edit(outgoing(parent="99"))
    await platform.post(outgoing())

    assert caught.value.permanent
    assert len(discord.world.messages) == 1


async def test_a_refused_token_stops_everything_and_says_so(discord: Discord) -> None:
    rest = Rest("canary-wrong", discord.url)
    platform = DiscordPlatform(rest)
    for channel in (AI_SPEND, GENERAL, AI_SPEND):
        with pytest.raises(ChatError) as caught:
            await platform.post(outgoing(channel=channel))
        assert caught.value.permanent
    with pytest.raises(ChatError):
        await platform.private_channel(MIRA)
    await rest.close()

    assert platform.token_refused
    assert (len(discord.world.calls), discord.world.refused) == (1, 1)


async def test_a_person_is_told_in_a_direct_message(discord: Discord, platform: DiscordPlatform) -> None:
    channel = await platform.private_channel(MIRA)
    await platform.post(outgoing(channel=channel))

    assert len(discord.world.seen(discord.world.dm(MIRA))) == 1


async def test_who_does_not_exist_cannot_be_told(platform: DiscordPlatform) -> None:
    assert await platform.private_channel("nobody") == ""


async def test_a_picture_is_never_brought_there_before_its_message(
    discord: Discord, platform: DiscordPlatform
) -> None:
    assert await platform.upload(outgoing(picture=b"PNG")) == ""
    assert discord.world.calls == []
