"""The last line: as-of, then basis, then what is missing, joined by a middle dot, in the fewest words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.views.model import View
from bot.views.names import short
from bot.views.text import listed
from bot.views.times import Clock, weekday
from spend.usage import Basis

LATE = timedelta(hours=2)  # figures older than this are said to be so in the lead too
PICTURE_LEFT_OUT = "picture left out (busy)"
POSSIBLE_REPEAT = "(possible repeat)"


class SourceState(StrEnum):
    """How fresh a connection is; the words of `ask --json`."""

    OK = "ok"
    STALE = "stale"
    BROKEN = "broken"
    PAUSED = "paused"
    LOADING = "loading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One stream of one connection, as an answer names it.

    connection: its label. provider: the vendor's name for people ("OpenAI"). `since`: start of the state, when it is
    broken or paused. `reason`: why, in words that fit into brackets ("its key is refused"). `has_figures`: it has
    money in this answer's window. `role` is "usage" or "cost"; messages name usage streams only.
    """

    connection: str
    provider: str
    stream: str
    role: str = "usage"
    state: SourceState = SourceState.OK
    as_of: datetime | None = None
    since: datetime | None = None
    reason: str = ""
    has_figures: bool = True


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount that estimates were made with: `15%`, of one connection's provider."""

    percent: Decimal
    provider: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How far the amounts of a message can be trusted.

    billed_to: the last local day that is settled, in a window that goes beyond it. bill_due_at: when the bill of a
    window that is still estimated is due. estimated_day: the one day a summary speaks of. off_minute: 30 or 45 in
    zones whose days start off the UTC hour.
    """

    basis: Basis
    billed_to: date | None = None
    bill_due_at: datetime | None = None
    estimated_day: date | None = None
    is_provisional: bool = False
    discounts: tuple[Discount, ...] = ()
    off_minute: int = 0
    without_picture: bool = False


def footer(clock: Clock, sources: Sequence[Source], trust: Trust | None, *, code: str = "") -> str:
    """Build the last line. A posted message gives the `code` of its delivery and says "Data to", an answer "As of".

    trust: None where there is no amount that could have a basis.
    """
    as_of = [
        source for source in usage_of(sources) if source.state not in (SourceState.BROKEN, SourceState.PAUSED)
    ]
    parts = [
        _as_of_words(clock, as_of, "Data to" if code else "As of"),
        basis_words(clock, trust) if trust else "",
        *(_discount_words(discount) for discount in (trust.discounts if trust else ())),
        *_missing_words(clock, usage_of(sources)),
        f"days cut at :{trust.off_minute} past the UTC hour" if trust and trust.off_minute else "",
        PICTURE_LEFT_OUT if trust and trust.without_picture else "",
        code,
    ]
    return " · ".join(part for part in parts if part)


def basis_words(clock: Clock, trust: Trust) -> str:
    """Say the basis: `billed`, `estimated, bill due Sat 01:00`, `billed to Nov 17, estimated since` ..."""
    due = f", bill due {clock.near(trust.bill_due_at)}" if trust.bill_due_at else ""
    if trust.is_provisional:
        return "provisional, bill still open"
    if trust.basis is Basis.BILLED:
        return "billed"
    if trust.basis is Basis.UNPRICED:
        return "not priced"
    if trust.basis is Basis.MIXED:
        return (
            f"billed to {clock.on(trust.billed_to)}, estimated since"
            if trust.billed_to
            else f"partly estimated{due}"
        )
    return f"{weekday(trust.estimated_day)} estimated{due}" if trust.estimated_day else f"estimated{due}"


def missing_words(clock: Clock, sources: Sequence[Source]) -> list[str]:
    """Name what a total posted unasked lacks: `OpenAI only to Nov 19 12:00`, `without Anthropic since 11:40`."""
    everyone = usage_of(sources)
    late = [source for source in everyone if is_behind(source, clock.now)]
    is_partly = len(late) < len(everyone)  # where everyone ends early, so does the as-of
    return [*(only_to(clock, late, everyone) if is_partly else []), *_missing_words(clock, everyone)]


def without_picture(view: View) -> View:
    """Return the view as it goes out when its picture could not be drawn: the footer says so."""
    return replace(
        view, chart=None, footer=" · ".join(part for part in (view.footer, PICTURE_LEFT_OUT) if part)
    )


def repeated(footer: str) -> str:
    """Return the footer of a message that may be there already: it ends with `(possible repeat)`."""
    return " ".join(part for part in (footer, POSSIBLE_REPEAT) if part)


def usage_of(sources: Sequence[Source]) -> list[Source]:
    """Return one source per connection: its stalest usage stream, its bill where it has no usage stream."""
    chosen: dict[str, Source] = {}
    for source in sorted(sources, key=lambda source: (source.role != "usage", _staleness(source))):
        known = chosen.get(source.connection)
        if known is None:
            chosen[source.connection] = source
    return [chosen[label] for label in sorted(chosen)]


def source_name(source: Source, among: Sequence[Source]) -> str:
    """Name a source in a sentence: its provider, or its own label when the provider has several connections."""
    twins = {other.connection for other in among if other.provider == source.provider}
    return source.provider if len(twins) < 2 else short(source.connection)


def _staleness(source: Source) -> float:
    return source.as_of.timestamp() if source.as_of else float("-inf")


def _as_of_words(clock: Clock, sources: Sequence[Source], lead: str) -> str:
    stale = [source for source in sources if source.state is SourceState.STALE and source.as_of]
    fresh = [source.as_of for source in sources if source.state is not SourceState.STALE and source.as_of]
    words = only_to(clock, stale, sources)
    if fresh:
        oldest = min(fresh)
        if not words:
            return f"{lead} {clock.near_zone(oldest)}"
        current = [source_name(source, sources) for source in sources if source not in stale and source.as_of]
        return f"{', '.join(words)}, {listed(current)} as of {clock.near_zone(oldest)}"
    return f"{', '.join(words)} {clock.letters(clock.now)}" if words else ""


def only_to(clock: Clock, late: Sequence[Source], among: Sequence[Source]) -> list[str]:
    """`OpenAI only to 11:20`, those that end at one moment together: `Anthropic and OpenAI only to Fri 09:00`."""
    names: dict[str, list[str]] = {}
    for source in late:
        if source.as_of:
            names.setdefault(clock.near(source.as_of), []).append(source_name(source, among))
    return [f"{listed(found)} only to {moment}" for moment, found in names.items()]


def _missing_words(clock: Clock, sources: Sequence[Source]) -> list[str]:
    missing = [source for source in sources if source.state in (SourceState.BROKEN, SourceState.PAUSED)]
    return [_without(clock, source, sources) for source in missing]


def _without(clock: Clock, source: Source, among: Sequence[Source]) -> str:
    since = source.as_of or source.since
    when = f" since {clock.near(since)}" if source.has_figures and since else ""
    return f"without {source_name(source, among)}{when}"


def _discount_words(discount: Discount) -> str:
    return f"prices less {discount.percent.normalize():f}% ({short(discount.provider)} contract)"


def is_behind(source: Source, now: datetime) -> bool:
    """Tell whether a stale source is so late that the lead says it too: past 2 hours."""
    return source.state is SourceState.STALE and source.as_of is not None and now - source.as_of > LATE
