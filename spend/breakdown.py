"""Breakdowns: spend by one or two dimensions, exact to the nano-unit, and the arithmetic of showing it.

Sums are of integer nano-units and currencies are never added. Words are for `bot/views/text.py`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, Protocol, TypeVar

from spend.errors import SpendError


class Part(Protocol):
    """Money of one group in one currency. `key`: the values of the dimensions asked for, one or two of them."""

    @property
    def key(self) -> tuple[str, ...]: ...

    @property
    def currency(self) -> str: ...

    @property
    def nanos(self) -> int: ...


P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Group(Generic[P]):
    """One row: its key, its exact sum, the parts it was made from; `children` by the second dimension, if there is one.

    A group's key holds one value, a child's two.
    """

    key: tuple[str, ...]
    nanos: int
    parts: tuple[P, ...]
    children: tuple["Group[P]", ...] = ()


@dataclass(frozen=True, slots=True)
class Other(Generic[P]):
    """The groups below the top ones: how many, their exact sum, the parts they were made from."""

    count: int
    nanos: int
    parts: tuple[P, ...]


@dataclass(frozen=True, slots=True)
class CurrencyBreakdown(Generic[P]):
    """One currency's groups, largest first; `nanos` is the exact total, `other` included."""

    currency: str
    groups: tuple[Group[P], ...]
    other: Other[P] | None
    nanos: int


@dataclass(frozen=True, slots=True)
class Breakdown(Generic[P]):
    """One entry per currency: US dollars first, then by code; empty where there were no parts."""

    currencies: tuple[CurrencyBreakdown[P], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How one group moved between two windows."""

    key: tuple[str, ...]
    currency: str
    now_nanos: int
    then_nanos: int

    @property
    def delta(self) -> int:
        """The rise, or the fall if negative."""
        return self.now_nanos - self.then_nanos


def breakdown(parts: Iterable[P], *, top: int | None = None) -> Breakdown[P]:
    """Group parts by their keys, per currency: by amount, descending, then by name.

    With two dimensions each group of the first has children by the second, in the same order. `top` keeps that many
    groups of the first dimension (children do not count) and sums the rest in `other`; None keeps all.
    Raises SpendError when `top` is below one.
    """
    if top is not None and top < 1:
        raise SpendError("top counts from one")
    by_currency = _gather(parts, _currency)
    return Breakdown(
        tuple(_break_down(code, by_currency[code], top) for code in sorted(by_currency, key=_dollars_first))
    )


def shares(nanos: Sequence[int]) -> list[int] | None:
    """Return whole percents that make exactly 100, by largest remainder (ties: larger amount, then order).

    None unless every amount is >= 0 and the total > 0: other percentages would mislead (R6). Nothing but the whole
    total reaches 100. A part above zero may get 0, and a part far below one percent may get 1 to make the sum, so
    "below one percent" is said by the exact share, not by this one.

    >>> shares([9541, 2685, 2513, 1007, 505, 408])
    [57, 16, 15, 6, 3, 3]
    """
    total = sum(nanos)
    if total <= 0 or any(amount < 0 for amount in nanos):
        return None
    cuts = [divmod(amount * 100, total) for amount in nanos]
    percents = [percent for percent, _ in cuts]
    may_grow = [i for i, percent in enumerate(percents) if percent < 99]
    for i in sorted(may_grow, key=lambda i: (-cuts[i][1], -nanos[i]))[: 100 - sum(percents)]:
        percents[i] += 1
    return percents


def shown_parts(nanos: Sequence[int], step_nanos: int) -> list[int]:
    """Return the parts as they are shown, in multiples of the step, summing exactly to the shown total.

    The shown total is the exact sum rounded half-even to the step. Parts are cut down to the step, and the missing
    steps go to the largest remainders (ties: larger amount, then order).

    >>> shown_parts([1_005_000_000, 1_005_000_000, 1_005_000_000], 10_000_000)
    [1010000000, 1010000000, 1000000000]
    """
    cuts = [divmod(amount, step_nanos) for amount in nanos]
    steps = [whole for whole, _ in cuts]
    missing = round(Fraction(sum(nanos), step_nanos)) - sum(steps)
    for i in sorted(range(len(cuts)), key=lambda i: (-cuts[i][1], -nanos[i]))[:missing]:
        steps[i] += 1
    return [step * step_nanos for step in steps]


def compare(now_parts: Iterable[Part], then_parts: Iterable[Part]) -> list[Change]:
    """Return how every key of either window changed, per currency: rises, then falls, each by size, then what stayed.

    A key that one window lacks counts as zero there, so the columns and the differences sum exactly. Ties by name;
    US dollars come first, then other currencies by code.
    """
    now, then = _sums(now_parts), _sums(then_parts)
    changes = [
        Change(key, currency, now.get((currency, key), 0), then.get((currency, key), 0))
        for currency, key in {**now, **then}
    ]
    return sorted(changes, key=_change_order)


def _break_down(currency: str, parts: Sequence[P], top: int | None) -> CurrencyBreakdown[P]:
    groups = _group(parts, depth=1)
    shown = groups if top is None else groups[:top]
    rest = groups[len(shown) :]
    left_out = tuple(part for group in rest for part in group.parts)
    other = Other(len(rest), _sum(left_out), left_out) if rest else None
    return CurrencyBreakdown(currency, shown, other, _sum(parts))


def _group(parts: Sequence[P], depth: int) -> tuple[Group[P], ...]:
    """Group by the first `depth` values of the keys, and below that by one more where keys hold more."""
    by_key = _gather(parts, lambda part: part.key[:depth])
    groups = [
        Group(
            key,
            _sum(members),
            tuple(members),
            _group(members, depth + 1) if any(len(part.key) > depth for part in members) else (),
        )
        for key, members in by_key.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.nanos, group.key)))


K = TypeVar("K")


def _gather(parts: Iterable[P], key_of: Callable[[P], K]) -> dict[K, list[P]]:
    gathered: dict[K, list[P]] = defaultdict(list)
    for part in parts:
        gathered[key_of(part)].append(part)
    return gathered


def _sum(parts: Iterable[Part]) -> int:
    return sum(part.nanos for part in parts)


def _sums(parts: Iterable[Part]) -> dict[tuple[str, tuple[str, ...]], int]:
    sums: dict[tuple[str, tuple[str, ...]], int] = defaultdict(int)
    for part in parts:
        sums[part.currency, part.key] += part.nanos
    return sums


def _currency(part: Part) -> str:
    return part.currency


def _dollars_first(currency: str) -> tuple[bool, str]:
    return currency != "USD", currency


def _change_order(change: Change) -> tuple[tuple[bool, str], int, int, tuple[str, ...]]:
    direction = 0 if change.delta > 0 else 1 if change.delta < 0 else 2
    return _dollars_first(change.currency), direction, -abs(change.delta), change.key
