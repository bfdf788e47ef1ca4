"""What a whole bot sends to Discord in a day of use, body by body, is what Discord describes."""

import os
import re
from pathlib import Path

import pytest

from tests.bot.platforms.discord.listening import open_listening
from tests.bot.platforms.discord.simulated import make_connected
from tests.bot.platforms.discord.test_listening import alert_with
from tests.contracts.discord_api.description import Description
from tests.fakes.discord import AI_SPEND, DANA, Discord

FILE = os.environ.get("DISCORD_OPENAPI", "")
pytestmark = pytest.mark.skipif(
    not FILE, reason="DISCORD_OPENAPI names no file: Discord's description was not asked"
)
COMMANDS = "/applications/{application_id}/commands"
FIRST_RESPONSE = "/interactions/{interaction_id}/{interaction_token}/callback"
MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
FURTHER = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL = f"{FURTHER}/messages/@original"
FURTHER_ONE = f"{FURTHER}/messages/{{message_id}}"
PATHS = (COMMANDS, FIRST_RESPONSE, ORIGINAL, FURTHER_ONE, FURTHER, MESSAGE, MESSAGES)


def described(path: str) -> str:
    """Return the path as Discord's description writes it. Raises StopIteration for one that it has not."""
    return next(each for each in PATHS if re.fullmatch(re.sub(r"{[a-z_]+}", "[^/]+", each), path))


async def test_everything_a_listening_bot_sends_is_described(tmp_path: Path) -> None:
    await make_connected(tmp_path)
    async with Discord() as discord, open_listening(tmp_path, discord) as bot:
        alert = await alert_with(bot, discord)
        await bot.tell()
        await (await discord.slash("spend today", by="model", share=True, user=DANA)).acknowledged()
        answer = await (await discord.slash("spend week", by="model")).with_picture()
        await (await discord.press(answer, "By project")).acknowledged()
        await (await discord.press(answer, "Share here")).followed()
        await (await discord.press(alert, "Expected", user=DANA, is_admin=False)).followed()
        await (await discord.typing("spend show", "filter", filter="model:")).suggested()
        opened = await discord.slash("budget set", at=AI_SPEND)
        await (await discord.submit(opened, amount="lots", scope="everything")).answered()
        await (await discord.slash("spend disconnect", name="Harbor OpenAI")).answered()
        await discord.press(alert, "Acknowledge")
        await bot.told(lambda: "Acknowledged" in alert.text)

    description = Description(Path(FILE))
    problems = {
        (method, described(path)): found
        for method, path, body in discord.world.sent
        if (found := description.problems(method, described(path), body))
    }
    assert problems == {}
    assert {described(path) for _, path, _ in discord.world.sent} == set(PATHS)
