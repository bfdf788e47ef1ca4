"""The previews show every message, and say in one sentence what is missing to draw them."""

from pathlib import Path

import pytest
import simcord

from bot.platforms.discord.render import render
from tests.bot.platforms.stories import STORIES
from tests.previews import discord
from tests.previews.__main__ import main
from tests.previews.slack import NAMES, page_of


@pytest.mark.parametrize("name", NAMES)
def test_every_block_we_send_can_be_shown(name: str) -> None:
    page = page_of(name, is_dark=False)

    assert name not in STORIES or STORIES[name].footer.replace("'", "&#x27;") in page


async def test_discords_stand_in_takes_every_message_as_it_is_sent() -> None:
    bot = discord.Bot()
    async with simcord.run(bot) as env:
        channel = env.create_guild("Harbor Notes").create_text_channel("ai-spend")
        for view in STORIES.values():
            message = render(view, has_picture=True)
            await bot.post(channel.id, message, b"a picture" if message.alt else None)
        said = [message.content for message in channel.history()]

    assert said == [render(view).content for view in STORIES.values()]


def test_without_a_browser_one_sentence_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("sys.argv", ["previews", "--dir", str(tmp_path)])

    assert main() == 1
    assert (
        capsys.readouterr().err == "There is no Chromium: install chromium, or say in CHROMIUM where it is.\n"
    )
