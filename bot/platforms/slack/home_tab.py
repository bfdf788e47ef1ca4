"""The Home tab: published when somebody opens it and it is not what they saw last, never by a clock.

Facts: Slack, "views.publish" (tier 4, one call per person), checked 2026-11-20.
"""

import json
from dataclasses import dataclass, field
from hashlib import sha256

import structlog

from bot.platforms.slack.acts import Act
from bot.platforms.slack.calls import called
from bot.platforms.slack.home import render_home
from bot.platforms.slack.limits import Block
from bot.platforms.slack.office import Office
from bot.platforms.slack.refusals import SlackError

log = structlog.get_logger("spendbot.slack")
_MOST = 5000


@dataclass(eq=False)
class HomeTab:
    """Knows what each person's tab shows."""

    _shown: dict[str, str] = field(default_factory=dict)

    async def show(self, office: Office, act: Act) -> None:
        """Publish a person's tab unless it shows the same already."""
        views = await office.desk.home(await office.arrival(act))
        for has_table in (True, False):
            tab = render_home(views, has_table=has_table)
            looks = sha256(json.dumps(tab, sort_keys=True).encode()).hexdigest()
            if self._shown.get(act.user_id) == looks:
                return
            try:
                await self._publish(office, act.user_id, tab)
            except SlackError as err:
                if not err.is_about_blocks:
                    log.warning("slack_home_lost", error=err.sentence)
                    return
            else:
                if len(self._shown) >= _MOST:
                    self._shown.clear()
                self._shown[act.user_id] = looks
                return
        log.error("slack_home_refused", blocks=len(views))

    async def _publish(self, office: Office, user_id: str, tab: Block) -> None:
        await called(lambda: office.client.api_call("views.publish", json={"user_id": user_id, "view": tab}))
