"""Listening at the gateway of the loopback Discord: login, resume, new sessions, and what is said when it fails."""

import logging
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.errors import PlatformError
from tests.bot.platforms.discord.listening import open_listening
from tests.fakes.discord import AI_SPEND, DANA, GUILD_ID, Discord


async def test_it_asks_for_no_intent_but_servers(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()

    assert discord.gateway.intents == 1


async def test_a_question_is_answered_over_real_sockets(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend today", by="model", user=DANA, is_admin=False)
        message = await act.with_picture()

    assert message.only_for == DANA
    assert message.text.startswith("**`claude-opus-5` is 64% of today: $25.00 of $39.00.**")
    [picture] = message.attachments
    assert picture.content.startswith(b"\x89PNG")
    assert picture.description.startswith("claude-opus-5 is 64% of today")


@pytest.mark.parametrize("what", ["ask_to_reconnect", "drop"])
async def test_after_a_break_it_resumes_and_hears_what_it_missed(
    what: str, connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await getattr(discord.gateway, what)()
        act = await discord.slash("spend help")
        await act.answered()

    assert (discord.gateway.identifies, discord.gateway.resumes) == (1, 1)


async def test_an_event_that_cannot_be_read_is_left_out_and_said_once(
    connected: Path, discord: Discord
) -> None:
    with capture_logs() as logs:
        async with open_listening(connected, discord) as bot:
            bot.start()
            await discord.connected()
            nothing = {"id": None, "type": 0, "guild_id": GUILD_ID}
            for event in ("CHANNEL_UPDATE", "CHANNEL_UPDATE", "INTERACTION_CREATE"):
                await discord.gateway.tell(event, nothing)
            act = await discord.slash("spend help")
            await act.answered()

    assert (discord.gateway.identifies, discord.gateway.resumes) == (1, 0)
    unread = [each for each in logs if each["event"] == "discord_event_unread"]
    assert [(each["event_type"], each["error"]) for each in unread] == [
        ("CHANNEL_UPDATE", "TypeError"),
        ("INTERACTION_CREATE", "TypeError"),
    ]


async def test_an_act_that_is_delivered_twice_has_one_effect(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend alerts here")
        await act.answered()
        await discord.again(act)
        await discord.world.until(lambda: act.refusals)
        channels = await bot.bot.store.channels("alerts")

    assert act.refusals == [(400, 40060, "Interaction has already been acknowledged.")]
    assert len(channels) == 1


@pytest.mark.parametrize("code", [4004, 4014, 4013])
async def test_what_cannot_be_mended_by_trying_again_ends_with_a_sentence(
    connected: Path, discord: Discord, code: int
) -> None:
    discord.gateway.closes_with = code
    async with open_listening(connected, discord) as bot:
        with pytest.raises(PlatformError) as caught:
            await bot.app.run()

    assert caught.value.sentence.startswith("Discord refuses the")
    assert discord.gateway.identifies == 1


async def test_a_wrong_token_is_said_without_showing_it(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord, token="canary-wrong-token") as bot:
        with pytest.raises(PlatformError) as caught:
            await bot.app.run()

    assert caught.value.sentence.startswith("Discord refuses the token (401).")
    assert "canary" not in caught.value.sentence
    assert discord.gateway.identifies == 0


async def test_without_sessions_left_none_is_started(connected: Path, discord: Discord) -> None:
    discord.rest.identifies_left = 3
    async with open_listening(connected, discord) as bot:
        with pytest.raises(PlatformError, match="allows no more sessions"):
            await bot.app.run()

    assert discord.gateway.identifies == 0


async def test_where_discord_cannot_be_reached_it_says_so(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        await discord.__aexit__(None, None, None)
        with pytest.raises(PlatformError, match="Discord cannot be reached"):
            await bot.app.run()


async def test_commands_are_sent_at_the_first_start_and_not_at_the_next(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await bot.restart()

    assert discord.world.syncs == 1


async def test_a_failed_sync_stops_nobody(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await bot.bot.store.keep_note("discord commands", "older", bot.bot.clock.now)
        discord.faults.add("commands", "400")
        await bot.restart()
        act = await discord.slash("spend help")
        await act.answered()

    assert discord.world.syncs == 1


async def test_it_listens_again_after_it_was_stopped(connected: Path, discord: Discord) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        await bot.restart()
        act = await discord.slash("spend help")
        await act.answered()

    assert discord.gateway.identifies == 2


async def test_no_log_holds_a_token_or_an_interactions_secret(
    connected: Path, discord: Discord, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    discord.faults.add("answer", "404 message")
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend help")
        await discord.world.until(
            lambda: (
                ("PATCH", f"/webhooks/700000000000000002/{act.token}/messages/@original")
                in discord.world.calls
            )
        )
        await discord.gateway.drop()
        await discord.world.until(lambda: discord.gateway.resumes)
    logged = caplog.text + "".join(capsys.readouterr())

    assert "answer_lost" in logged
    assert discord.token not in logged
    assert act.token not in logged


async def test_it_stops_in_the_middle_of_an_answer_once_that_was_given(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        act = await discord.slash("spend help", at=AI_SPEND)
        await act.acknowledged()
        await bot.stop()

    assert act.text


async def test_sessions_that_end_again_and_again_are_not_taken_up_in_a_hurry(
    connected: Path, discord: Discord
) -> None:
    async with open_listening(connected, discord) as bot:
        bot.start()
        await discord.connected()
        for _ in range(6):
            bot.app.pace.identified(time.monotonic())
        await discord.gateway.invalidate()
        with pytest.raises(PlatformError, match="ended the session too often"):
            await bot.task

    assert discord.gateway.identifies == 1
