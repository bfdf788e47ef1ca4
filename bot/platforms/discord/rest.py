"""Requests to Discord's REST API that do not hang, do not repeat themselves and do not wait in secret.

discord.py's own client waits out every 429 and repeats a 5xx five times behind one lock per channel; a delivery must
hear of both at once (design 3.2), so posts go through this one. Every call ends within its deadline as an answer or
as a ChatError that says whether the message may be there.

Facts: Discord's API reference, Error codes and Rate Limits, checked 2026-11-20.
"""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.errors import ChatError
from bot.platforms.discord.pace import Pace, bucket_of

DISCORD_API = "https://discord.com/api/v10"
DEADLINE_S = 12.0  # below the 15 s that a delivery waits for its platform
SHORT_WAIT_S = 2.0
USER_AGENT = "DiscordBot (self-hosted spendbot, 1.0)"  # the form Discord asks for
UNKNOWN_MESSAGE, UNKNOWN_CHANNEL, NO_ACCESS, NO_RIGHT, NO_DMS = 10008, 10003, 50001, 50013, 50007
BAD_REQUEST = 400
WRONG_TOKEN = "Discord refuses the token (401). Set the bot's in SPENDBOT_DISCORD_TOKEN and start again."  # noqa: S105
type_json = Any


@dataclass(frozen=True, slots=True)
class File:
    """A file that travels with a message."""

    name: str
    content: bytes


class RefusedError(ChatError):
    """Discord refused it for good. `status` and `code` are Discord's; closes_channel: nothing can be posted there."""

    def __init__(self, sentence: str, *, status: int, code: int, closes_channel: bool = False) -> None:
        super().__init__(sentence, permanent=True)
        self.status = status
        self.code = code
        self.closes_channel = closes_channel


class Rest:
    """One client for one bot token. Nothing is opened before the first call."""

    def __init__(
        self,
        token: str,
        api_url: str = DISCORD_API,
        *,
        deadline_s: float = DEADLINE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._token = token
        self._api_url = api_url.rstrip("/")
        self._deadline_s = deadline_s
        self._clock = clock
        self._pace = Pace()
        self._session: aiohttp.ClientSession | None = None
        self.token_refused = False

    async def call(
        self, method: str, path: str, *, body: type_json = None, files: Sequence[File] = ()
    ) -> type_json:
        """Ask Discord and return its JSON. Raises ChatError, RefusedError where it is permanent.

        After a 401 nothing is asked any more: the token is wrong until someone sets another and starts again.
        """
        if self.token_refused:
            raise _wrong_token()
        bucket = bucket_of(method, path)
        await self._take_turn(bucket)
        status, headers, text = await self._ask(method, path, body, files)
        answer = _json(text)
        wait_s = self._pace.learn(bucket, status, headers, answer, self._clock())
        if wait_s is not None:
            raise ChatError("Discord asks to slow down.", retry_after_s=wait_s)
        if status < 300:
            return answer
        if status == 401:
            self.token_refused = True
        raise _error(status, answer)

    async def close(self) -> None:
        """Close its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _take_turn(self, bucket: str) -> None:
        """Wait where Discord asked for a moment; for longer, say so instead, so that nobody waits behind it."""
        wait_s = self._pace.wait_s(bucket, self._clock())
        if wait_s > SHORT_WAIT_S:
            raise ChatError("Discord asks to slow down.", retry_after_s=wait_s)
        if wait_s:
            await asyncio.sleep(wait_s)

    async def _ask(
        self, method: str, path: str, body: type_json, files: Sequence[File]
    ) -> tuple[int, dict[str, str], str]:
        headers = {"Authorization": f"Bot {self._token}", "User-Agent": USER_AGENT}
        try:
            async with self._open().request(
                method,
                self._api_url + path,
                headers=headers,
                data=_payload(body, files),
                allow_redirects=False,
            ) as response:
                return response.status, dict(response.headers), await response.text(errors="replace")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as err:
            raise ChatError("Discord cannot be reached.") from err
        except TimeoutError as err:
            raise ChatError("Discord did not answer in time.", outcome_known=False) from err
        except (aiohttp.ClientError, OSError) as err:
            raise ChatError("The connection to Discord broke.", outcome_known=False) from err

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=self._deadline_s, sock_connect=self._deadline_s / 2)
            self._session = aiohttp.ClientSession(
                timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session


def _payload(body: type_json, files: Sequence[File]) -> aiohttp.FormData | aiohttp.JsonPayload | None:
    """Return what is sent: JSON, or with files a form whose first part is the JSON."""
    if body is None:
        return None
    if not files:
        return aiohttp.JsonPayload(body)
    form = aiohttp.FormData(quote_fields=False)  # Discord does not read `files%5B0%5D`
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    for number, file in enumerate(files):
        form.add_field(
            f"files[{number}]", file.content, filename=file.name, content_type="application/octet-stream"
        )
    return form


def _json(text: str) -> type_json:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _error(status: int, answer: type_json) -> ChatError:
    """Turn a refusal into what follows from it. A page instead of JSON comes from a proxy before Discord."""
    if status >= 500:
        return ChatError(f"Discord answered {status}.", outcome_known=False)
    if status == 401:
        return _wrong_token()
    code = answer.get("code", 0) if isinstance(answer, dict) else -1
    if status == 403 and code >= 0:
        return RefusedError(_forbidden(code), status=status, code=code, closes_channel=True)
    if status == 404 and code >= 0:
        is_message = code == UNKNOWN_MESSAGE
        sentence = (
            "The message was deleted."
            if is_message
            else "The channel is gone, or spendbot was removed there."
        )
        return RefusedError(sentence, status=status, code=code, closes_channel=not is_message)
    if code >= 0:
        return RefusedError(f"Discord refused it ({status}, code {code}).", status=status, code=code)
    return ChatError(f"Discord answered {status}.")


def _forbidden(code: int) -> str:
    if code == NO_DMS:
        return "This person takes no direct messages from spendbot."
    if code == NO_ACCESS:
        return "spendbot cannot see this channel. Give it View Channel there."
    return "spendbot may not post in this channel. Give it Send Messages, Embed Links and Attach Files there."


def _wrong_token() -> RefusedError:
    return RefusedError(WRONG_TOKEN, status=401, code=0)
