"""Why money changed between two windows: an exact split into what is new, what is gone, and what changed in between.

A line is one model (and kind) on one key of one project. A line that only one window has is a part of its own: new or
gone. The lines that both have are split, key by key, into requests, models, tokens per request, service tier, output,
cache and price. `docs/explanation/why.md` works it through by hand; the parts sum to the change to the nano-unit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from spend._lines import FAMILIES, Line, lines_of, shares_of_change
from spend.breakdown import currency_order
from spend.usage import Basis

__all__ = ["FAMILIES", "Cause", "Facts", "Part", "Split", "Use", "explain"]

STANDARD_TIER = "standard"


class Cause(StrEnum):
    """What made a part. volume: requests (tokens where they are not counted). models: between models that both windows
    have. size: tokens per request. tier: service tier, batch among them. output: the share of output, of audio and of
    images. cache: what was read from and written to the cache. bill: one window is billed, the other still estimated.
    charges: what is not counted in tokens. priced: a price is known in one window only, or for a part.
    """

    NEW = "new"
    GONE = "gone"
    VOLUME = "volume"
    MODELS = "models"
    SIZE = "size"
    TIER = "tier"
    OUTPUT = "output"
    CACHE = "cache"
    BILL = "bill"
    PRICE = "price"
    CHARGES = "charges"
    PRICED = "priced"


class Thing(StrEnum):
    """What is new or gone, the largest that is: a connection, a project, a key, a model, or a model on this key."""

    CONNECTION = "connection"
    PROJECT = "project"
    KEY = "key"
    MODEL = "model"
    USE = "use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What one slice used and cost in a window, in one currency; amounts in nano-units.

    `parts`: its money by token class; what they leave of the whole is a charge. `requests` None = not counted.
    `estimate_nanos`: what tokens x price said of it, whatever the bill says; 0 = not known.
    `tier` names everything that is bought apart at another price: service tier, batch, variants.
    """

    connection_id: str
    project: str = ""
    api_key: str = ""
    model: str = ""
    kind: str = ""
    tier: str = ""
    currency: str = "USD"
    billed_nanos: int = 0
    estimated_nanos: int = 0
    estimate_nanos: int = 0
    tokens: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)
    requests: int | None = None
    unpriced_tokens: int = 0
    unpriced_rows: int = 0

    @property
    def nanos(self) -> int:
        """Billed plus estimated."""
        return self.billed_nanos + self.estimated_nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a part's lines came to in one window. `cached_tokens` are part of `input_tokens`, those of `tokens`."""

    nanos: int = 0
    requests: int | None = None
    tokens: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a change. `model` is '' where it is about several models of a key; of cause `models` it is the one
    whose share made most of it. `thing`: what is new or gone. `tier`, `tier_from`: of that cause, the tier whose share
    of the tokens grew most, and the one whose share fell most.

    before, after: what the lines it speaks of came to in each window.
    """

    cause: Cause
    nanos: int
    connection_id: str
    project: str
    api_key: str
    model: str = ""
    kind: str = ""
    thing: Thing | None = None
    tier: str = ""
    tier_from: str = ""
    before: Facts = Facts()
    after: Facts = Facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A line whose tokens have no price, in whole or in part: they are in no amount. Tokens in each window."""

    model: str
    kind: str
    before_tokens: int
    after_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The change of one currency. The parts, rises before falls and each by size, sum to `change_nanos` exactly."""

    currency: str
    before_nanos: int
    after_nanos: int
    before_basis: Basis
    after_basis: Basis
    parts: tuple[Part, ...]
    unpriced: tuple[Unknown, ...] = ()

    @property
    def change_nanos(self) -> int:
        """After minus before."""
        return self.after_nanos - self.before_nanos


def explain(
    before: Iterable[Use],
    after: Iterable[Use],
    *,
    beside: tuple[Iterable[Use], Iterable[Use]] = ((), ()),
) -> tuple[Split, ...]:
    """Split the change between two windows; one split per currency, US dollars first, then by code.

    Nothing in both windows gives no split at all. The order of the slices does not matter. beside: what else was used
    in each window, outside of a filter: a key that used another model then is not new. Its money counts nowhere.
    """
    others = _seen(beside[0]), _seen(beside[1])
    by_currency: dict[str, tuple[list[Use], list[Use]]] = defaultdict(lambda: ([], []))
    for place, window in enumerate((before, after)):
        for use in window:
            by_currency[use.currency][place].append(use)
    return tuple(
        _split(currency, *by_currency[currency], others)
        for currency in sorted(by_currency, key=currency_order)
    )


def _split(
    currency: str, before: Sequence[Use], after: Sequence[Use], others: tuple[set[str], set[str]]
) -> Split:
    owners: dict[tuple[str, str, str], list[Line]] = defaultdict(list)
    for line in lines_of(before, after):
        owners[line.owner].append(line)
    seen = (_seen(before) | others[0], _seen(after) | others[1])
    parts: list[Part] = []
    for owner in sorted(owners):
        parts += _of_owner(owner, owners[owner], seen)
    return Split(
        currency=currency,
        before_nanos=sum(use.nanos for use in before),
        after_nanos=sum(use.nanos for use in after),
        before_basis=_basis(before),
        after_basis=_basis(after),
        parts=tuple(sorted((part for part in parts if part.nanos), key=_order)),
        unpriced=_unpriced(before, after),
    )


def _of_owner(
    owner: tuple[str, str, str], lines: Sequence[Line], seen: tuple[set[str], set[str]]
) -> list[Part]:
    parts = []
    both = []
    for line in lines:
        if not line.is_there[0] or not line.is_there[1]:
            cause, other = (Cause.NEW, seen[0]) if line.is_there[1] else (Cause.GONE, seen[1])
            parts.append(_part(cause, [line], line.change, _largest_missing(line, other)))
        elif line.is_unpriced:
            parts.append(_part(Cause.PRICED, [line], line.change))
        else:
            both.append(line)
    parts += [_part(Cause.CHARGES, [line], line.charges[1] - line.charges[0]) for line in both]
    for (name, model), nanos in shares_of_change(both).items():
        is_of_all = model is None or name == Cause.MODELS.value
        spoken_of = both if is_of_all else [line for line in both if line.model == model]
        made = _part(Cause(name), spoken_of, nanos)
        made = replace(made, model=model[0], kind=model[1]) if model else made
        if made.cause is Cause.TIER:
            fell, grew = _moved_tiers(spoken_of)
            made = replace(made, tier=grew, tier_from=fell)
        parts.append(made)
    return parts


def _part(cause: Cause, lines: Sequence[Line], nanos: int, thing: Thing | None = None) -> Part:
    connection_id, project, api_key = lines[0].owner
    model, kind = lines[0].model if len(lines) == 1 else ("", "")
    before, after = ([use for line in lines for use in line.uses[place]] for place in (0, 1))
    return Part(
        cause=cause,
        nanos=nanos,
        connection_id=connection_id,
        project=project,
        api_key=api_key,
        model=model,
        kind=kind,
        thing=thing,
        before=_facts(before),
        after=_facts(after),
    )


def _moved_tiers(lines: Sequence[Line]) -> tuple[str, str]:
    """Return the tiers whose share of the tokens fell and grew most; one without a name is the standard tier."""
    tokens: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in lines:
        for place in (0, 1):
            for use in line.uses[place]:
                tokens[use.tier][place] += sum(use.tokens.values())
    before, after = (sum(pair[place] for pair in tokens.values()) for place in (0, 1))
    # Cross-multiplied, so that no share is rounded.
    by_growth = sorted(sorted(tokens), key=lambda tier: tokens[tier][1] * before - tokens[tier][0] * after)
    return by_growth[0] or STANDARD_TIER, by_growth[-1] or STANDARD_TIER


def _facts(uses: Sequence[Use]) -> Facts:
    tokens: dict[str, int] = defaultdict(int)
    for use in uses:
        for name, count in use.tokens.items():
            tokens[name] += count
    counted = [use.requests for use in uses if use.tokens]
    into = {name: count for name, count in tokens.items() if FAMILIES.get(name, "").endswith("in")}
    return Facts(
        nanos=sum(use.nanos for use in uses),
        requests=sum(each or 0 for each in counted) if counted and None not in counted else None,
        tokens=sum(tokens.values()),
        input_tokens=sum(into.values()),
        cached_tokens=sum(count for name, count in into.items() if name.endswith("cache_read")),
        output_tokens=sum(count for name, count in tokens.items() if name.endswith("out")),
    )


def _names(use: Use) -> list[tuple[Thing, str]]:
    """Return what a slice is of, the largest first, each as one word that no other can be."""
    here = use.connection_id
    return [
        (Thing.CONNECTION, repr((here,))),
        *([(Thing.PROJECT, repr((here, "project", use.project)))] if use.project else []),
        *([(Thing.KEY, repr((here, "key", use.api_key)))] if use.api_key else []),
        (Thing.MODEL, repr((use.model, use.kind))),
    ]


def _seen(uses: Iterable[Use]) -> set[str]:
    return {word for use in uses for _, word in _names(use)}


def _largest_missing(line: Line, seen: set[str]) -> Thing:
    """Return the largest thing of a line that the other window lacks; a new key of a new project is the key.

    A key says who did it.
    """
    use = (line.uses[0] or line.uses[1])[0]
    missing = [thing for thing, word in _names(use) if word not in seen]
    if Thing.KEY in missing and Thing.CONNECTION not in missing:
        return Thing.KEY
    return missing[0] if missing else Thing.USE


def _basis(uses: Sequence[Use]) -> Basis:
    billed = any(use.billed_nanos for use in uses)
    estimated = any(use.estimated_nanos for use in uses)
    if not billed and not estimated and any(use.unpriced_rows for use in uses):
        return Basis.UNPRICED
    if billed and estimated:
        return Basis.MIXED
    return Basis.BILLED if billed else Basis.ESTIMATED


def _unpriced(before: Sequence[Use], after: Sequence[Use]) -> tuple[Unknown, ...]:
    tokens: dict[tuple[str, str], list[int]] = {}
    for place, window in enumerate((before, after)):
        for use in window:
            if use.unpriced_rows:
                tokens.setdefault((use.model, use.kind), [0, 0])[place] += use.unpriced_tokens
    found = [
        Unknown(model=model, kind=kind, before_tokens=was, after_tokens=now)
        for (model, kind), (was, now) in tokens.items()
    ]
    return tuple(sorted(found, key=lambda each: (-each.after_tokens, each.model, each.kind)))


def _order(part: Part) -> tuple[object, ...]:
    owner = (part.connection_id, part.project, part.api_key)
    return part.nanos < 0, -abs(part.nanos), *owner, part.model, part.kind, part.cause.value
