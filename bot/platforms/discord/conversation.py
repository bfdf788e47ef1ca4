"""One interaction and the few ways in which it may be answered, as Discord's HTTP API has them.

The bodies are the same plain dicts that posts are made of, so that one renderer serves both; they go through
discord.py's own adapter, because that is where its stand-ins for tests listen.

Facts: Discord's API reference, Receiving and Responding to Interactions, checked 2026-11-20: the first response within
3 s, once; then edits and further messages for 15 min. Whether it is private is decided by the first response.
"""

import asyncio
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import discord
from discord.http import Route
from discord.webhook.async_ import async_context

from bot.errors import ChatError
from bot.platforms.discord.rest import File, RefusedError

CALL_TIME_S = 10.0
FIRST_TIME_S = 3.0
MESSAGE, THINK, KEEP, SUGGEST, FORM = 4, 5, 6, 8, 9
PRIVATE = 64
type_json = dict[str, Any]


class Conversation:
    """What is said to one person about one act. Every method raises ChatError when it did not get there."""

    def __init__(self, interaction: "discord.Interaction[Any]") -> None:
        self._interaction = interaction

    async def think(self) -> None:
        """Say privately that an answer is coming."""
        await self._first(THINK, {"flags": PRIVATE})

    async def keep(self) -> None:
        """Say that a button was pressed; its message stays as it is until it is edited."""
        await self._first(KEEP, None)

    async def open_form(self, form: type_json) -> None:
        """Open a form. Nothing else may be the first response then."""
        await self._first(FORM, form)

    async def suggest(self, values: Sequence[str]) -> None:
        """Show suggestions."""
        await self._first(SUGGEST, {"choices": [{"name": value, "value": value} for value in values]})

    async def say_at_once(self, body: type_json) -> None:
        """Answer privately as the first response."""
        await self._first(MESSAGE, {**body, "flags": PRIVATE})

    async def answer(self, body: type_json, files: Sequence[File] = ()) -> None:
        """Put this in place of the answer, or of the message whose button was pressed."""
        await self._call("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", body, files)

    async def say(self, body: type_json, *, private: bool) -> str:
        """Say something more, and return the id of the message."""
        flags = {"flags": PRIVATE} if private else {}
        path = "/webhooks/{webhook_id}/{webhook_token}"
        answer = await self._call("POST", path, {**body, **flags}, params={"wait": 1})
        return str(answer["id"])

    async def change(self, message_id: str, body: type_json, files: Sequence[File] = ()) -> None:
        """Change something that was said more."""
        path = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
        await self._call("PATCH", path, body, files, message_id=message_id)

    async def take_back(self) -> None:
        """Take the answer away, or the words that one is coming."""
        await self._call("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", None)

    async def _first(self, kind: int, data: type_json | None) -> None:
        body: type_json = {"type": kind} if data is None else {"type": kind, "data": data}
        route = Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=self._interaction.id,
            webhook_token=self._interaction.token,
        )
        await self._ask(route, body, (), time_s=FIRST_TIME_S)

    async def _call(
        self,
        method: str,
        path: str,
        body: type_json | None,
        files: Sequence[File] = (),
        *,
        params: Mapping[str, Any] | None = None,
        **ids: str,
    ) -> type_json:
        route = Route(
            method,
            path,
            webhook_id=self._interaction.application_id,
            webhook_token=self._interaction.token,
            **ids,
        )
        return await self._ask(route, body, files, params=params, time_s=CALL_TIME_S)

    async def _ask(
        self,
        route: Route,
        body: type_json | None,
        files: Sequence[File],
        *,
        time_s: float,
        params: Mapping[str, Any] | None = None,
    ) -> type_json:
        form = _form(body, files) if files else {"payload": body}
        try:
            async with asyncio.timeout(time_s):
                answer = await async_context.get().request(
                    route, session=self._interaction._session, params=dict(params or {}), **form
                )
        except discord.HTTPException as err:
            sentence = f"Discord refused an answer ({err.status}, code {err.code})."
            raise RefusedError(sentence, status=err.status, code=err.code) from err
        except (TimeoutError, aiohttp.ClientError, OSError) as err:
            raise ChatError(f"An answer was lost ({type(err).__name__}).", outcome_known=False) from err
        return answer if isinstance(answer, dict) else {}


def _form(body: type_json | None, files: Sequence[File]) -> dict[str, Any]:
    """Return what discord.py's adapter sends as a form: the body first, then the files it names."""
    parts: list[dict[str, Any]] = [{"name": "payload_json", "value": json.dumps(body)}]
    opened = [discord.File(io.BytesIO(file.content), filename=file.name) for file in files]
    for number, file in enumerate(opened):
        parts.append(
            {
                "name": f"files[{number}]",
                "value": file.fp,
                "filename": file.filename,
                "content_type": "application/octet-stream",
            }
        )
    return {"multipart": parts, "files": opened}
