"""The chat platforms that are set up: built once per run, listened to under a supervisor, closed at the end.

A platform's libraries are loaded here, and only when its tokens are set.
"""

from collections.abc import Mapping
from typing import Protocol

from bot.config import Config
from bot.desk import Desk
from bot.ports import House, Platform, type_handler


class ChatApp(Protocol):
    """A chat platform as a whole: `platform` posts, `run` listens until cancelled.

    `handlers`: what its requests over HTTP go to, by path; empty where it needs no address of its own.
    """

    name: str
    platform: Platform
    handlers: Mapping[str, type_handler]

    async def run(self) -> None:
        """Listen until cancelled. Raises PlatformError, with a sentence, or whatever else went wrong."""

    async def close(self) -> None:
        """Close what was opened."""


def is_set_up(config: Config, name: str) -> bool:
    """Tell whether the tokens of a platform are there."""
    if name == "discord":
        return config.is_set("DISCORD_TOKEN")
    listens = config.is_set("SLACK_APP_TOKEN") or config.is_set("SLACK_SIGNING_SECRET")
    return config.is_set("SLACK_BOT_TOKEN") and listens


def chat_apps(house: House) -> list[ChatApp]:
    """Build the platforms whose tokens are set, and put them where deliveries find them."""
    apps: list[ChatApp] = []
    desk = Desk(house)
    if is_set_up(house.config, "slack"):
        from bot.platforms.slack.app import make_slack_app

        apps.append(make_slack_app(house, desk))
    if is_set_up(house.config, "discord"):
        from bot.platforms.discord.app import make_discord_app

        apps.append(make_discord_app(house, desk))
    house.platforms.update({app.name: app.platform for app in apps})
    return apps
