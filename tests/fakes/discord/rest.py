"""The REST half of the loopback Discord: channels, messages, commands, and the answers to what people did."""

import json
import time
from typing import Any

from aiohttp import web

from tests.canaries import watch
from tests.fakes.discord.acts import ANSWER_WITHIN_S, FORM, TOKEN_LIVES_S, TYPING, Act, as_message
from tests.fakes.discord.faults import REFUSALS, Faults, after, before, refusal, reply
from tests.fakes.discord.limits import wrong_choices, wrong_message, wrong_modal
from tests.fakes.discord.world import APP_ID, BOT_ID, BOT_ROLE, Attachment, Message, World, type_body

EPHEMERAL = 64
BODY = web.RequestKey("body", object)
SEND, ATTACH = 1 << 11, 1 << 15
MESSAGE, THINK, LEAVE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
BOT = {"id": BOT_ID, "username": "spendbot", "discriminator": "0", "avatar": None, "bot": True, "flags": 0}
KINDS = {
    ("POST", "messages"): "post",
    ("PATCH", "messages"): "edit",
    ("GET", "messages"): "find",
    ("POST", "callback"): "callback",
    ("PUT", "commands"): "commands",
    ("GET", "@me"): "login",
}


class Rest:
    """The handlers. `gateway_url` is set once the server listens."""

    def __init__(self, world: World, faults: Faults, acts: dict[str, Act], token: str) -> None:
        self.world, self.faults, self.acts, self.token = world, faults, acts, token
        self.gateway_url = ""
        self.identifies_left = 1000
        self.application_has: type_body = {}

    def routes(self) -> list[web.RouteDef]:
        """Return every route, below /api/v10."""
        table = [
            ("GET", "/users/@me", self.me),
            ("POST", "/users/@me/channels", self.open_dm),
            ("GET", "/gateway/bot", self.gateway),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/applications/@me", self.application),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/guilds/{guild}/members/{user}", self.member),
            ("GET", "/channels/{channel}", self.channel),
            ("GET", "/channels/{channel}/messages", self.history),
            ("POST", "/channels/{channel}/messages", self.post),
            ("PATCH", "/channels/{channel}/messages/{message}", self.edit),
            ("GET", "/applications/{app}/commands", self.list_commands),
            ("PUT", "/applications/{app}/commands", self.put_commands),
            ("POST", "/interactions/{id}/{token}/callback", self.callback),
            ("POST", "/webhooks/{app}/{token}", self.follow_up),
            ("GET", "/webhooks/{app}/{token}/messages/{message}", self.get_answer),
            ("PATCH", "/webhooks/{app}/{token}/messages/{message}", self.edit_answer),
            ("DELETE", "/webhooks/{app}/{token}/messages/{message}", self.delete_answer),
        ]
        return [web.route(method, f"/api/v10{path}", handler) for method, path, handler in table]

    @web.middleware
    async def door(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """Count, check the token, and let the faults that are asked for happen."""
        path = request.path.removeprefix("/api/v10")
        if path.startswith(("/gateway-socket", "/control")):
            return await handler(request)
        self.world.calls.append((request.method, path))
        is_hook = path.startswith(("/webhooks", "/interactions"))
        fault = self.faults.next(_kind(request.method, path))
        answer = await before(fault, request)
        if answer is None and not is_hook and request.headers.get("Authorization") != f"Bot {self.token}":
            answer = refusal(*REFUSALS["401"])
        if answer is None:
            answer = await handler(request)
            await self.world.changed()
            answer = await after(fault, request) or answer
        if answer.status in (401, 403, 429):
            self.world.refused += 1
        if BODY in request:
            self.world.sent.append((request.method, path, request[BODY]))
        await self.world.changed()
        return answer

    async def me(self, _request: web.Request) -> web.Response:
        return reply(BOT)

    async def application(self, _request: web.Request) -> web.Response:
        owner = {**BOT, "id": "840000000000000001", "username": "owner", "bot": False}
        body = {"id": APP_ID, "name": "spendbot", "icon": None, "description": "", "bot_public": False}
        more = {"bot_require_code_grant": False, "verify_key": "0" * 64, "flags": 0, "owner": owner}
        return reply({**body, **more, "team": None, "summary": "", "rpc_origins": [], **self.application_has})

    async def gateway(self, _request: web.Request) -> web.Response:
        limit = {"total": 1000, "remaining": self.identifies_left, "reset_after": 1000, "max_concurrency": 1}
        return reply({"url": self.gateway_url, "shards": 1, "session_start_limit": limit})

    async def guild(self, request: web.Request) -> web.Response:
        guild = self.world.guilds.get(request.match_info["guild"])
        if guild is None or not guild.is_here:
            return refusal(404, 10004, "Unknown Guild")
        roles = [
            {"id": guild.id, "name": "@everyone", "permissions": str(guild.everyone_may)},
            {"id": BOT_ROLE, "name": "spendbot", "permissions": str(guild.bot_may)},
        ]
        return reply({"id": guild.id, "name": guild.name, "features": [], "roles": roles})

    async def member(self, request: web.Request) -> web.Response:
        guild = self.world.guilds.get(request.match_info["guild"])
        if guild is None or request.match_info["user"] != BOT_ID:
            return refusal(404, 10007, "Unknown Member")
        return reply({"user": BOT, "nick": None, "roles": [BOT_ROLE]})

    async def open_dm(self, request: web.Request) -> web.Response:
        user = str((await request.json())["recipient_id"])
        if not user.isdecimal():
            return refusal(400, 50035, "Invalid Form Body")
        return reply({"id": self.world.dm(user), "type": 1, "recipients": []})

    async def channel(self, request: web.Request) -> web.Response:
        channel = self.world.channel(request.match_info["channel"])
        if channel is None:
            return refusal(*REFUSALS["404"])
        if not channel.can_see:
            return refusal(403, 50001, "Missing Access")
        about = {"id": channel.id, "type": 0, "name": channel.name}
        guild = self.world.guild_of(channel.id)
        if guild is None:
            return reply(about)
        refused = SEND * (not channel.can_write) | ATTACH * (not channel.can_attach)
        rule = {"id": guild.id, "type": 0, "allow": "0", "deny": str(refused)}
        return reply({**about, "guild_id": guild.id, "permission_overwrites": [rule, *channel.exceptions]})

    async def history(self, request: web.Request) -> web.Response:
        channel = self.world.channel(request.match_info["channel"])
        if channel is None:
            return refusal(*REFUSALS["404"])
        limit, mark = int(request.query.get("limit", "50")), int(request.query.get("before", "0"))
        mine = [m for m in self.world.messages if m.channel == channel.id and not m.only_for]
        mine = [m for m in mine if not mark or int(m.id) < mark]
        return reply([as_message(self.world, m) for m in reversed(mine[-limit:])])

    async def post(self, request: web.Request) -> web.Response:
        channel = self.world.channel(request.match_info["channel"])
        if channel is None:
            return refusal(*REFUSALS["404"])
        if not channel.can_write:
            return refusal(*REFUSALS["403"])
        body, files = await read_body(request)
        if problem := wrong_message(body):
            return refusal(400, 50035, problem)
        nonce = str(body.get("nonce") or "")
        if len(nonce) > 25:
            return refusal(400, 50035, "nonce: Must be 25 or fewer in length.")
        if body.get("enforce_nonce") and nonce and (first := self.world.repeat_of(nonce)):
            return reply(as_message(self.world, first))
        reference = body.get("message_reference") or {}
        answers = str(reference.get("message_id") or "")
        if answers and self.world.message(answers) is None:
            if reference.get("fail_if_not_exists", True):
                return refusal(400, 50035, "message_reference: Unknown message")
            answers = ""
        if files and not channel.can_attach:
            return refusal(*REFUSALS["403"])
        message = Message(self.world.new_id(), channel.id, nonce, answers=answers)
        show(message, body, files)
        return reply(as_message(self.world, self.world.add(message)))

    async def edit(self, request: web.Request) -> web.Response:
        channel = self.world.channel(request.match_info["channel"])
        message = self.world.message(request.match_info["message"])
        if channel is None:
            return refusal(*REFUSALS["404"])
        if message is None or message.channel != channel.id:
            return refusal(*REFUSALS["404 message"])
        return await self._change(message, request)

    async def list_commands(self, _request: web.Request) -> web.Response:
        return reply(self.world.commands)

    async def put_commands(self, request: web.Request) -> web.Response:
        self.world.syncs += 1
        self.world.commands = [{**each, "id": self.world.new_id()} for each in (await read_body(request))[0]]
        return reply(self.world.commands)

    async def callback(self, request: web.Request) -> web.Response:
        act = self.acts.get(request.match_info["token"])
        if act is None or act.id != request.match_info["id"]:
            return refusal(404, 10062, "Unknown interaction")
        refused = await self._first_response(act, request)
        if refused:
            act.refusals.append(refused)
            return refusal(*refused)
        return web.Response(status=204)

    async def _first_response(self, act: Act, request: web.Request) -> tuple[int, int, str] | None:
        if act.first:
            return 400, 40060, "Interaction has already been acknowledged."
        took_s = time.monotonic() - act.at
        if took_s > ANSWER_WITHIN_S:
            return 404, 10062, "Unknown interaction"
        body, files = await read_body(request)
        kind, data = int(body["type"]), body.get("data") or {}
        is_typing = act.payload["type"] == TYPING
        if is_typing != (kind == CHOICES) or (kind == MODAL and act.payload["type"] == FORM):
            return 400, 50035, "type: not a response to this kind of interaction"
        checks = {MODAL: wrong_modal, MESSAGE: wrong_message, UPDATE: wrong_message}
        problem = wrong_choices(data["choices"]) if kind == CHOICES else checks.get(kind, lambda _: "")(data)
        if problem:
            return 400, 50035, problem
        act.first, act.took_s = kind, took_s
        if kind in (MESSAGE, THINK):
            message = self._new_answer(act, data, is_thinking=kind == THINK)
            act.original = message.id
            if kind == MESSAGE:
                show(message, data, files)
        elif kind in (UPDATE, LEAVE):
            act.original = str(act.payload["message"]["id"])
            shown = self.world.message(act.original)
            if kind == UPDATE and shown:
                show(shown, data, files)
        elif kind == MODAL:
            act.modal = data
        else:
            act.choices = data["choices"]
        return None

    def _new_answer(self, act: Act, data: type_body, *, is_thinking: bool = False) -> Message:
        only_for = act.user if int(data.get("flags") or 0) & EPHEMERAL else ""
        message = Message(self.world.new_id(), act.channel, only_for=only_for, is_thinking=is_thinking)
        return self.world.add(message)

    async def follow_up(self, request: web.Request) -> web.Response:
        act = self._living(request)
        if act is None:
            return refusal(401, 50027, "Invalid Webhook Token")
        body, files = await read_body(request)
        if problem := wrong_message(body):
            return refusal(400, 50035, problem)
        waiting = self.world.message(act.original) if act.original else None
        if waiting is not None and waiting.is_thinking:
            show(waiting, body, files)
            return reply(as_message(self.world, waiting))
        message = self._new_answer(act, body)
        show(message, body, files)
        act.followups.append(message.id)
        return reply(as_message(self.world, message))

    async def get_answer(self, request: web.Request) -> web.Response:
        message = self._answer(request)
        return reply(as_message(self.world, message)) if message else refusal(*REFUSALS["404 message"])

    async def edit_answer(self, request: web.Request) -> web.Response:
        if self._living(request) is None:
            return refusal(401, 50027, "Invalid Webhook Token")
        message = self._answer(request)
        return await self._change(message, request) if message else refusal(*REFUSALS["404 message"])

    async def delete_answer(self, request: web.Request) -> web.Response:
        message = self._answer(request)
        if message is None:
            return refusal(*REFUSALS["404 message"])
        self.world.messages.remove(message)
        return web.Response(status=204)

    def _living(self, request: web.Request) -> Act | None:
        act = self.acts.get(request.match_info["token"])
        return act if act and act.first and time.monotonic() - act.at < TOKEN_LIVES_S else None

    def _answer(self, request: web.Request) -> Message | None:
        act, wanted = self._living(request), request.match_info["message"]
        if act is None:
            return None
        return self.world.message(act.original if wanted == "@original" else wanted)

    async def _change(self, message: Message, request: web.Request) -> web.Response:
        body, files = await read_body(request)
        if problem := wrong_message(body):
            return refusal(400, 50035, problem)
        show(message, body, files)
        return reply(as_message(self.world, message))


def _kind(method: str, path: str) -> str:
    if path.startswith("/webhooks"):
        return "answer"
    parts = path.strip("/").split("/")
    found = KINDS.get((method, parts[-1])) or (KINDS.get((method, parts[-2])) if len(parts) > 1 else None)
    return found or "other"


async def read_body(request: web.Request) -> tuple[type_body, dict[str, bytes]]:
    """Return the JSON of a request and its files by the number Discord gives them."""
    if not request.content_type.startswith("multipart/"):
        request[BODY] = await request.json()
        return request[BODY], {}
    body: type_body = {}
    files: dict[str, bytes] = {}
    async for part in await request.multipart():
        content = bytes(await part.read())
        if part.name == "payload_json":
            watch.look("a message to Discord", content)
            body = request[BODY] = json.loads(content)
        else:
            files[str(part.name).removeprefix("files[").removesuffix("]")] = content
    return body, files


def show(message: Message, body: type_body, files: dict[str, bytes]) -> None:
    """Let a message say this from now on; what an edit does not name stays as it was.

    `attachments` names those that stay and those that come; without it, old ones stay and new ones are added.
    """
    named = body.get("attachments")
    old = {each.id: each for each in message.attachments}
    kept = list(old.values()) if named is None else [old[str(a["id"])] for a in named if str(a["id"]) in old]
    new = []
    for number, content in files.items():
        about = next((a for a in named or () if str(a["id"]) == number), {})
        name = about.get("filename", f"file{number}")
        new.append(Attachment(f"{message.id}{number}", name, about.get("description") or "", content))
    message.attachments = kept + new
    message.bodies.append({**message.body, **{k: v for k, v in body.items() if k != "attachments"}})
    message.is_thinking = False
