"""Run the bot: poll, watch, alert and summarise until it is told to stop.

Platforms are those whose tokens are configured; without any, messages go to the console. SIGTERM drains and exits 0.
"""

import argparse
import asyncio
import signal
import sys

from bot.config import Config
from bot.errors import FailedError
from bot.platforms.chat import chat_apps
from bot.service import Service
from bot.wiring import open_house
from storage import RunLeaseHeldError


def describe(parser: argparse.ArgumentParser) -> None:
    """`run` takes nothing: everything is a setting."""


async def do(_options: argparse.Namespace, config: Config) -> int:
    """Run until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with open_house(config) as house:
        apps = chat_apps(house)
        for sentence in _notices(config, speaks=bool(apps)):
            print(f"spendbot: {sentence}", file=sys.stderr)
        try:
            await Service(house, lambda text: print(text, end="\n\n", flush=True), stopping, apps).run()
        except RunLeaseHeldError as err:
            raise FailedError(err.sentence) from err
    return 0


def _notices(config: Config, *, speaks: bool) -> list[str]:
    found = []
    if not speaks:
        found.append(
            "No chat platform is set up, so messages go to the console. For Slack set SPENDBOT_SLACK_BOT_TOKEN and "
            "SPENDBOT_SLACK_APP_TOKEN (api.slack.com/apps), for Discord SPENDBOT_DISCORD_TOKEN "
            "(discord.com/developers/applications)."
        )
    if config.is_set("MASTER_KEY") and not config.is_from_file("MASTER_KEY"):
        found.append(
            "The master key is in the environment, where other processes of this user can read it; a file is safer."
        )
    return found
