"""What is wrong with a source, told once when it starts and once when it is over."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.views import text
from bot.views.model import Button, Layout, Name, Tone, View, line, type_span
from bot.views.names import possessive, short
from bot.views.times import Clock, duration


@dataclass(frozen=True, slots=True, kw_only=True)
class TroubleEvidence:
    """What a trouble message says, stored by `evidence.to_evidence`.

    what: broken, stale, bill_missing, unpriced or channel. connection, provider: its label, the vendor's name.
    key_hint, status: of a refused key. since: when figures end, or when unpriced tokens began. day, nanos: the day
    whose bill is missing, and its estimate. model, tokens: what has no price. purpose, place: what cannot be posted
    where ("Alerts", "#ai-spend"). ended_at, gap_nanos: when it is over, and what the gap held.
    """

    what: str
    connection: str = ""
    provider: str = ""
    key_hint: str = ""
    status: int | None = None
    since: datetime | None = None
    day: date | None = None
    days_overdue: int = 0
    nanos: int = 0
    currency: str = "USD"
    model: str = ""
    tokens: int = 0
    purpose: str = "Alerts"
    place: str = ""
    platform_reason: str = "spendbot was removed there"
    poll_minutes: int = 5
    normal_minutes: int = 10
    ended_at: datetime | None = None
    gap_nanos: int | None = None


def trouble_view(found: TroubleEvidence, clock: Clock, *, code: str = "") -> View:
    """Build the note about trouble. Without a code it is private, for whoever set the channel."""
    lead, body, buttons = _words(found, clock)
    return View(
        layout=Layout.NOTE,
        title="trouble",
        lead=line(*lead),
        body=tuple(line(words) for words in body),
        footer=code,
        buttons=buttons,
        tone=Tone.TROUBLE,
        is_private=not code,
    )


def trouble_over_view(found: TroubleEvidence, clock: Clock, *, code: str) -> View:
    """Build the closed note, when a source is back."""
    back = f" since {clock.near(found.ended_at)}" if found.ended_at else ""
    match found.what:
        case "bill_missing":
            day = f" for {clock.day(found.day)}" if found.day else ""
            words = f"{found.provider}'s bill{day} is in: {text.money(found.nanos, found.currency)}."
        case "unpriced":
            words = f"{short(found.model)} has a price now; its tokens are counted."
        case _:
            gap = "; the gap is filled"
            gap += f": {text.money(found.gap_nanos, found.currency)}" if found.gap_nanos else ""
            words = f"{short(found.connection)} is back{back}{gap}."
    return View(
        layout=Layout.NOTE, title="trouble", lead=line(words), footer=code, tone=Tone.CLOSED, is_private=False
    )


def _words(
    found: TroubleEvidence, clock: Clock
) -> tuple[tuple[type_span, ...], tuple[str, ...], tuple[Button, ...]]:
    """Lead, body and buttons of each kind of trouble."""
    label = short(found.connection)
    since = clock.near_zone(found.since) if found.since else "now"
    match found.what:
        case "broken":
            status = f" ({found.status})" if found.status else ""
            lead = f"No figures from {label} since {since}: its key …{found.key_hint} is refused{status}."
            body = (
                "Totals lack it from then on; its spikes and budgets are blind until a new key is connected."
            )
            return (lead,), (body,), (Button("Connect a new key", "connect", "/spend connect"),)
        case "stale":
            age = duration(max(clock.now - (found.since or clock.now), timedelta()))
            lead = f"{possessive(label)} figures end at {since}, {age} ago; {found.normal_minutes} min is normal. "
            return (f"{lead}Nothing to do: it is asked every {found.poll_minutes} min.",), (), ()
        case "bill_missing":
            day = clock.day(found.day) if found.day else "a day"
            overdue = f", {text.count(found.days_overdue, 'day')} overdue" if found.days_overdue else ""
            shown = text.money(found.nanos, found.currency)
            return (f"{found.provider} has no bill for {day}{overdue}. Shown as estimated: {shown}.",), (), ()
        case "unpriced":
            began = f" since {clock.near(found.since)}" if found.since else ""
            words = f" has no price: {text.tokens(found.tokens)} tokens{began} are in no total and no budget."
            command = f"/spend price set {found.model} 3 in 15 out"
            button = Button("Set a price", "set_price", command, value=found.model)
            return (Name(short(found.model)), words), (), (button,)
        case _:
            lead = f"{found.purpose} for {short(found.place)} cannot be posted: {found.platform_reason}."
            return (f"{lead} Invite it again or choose another channel.",), (), ()
