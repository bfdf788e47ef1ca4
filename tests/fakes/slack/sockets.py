"""Socket Mode: connections, envelopes and their acknowledgements, with the time each took."""

import asyncio
import json
import time
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from tests.fakes.slack.world import APP, World, type_json

ACK_S = 3.0


@dataclass
class Envelope:
    """Something that was sent to the app. `took_s`: until its ack, None while there is none."""

    id: str
    payload: type_json
    sent_at: float
    acked: asyncio.Future[type_json]
    took_s: float | None = None


@dataclass
class Sockets:
    """The connections of an app. `opened`: how many there ever were; `tickets`: addresses given out, not used yet."""

    world: World
    connections: list[web.WebSocketResponse] = field(default_factory=list)
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    tickets: set[str] = field(default_factory=set)
    opened: int = 0
    refuses: bool = False

    def new_ticket(self) -> str:
        """Return a ticket that opens one connection."""
        ticket = f"ticket-{self.world.number()}"
        self.tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Greet, then take acks until the app hangs up. A ticket is good once."""
        ticket = request.query.get("ticket", "")
        if self.refuses or ticket not in self.tickets:
            return web.Response(status=403)
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self.connections.append(socket)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "connection_info": {"app_id": APP},
                "debug_info": {"host": "loopback", "approximate_connection_time": 18060},
            }
        )
        await self.world.note_change()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    await self._take(json.loads(message.data))
        finally:
            if socket in self.connections:
                self.connections.remove(socket)
            await self.world.note_change()
        return socket

    async def send(self, kind: str, payload: type_json, *, retry: int = 0) -> Envelope:
        """Hand an envelope to the newest connection, waiting for one; return it without waiting for its ack."""
        await self.world.until(lambda: self.connections)
        envelope = Envelope(f"envelope-{self.world.number()}", payload, time.monotonic(), asyncio.Future())
        self.envelopes[envelope.id] = envelope
        again = {"retry_attempt": retry, "retry_reason": "timeout" if retry else ""}
        await self.connections[-1].send_json(
            {
                "envelope_id": envelope.id,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
                **(again if kind == "events_api" else {}),
            }
        )
        return envelope

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Do what Slack does every few hours: tell the app to open another connection."""
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})

    async def cut(self) -> None:
        """Close every connection without a word."""
        for socket in list(self.connections):
            await socket.close()

    async def _take(self, answer: type_json) -> None:
        envelope = self.envelopes.get(answer.get("envelope_id", ""))
        if envelope is None or envelope.acked.done():
            return
        envelope.took_s = time.monotonic() - envelope.sent_at
        envelope.acked.set_result(answer.get("payload") or {})
        await self.world.note_change()
