"""What every listener works with: the desk, the team the bot is in, people, and the way back to whoever acted."""

from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Arrival, Desk
from bot.platforms.slack.acts import Act
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.identity import Identity, external_id
from bot.platforms.slack.membership import may_post
from bot.platforms.slack.people import People
from bot.platforms.slack.work import Work

PLATFORM = "slack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One bot in one team."""

    desk: Desk
    identity: Identity
    client: AsyncWebClient
    people: People
    answers: Answers
    work: Work

    async def arrival(self, act: Act, *, binds_channel: bool = False) -> Arrival:
        """Return an act as the desk takes it, with the person's rights at this moment.

        binds_channel: it may be about posting in its channel, so whether the bot can is found out.
        """
        person = await self.people.find(act.user_id, fallback_name=act.user_name)
        return Arrival(
            platform=PLATFORM,
            external_id=self._external_id(act),
            act_id=act.id,
            user_id=act.user_id,
            user_name=person.name,
            is_platform_admin=person.is_admin and self._is_of_the_team(act),
            may_ask=person.is_member and self._is_of_the_team(act),
            channel=act.channel,
            channel_name=act.channel_name,
            is_channel_member=not binds_channel or await may_post(self.client, act.channel),
        )

    def _external_id(self, act: Act) -> str:
        """Return the installation an act belongs to: the token's own, but for an app of a whole organization."""
        if self.identity.is_enterprise_install and act.team_id:
            return external_id(act.team_id, act.enterprise_id or self.identity.enterprise_id)
        return self.identity.external_id

    def _is_of_the_team(self, act: Act) -> bool:
        """Whether the payload itself does not say that this person or place is of another team."""
        if self.identity.is_enterprise_install:
            return True
        return all(team in ("", self.identity.team_id) for team in (act.team_id, act.user_team))
