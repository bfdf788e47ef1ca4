"""The answer about the bot itself: problems first, then connections, then where things go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.views import text
from bot.views.acts import must_be, state_words
from bot.views.answer_data import answer_data
from bot.views.buttons import take_back_button
from bot.views.footer import Source, SourceState
from bot.views.model import Layout, Line, View, line
from bot.views.names import short
from bot.views.spend import nothing_connected
from bot.views.times import Clock, duration

_RAISED_SHOWN = 3
_BAD_NAMED = 3


@dataclass(frozen=True, slots=True)
class AskedOften:
    """A connection that is asked more often than usual. `code`: of the open spike it is for, '' = its last hour."""

    every: timedelta
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionStatus:
    """One connection. `key_hint` is its last four characters; `reason` why it is broken, in words for brackets.

    usage_as_of: how far usage reaches. billed_to: last settled local day. days_loaded of days_wanted: its history.
    often: where it is asked more often than usual.
    """

    label: str
    provider: str
    key_hint: str
    state: SourceState
    since: datetime | None = None
    reason: str = ""
    usage_as_of: datetime | None = None
    billed_to: date | None = None
    history_since: date | None = None
    days_loaded: int = 0
    days_wanted: int = 0
    often: AskedOften | None = None


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident that is not over. `state`: the last act, else as stored. `by`, `at`: who acted, '' for nobody."""

    kind: str
    state: str
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnheardChannel:
    """A channel whose last message did not arrive. `why`: a finished sentence."""

    name: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class RaisedCause:
    """A key or connection whose alerts were called false: its spikes must be `percent` as large, until a moment.

    `code`: of the alert by which that is taken back.
    """

    name: str
    calls: int
    percent: int
    until: datetime
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFacts:
    """What the status is told. alert_channels, summary_channels: names; summary_at "09:00" ('' = off) in summary_zone.

    waiting, failed: deliveries. down: what is wrong with a chat platform, finished sentences by its name.
    unheard: channels whose last message did not arrive.
    quiet: reasons of the last decisions to stay quiet, newest first, finished words. raised: newest first.
    """

    clock: Clock
    connections: tuple[ConnectionStatus, ...]
    sources: tuple[Source, ...] = ()
    incidents: tuple[OpenIncident, ...] = ()
    alert_channels: tuple[str, ...] = ()
    summary_channels: tuple[str, ...] = ()
    summary_at: str = ""
    summary_zone: str = ""
    budgets: int = 0
    waiting: int = 0
    failed: int = 0
    raised: tuple[RaisedCause, ...] = ()
    quiet: tuple[str, ...] = ()
    down: tuple[tuple[str, str], ...] = ()
    unheard: tuple[UnheardChannel, ...] = ()


def status_view(facts: StatusFacts) -> View:
    """Build the status: one line on everything, then a line per connection, then channels and deliveries."""
    if not facts.connections:
        return nothing_connected("spend status", (*_platforms_down(facts), line(_places_words(facts))))
    worst = sorted(facts.connections, key=lambda one: (one.state is SourceState.OK, one.label))
    lead = line(f"{_connections_words(facts)} {_incident_words(facts)}")
    body = _platforms_down(facts)
    body += [line(_unheard_words(one, facts.clock)) for one in facts.unheard]
    body += [*(line(connection_words(one, facts.clock)) for one in worst), line(_places_words(facts))]
    body += [line(f"Quiet: {short(reason)}.") for reason in facts.quiet[:1]]
    body += _raised_lines(facts)
    return View(
        layout=Layout.NOTE,
        title="spend status",
        lead=lead,
        body=tuple(body),
        buttons=tuple(take_back_button(one.code) for one in facts.raised[:_RAISED_SHOWN]),
        data=answer_data(
            title="spend status", lead=str(lead), facts=[str(item) for item in body], sources=facts.sources
        ),
    )


def _platforms_down(facts: StatusFacts) -> list[Line]:
    return [line(f"{platform.capitalize()} is not listened to: {why}") for platform, why in facts.down]


def _raised_lines(facts: StatusFacts) -> list[Line]:
    """`2 alerts about agents-nightly were called false: until Dec 27 its spikes must be 1.5 times as large ...`"""
    lines = []
    for one in facts.raised[:_RAISED_SHOWN]:
        were = "was" if one.calls == 1 else "were"
        called = f"{text.count(one.calls, 'alert')} about {short(one.name)} {were} called false"
        lines.append(line(f"{called}: {must_be(one.percent, one.until, facts.clock)} ({one.code})."))
    more = len(facts.raised) - _RAISED_SHOWN
    return [*lines, line(f"So were alerts about {more} more.")] if more > 0 else lines


def connections_view(
    clock: Clock, connections: Sequence[ConnectionStatus], sources: Sequence[Source] = ()
) -> View:
    """Build the list of connections, those with problems first."""
    if not connections:
        return nothing_connected("spend connections")
    worst = sorted(connections, key=lambda one: (one.state is SourceState.OK, one.label))
    lead = line(f"{text.count(len(connections), 'connection')}.")
    body = tuple(line(connection_words(one, clock)) for one in worst)
    return View(
        layout=Layout.NOTE,
        title="spend connections",
        lead=lead,
        body=body,
        data=answer_data(
            title="spend connections", lead=str(lead), facts=[str(item) for item in body], sources=sources
        ),
    )


def connection_words(one: ConnectionStatus, clock: Clock) -> str:
    """`Harbor OpenAI: usage 4 min ago, billed to Nov 17, history since Jun 24, key …q7Xw`"""
    parts = []
    if one.state in (SourceState.BROKEN, SourceState.PAUSED):
        since = f" since {clock.near(one.since)}" if one.since else ""
        why = f" ({one.reason})" if one.reason else ""
        parts.append(f"{one.state.value}{since}{why}")
    elif one.reason:
        parts.append(one.reason)
    if one.often:
        parts.append(_often_words(one.often))
    if one.usage_as_of:
        parts.append(f"usage {clock.age(one.usage_as_of)}")
    if one.billed_to:
        parts.append(f"billed to {clock.on(one.billed_to)}")
    if one.days_loaded < one.days_wanted:
        parts.append(f"history loading, {one.days_loaded} of {one.days_wanted} days")
    elif one.history_since:
        parts.append(f"history since {clock.on(one.history_since)}")
    return f"{short(one.label)}: {', '.join([*parts, f'key …{one.key_hint}'])}"


def _often_words(often: AskedOften) -> str:
    """`asked every minute while K7Q2 is open`"""
    every = "minute" if often.every == timedelta(minutes=1) else duration(often.every)
    why = f"while {often.code} is open" if often.code else "while its last hour is over twice the usual"
    return f"asked every {every} {why}"


def _connections_words(facts: StatusFacts) -> str:
    number = len(facts.connections)
    good = [one for one in facts.connections if one.state in (SourceState.OK, SourceState.LOADING)]
    if len(good) == number:
        return {1: "The connection is fresh.", 2: "Both connections are fresh."}.get(
            number, f"All {number} connections are fresh."
        )
    bad = [one for one in facts.connections if one not in good]
    by_state: dict[SourceState, list[str]] = {}
    for one in bad[:_BAD_NAMED]:
        by_state.setdefault(one.state, []).append(short(one.label))
    named = [
        f"{text.listed(labels)} {'is' if len(labels) == 1 else 'are'} {state.value}"
        for state, labels in by_state.items()
    ]
    more = f", and {len(bad) - _BAD_NAMED} more" if len(bad) > _BAD_NAMED else ""
    is_idle = all(one.state is SourceState.STALE and not one.reason for one in facts.connections)
    nobody = " (is spendbot run running?)" if is_idle else ""
    return f"{', '.join(named) if len(named) > 2 else text.listed(named)}{more}{nobody}."


def _incident_words(facts: StatusFacts) -> str:
    if not facts.incidents:
        return "Nothing is open."
    kinds = sorted({incident.kind for incident in facts.incidents})
    counted = [
        text.count(sum(one.kind == kind for one in facts.incidents), kind.replace("_", " ")) for kind in kinds
    ]
    verb = "is" if len(facts.incidents) == 1 else "are"
    acted = ""
    if len(facts.incidents) == 1 and facts.incidents[0].by and facts.incidents[0].at:
        only = facts.incidents[0]
        acted = (
            f", {state_words(only.state)} by {short(only.by)} at {facts.clock.near(only.at)}"
            if only.at
            else ""
        )
    return f"{text.listed(counted)} {verb} open{acted}."


def _unheard_words(one: UnheardChannel, clock: Clock) -> str:
    return f"{short(one.name)} did not get its last message, of {clock.near(one.at)}: {one.why}"


def _places_words(facts: StatusFacts) -> str:
    alerts = (
        f"Alerts in {_names(facts.alert_channels)}" if facts.alert_channels else "Alerts have no channel yet"
    )
    summary = "no summary"
    if facts.summary_at:
        is_same = facts.summary_channels == facts.alert_channels and facts.alert_channels
        place = (
            "there"
            if is_same
            else f"in {_names(facts.summary_channels)}"
            if facts.summary_channels
            else "nowhere"
        )
        summary = f"summary {place} at {facts.summary_at} {facts.summary_zone}".rstrip()
    waits = (
        f"{text.count(facts.waiting, 'message')} {'waits' if facts.waiting == 1 else 'wait'} to be delivered"
    )
    words = [f"{alerts}, {summary}.", f"{text.count(facts.budgets, 'budget').capitalize()}."]
    words.append(f"{waits}." if facts.waiting else "Nothing waits to be delivered.")
    words += [f"{text.count(facts.failed, 'message')} could not be delivered."] if facts.failed else []
    return " ".join(words)


def _names(channels: Sequence[str]) -> str:
    return text.listed([short(name) for name in channels])
