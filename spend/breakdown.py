"""Breakdowns: the order of slices by one or two dimensions, the top ones and the rest, and the arithmetic of showing.

Sums are of integer nano-units and currencies are never added. Words are for `bot/views/text.py`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Generic, Protocol, TypeVar


class Part(Protocol):
    """Money of one slice in one currency. `labels`: its name in each dimension asked for, one or two of them.

    `before_nanos`: what it was in the window this one is compared with; None counts as nothing.
    """

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def currency(self) -> str: ...

    @property
    def nanos(self) -> int: ...

    @property
    def before_nanos(self) -> int | None: ...


P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Section(Generic[P]):
    """One currency's parts: those of the top groups, and those of the `left_out` groups below them."""

    top: tuple[P, ...]
    rest: tuple[P, ...]
    left_out: int


def currency_order(currency: str) -> tuple[bool, str]:
    """Return what currencies are sorted by: US dollars first, then by code."""
    return currency != "USD", currency


def by_amount(parts: Iterable[P]) -> list[P]:
    """Put parts in their order: by currency, then groups by amount, descending, then by name.

    A group is what shares the first label; inside it the parts go by amount and name too.
    """
    known = list(parts)
    sums: Counter[tuple[str, str]] = Counter()
    for part in known:
        sums[part.currency, part.labels[0]] += part.nanos
    return sorted(
        known,
        key=lambda part: (
            currency_order(part.currency),
            -sums[part.currency, part.labels[0]],
            part.labels[0],
            -part.nanos,
            part.labels,
        ),
    )


def by_change(parts: Iterable[P]) -> list[P]:
    """Put parts in the order of a comparison: by currency, then rises, then falls, each by size, then what stayed."""
    return sorted(parts, key=lambda part: (currency_order(part.currency), *_change_order(part)))


def split_top(parts: Iterable[P], most: int) -> list[Section[P]]:
    """Cut parts, sorted by currency, behind the first `most` groups of each; every part keeps its place."""
    sections = []
    for _, of_currency in groupby(parts, key=lambda part: part.currency):
        known = tuple(of_currency)
        groups = list(dict.fromkeys(part.labels[0] for part in known))
        kept = set(groups[:most])
        top = tuple(part for part in known if part.labels[0] in kept)
        rest = tuple(part for part in known if part.labels[0] not in kept)
        sections.append(Section(top, rest, len(groups) - len(kept)))
    return sections


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


def _change_order(part: Part) -> tuple[int, int, tuple[str, ...]]:
    change = part.nanos - (part.before_nanos or 0)
    direction = 0 if change > 0 else 1 if change < 0 else 2
    return direction, -abs(change), part.labels
