"""Who the bot's token is, as Slack says at the start: the team it speaks in. Scopes stand in the answer's header.

Facts: Slack, "auth.test" and "Scopes" (header x-oauth-scopes of every answer), checked 2026-11-20.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.calls import read
from bot.platforms.slack.refusals import SlackError

NEEDED_SCOPES = ("commands", "chat:write", "files:write", "files:read", "users:read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The team and the bot's own user. `scopes`: what the token may do, None where Slack did not say.

    `server_date`: the answer's Date header.
    """

    team_id: str
    team_name: str
    enterprise_id: str
    is_enterprise_install: bool
    bot_user_id: str
    bot_id: str
    scopes: frozenset[str] | None
    server_date: str

    @property
    def external_id(self) -> str:
        """How the installation is known: the team, and its organization where the app was installed there."""
        return external_id(self.team_id, self.enterprise_id if self.is_enterprise_install else "")


def external_id(team_id: str, enterprise_id: str = "") -> str:
    """Return the key of an installation. `enterprise_id`: of an app that was installed for a whole organization."""
    return f"{enterprise_id}/{team_id}" if enterprise_id else team_id


async def who_am_i(client: AsyncWebClient) -> Identity:
    """Ask Slack who the token is. Raises SlackError."""
    answer = await read(client.auth_test)
    headers: Mapping[str, Any] = answer.headers
    scopes = headers.get("x-oauth-scopes")
    if not isinstance(answer.get("team_id"), str) or not answer["team_id"]:
        raise SlackError("Slack does not say which team the token is of.")
    return Identity(
        team_id=answer["team_id"],
        team_name=str(answer.get("team") or answer["team_id"]),
        enterprise_id=str(answer.get("enterprise_id") or ""),
        is_enterprise_install=bool(answer.get("is_enterprise_install")),
        bot_user_id=str(answer.get("user_id") or ""),
        bot_id=str(answer.get("bot_id") or ""),
        scopes=None if scopes is None else frozenset(str(scopes).replace(" ", "").split(",")),
        server_date=str(headers.get("Date") or ""),
    )
