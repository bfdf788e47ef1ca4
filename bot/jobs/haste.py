"""Asking sooner: brings forward the next read of a connection whose spike is open or whose last hour is high.

`spend/haste.py` decides. One read is brought forward at a time, so polling is as slow as ever as soon as nobody does.
Why it was done is kept as a note, which the status reads; it is made again from storage after a restart.
"""

from collections.abc import Mapping, Sequence

from bot.reports.frame import Frame
from bot.reports.haste import HASTE_NOTE, haste_text
from bot.reports.spikes import open_spike_incidents
from spend.haste import REST_AFTER_TROUBLE, Haste, HourSoFar, brought_forward, haste
from spend.usage import Role
from storage import Connection, ConnectionState


async def ask_sooner(frame: Frame, hours: Mapping[str, Sequence[HourSoFar]], *, least_nanos: int) -> None:
    """Let what is worth a closer look be due at the provider's floor. `hours`: the last ones, by connection."""
    spikes = await open_spike_incidents(frame)
    hurried: dict[str, Haste] = {}
    for connection in frame.connections:
        if connection.state is not ConnectionState.ACTIVE:
            continue
        found = haste(
            frame.now,
            spikes=[each for each in spikes if each.evidence["connection_id"] == connection.id],
            hours=hours.get(connection.id, ()),
            least_nanos=least_nanos,
        )
        if found is None or await _was_in_trouble(frame, connection):
            continue
        hurried[connection.id] = found
        await _bring_forward(frame, connection)
    text = haste_text(hurried)
    if text != await frame.store.note(HASTE_NOTE):
        await frame.store.keep_note(HASTE_NOTE, text, frame.now)


async def _was_in_trouble(frame: Frame, connection: Connection) -> bool:
    """Tell whether a read failed a moment ago: a vendor that was slow or asked to wait is not hurried."""
    attempts = await frame.store.poll_attempts(connection.id, frame.now - REST_AFTER_TROUBLE)
    return any(attempt.error for attempt in attempts)


async def _bring_forward(frame: Frame, connection: Connection) -> None:
    floor = frame.house.provider(connection.provider).info.min_interval
    for stream in connection.streams:
        if stream.role is not Role.USAGE or stream.last_success_at is None or stream.failures:
            continue
        due_at = brought_forward(
            last_success_at=stream.last_success_at, next_due_at=stream.next_due_at, floor=floor
        )
        if due_at is not None:
            await frame.store.bring_forward(
                connection.id, stream.stream, read_at=stream.last_success_at, due_at=due_at
            )
