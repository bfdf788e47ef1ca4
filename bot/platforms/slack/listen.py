"""Bolt's part: which of Slack's calls go where. Every listener acknowledges first, and answers afterwards.

Facts: slack-bolt 1.30.0: an act that is not acknowledged within 3 s fails in front of the person, an event comes again.
"""

import re
from typing import Any

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.acts import read_home
from bot.platforms.slack.calls import silent_logger
from bot.platforms.slack.home_tab import HomeTab
from bot.platforms.slack.modals import answer_submission
from bot.platforms.slack.office import PLATFORM, Office
from bot.platforms.slack.presses import answer_press
from bot.platforms.slack.slash import answer_command

log = structlog.get_logger("spendbot.slack")
_ANY = re.compile("")


def make_bolt(office: Office, home: HomeTab) -> AsyncApp:
    """Return Bolt with every listener of ours. None of them does more than to begin a piece of work: Bolt keeps no hold
    of what it runs, and writes its failures where nobody may read.

    Who the token is was asked already, so that no act waits for it; requests were checked by the guard in HTTP mode.
    """

    async def authorize() -> AuthorizeResult:
        identity = office.identity
        return AuthorizeResult(
            enterprise_id=identity.enterprise_id or None,
            team_id=identity.team_id,
            bot_token=office.client.token,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user_id,
        )

    bolt = AsyncApp(
        name="spendbot",
        client=AsyncWebClient(base_url=office.client.base_url, retry_handlers=[], logger=silent_logger()),
        authorize=authorize,
        request_verification_enabled=False,
        logger=silent_logger(),
    )
    _listen_to_people(bolt, office, home)
    _listen_to_events(bolt, office, home)
    return bolt


def _listen_to_people(bolt: AsyncApp, office: Office, home: HomeTab) -> None:
    async def command(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        office.work.begin("command", answer_command(office, body))

    async def press(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        office.work.begin("press", answer_press(office, home, body))

    async def submission(ack: Any, body: dict[str, Any]) -> None:
        office.work.begin("submission", answer_submission(office, body, ack), at_once=True)

    for name in ("/spend", "/budget"):
        bolt.command(name)(command)
    bolt.action(_ANY)(press)
    bolt.view(_ANY)(submission)


def _listen_to_events(bolt: AsyncApp, office: Office, home: HomeTab) -> None:
    """Bolt acknowledges events by itself, before their listener runs."""

    async def home_opened(body: dict[str, Any]) -> None:
        act = read_home(body)
        if act is not None:
            office.work.begin("home", home.show(office, act))

    async def uninstalled() -> None:
        log.warning("slack_app_uninstalled", team=office.identity.team_id)
        office.work.begin("uninstalled", office.desk.left(PLATFORM, office.identity.external_id))

    async def revoked() -> None:
        """Nothing is destroyed: a token that was only made anew comes this way too."""
        log.warning("slack_tokens_revoked", team=office.identity.team_id)
        office.work.begin("revoked", office.people.find(office.identity.bot_user_id))

    bolt.event("app_home_opened")(home_opened)
    bolt.event("app_uninstalled")(uninstalled)
    bolt.event("tokens_revoked")(revoked)
