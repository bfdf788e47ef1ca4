"""The audit as people read it: who changed what, where and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.views import text
from bot.views.answer_data import answer_data
from bot.views.model import Layout, Table, View, line
from bot.views.names import short
from bot.views.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `detail`: what the entry keeps besides, by name."""

    at: datetime
    who: str
    what: str
    where: str
    detail: Mapping[str, str]


def audit_view(clock: Clock, changes: Sequence[Change], *, uses: int) -> View:
    """Build the list of changes, newest first. `uses`: how often keys were opened, which is kept too and not listed."""
    newest = changes[0] if changes else None
    shown = text.count(len(changes), "change")
    latest = f" Newest: {newest.what} by {short(newest.who)}, {clock.near(newest.at)}." if newest else ""
    opened = f"{text.count(uses, 'use')} of keys are kept besides." if uses else ""
    lead = line(f"{shown} shown.{latest}" if newest else "Nothing was changed yet.")
    body = (line(opened),) if opened else ()
    table = Table(
        ("When", "Who", "What", "Where"),
        tuple((clock.near(each.at), short(each.who), _what(each), short(each.where)) for each in changes),
    )
    return View(
        layout=Layout.NOTE,
        title="spend audit",
        lead=lead,
        body=body,
        table=table if changes else None,
        data=answer_data(
            title="spend audit",
            lead=str(lead),
            facts=[*map(_row, changes), *map(str, body)],
        ),
    )


def _row(change: Change) -> str:
    return f"{change.at.isoformat()} {change.who}: {_what(change)} ({change.where})"


def _what(change: Change) -> str:
    known = ", ".join(short(value) for name, value in sorted(change.detail.items()) if value and name != "id")
    return f"{change.what}: {known}" if known else change.what
