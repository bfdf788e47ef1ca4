"""Placing a settled bill on the usage it pays for (R5): which atom gets how much of which target.

An atom is one usage record. Targets match atoms by project, key, model and kind only, so atoms that share these four
are kept together as a group and are always covered together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from spend._models import model_family
from spend._targets import Target
from spend.money import split_exactly
from spend.usage import TOKENS, PricedUsage, TokenCounts

_NOT_COUNTED = TokenCounts()


@dataclass(frozen=True, slots=True)
class Share:
    """What one atom gets of the target that covers it."""

    target: Target
    nanos: int


@dataclass(frozen=True, slots=True)
class Placement:
    """Shares by the atom's position, and the targets that no atom explains."""

    shares: dict[int, Share]
    unplaced: list[Target]


class _Group(NamedTuple):
    project: str
    api_key: str
    model: str
    kind: str
    has_tokens: bool


def place_targets(targets: Sequence[Target], atoms: Sequence[PricedUsage]) -> Placement:
    """Give every target to the atoms it names, most specific targets first (R5); negative ones to nobody (R6).

    targets: in the order of `sum_targets`. atoms: in the order of (hour, dimensions), which decides ties.
    Among equally specific targets, those whose model stands in the usage by its very name come first, so that a name
    that is only alike never takes what another line names exactly.
    """
    pool = _Pool(atoms)
    shares: dict[int, Share] = {}
    unplaced: list[Target] = [target for target in targets if not target.is_placeable]
    placeable = [target for target in targets if target.is_placeable]
    for _, level in groupby(placeable, key=attrgetter("named_parts")):
        waiting = []
        for target in level:
            if taken := pool.take_by_name(target):
                shares.update(_share_out(target, taken, atoms))
            else:
                waiting.append(target)
        for target in waiting:
            if taken := pool.take_alike(target):
                shares.update(_share_out(target, taken, atoms))
            else:
                unplaced.append(target)
    return Placement(shares, unplaced)


class _Pool:
    """The atoms that no target covers yet, by group. Taking removes."""

    def __init__(self, atoms: Sequence[PricedUsage]) -> None:
        self._positions: dict[_Group, list[int]] = defaultdict(list)
        for position, atom in enumerate(atoms):
            self._positions[_group_of(atom)].append(position)
        self._by_name: dict[str, list[_Group]] = defaultdict(list)
        self._by_family: dict[str, list[_Group]] = defaultdict(list)
        for group in self._positions:
            self._by_name[group.model].append(group)
            self._by_family[model_family(group.model)].append(group)

    def take_by_name(self, target: Target) -> list[int]:
        """Take what the target names, its model by the raw name; nothing if it names no model."""
        return self._take(target, self._by_name.get(target.model, ())) if target.model else []

    def take_alike(self, target: Target) -> list[int]:
        """Take what the target names, its model by family; any model if it names none."""
        if not target.model:
            return self._take(target, list(self._positions))
        return self._take(target, self._by_family.get(model_family(target.model), ()))

    def _take(self, target: Target, groups: Sequence[_Group]) -> list[int]:
        matching = [group for group in groups if group in self._positions and _names(target, group)]
        return sorted(position for group in matching for position in self._positions.pop(group))


def _group_of(atom: PricedUsage) -> _Group:
    dims = atom.record.dims
    return _Group(dims.project, dims.api_key, dims.model, dims.kind, atom.record.tokens != _NOT_COUNTED)


def _names(target: Target, group: _Group) -> bool:
    """Tell whether every part the target names is the group's; the model has been looked up already."""
    if target.project and target.project != group.project:
        return False
    if target.api_key and target.api_key != group.api_key:
        return False
    if target.kind == TOKENS:
        return group.has_tokens
    return not target.kind or target.kind == group.kind


def _share_out(target: Target, taken: list[int], atoms: Sequence[PricedUsage]) -> dict[int, Share]:
    split = split_exactly(target.nanos, _weights([atoms[position] for position in taken]))
    return {position: Share(target, nanos) for position, nanos in zip(taken, split, strict=True)}


def _weights(candidates: list[PricedUsage]) -> Sequence[int | Decimal]:
    """Weigh by estimate, else by tokens, else by units, else equally (R5); estimates of two currencies do not count."""
    estimates = [atom.estimate.nanos if atom.estimate else 0 for atom in candidates]
    currencies = {atom.estimate.currency for atom in candidates if atom.estimate}
    if any(estimates) and len(currencies) == 1:
        return estimates
    tokens = [atom.record.tokens.total for atom in candidates]
    if any(tokens):
        return tokens
    units = [atom.record.units or Decimal(0) for atom in candidates]
    return units if any(units) else [1] * len(candidates)
