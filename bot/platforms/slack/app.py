"""The Slack app: listens to what people do in one team, by websocket or over HTTP, and answers through the desk."""

import asyncio
from collections.abc import Mapping

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.desk import Desk
from bot.errors import ConfigError, PlatformError
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.calls import make_client
from bot.platforms.slack.home_tab import HomeTab
from bot.platforms.slack.http_mode import PATH, HttpMode
from bot.platforms.slack.identity import who_am_i
from bot.platforms.slack.listen import make_bolt
from bot.platforms.slack.office import PLATFORM, Office
from bot.platforms.slack.people import People
from bot.platforms.slack.refusals import SlackError
from bot.platforms.slack.send import SlackPlatform, make_platform
from bot.platforms.slack.setup import SlackSetup, missing_settings, slack_setup
from bot.platforms.slack.socket_mode import Patience, listen
from bot.platforms.slack.work import Work
from bot.ports import House, Platform, type_handler

log = structlog.get_logger("spendbot.slack")

DRAIN_S = 5.0


class SlackApp:
    """Listens for one team, as `platforms.chat.ChatApp`. `run` may be called again after it ended.

    `handlers`: POST /slack/events in HTTP mode; it may be served before `run` is called. `ready`: acts are answered.
    """

    name = PLATFORM

    def __init__(
        self, setup: SlackSetup, desk: Desk, platform: SlackPlatform, *, patience: Patience | None = None
    ) -> None:
        self._setup, self._desk = setup, desk
        self.platform: Platform = platform
        self._slack = platform
        self._patience = patience or Patience()
        self._home = HomeTab()
        self._bolt: AsyncApp | None = None
        self.ready = asyncio.Event()
        http = HttpMode(setup.signing_secret, self._dispatch)
        self.handlers: Mapping[str, type_handler] = {} if setup.is_socket_mode else {PATH: http.slack_events}

    async def run(self) -> None:
        """Listen until cancelled; what is being answered then is ended first. Raises PlatformError."""
        office = await self._open()
        watching = asyncio.create_task(self._until_refused())
        listening = asyncio.create_task(self._listen(office))
        try:
            await asyncio.wait({listening, watching}, return_when=asyncio.FIRST_COMPLETED)
            for task in (watching, listening):
                if task.done():
                    task.result()
        finally:
            self._bolt = None
            self.ready.clear()
            for task in (watching, listening):
                task.cancel()
            await asyncio.gather(watching, listening, return_exceptions=True)
            await office.work.drain(DRAIN_S)

    async def _listen(self, office: Office) -> None:
        self._bolt = make_bolt(office, self._home)
        self.ready.set()
        if self.handlers:
            log.info("slack_listens_over_http")
            await asyncio.Event().wait()
        else:
            await listen(self._bolt, office.client, self._setup.app_token, self._patience)

    async def _until_refused(self) -> None:
        """Raise PlatformError once Slack refuses the token: the start of the next run says whether it still does."""
        await self._slack.stopped.wait()
        raise PlatformError(_with_hint(self._slack.trouble))

    async def close(self) -> None:
        """Nothing stays open between two runs: every call has a connection of its own."""

    async def _open(self) -> Office:
        """Ask who the token is, and link its team. Raises PlatformError."""
        client = self._slack.client
        try:
            identity = await who_am_i(client)
        except SlackError as err:
            raise PlatformError(_with_hint(err.sentence) if err.is_token else err.sentence) from None
        self._slack.resume()
        await self._desk.joined(PLATFORM, identity.external_id, identity.team_name)
        log.info("slack_team", team=identity.team_id)
        return Office(
            desk=self._desk,
            identity=identity,
            client=client,
            people=People(client, identity.team_id, self._slack.stop),
            answers=Answers(client, self._slack.uploads, self._desk.picture),
            work=Work(),
        )

    async def _dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        if self._bolt is None:  # Slack tells of an event again; a person sees that it did not work
            return BoltResponse(status=404)
        return await self._bolt.async_dispatch(request)


def _with_hint(sentence: str) -> str:
    return f"{sentence} Check SPENDBOT_SLACK_BOT_TOKEN."


def make_slack_app(house: House, desk: Desk) -> SlackApp:
    """Return the app that the settings describe. Raises ConfigError where they describe only half of one."""
    setup = slack_setup(house.config)
    if setup is None:
        raise ConfigError(f"Slack is not set up whole: set {missing_settings(house.config)}.")
    return SlackApp(setup, desk, make_platform(make_client(setup.bot_token, setup.api_url)))
