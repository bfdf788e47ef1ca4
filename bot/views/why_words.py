"""The parts of a change in words: what is new or gone, and what changed on which key."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.views import text
from bot.views.facts import Total
from bot.views.model import Name, type_span
from bot.views.names import LONGEST_NAME, clean, cut
from spend.explain import Cause, Facts, Thing
from spend.usage import Kind

_SUMMED = {
    Cause.NEW: "new",
    Cause.GONE: "gone",
    Cause.VOLUME: "volume",
    Cause.MODELS: "choice of models",
    Cause.SIZE: "size of requests",
    Cause.TIER: "tier",
    Cause.OUTPUT: "share of output",
    Cause.CACHE: "cache",
    Cause.BILL: "bill against estimate",
    Cause.PRICE: "price",
    Cause.CHARGES: "other charges",
    Cause.PRICED: "priced in part",
}


_OTHER = "other charges"
_TIERS = {"default": "standard"}
_CHARGES = {
    Kind.WEB_SEARCH.value: "web searches",
    Kind.FILE_SEARCH.value: "file searches",
    Kind.CODE_EXECUTION.value: "code execution",
    Kind.SESSION.value: "sessions",
    Kind.STORAGE.value: "storage",
    Kind.IMAGES.value: "images",
    Kind.MODERATION.value: "moderation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPart:
    """One part of a change with raw names; amounts in nano-units. `key` '' where none is known.

    owner: who it is when there is no key (a project, else a connection). models: what it is about, the largest first.
    is_first_use: what is new was never used before the window it is compared with. tier: of that cause, the tier that
    more went to, tier_from: that less went to. maker: who made a key that is new.
    """

    cause: Cause
    nanos: int
    currency: str = "USD"
    thing: Thing | None = None
    connection: str = ""
    project: str = ""
    key: str = ""
    owner: str = ""
    models: tuple[str, ...] = ()
    kind: str = ""
    is_first_use: bool = True
    tier: str = ""
    tier_from: str = ""
    maker: str = ""
    before: Facts = field(default_factory=Facts)
    after: Facts = field(default_factory=Facts)


def change_step(total: Total) -> int:
    """Return the step in which both totals, their change and its parts are shown."""
    return text.step_of(max(abs(total.nanos), abs(total.before_nanos or 0)), total.currency)


def shown_change(total: Total) -> int:
    """Return the change as shown: the difference between the two totals as shown."""
    step = change_step(total)
    return text.to_step(total.nanos, step) - text.to_step(total.before_nanos or 0, step)


def shown_parts(groups: Sequence[NamedPart], total: Total) -> list[tuple[NamedPart, int]]:
    """Return each part with its amount as shown everywhere in a message; they make the shown change."""
    amounts = text.shown([part.nanos for part in groups], change_step(total))
    if amounts:  # two totals rounded apart can make a step that no part has: the largest carries it
        largest = max(range(len(groups)), key=lambda place: abs(groups[place].nanos))
        amounts[largest] += shown_change(total) - sum(amounts)
    return list(zip(groups, amounts, strict=True))


def phrase(part: NamedPart, longest: int = LONGEST_NAME) -> tuple[type_span, ...]:
    """Name a part as a noun: `the new key agents-nightly on claude-opus-5`, `more requests on search-prod`.

    longest: what each name in it is cut to.
    """
    if part.cause in (Cause.NEW, Cause.GONE):
        return _thing(part, longest)
    if part.cause is Cause.PRICE:
        higher = "a higher price of " if part.nanos > 0 else "a lower price of "
        return (higher, *models_name(part, longest))
    if part.cause is Cause.BILL:
        return ("the bill against the estimate of ", *models_name(part, longest))
    if part.cause is Cause.MODELS and part.models:
        share = "a larger share of " if part.nanos > 0 else "a smaller share of "
        return (share, *models_name(part, longest), " on ", owner_name(part, longest))
    if part.cause is Cause.PRICED:
        return (*models_name(part, longest), ", priced only in part")
    if part.cause is Cause.TIER and part.tier and part.tier_from:
        there, here = (_cut(words, longest) for words in _tiers(part.tier_from, part.tier))
        return (f"the move from {there} to {here} on ", owner_name(part, longest))
    return (f"{_what_changed(part)} on ", owner_name(part, longest))


def who(part: NamedPart, longest: int = LONGEST_NAME) -> type_span:
    """Name what a part is about in one name: its key, else the model, project or connection."""
    if part.key or not part.models:
        return owner_name(part, longest)
    return Name(_cut(part.models[0], longest))


def summary(parts: Sequence[NamedPart]) -> str:
    """Say what several parts of one cause and direction are together: `40 new keys`, `more volume on 8 keys`."""
    first = parts[0]
    keys = text.count(len(parts), "key") if all(part.key for part in parts) else f"{len(parts)} places"
    match first.cause:
        case Cause.NEW if all(part.thing is Thing.KEY and part.is_first_use for part in parts):
            return f"{len(parts)} new keys"
        case Cause.NEW:
            return f"{len(parts)} things unused then"
        case Cause.GONE:
            return f"{len(parts)} things unused now"
        case Cause.VOLUME:
            return f"{'more' if first.nanos > 0 else 'less'} volume on {keys}"
        case Cause.PRICE | Cause.PRICED | Cause.BILL:
            return f"{_SUMMED[first.cause]} of {text.count(len(parts), 'model')}"
    return f"{_SUMMED[first.cause]} on {keys}"


def by_cause(parts: Sequence[tuple[NamedPart, int]]) -> list[tuple[str, int]]:
    """Return what each kind of cause comes to as shown, rises before falls and each by size; nothing makes no row."""
    sums: dict[Cause, int] = {}
    for part, shown in parts:
        sums[part.cause] = sums.get(part.cause, 0) + shown
    kept = [(_SUMMED[cause], nanos) for cause, nanos in sums.items() if nanos]
    return sorted(kept, key=lambda each: (each[1] < 0, -abs(each[1]), each[0]))


def is_credit(part: NamedPart) -> bool:
    """Tell whether what is new or gone is money that a provider gave back."""
    is_negative = (part.nanos < 0) == (part.cause is Cause.NEW)
    return is_negative and not part.models and charge_words(part.kind) == _OTHER


def charge_words(kind: str) -> str:
    """Name what is bought beside tokens: `web searches`; `other charges` for fees and what has no name of its own."""
    return _CHARGES.get(kind, _OTHER)


def _cut(name: str, longest: int) -> str:
    return cut(clean(name), longest)


def owner_name(part: NamedPart, longest: int = LONGEST_NAME) -> type_span:
    """Name who a part is about: its key, else its project or connection."""
    if part.key:
        return Name(_cut(part.key, longest))
    return _cut(part.owner, longest) if part.owner else "all keys"


def models_name(part: NamedPart, longest: int = LONGEST_NAME) -> tuple[type_span, ...]:
    """Name the models a part is about: the largest, and how many more; what has no model by its kind."""
    if not part.models:
        return (charge_words(part.kind),)
    name = Name(_cut(part.models[0], longest))
    return (name, f" and {len(part.models) - 1} more") if len(part.models) > 1 else (name,)


def _thing(part: NamedPart, longest: int) -> tuple[type_span, ...]:
    is_new = part.cause is Cause.NEW
    word = "new " if is_new and part.is_first_use else ""
    rest = "" if is_new and part.is_first_use else ", unused then" if is_new else ", unused now"
    match part.thing:
        case Thing.CONNECTION if not part.key:
            return (f"the {word}connection {_cut(part.connection, longest)}{rest}",)
        case Thing.PROJECT:
            return (f"the {word}project {_cut(part.project, longest)}{rest}",)
        case Thing.KEY | Thing.CONNECTION:
            models: tuple[type_span, ...] = (" on ", *models_name(part, longest)) if part.models else ()
            return (f"the {word}key ", owner_name(part, longest), *models, rest)
        case Thing.MODEL if part.models:
            where: tuple[type_span, ...] = (
                (" on ", owner_name(part, longest)) if part.key or part.owner else ()
            )
            return (f"the {word}model ", *models_name(part, longest), *where, rest)
    if is_credit(part):
        return ("a credit" if is_new else "an earlier credit", " on ", owner_name(part, longest))
    when = "then" if is_new else "now"
    return (*models_name(part, longest), " on ", owner_name(part, longest), f", unused there {when}")


def _tiers(*tiers: str) -> list[str]:
    """Write what is bought apart as people say it, without what all have in common.

    `standard speed=fast` and `standard speed=normal` become `speed fast` and `speed normal`; OpenAI's `default` is the
    standard tier.
    """
    parts = [[word for word in tier.replace(",", " ").split() if word != "tier=default"] for tier in tiers]
    common = set(parts[0]).intersection(*parts[1:])
    own = [[_TIERS.get(word, word) for word in each if word not in common] for each in parts]
    return [" ".join(each).replace("_", " ").replace("=", " ") or "standard" for each in own]


def _what_changed(part: NamedPart) -> str:
    before, after, is_more = part.before, part.after, part.nanos > 0
    match part.cause:
        case Cause.VOLUME:
            unit = "requests" if before.requests and after.requests else "tokens"
            return f"more {unit}" if is_more else f"fewer {unit}"
        case Cause.MODELS:
            return "dearer models" if is_more else "cheaper models"
        case Cause.SIZE:
            return "larger requests" if is_more else "smaller requests"
        case Cause.TIER:
            return "a dearer tier" if is_more else "a cheaper tier"
        case Cause.OUTPUT:
            now, then = after.output_tokens * before.tokens, before.output_tokens * after.tokens
            if now == then or (now > then) != is_more:
                return "dearer kinds of tokens" if is_more else "cheaper kinds of tokens"
            return "a larger share of output" if is_more else "a smaller share of output"
        case Cause.CACHE:
            now, then = after.cached_tokens * before.input_tokens, before.cached_tokens * after.input_tokens
            if now == then or (now < then) != is_more:  # hits are cheaper than other input, writes are dearer
                return "more cache writes" if is_more else "fewer cache writes"
            return "fewer cache hits" if is_more else "more cache hits"
    charges = charge_words(part.kind)
    fewer = "fewer" if charges.endswith("s") else "less"
    return f"{'more' if is_more else fewer} {charges}"
