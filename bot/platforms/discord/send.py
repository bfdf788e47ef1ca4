"""Discord as a platform: scheduled posts over REST, whether or not anyone listens at the gateway.

Every post and reply carries its delivery's nonce, so that Discord itself drops a repeat; later the bot looks for the
code in its own last messages. A channel that refuses is left alone until something there changes: a thousand of such
answers would have the whole address banned.

Facts: Discord's API reference, Create Message and Error codes, checked 2026-11-20.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import structlog

from bot.errors import ChatError
from bot.platforms.discord.attempt import Attempt
from bot.platforms.discord.rest import NO_RIGHT, File, RefusedError, Rest
from bot.platforms.discord.rights import TO_POST, missing_rights
from bot.ports import Outgoing

log = structlog.get_logger("spendbot.discord")

PAGE, PAGES = 100, 3
EVERYWHERE = ""
WRONG_TOKEN = 401


class DiscordPlatform:
    """Implements `ports.Platform`. `token_refused`: Discord knows no such token, and nothing is tried any more."""

    name = "discord"
    theme = "dark"
    keeps_in_database = False
    drops_repeats_for = timedelta(minutes=2)  # "a few minutes"; beyond it the channel is looked at
    can_find = True

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._closed: dict[str, str] = {}
        self._own_id = ""

    @property
    def token_refused(self) -> bool:
        """Tell whether Discord refused the token."""
        return self._rest.token_refused

    def closed_channels(self) -> Mapping[str, str]:
        """Return why nothing is posted in a channel, by its id."""
        return dict(self._closed)

    def reopen(self, channel: str = EVERYWHERE) -> None:
        """Try a channel again (all of them by default): its rights or the bot's membership changed."""
        if channel == EVERYWHERE:
            self._closed.clear()
        else:
            self._closed.pop(channel, None)

    async def post(self, message: Outgoing) -> str:
        """Post a message and return its id. Within minutes the same nonce gives the first message again."""
        return await self._create(message, {})

    async def reply(self, message: Outgoing) -> str:
        """Answer a message; where that was deleted, the answer stands alone."""
        reference = {"message_id": message.parent, "fail_if_not_exists": False}
        return await self._create(message, {"message_reference": reference})

    async def edit(self, message: Outgoing) -> str:
        """Change a message; its picture is the new one, or none."""
        return await self._send(
            "PATCH", f"/channels/{message.channel}/messages/{message.parent}", message, {}
        )

    async def find(self, channel: str, code: str) -> str:
        """Return the bot's own newest message there that carries a code as a word of its footer, '' when none does."""
        self._refuse_closed(channel)
        own_id, before = await self._own(), ""
        for _ in range(PAGES):
            path = f"/channels/{channel}/messages?limit={PAGE}{before}"
            page = await self._call(channel, "GET", path)
            messages = page if isinstance(page, list) else []
            for message in messages:
                if message["author"]["id"] == own_id and code in _footer_words(message):
                    return _id(message)
            if len(messages) < PAGE:
                break
            before = f"&before={_id(messages[-1])}"
        return ""

    async def upload(self, message: Outgoing) -> str:
        """Pictures travel in their message."""
        return ""

    async def may_post(self, channel: str, external_id: str) -> bool:
        """Work it out from roles and exceptions; where Discord does not answer, the first message will tell."""
        if not (channel.isascii() and channel.isdecimal()):
            return False
        try:
            missing = await missing_rights(self._rest, channel, await self._own(), of_server=external_id)
        except RefusedError:
            return False
        except ChatError:
            return True
        return TO_POST.isdisjoint(missing)

    async def private_channel(self, user_id: str) -> str:
        """Open the direct conversation with a person; '' where Discord knows no such person."""
        try:
            answer = await self._rest.call("POST", "/users/@me/channels", body={"recipient_id": user_id})
        except RefusedError as err:
            if err.status == WRONG_TOKEN:
                raise
            log.info("no_private_channel", status=err.status, code=err.code)
            return ""
        channel = _id(answer)
        self.reopen(channel)  # people may let the bot in again at any time, and nobody hears of that
        return channel

    async def close(self) -> None:
        """Close its connections."""
        await self._rest.close()

    async def _create(self, message: Outgoing, more: Mapping[str, Any]) -> str:
        once = {"nonce": message.nonce, "enforce_nonce": True}
        return await self._send("POST", f"/channels/{message.channel}/messages", message, {**once, **more})

    async def _send(self, method: str, path: str, message: Outgoing, more: Mapping[str, Any]) -> str:
        """Send a message, in a simpler form where Discord refuses how it is made."""
        attempt = Attempt(message, more)
        while True:
            try:
                answer = await self._call(
                    message.channel, method, path, body=attempt.body(), files=attempt.files
                )
                return _id(answer)
            except RefusedError as err:
                simpler = attempt.without(err)
                if simpler is None:
                    raise
                log.warning("message_simplified", channel=message.channel, status=err.status, code=err.code)
                attempt = simpler

    async def _call(
        self, channel: str, method: str, path: str, *, body: Any = None, files: Sequence[File] = ()
    ) -> Any:
        """Ask Discord about a channel, unless it refused before; a first refusal closes it."""
        self._refuse_closed(channel)
        try:
            return await self._rest.call(method, path, body=body, files=files)
        except RefusedError as err:
            is_about_files = bool(files) and err.code == NO_RIGHT
            if err.closes_channel and not is_about_files:
                log.warning("channel_closed", channel=channel, status=err.status, code=err.code)
                self._closed[channel] = err.sentence
            raise

    def _refuse_closed(self, channel: str) -> None:
        if channel in self._closed:
            raise ChatError(self._closed[channel], permanent=True)

    async def _own(self) -> str:
        if not self._own_id:
            self._own_id = _id(await self._rest.call("GET", "/users/@me"))
        return self._own_id


def _footer_words(message: Mapping[str, Any]) -> Iterator[str]:
    for embed in message.get("embeds") or ():
        yield from str((embed.get("footer") or {}).get("text", "")).split()


def _id(answer: Any) -> str:
    """Return the id in an answer. Raises ChatError for an answer without one: it may have been taken all the same."""
    if isinstance(answer, dict) and answer.get("id"):
        return str(answer["id"])
    raise ChatError("Discord answered without an id.", outcome_known=False)
