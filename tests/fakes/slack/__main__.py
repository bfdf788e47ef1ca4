"""This Slack as a process of its own: `python -m tests.fakes.slack --seconds 60`.

Its first line on standard output is a JSON object with `api_url`, `control_url` and the tokens. The control page takes
POST /command, /press, /submit, /home, /event, /fail, /reconnect as JSON with the arguments of FakeSlack's methods, and
answers GET /seen with all that people see. It ends by itself after so many seconds.
"""

import asyncio

from aiohttp import web

from tests.fakes.slack.acts import Act
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.world import Message, Modal, type_json
from tests.fakes.standalone import serve_control, words_of


def seen(slack: FakeSlack) -> type_json:
    """Return all that people see, as JSON."""
    world = slack.world
    return {
        "messages": [
            {
                "ts": m.ts,
                "channel": m.channel,
                "only_for": m.only_for,
                "thread_ts": m.thread_ts,
                "text": m.text,
            }
            | {"words": m.words, "pictures": m.pictures, "versions": len(m.versions), "deleted": m.is_deleted}
            for m in world.messages
        ],
        "modals": [
            {"id": m.id, "user": m.user, "is_open": m.is_open, "words": m.words, "errors": m.errors}
            for m in world.modals.values()
        ],
        "homes": {user: len(views) for user, views in world.homes.items()},
        "calls": [{"method": c.method, "outcome": c.outcome} for c in world.calls],
        "refusals": world.refusals_shown,
    }


class Control:
    """Does what it is told over HTTP."""

    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    async def act(self, request: web.Request) -> web.Response:
        """Do one thing and answer with its ack."""
        body, what = await request.json() if request.can_read_body else {}, request.match_info["what"]
        slack = self._slack
        if what == "fail":
            slack.fail(**body)
        elif what == "reconnect":
            await slack.sockets.ask_to_reconnect()
        elif what in ("press", "submit"):
            target = self._target(body.pop("on"))
            act = await (slack.press if what == "press" else slack.submit)(target, **body)  # type: ignore[operator]
            return _told(act)
        else:
            does = {"command": slack.command, "home": slack.open_home, "event": slack.event}[what]
            return _told(await does(**body))  # type: ignore[operator]
        return web.json_response({})

    async def seen(self, _request: web.Request) -> web.Response:
        """Answer with all that people see."""
        return web.json_response(seen(self._slack))

    def _target(self, name: str) -> Message | Modal | str:
        world = self._slack.world
        return world.modals.get(name) or next((m for m in world.messages if m.ts == name), name)


def _told(act: Act) -> web.Response:
    return web.json_response({"ack": act.ack, "took_s": act.took_s, "statuses": act.statuses})


async def run(port: int, control_port: int, request_url: str, seconds: float) -> None:
    """Serve for so many seconds."""
    async with FakeSlack(request_url=request_url, port=port) as slack:
        control, world = Control(slack), slack.world
        about = {
            "api_url": slack.api_url,
            "bot_token": world.bot_token,
            "app_token": world.app_token,
            "signing_secret": world.signing_secret,
        }
        await serve_control(control_port, act=control.act, seen=control.seen, about=about, seconds=seconds)


def main() -> None:
    """Read the words of the command line."""
    parser = words_of(__doc__)
    parser.add_argument(
        "--request-url", default="", help="where acts are sent in HTTP mode; Socket Mode if not set"
    )
    said = parser.parse_args()
    asyncio.run(run(said.port, said.control_port, said.request_url, said.seconds))


if __name__ == "__main__":
    main()
