"""The server: one port for the Web API, uploads, response URLs and Socket Mode, and what people do there."""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.canaries import watch
from tests.fakes.slack import acts, files, responses
from tests.fakes.slack.acts import Act
from tests.fakes.slack.faults import FAILING, Fault, Faults, answer_of
from tests.fakes.slack.sockets import ACK_S, Sockets
from tests.fakes.slack.web_api import FORMS_ONLY, METHODS, RefusedError, change_view, shown
from tests.fakes.slack.world import GENERAL, Call, Message, Modal, World, type_json

MIRA, DANA = "U0MIRAOKA", "U0DANAWEI"


@dataclass
class FakeSlack:
    """A Slack with one app installed. `request_url`: where it sends acts in HTTP mode; '' = Socket Mode."""

    world: World = field(default_factory=World)
    faults: Faults = field(default_factory=Faults)
    request_url: str = ""
    port: int = 0
    url: str = ""
    sockets: Sockets = field(init=False)
    _runner: web.AppRunner | None = None

    def __post_init__(self) -> None:
        self.sockets = Sockets(self.world)

    @property
    def api_url(self) -> str:
        """What SPENDBOT_SLACK_API_URL is set to."""
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._web_api)
        app.router.add_post("/upload/{file}", self._upload)
        app.router.add_post("/respond/{name:.+}", self._respond)
        app.router.add_get("/link", self.sockets.serve)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        watch.belongs(self.url, "slack")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.sockets.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    def fail(self, method: str, kind: str, *, times: int = 1, **more: Any) -> None:
        """Let the next calls of a method fail; see Fault."""
        self.faults.waiting.append(Fault(method, kind, times, **more))

    async def command(
        self, text: str, *, command: str = "/spend", user: str = MIRA, channel: str = GENERAL
    ) -> Act:
        """Type a command; return it once it is acknowledged or 3 s have passed."""
        url = self._response_url(channel, user)
        place = self.world.channels[channel]
        return await self.bring(acts.slash(self.world, command, text, self.world.people[user], place, url))

    async def press(self, where: Message | Modal | str, label: str, *, user: str = MIRA) -> Act:
        """Press a button on a message, on a modal, or (the person's id) on their Home tab."""
        person = self.world.people[user]
        if isinstance(where, Modal):
            return await self.bring(acts.press_on_view(self.world, shown(self.world, where), label, person))
        if isinstance(where, str):
            view = {**self.world.homes[where][-1], "id": "V0HOME", "hash": "1"}
            return await self.bring(acts.press_on_view(self.world, view, label, person))
        url = self._response_url(where.channel, user, where)
        place = self.world.channels[where.channel]
        return await self.bring(acts.press_on_message(self.world, where, label, person, place, url))

    async def submit(self, modal: Modal, values: dict[str, str], *, user: str = MIRA) -> Act:
        """Send a form, and do to it what the app's ack says."""
        act = await self.bring(acts.submission(self.world, modal, values, self.world.people[user]))
        ack = act.ack
        if ack is None:
            return act
        modal.errors = dict(ack.get("errors", {})) if ack.get("response_action") == "errors" else {}
        if ack.get("response_action") == "update":
            change_view(self.world, modal, ack["view"])
        elif ack.get("response_action") in (None, "clear"):
            modal.is_open = False
        await self.world.note_change()
        return act

    async def open_home(self, user: str = MIRA) -> Act:
        """Open the app's Home tab."""
        return await self.event({"type": "app_home_opened", "user": user, "channel": "D1", "tab": "home"})

    async def event(self, body: type_json) -> Act:
        """Tell the app of an event."""
        return await self.bring(acts.event(self.world, body))

    async def bring(self, act: Act, *, retry: int = 0) -> Act:
        """Bring an act to the app, again if need be, and wait for its ack for 3 s."""
        await (self._post(act, retry) if self.request_url else self._send(act, retry))
        if act.ack is None and act.kind != acts.EVENTS:
            user = act.payload.get("user_id") or act.payload["user"]["id"]
            self.world.refusals_shown.append((user, "operation_timeout"))
        return act

    async def _send(self, act: Act, retry: int) -> None:
        envelope = await self.sockets.send(act.kind, act.payload, retry=retry)
        try:
            async with asyncio.timeout(ACK_S):
                act.ack = await asyncio.shield(envelope.acked)
                act.took_s = envelope.took_s
        except TimeoutError:
            act.ack = None

    async def _post(self, act: Act, retry: int) -> None:
        kind, body = acts.as_http_body(act)
        headers = {"Content-Type": kind, **self.signed(body)}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        began = time.monotonic()
        timeout = aiohttp.ClientTimeout(total=ACK_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(self.request_url, data=body.encode(), headers=headers) as response,
            ):
                act.statuses.append(response.status)
                text = await response.text()
                if response.status == 200:
                    act.took_s = time.monotonic() - began
                    act.ack = json.loads(text) if text.startswith("{") else {}
        except (TimeoutError, aiohttp.ClientError):
            act.statuses.append(0)

    def signed(self, body: str, *, at: float | None = None) -> dict[str, str]:
        """Return the headers that prove a body comes from here."""
        moment = str(int(self.world.clock.now() if at is None else at))
        digest = hmac.new(
            self.world.signing_secret.encode(), f"v0:{moment}:{body}".encode(), hashlib.sha256
        ).hexdigest()
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}

    def _response_url(self, channel: str, user: str, original: Message | None = None) -> str:
        return f"{self.url}/respond/{responses.new_response_url(self.world, channel, user, original)}"

    async def _web_api(self, request: web.Request) -> web.StreamResponse:
        method, arguments, token = request.match_info["method"], *(await _arguments(request))
        call = Call(method, arguments, self.world.clock.now())
        self.world.calls.append(call)
        fault = self.faults.take(method)
        if fault is not None:
            call.outcome = fault.kind
        try:
            if fault is not None and fault.name not in FAILING:
                raise RefusedError(fault.name, **fault.detail)
            if fault is None or fault.is_taken:
                answer = {"ok": True, **self._do(method, arguments, token)}
                call.outcome = call.outcome or "ok"
        except RefusedError as err:
            call.outcome = call.outcome or err.error
            answer = {"ok": False, "error": err.error, **err.more}
        await self.world.note_change()
        if fault is not None and fault.name in FAILING:
            return await _failed(fault, request)
        return web.json_response(answer, headers={"x-oauth-scopes": ",".join(self.world.scopes)})

    def _do(self, method: str, arguments: type_json, token: str) -> type_json:
        world = self.world
        if method == "apps.connections.open":
            if token != world.app_token:
                raise RefusedError("invalid_auth" if token.startswith("xapp-") else "not_allowed_token_type")
            return {
                "url": f"ws://127.0.0.1:{self.port}/link?ticket={self.sockets.new_ticket()}&app_id=A0SPENDBOT"
            }
        if not token:
            raise RefusedError("not_authed")
        if token != world.bot_token:
            raise RefusedError("invalid_auth")
        if method == "files.getUploadURLExternal":
            self._need("files:write")
            return files.upload_url(world, arguments, f"{self.url}/upload")
        if method == "files.completeUploadExternal":
            self._need("files:write")
            return files.complete_upload(world, arguments)
        if method == "files.info":
            self._need("files:read")
            return files.file_info(world, arguments)
        if method not in METHODS:
            raise RefusedError("unknown_method")
        act, scope = METHODS[method]
        self._need(scope)
        return act(world, arguments)

    def _need(self, scope: str) -> None:
        if scope and scope not in self.world.scopes:
            raise RefusedError("missing_scope", needed=scope, provided=",".join(self.world.scopes))

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await _bytes(request)
        fault = self.faults.take("upload")
        if fault is not None:
            return await _failed(fault, request)
        if not files.take_bytes(self.world, request.match_info["file"], content):
            return web.Response(status=400, text="bad upload")
        await self.world.note_change()
        return web.Response(text=f"OK - {len(content)}")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.take("response_url")
        body = await request.json()
        name = request.match_info["name"]
        self.world.calls.append(Call("response_url", {**body, "name": name}, self.world.clock.now()))
        if fault is not None and not fault.is_taken:
            return await _failed(fault, request)
        try:
            responses.respond(self.world, name, body)
        except RefusedError as err:
            return web.Response(status=404 if "url" in err.error else 400, text=err.error)
        await self.world.note_change()
        return await _failed(fault, request) if fault is not None else web.Response(text="ok")


async def _arguments(request: web.Request) -> tuple[type_json, str]:
    """Return a call's arguments and its token, from wherever the client put them."""
    arguments: type_json = dict(request.query)
    reads_json = request.match_info["method"] not in FORMS_ONLY
    if request.content_type == "application/json" and reads_json:
        arguments |= await request.json()
    elif request.content_type == "application/x-www-form-urlencoded":
        arguments |= {name: str(value) for name, value in (await request.post()).items()}
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return arguments, str(arguments.pop("token", "") or token)


async def _bytes(request: web.Request) -> bytes:
    """Return an upload's bytes: the body as it is, or the first part of a form."""
    if request.content_type != "multipart/form-data":
        return await request.read()
    part = await (await request.multipart()).next()
    return await part.read() if isinstance(part, aiohttp.BodyPartReader) else b""


async def _failed(fault: Fault, request: web.Request) -> web.StreamResponse:
    answer = answer_of(fault, request)
    if answer is None and fault.name == "silent":
        await asyncio.get_running_loop().create_future()
    return answer or web.Response(status=400, text=fault.name)
