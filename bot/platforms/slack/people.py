"""Who somebody is at this moment: a member, an admin, a guest or an outsider. Whoever cannot be looked up may nothing.

Facts: Slack, "users.info" and "User object" (is_admin, is_owner, is_restricted, is_ultra_restricted, is_stranger,
enterprise_user.teams), checked 2026-11-20.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.calls import read
from bot.platforms.slack.refusals import SlackError

log = structlog.get_logger("spendbot.slack")

KNOWN_FOR_S = 30.0
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Person:
    """What the desk needs to know of somebody."""

    name: str
    is_admin: bool = False
    is_member: bool = False


@dataclass(eq=False)
class People:
    """Looks people up, and knows the answer for half a minute. `team_id`: the team this bot belongs to.

    on_refused_token: told the sentence when Slack refuses the token.
    """

    client: AsyncWebClient
    team_id: str
    on_refused_token: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Person]] = field(default_factory=dict)

    async def find(self, user_id: str, *, fallback_name: str = "") -> Person:
        """Return a person; one without any rights where Slack does not say who it is."""
        known = self._known.get(user_id)
        if known is not None and self.clock() - known[0] < KNOWN_FOR_S:
            return known[1]
        try:
            body = {"user": user_id}
            answer = await read(lambda: self.client.api_call("users.info", data=body))
        except SlackError as err:
            log.warning("slack_person_unknown", error=err.sentence)
            if err.is_token:
                self.on_refused_token(err.sentence)
            return Person(fallback_name or user_id)
        person = read_person(answer.get("user") or {}, self.team_id, fallback_name or user_id)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[user_id] = (self.clock(), person)
        return person


def read_person(user: Mapping[str, Any], team_id: str, fallback_name: str) -> Person:
    """Read a user object. A guest or somebody of another team is no member, whatever else it says."""
    profile: Mapping[str, Any] = user.get("profile") or {}
    name = user.get("real_name") or profile.get("real_name") or user.get("name") or fallback_name
    teams = (user.get("enterprise_user") or {}).get("teams") or []
    is_ours = user.get("team_id") == team_id or team_id in teams
    is_guest = user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger")
    is_member = bool(is_ours and not is_guest and not user.get("deleted") and not user.get("is_bot"))
    is_admin = is_member and bool(
        user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")
    )
    return Person(str(name), is_admin=is_admin, is_member=is_member)
