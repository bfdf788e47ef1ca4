"""Slash commands, as people in a simulated server use them."""

from pathlib import Path

import discord
import pytest

from tests.bot.platforms.discord.simulated import open_server

TODAY = "**`claude-opus-5` is 64% of today: $25.00 of $39.00.**"


async def test_a_member_is_answered_privately_with_a_picture(connected: Path) -> None:
    async with open_server(connected) as server:
        result = await server.dana.slash(server.channel, "spend today", by="model")

        assert result.ephemeral
        assert result.response.content == TODAY
        assert [picture.filename for picture in result.response.attachments] == ["chart.png"]
        assert server.channel.history() == []


async def test_it_says_that_it_thinks_then_the_words_then_the_words_with_their_picture(
    connected: Path,
) -> None:
    async with open_server(connected) as server:
        await server.dana.slash(server.channel, "spend today", by="model")
        calls = server.calls()

    assert [(call.method, call.path.rsplit("/", 1)[1]) for call in calls] == [
        ("POST", "callback"),
        ("PATCH", "@original"),
        ("PATCH", "@original"),
    ]
    assert calls[0].json == {"type": 5, "data": {"flags": 64}}
    assert ["image" in call.json["embeds"][0] for call in calls[1:]] == [False, True]


async def test_nobody_can_be_pinged_by_an_answer(connected: Path) -> None:
    async with open_server(connected) as server:
        await server.mira.slash(server.channel, "spend today", by="model", share=True)
        bodies = [call.json for call in server.calls() if call.json and "content" in call.json]

    assert bodies
    assert all(body["allowed_mentions"]["parse"] == [] for body in bodies)


async def test_share_shows_the_answer_to_everybody_and_says_who_asked(connected: Path) -> None:
    async with open_server(connected) as server:
        await server.dana.slash(server.channel, "spend today", by="model", share=True)
        [message] = server.channel.history()

        assert message.content == TODAY
        assert "Asked by Dana Weiss: /spend today by:model" in message.embeds[0].description
        assert len(message.attachments) == 1


async def test_a_refusal_is_never_shared(connected: Path) -> None:
    async with open_server(connected) as server:
        result = await server.dana.slash(server.channel, "spend show", window="todya", share=True)

        assert result.ephemeral
        assert result.response.content.startswith('**"todya" is not a window.')
        assert server.channel.history() == []


@pytest.mark.parametrize(
    "words",
    ["spend show", "spend week", "spend month", "spend forecast", "spend burn", "spend status", "spend help"],
)
async def test_every_question_is_answered(connected: Path, words: str) -> None:
    async with open_server(connected) as server:
        result = await server.dana.slash(server.channel, words)

        assert result.ephemeral
        assert result.response.content.startswith("**")


async def test_rights_are_those_of_this_moment(connected: Path) -> None:
    async with open_server(connected) as server:
        refused = await server.dana.slash(server.channel, "spend alerts here")
        done = await server.mira.slash(server.channel, "spend alerts here")

        assert refused.response.content.startswith("**Only admins choose where alerts go here.")
        assert "#ai-spend" in done.response.content


async def test_alerts_are_told_in_the_channel_they_were_asked_for(connected: Path) -> None:
    async with open_server(connected) as server:
        await server.mira.slash(server.channel, "spend alerts here")
        [channel] = await server.bot.store.channels("alerts")

        assert (channel.platform, channel.channel, channel.name) == (
            "discord",
            str(server.channel.id),
            "#ai-spend",
        )


async def test_where_the_bot_may_not_write_it_says_so(connected: Path) -> None:
    async with open_server(connected) as server:
        locked = server.guild.create_text_channel(
            "locked", overwrites={server.env.bot.user: discord.PermissionOverwrite(send_messages=False)}
        )
        result = await server.mira.slash(locked, "spend alerts here")

        assert "#locked" in result.response.content
        assert "discord" not in {each.platform for each in await server.bot.store.channels("alerts")}


async def test_an_unlinked_server_gets_one_sentence_and_no_data(connected: Path) -> None:
    async with open_server(connected, linked=False) as server:
        for words in ("spend today", "spend status", "budget list"):
            result = await server.mira.slash(server.channel, words)

            assert result.ephemeral
            assert f"adds {server.guild.id} to SPENDBOT" in result.response.content
            assert not result.response.embeds
        assert await server.mira.autocomplete(server.channel, "spend show", "filter", "mod") == []


async def test_options_of_a_budget_set_it(connected: Path) -> None:
    async with open_server(connected) as server:
        result = await server.mira.slash(
            server.channel, "budget set", amount="1200", period="monthly", channel=server.channel
        )
        [budget] = await server.bot.store.budgets()

        assert result.response.content.startswith("**Budget set: $1,200 a month for Everything.")
        assert budget.channel.split(":")[2] == str(server.channel.id)


async def test_the_commands_are_sent_once_and_again_only_when_they_changed(connected: Path) -> None:
    async with open_server(connected) as server:
        first = server.syncs()
        await server.restart()
        second = server.syncs()
        await server.forget_commands()
        await server.restart()

        assert (first, second, server.syncs()) == (1, 1, 2)
