"""Which connections are asked at their provider's floor, and why: as the watch last noted it."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.reports.frame import Frame
from spend.haste import Haste
from storage import Connection

HASTE_NOTE = "haste"
_READ_LATELY = timedelta(minutes=6)  # an older note is of a bot that does not run


def haste_text(hurried: Mapping[str, Haste]) -> str:
    """Return the note of what is hurried, '' for nothing."""
    rows = {id_: [one.until.isoformat(), one.code] for id_, one in sorted(hurried.items())}
    return json.dumps(rows) if rows else ""


async def hurried_connections(frame: Frame) -> dict[str, Haste]:
    """Return the haste that still lasts, by connection id."""
    text = await frame.store.note(HASTE_NOTE)
    noted = {id_: Haste(datetime.fromisoformat(until), code) for id_, (until, code) in _rows(text).items()}
    reading = {connection.id for connection in frame.connections if _is_read(connection, frame.now)}
    return {id_: one for id_, one in noted.items() if id_ in reading and frame.now < one.until}


def _rows(text: str) -> dict[str, tuple[str, str]]:
    return {id_: (until, code) for id_, (until, code) in json.loads(text).items()} if text else {}


def _is_read(connection: Connection, now: datetime) -> bool:
    return any(
        s.last_success_at is not None and now - s.last_success_at < _READ_LATELY for s in connection.streams
    )
