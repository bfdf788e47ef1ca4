"""Pictures on their way to Slack: three steps, then waiting until Slack is done with the file.

Facts: Slack, "files.getUploadURLExternal", "files.completeUploadExternal"; the work after step 3 is asynchronous, and a
file is refused in blocks until then: slackapi/python-slack-sdk issues 1277, 1521, 1658. Checked 2026-11-20.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.platforms.slack.calls import called, read
from bot.platforms.slack.refusals import SlackError

LOOKS_S = (0.2, 0.3, 0.5, 0.5, 1.0, 1.0, 1.0, 1.5, 1.5, 2.0)  # 9.5 s in all, within the 10 s a picture has
_LONGEST_ALT = 1000


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and what it shows in words."""

    png: bytes
    alt: str
    name: str = "spend.png"


@dataclass(frozen=True, slots=True)
class Uploads:
    """Brings pictures to Slack. `looks_s`: the waits before each look whether Slack is done."""

    client: AsyncWebClient
    looks_s: Sequence[float] = LOOKS_S

    async def bring(self, picture: Picture) -> str:
        """Upload a picture that nobody sees yet, wait until a message may show it, and return its file id."""
        file_id = await self._send(picture)
        await self._complete(file_id, picture, {})
        if not await self._is_ready(file_id):
            raise SlackError("Slack is still working on the picture.")
        return file_id

    async def share(self, picture: Picture, *, channel: str, thread_ts: str, text: str) -> str:
        """Upload a picture as an answer in a thread; Slack shows it when it is done. Return its file id."""
        file_id = await self._send(picture)
        where = {"channel_id": channel, "thread_ts": thread_ts, "initial_comment": text}
        await self._complete(file_id, picture, where)
        return file_id

    async def _send(self, picture: Picture) -> str:
        """Steps 1 and 2. The first of them takes a form, as do all methods of files: no JSON."""
        body = {
            "filename": picture.name,
            "length": str(len(picture.png)),
            "alt_txt": picture.alt[:_LONGEST_ALT],
        }
        place = await called(lambda: self.client.api_call("files.getUploadURLExternal", data=body))
        url, file_id = place.get("upload_url"), place.get("file_id")
        if not isinstance(url, str) or not isinstance(file_id, str):
            raise SlackError("Slack named no place for the picture.")
        await self._put(url, picture.png)
        return file_id

    async def _complete(self, file_id: str, picture: Picture, where: dict[str, str]) -> None:
        """Step 3."""
        body = {"files": json.dumps([{"id": file_id, "title": picture.name}]), **where}
        await called(lambda: self.client.api_call("files.completeUploadExternal", data=body))

    async def _put(self, url: str, png: bytes) -> None:
        """Step 2. A picture that did not arrive is seen by nobody, so its outcome is always known."""
        timeout = aiohttp.ClientTimeout(total=self.client.timeout)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(url, data=png, proxy=self.client.proxy) as response,
            ):
                if response.status != 200:
                    raise SlackError(f"Slack answered {response.status} to the picture.")
        except (aiohttp.ClientError, OSError, ValueError) as err:  # TimeoutError is an OSError
            raise SlackError(f"The picture did not arrive ({type(err).__name__}).") from None

    async def _is_ready(self, file_id: str) -> bool:
        """Look until Slack knows the file's type, which it does when its work on it is done."""
        for wait_s in (0.0, *self.looks_s):
            await asyncio.sleep(wait_s)
            answer = await read(lambda: self.client.api_call("files.info", data={"file": file_id}))
            if (answer.get("file") or {}).get("mimetype"):
                return True
        return False
