"""Keys, models and projects that spent for the first time, grouped for an hour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.views import text
from bot.views.acts import Act, act_words
from bot.views.evidence import from_evidence
from bot.views.model import Button, Layout, Line, Name, View, line, type_span
from bot.views.names import short
from bot.views.times import Clock

_WORDS = {"key": "keys", "model": "models", "project": "projects"}
_LISTED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """One first-seen key, model or project (`what`), with what it spent today, or since late yesterday (`since`).

    `models`: all it used, by name.
    """

    what: str
    name: str
    nanos: int
    currency: str = "USD"
    provider: str = ""
    project: str = ""
    models: tuple[str, ...] = ()
    maker: str = ""
    made_on: date | None = None
    since: datetime | None = None


def newcomers_from(evidence: Mapping[str, Any]) -> tuple[Newcomer, ...]:
    """Read the evidence of a first-seen incident: `{"items": [...]}`, the largest first."""
    items = [from_evidence(Newcomer, item) for item in evidence["items"]]
    return tuple(sorted(items, key=lambda item: (-item.nanos, item.what, item.name)))


def first_seen_view(items: tuple[Newcomer, ...], clock: Clock, *, code: str, act: Act | None = None) -> View:
    """Build the note about what spent for the first time: one in full, several as a count and a list."""
    lead, body = _one(items[0], clock) if len(items) == 1 else _several(items, clock)
    known = () if act else (Button("Known", "known", value=code.partition("-")[0]),)
    return View(
        layout=Layout.NOTE,
        title="first seen",
        lead=lead,
        body=(*body, line(act_words(act, clock))) if act else body,
        footer=f"estimated · {code}",
        buttons=(*known, Button("Set a budget", "set_budget", "", value=items[0].project)),
        is_private=False,
    )


def _one(item: Newcomer, clock: Clock) -> tuple[Line, tuple[Line, ...]]:
    """`New key: agents-nightly (Anthropic, Agents) spent $4.50 today, all on claude-opus-5.`"""
    place = ", ".join(short(part) for part in (item.provider, item.project) if part)
    spans: list[type_span] = [f"New {item.what}: ", Name(short(item.name))]
    spans.append(
        f"{f' ({place})' if place else ''} spent {text.money(item.nanos, item.currency)} {_since([item], clock)}"
    )
    if len(item.models) == 1 and item.what != "model":
        spans += [", all on ", Name(short(item.models[0]))]
    body: tuple[Line, ...] = ()
    if item.maker:
        made = f" on {clock.on(item.made_on)}" if item.made_on else ""
        body = (line(f"{short(item.maker)} made it{made}."),)
    return line(*spans, "."), body


def _several(items: tuple[Newcomer, ...], clock: Clock) -> tuple[Line, tuple[Line, ...]]:
    """`3 new keys, 1 new model: $12.40 today.` and a list. A model and its key's money are the same: keys lead."""
    counted = [
        text.count(sum(item.what == what for item in items), f"new {what}", f"new {many}")
        for what, many in _WORDS.items()
        if any(item.what == what for item in items)
    ]
    first = next(what for what in _WORDS if any(item.what == what for item in items))
    money: dict[str, int] = {}
    for item in items:
        if item.what == first:
            money[item.currency] = money.get(item.currency, 0) + item.nanos
    spent = text.currencies([(nanos, currency) for currency, nanos in sorted(money.items())])
    spans: list[type_span] = []
    for item in items[:_LISTED]:
        spans += [", "] if spans else []
        spans += [Name(short(item.name)), f" {text.money(item.nanos, item.currency)}"]
    more = len(items) - _LISTED
    tail = f" and {more} more." if more > 0 else "."
    return line(f"{', '.join(counted)}: {spent} {_since(items, clock)}."), (line(*spans, tail),)


def _since(items: Sequence[Newcomer], clock: Clock) -> str:
    """`today`, or `since 23:00` where one of them started before midnight."""
    earlier = [item.since for item in items if item.since and clock.day_of(item.since) < clock.today]
    return f"since {clock.near(min(earlier))}" if earlier else "today"
