"""The lines of two windows side by side, and what changed in those that both have, factor by factor."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spend._factors import Factor, factor_parts, ratio
from spend.usage import NOT_ATTRIBUTED

if TYPE_CHECKING:
    from spend.explain import Use

# What each token class is part of: the share of a family is the `output` factor, the share inside one the `cache` one.
FAMILIES = {
    "uncached_in": "in",
    "cache_read": "in",
    "cache_write": "in",
    "cache_write_5m": "in",
    "cache_write_1h": "in",
    "out": "out",
    "audio_in": "audio_in",
    "audio_cache_read": "audio_in",
    "audio_out": "audio_out",
    "image_in": "image_in",
    "image_cache_read": "image_in",
    "image_out": "image_out",
}
_CAUSES = ("volume", "models", "size", "output", "cache", "tier", "bill", "price")
_OF_ALL_MODELS = frozenset({"volume"})
_FINE = 1 << 64  # parts of a nano-unit that are kept until all leaves are added

type_pair = tuple[int, int]  # before, after
type_model = tuple[str, str]  # model, kind
type_leaf = tuple[type_model, str, str]  # model, tier, token class
type_levels = Mapping[
    tuple[type_model, str], tuple[type_pair, type_pair]
]  # money, and what was estimated of it


@dataclass(frozen=True, slots=True)
class Line:
    """One model of one owner: its slices before and after."""

    owner: tuple[str, str, str]
    model: type_model
    uses: "tuple[Sequence[Use], Sequence[Use]]"

    @property
    def is_there(self) -> tuple[bool, bool]:
        """Tell for each window whether anything was used or charged."""
        before, after = (any(_is_something(use) for use in window) for window in self.uses)
        return before, after

    @property
    def is_unpriced(self) -> bool:
        """Tell whether a price is missing, in either window, for any of it."""
        return any(use.unpriced_rows for window in self.uses for use in window)

    @property
    def change(self) -> int:
        """What it costs more."""
        before, after = (sum(use.nanos for use in window) for window in self.uses)
        return after - before

    @property
    def charges(self) -> type_pair:
        """What is not counted in tokens, in each window."""
        before, after = (sum(use.nanos - _of_tokens(use) for use in window) for window in self.uses)
        return before, after


def lines_of(before: "Iterable[Use]", after: "Iterable[Use]") -> list[Line]:
    """Put the slices of two windows side by side, in the order of their names."""
    found: dict[tuple[tuple[str, str, str], type_model], tuple[list[Use], list[Use]]] = {}
    for place, window in enumerate((before, after)):
        for use in window:
            key = ((use.connection_id, use.project, use.api_key), (use.model, use.kind))
            found.setdefault(key, ([], []))[place].append(use)
    lines = [Line(owner, model, found[owner, model]) for owner, model in sorted(found)]
    return [line for line in lines if any(line.is_there)]


def shares_of_change(lines: Sequence[Line]) -> dict[tuple[str, type_model | None], int]:
    """Split the change of an owner's token money by (cause, model), exactly; volume concerns all models and has None.

    What the choice of models makes is one part, with the model that makes most of it.

    Each leaf's money is a product: requests of the owner x the model's share of them x its tokens per request x the
    family's share of these x the class's share x the tier's share x what the bill is of the estimate x the estimated
    price. Where a window has nothing to take a share or a price of, that of the other window stands, so that the change
    falls to the factor where it began. Bill and estimate are told apart only where one window is billed and the other
    is not, or not wholly: two bills are compared as they are.
    """
    tokens, nanos = _leaves(lines)
    if not tokens:
        return {}
    volumes = _volumes(lines)
    fine: dict[tuple[str, type_model | None], int] = defaultdict(int)
    sums = _sums(tokens)
    levels = _levels(lines)
    for leaf in sorted(tokens):
        model = leaf[0]
        money = _money_factors(nanos[leaf], tokens[leaf], levels.get(leaf[:2]))
        parts = factor_parts([*_token_factors(leaf, tokens[leaf], sums, volumes), *money], fine=_FINE)
        for cause, part in zip(_CAUSES, parts, strict=True):
            if part:
                fine[cause, None if cause in _OF_ALL_MODELS else model] += part
    before, after = (sum(pair[place] for pair in nanos.values()) for place in (0, 1))
    return _whole(_one_choice(fine), after - before)


def _one_choice(
    fine: Mapping[tuple[str, type_model | None], int],
) -> dict[tuple[str, type_model | None], int]:
    choices = {key: amount for key, amount in fine.items() if key[0] == "models"}
    found = {key: amount for key, amount in fine.items() if key not in choices}
    total = sum(choices.values())
    if choices:
        sign = 1 if total >= 0 else -1
        largest = max(choices, key=lambda key: (choices[key] * sign, key[1] or ()))
        found[largest] = total
    return found


def _is_something(use: "Use") -> bool:
    return bool(use.nanos or use.requests or use.unpriced_rows or any(use.tokens.values()))


def _of_tokens(use: "Use") -> int:
    return sum(amount for name, amount in use.parts.items() if name in FAMILIES and use.tokens.get(name))


def _leaves(lines: Sequence[Line]) -> tuple[dict[type_leaf, type_pair], dict[type_leaf, type_pair]]:
    tokens: dict[type_leaf, list[int]] = {}
    nanos: dict[type_leaf, list[int]] = {}
    for line in lines:
        for place, window in enumerate(line.uses):
            for use in window:
                for name, count in use.tokens.items():
                    if name in FAMILIES and count:
                        leaf = (line.model, use.tier, name)
                        tokens.setdefault(leaf, [0, 0])[place] += count
                        nanos.setdefault(leaf, [0, 0])[place] += use.parts.get(name, 0)
    return _pairs(tokens), _pairs(nanos)


def _pairs(lists: Mapping[type_leaf, Sequence[int]]) -> dict[type_leaf, type_pair]:
    return {leaf: (before, after) for leaf, (before, after) in lists.items()}


def _volumes(lines: Sequence[Line]) -> dict[type_model, type_pair] | None:
    """Return each model's requests; None where one does not count them, and tokens have to stand for them."""
    found: dict[type_model, type_pair] = {}
    for line in lines:
        counts = []
        for window in line.uses:
            with_tokens = [use for use in window if any(use.tokens.values())]
            if any(not use.requests for use in with_tokens):
                return None
            counts.append(sum(use.requests or 0 for use in with_tokens))
        found[line.model] = (counts[0], counts[1])
    return found


def _levels(lines: Sequence[Line]) -> type_levels:
    """Return money and estimate of each model and tier whose windows do not stand on the same basis."""
    found: dict[tuple[type_model, str], tuple[type_pair, type_pair]] = {}
    for line in lines:
        whole = [use for window in line.uses for use in window]
        if not any(use.billed_nanos for use in whole) or not any(use.estimated_nanos for use in whole):
            continue
        for tier in {use.tier for use in whole}:
            own = [[use for use in window if use.tier == tier] for window in line.uses]
            money = (sum(map(_of_estimated, own[0])), sum(map(_of_estimated, own[1])))
            said = (sum(use.estimate_nanos for use in own[0]), sum(use.estimate_nanos for use in own[1]))
            if all(each > 0 for each in (*money, *said)):
                found[line.model, tier] = money, said
    return found


def _of_estimated(use: "Use") -> int:
    """Return the money that an estimate stands behind; what only a bill names is not attributed to anything."""
    return sum(amount for name, amount in use.parts.items() if name != NOT_ATTRIBUTED)


def _sums(tokens: Mapping[type_leaf, type_pair]) -> dict[tuple[object, ...], type_pair]:
    """Return tokens at every level: by (), (model), (model, family), (model, family, class)."""
    sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for (model, _, name), pair in tokens.items():
        family = FAMILIES[name]
        for level in ((), (model,), (model, family), (model, family, name)):
            for place in (0, 1):
                sums[level][place] += pair[place]
    return {level: (before, after) for level, (before, after) in sums.items()}


def _token_factors(
    leaf: type_leaf,
    tokens: type_pair,
    sums: Mapping[tuple[object, ...], type_pair],
    requests: Mapping[type_model, type_pair] | None,
) -> list[Factor]:
    model, _, name = leaf
    family = FAMILIES[name]
    of_model, of_family, of_class = sums[model,], sums[model, family], sums[model, family, name]
    if requests is None:
        volume, own = sums[()], of_model
    else:
        before, after = (sum(pair[place] for pair in requests.values()) for place in (0, 1))
        volume, own = (before, after), requests[model]
    return [
        Factor(*volume),
        ratio(own, volume),
        ratio(of_model, own),
        ratio(of_family, of_model),
        ratio(of_class, of_family),
        ratio(tokens, of_class),
    ]


def _money_factors(
    nanos: type_pair, tokens: type_pair, level: tuple[type_pair, type_pair] | None
) -> list[Factor]:
    """Return what the bill is of the estimate, and the price of a token that was estimated; their product is paid."""
    if level is None:
        return [Factor(1, 1), ratio(nanos, tokens)]
    money, said = level
    estimated = (nanos[0] * said[0], nanos[1] * said[1])
    return [ratio(money, said), ratio(estimated, (tokens[0] * money[0], tokens[1] * money[1]))]


def _whole(
    fine: Mapping[tuple[str, type_model | None], int], total: int
) -> dict[tuple[str, type_model | None], int]:
    """Cut the shares down to nano-units; those that are missing go to the largest remainders (ties: by name)."""
    cuts = {key: divmod(amount, _FINE) for key, amount in fine.items()}
    found = {key: whole for key, (whole, _) in cuts.items()}
    missing = total - sum(found.values())
    for key in sorted(cuts, key=lambda key: (-cuts[key][1], key[0], key[1] or ()))[:missing]:
        found[key] += 1
    return found
