"""What a bill names: its lines summed into targets (R4), in the order in which they are placed (R5)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from spend.usage import NOT_ATTRIBUTED, CostRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The lines of one day's bill that name the same things, summed; '' = the bill does not name it.

    `classes` splits `nanos` by the lines' token class, in alphabetical order, NOT_ATTRIBUTED for lines without one;
    a class may be negative. `words`: the lines' raw words. `is_zero`: every line is zero.
    """

    project: str
    api_key: str
    model: str
    kind: str
    currency: str
    nanos: int
    classes: tuple[tuple[str, int], ...]
    words: str
    is_zero: bool

    @property
    def named_parts(self) -> int:
        """How many of project, key, model and kind the bill names."""
        return sum(1 for part in (self.project, self.api_key, self.model, self.kind) if part)

    @property
    def is_placeable(self) -> bool:
        """Whether it may be looked for in the usage at all: names a model or a kind (R5), net not negative (R6)."""
        return bool(self.model or self.kind) and self.nanos >= 0

    @property
    def class_weights(self) -> tuple[tuple[str, int], ...]:
        """The classes as weights for splitting an amount: all `>= 0`, not all zero."""
        if self.nanos > 0 and all(nanos >= 0 for _, nanos in self.classes):
            return self.classes
        return ((NOT_ATTRIBUTED, 1),)


def sum_targets(bill: Iterable[CostRecord]) -> list[Target]:
    """Sum bill lines by (project, key, model, kind, currency) (R4, R12).

    Most named parts first (R5); among equals US dollars first, then by the names.
    """
    lines_of = defaultdict(list)
    for line in bill:
        lines_of[line.project, line.api_key, line.model, line.kind, line.currency].append(line)
    targets = [_sum_lines(lines) for lines in lines_of.values()]
    return sorted(targets, key=_placing_order)


def _sum_lines(lines: list[CostRecord]) -> Target:
    classes: dict[str, int] = defaultdict(int)
    for line in lines:
        classes[line.token_class or NOT_ATTRIBUTED] += line.nanos
    first = lines[0]
    return Target(
        project=first.project,
        api_key=first.api_key,
        model=first.model,
        kind=first.kind,
        currency=first.currency,
        nanos=sum(line.nanos for line in lines),
        classes=tuple(sorted(classes.items())),
        words="; ".join(sorted({line.line_item for line in lines if line.line_item})),
        is_zero=all(line.nanos == 0 for line in lines),
    )


def _placing_order(target: Target) -> tuple[int, bool, str, str, str, str, str]:
    return (
        -target.named_parts,
        target.currency != "USD",
        target.currency,
        target.project,
        target.api_key,
        target.model,
        target.kind,
    )
