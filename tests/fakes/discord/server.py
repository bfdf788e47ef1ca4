"""The loopback Discord as one thing: start it, point SPENDBOT_DISCORD_API_URL at `url`, act as people, look at it."""

from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.canaries import watch
from tests.fakes.discord.acts import (
    COMMAND,
    FORM,
    PRESS,
    TYPING,
    Act,
    command_data,
    interaction,
    resolved_channels,
)
from tests.fakes.discord.faults import Faults
from tests.fakes.discord.gateway import Gateway, guild_payload
from tests.fakes.discord.rest import Rest
from tests.fakes.discord.world import AI_SPEND, GUILD_ID, MIRA, TOKEN, Guild, Message, World, type_body


class Discord:
    """Discord, on loopback. `world` is what people see; `faults` what goes wrong next; `gateway` the websocket."""

    def __init__(self, token: str = TOKEN, *, port: int = 0) -> None:
        self.token, self._port = token, port
        self.world, self.faults = World(), Faults()
        self.acts: dict[str, Act] = {}
        self.gateway = Gateway(self.world, token)
        self.rest = Rest(self.world, self.faults, self.acts, token)
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self.rest.door], client_max_size=26 << 20)
        app.add_routes(
            [*self.rest.routes(), web.get("/gateway-socket/", self.gateway.connect), *self.extra_routes()]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/api/v10"
        watch.belongs(self.url, "discord")
        self.rest.gateway_url = f"ws://127.0.0.1:{port}/gateway-socket/"
        self.gateway.listens_at(self.rest.gateway_url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.gateway.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def extra_routes(self) -> list[web.RouteDef]:
        """Return routes beside Discord's own."""
        return []

    async def connected(self) -> None:
        """Wait until the bot listens and its commands are there."""
        await self.world.until(lambda: self.gateway.is_connected and self.world.commands)

    async def slash(self, words: str, /, **options: Any) -> Act:
        """Let somebody use a command: `slash("spend show", window="today", user=DANA, is_admin=False)`."""
        who = _who(options)
        return await self._deliver(
            interaction(self.world, COMMAND, command_data(self.world, words, options), **who)
        )

    async def typing(self, words: str, focused: str, /, **options: Any) -> Act:
        """Let somebody type into an option, and wait for suggestions."""
        who = _who(options)
        data = command_data(self.world, words, options, focused)
        return await self._deliver(interaction(self.world, TYPING, data, **who))

    async def press(self, message: Message, label: str, **who: Any) -> Act:
        """Let somebody press a button by its label. Raises StopIteration where there is none."""
        button = next(each for each in message.buttons if each.get("label") == label)
        data = {"custom_id": button["custom_id"], "component_type": 2}
        who.setdefault("at", message.channel)
        return await self._deliver(interaction(self.world, PRESS, data, message=message, **_who(who)))

    async def submit(self, act: Act, /, **values: str) -> Act:
        """Fill in the form that an act opened, and send it. Its channel and person are those of the act."""
        form = await act.opened()
        parts = [_filled(part, values) for part in form["components"]]
        data = {"custom_id": form["custom_id"], "components": [part for part in parts if part]}
        chosen = [value for value in values.values() if self.world.channel(value)]
        data |= resolved_channels(self.world, chosen) if chosen else {}
        admin = bool(int(act.payload.get("member", {}).get("permissions", "0")) & 32)
        who = {"user": act.user, "at": act.channel, "is_admin": admin}
        return await self._deliver(interaction(self.world, FORM, data, **_who(who)))

    async def again(self, act: Act) -> None:
        """Deliver an act once more, as happens when a connection resumes."""
        await self.gateway.tell("INTERACTION_CREATE", act.payload)

    async def join(self, guild: Guild) -> None:
        """Let somebody invite the bot."""
        guild.is_here = True
        self.world.guilds[guild.id] = guild
        await self.gateway.tell("GUILD_CREATE", guild_payload(guild))

    async def leave(self, guild_id: str = GUILD_ID) -> None:
        """Let somebody remove the bot."""
        self.world.guilds[guild_id].is_here = False
        await self.gateway.tell("GUILD_DELETE", {"id": guild_id})

    async def outage(self, guild_id: str = GUILD_ID) -> None:
        """Let a server be unavailable: no removal."""
        self.world.guilds[guild_id].is_available = False
        await self.gateway.tell("GUILD_DELETE", {"id": guild_id, "unavailable": True})

    async def _deliver(self, act: Act) -> Act:
        self.acts[act.token] = act
        await self.gateway.tell("INTERACTION_CREATE", act.payload)
        return act


def _who(given: dict[str, Any]) -> type_body:
    """Take who acts, and where (`at`), out of the options: by default Mira, an admin, in #ai-spend."""
    names = ("user", "is_admin", "in_dm", "by_user_install", "same_as")
    who = {name: given.pop(name) for name in names if name in given}
    return {"user": MIRA, "is_admin": True, "channel": given.pop("at", AI_SPEND), **who}


def _filled(part: type_body, values: dict[str, str]) -> type_body | None:
    inner = part.get("component") or next(iter(part.get("components") or ()), None)
    if inner is None or "custom_id" not in inner:
        return None
    value = values.get(inner["custom_id"], inner.get("value") or "")
    if inner["type"] == 4:
        filled: type_body = {"type": 4, "custom_id": inner["custom_id"], "value": value}
    else:
        filled = {"type": inner["type"], "custom_id": inner["custom_id"], "values": [value] if value else []}
    key = "component" if part["type"] == 18 else "components"
    return {"type": part["type"], key: filled if key == "component" else [filled]}
