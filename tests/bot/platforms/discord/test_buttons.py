"""Buttons, as people in a simulated server press them, before and after a restart."""

from pathlib import Path

from tests.bot.platforms.discord.simulated import open_server


async def test_a_button_changes_the_answer_in_place(connected: Path) -> None:
    async with open_server(connected) as server:
        answer = await server.dana.slash(server.channel, "spend today", by="model")
        pressed = await server.dana.click(answer.response, label="By project")

        assert answer.response.content.startswith("**Alpha")
        assert pressed.followups == []
        assert len(answer.response.attachments) == 1


async def test_it_works_after_a_restart(connected: Path) -> None:
    async with open_server(connected) as server:
        answer = await server.dana.slash(server.channel, "spend today", by="model")
        before = answer.response.content
        await server.restart()
        await server.dana.click(answer.response, label="By key")

        assert answer.response.content != before


async def test_share_here_posts_for_everybody_and_leaves_the_answer(connected: Path) -> None:
    async with open_server(connected) as server:
        answer = await server.dana.slash(server.channel, "spend today", by="model")
        await server.dana.click(answer.response, label="Share here")
        [message] = server.channel.history()

        assert message.content == answer.response.content
        assert "Asked by Dana Weiss" in message.embeds[0].description
        assert answer.response.ephemeral


async def test_a_button_that_opens_a_form_opens_it_at_once(tmp_path: Path) -> None:
    async with open_server(tmp_path) as server:
        answer = await server.mira.slash(server.channel, "spend today")
        pressed = await server.mira.click(answer.response, label="Connect a provider")

        assert pressed.modal["title"] == "Connect a provider"


async def test_disconnecting_asks_once_and_then_says_what_was_done(connected: Path) -> None:
    async with open_server(connected) as server:
        question = await server.mira.slash(server.channel, "spend disconnect", name="Harbor OpenAI")
        assert "Disconnect Harbor OpenAI?" in question.response.content
        assert len(await server.bot.store.connections()) == 2

        pressed = await server.mira.click(question.response, label="Disconnect")

        assert pressed.followups == []
        assert question.response.content == "**Mira Okafor disconnected Harbor OpenAI.**"
        assert question.response.components == []
        assert len(await server.bot.store.connections()) == 1
