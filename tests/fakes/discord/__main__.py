"""This Discord as a process of its own: `python -m tests.fakes.discord --seconds 60`.

Its first line on standard output is a JSON object with `api_url`, `token`, `guild` and `control_url`. There POST
/slash, /typing, /press, /submit, /fail, /reconnect, /drop, /leave and /outage take JSON with the arguments of Discord's
methods, and GET /seen answers with all that people see. It ends by itself after so many seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.fakes.discord.acts import Act
from tests.fakes.discord.server import Discord
from tests.fakes.discord.world import GUILD_ID, type_body
from tests.fakes.standalone import serve_control, words_of


def seen(discord: Discord) -> type_body:
    """Return all that people see, as JSON."""
    world = discord.world
    return {
        "messages": [
            {
                "id": m.id,
                "channel": m.channel,
                "only_for": m.only_for,
                "answers": m.answers,
                "text": m.text,
                "buttons": [button.get("label", "") for button in m.buttons],
                "pictures": [each.filename for each in m.attachments],
                "versions": len(m.bodies),
                "nonce": m.nonce,
            }
            for m in world.messages
            if not m.is_thinking
        ],
        "acts": [told(act) for act in discord.acts.values()],
        "calls": world.calls,
        "refused": world.refused,
        "syncs": world.syncs,
        "identifies": discord.gateway.identifies,
        "resumes": discord.gateway.resumes,
    }


def told(act: Act) -> type_body:
    """Return what became of an act, as JSON."""
    return {
        "id": act.id,
        "first": act.first,
        "took_s": act.took_s,
        "text": act.text,
        "more": [message.text for message in act.more],
        "modal": act.modal,
        "choices": act.choices,
        "refusals": act.refusals,
    }


class Control:
    """Does what it is told over HTTP."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._other: dict[str, Callable[..., Awaitable[None]]] = {
            "reconnect": discord.gateway.ask_to_reconnect,
            "drop": discord.gateway.drop,
            "invalidate": discord.gateway.invalidate,
            "leave": discord.leave,
            "outage": discord.outage,
        }

    async def act(self, request: web.Request) -> web.Response:
        """Do one thing; answer with what became of it once the bot said something."""
        body, what = await request.json() if request.can_read_body else {}, request.match_info["what"]
        discord = self._discord
        if what == "fail":
            discord.faults.add(body["kind"], *body["faults"])
        elif what in self._other:
            await self._other[what](**body)
        else:
            act = await self._person(what, body)
            await act.acknowledged()
            return web.json_response(told(act))
        return web.json_response({})

    async def _person(self, what: str, body: type_body) -> Act:
        discord = self._discord
        if what == "slash":
            return await discord.slash(body.pop("words"), **body)
        if what == "typing":
            return await discord.typing(body.pop("words"), body.pop("focused"), **body)
        if what == "press":
            message = discord.world.message(body.pop("message"))
            assert message is not None
            return await discord.press(message, body.pop("label"), **body)
        act = next(act for act in discord.acts.values() if act.id == body["act"])
        return await discord.submit(act, **body["values"])

    async def seen(self, _request: web.Request) -> web.Response:
        """Answer with all that people see."""
        return web.json_response(seen(self._discord))


async def run(port: int, control_port: int, seconds: float) -> None:
    """Serve for so many seconds."""
    async with Discord(port=port) as discord:
        control = Control(discord)
        about = {"api_url": discord.url, "token": discord.token, "guild": GUILD_ID}
        await serve_control(control_port, act=control.act, seen=control.seen, about=about, seconds=seconds)


def main() -> None:
    """Read the words of the command line."""
    said = words_of(__doc__).parse_args()
    asyncio.run(run(said.port, said.control_port, said.seconds))


if __name__ == "__main__":
    main()
