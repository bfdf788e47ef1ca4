"""Connecting and disconnecting: what a key can read, what was refused and why, the first words in a new place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.views import text
from bot.views.answer_data import answer_data
from bot.views.model import Button, Layout, Line, View, line
from bot.views.names import short
from bot.views.times import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedFacts:
    """What a new connection is told about. powers: finished sentences on what the key reads and could do.

    yesterday_nanos: None while nothing of yesterday is there. alerts_from: when spike alerts start, after 7 days.
    is_renewed: a broken or paused connection was given this key.
    """

    clock: Clock
    label: str
    key_hint: str
    powers: str
    days_loaded: int
    days_wanted: int
    alerts_from: date | None = None
    yesterday_nanos: int | None = None
    currency: str = "USD"
    yesterday_basis: str = "estimated"
    is_renewed: bool = False
    has_alert_channel: bool = False


def connected_view(facts: ConnectedFacts) -> View:
    """Build the private note after connecting: what stands there, what the key may do, how far the history is."""
    again = " again" if facts.is_renewed else ""
    head = f"{short(facts.label)} is connected{again} (key …{facts.key_hint})."
    yesterday = ""
    if facts.yesterday_nanos is not None:
        amount = text.money(facts.yesterday_nanos, facts.currency)
        yesterday = (
            f" Yesterday: {amount}, {facts.yesterday_basis}."
            if facts.yesterday_nanos
            else " Yesterday: nothing."
        )
    lead = line(head + yesterday)
    body = [line(facts.powers)] if facts.powers else []
    body.append(line(_history_words(facts)))
    buttons = [
        Button("Set a budget", "set_budget", "/budget set 500 monthly"),
        Button("This month", "month", value="spend"),
    ]
    if not facts.has_alert_channel:
        buttons.insert(0, Button("Post alerts here", "alerts_here", "/spend alerts here"))
    return View(
        layout=Layout.NOTE,
        title="connected",
        lead=lead,
        body=tuple(body),
        buttons=tuple(buttons),
        data=answer_data(title="connected", lead=str(lead), facts=[str(item) for item in body]),
    )


def how_to_connect_view(providers: Sequence[tuple[str, str, str]]) -> View:
    """Say how a key is connected where there is no form for it. providers: (word to type, name, how to make one)."""
    lead = line("A key is never typed into a command: it would stay in the history of your client.")
    body = [line(f"{name}: {hint} On the server: spendbot connect {key}") for key, name, hint in providers]
    return View(
        layout=Layout.NOTE,
        title="spend connect",
        lead=lead,
        body=tuple(body),
        buttons=(Button("Connect a provider", "connect", f"spendbot connect {providers[0][0]}"),),
        data=answer_data(title="spend connect", lead=str(lead), facts=[str(item) for item in body]),
    )


def history_short_view(label: str, *, days_missing: int, days_wanted: int, reason: str) -> View:
    """Build the note that a connection is kept although its history is not whole. `reason`: words for brackets."""
    words = (
        f"{short(label)} is connected and kept; {days_missing} of {days_wanted} days are still missing ({reason}). "
        "It goes on by itself; now: spendbot poll --once."
    )
    return View(layout=Layout.NOTE, title="connected", lead=line(words))


def connect_form_text(providers: Sequence[tuple[str, str, str]]) -> tuple[Line, ...]:
    """Say above the field of the key how one is made, and the other way. providers: (word to type, name, how)."""
    hints = [line(f"{name}: {hint}") for _key, name, hint in providers]
    words = " or ".join(f"spendbot connect {key}" for key, _name, _hint in providers)
    return (*hints, line(f"Rather not paste it here? On the server: {words}"))


def connected_twice(label: str) -> str:
    """Say that this key is known."""
    return f"This key is connected already, as {short(label)}."


def counted_twice(project: str, label: str) -> str:
    """Say that another connection reports this project."""
    return f"Project {short(project)} is counted by {short(label)} already; counting it twice is refused."


def disconnect_confirm_view(label: str, connection_id: str) -> View:
    """Build the question before a key is destroyed."""
    words = f"Disconnect {short(label)}? Its key is destroyed at once; its figures stay."
    button = Button(
        "Disconnect", "disconnect", f"/spend disconnect {label} now", value=connection_id, confirm=words
    )
    return View(
        layout=Layout.NOTE,
        title="disconnect",
        lead=line(words),
        buttons=(button,),
        data=answer_data(title="disconnect", lead=words),
    )


def disconnected_view(label: str, by: str) -> View:
    """Build the note for the alert channels: who disconnected what."""
    words = f"{short(by)} disconnected {short(label)}."
    return View(
        layout=Layout.NOTE,
        title="disconnected",
        lead=line(words),
        is_private=False,
        data=answer_data(title="disconnected", lead=words),
    )


def greeting_view(workspace: str, connected: Sequence[str] = ()) -> View:
    """Build the first words in a new place. `connected`: the labels of what is counted there already."""
    lead = line(f"spendbot is here for {short(workspace)}: what LLM APIs cost, asked with /spend.")
    return View(
        layout=Layout.NOTE,
        title="spendbot",
        lead=lead,
        body=(
            line(_what_is_connected(connected)),
            line(
                "It posts no figures in a channel until someone asks it to. "
                "Keys stay encrypted on your own server; prompts are never read."
            ),
        ),
        buttons=(
            Button("This month", "month", value="spend")
            if connected
            else Button("Connect a provider", "connect", "spendbot connect openai"),
            Button("See an example", "example", "spendbot demo"),
            Button("Help", "help", "/spend help"),
        ),
        is_private=False,
    )


def _what_is_connected(labels: Sequence[str]) -> str:
    if not labels:
        return (
            "Nothing is connected yet. "
            "With a read-only key from an admin the first figures stand here within a minute."
        )
    verb = "is" if len(labels) == 1 else "are"
    return (
        f"{text.listed([short(label) for label in labels])} {verb} connected: /spend shows the month so far."
    )


def _history_words(facts: ConnectedFacts) -> str:
    clock = facts.clock
    words = f"History: {facts.days_loaded} of {facts.days_wanted} days loaded."
    if facts.days_loaded >= facts.days_wanted:
        words = f"History: all {facts.days_wanted} days loaded."
    if facts.alerts_from is None or facts.alerts_from <= clock.today:
        return words
    return (
        f"{words} Spike alerts start on {clock.on(facts.alerts_from)}, after 7 days of watching; "
        "only jumps far outside all history speak before."
    )
