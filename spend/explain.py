"""Why spend changed: who moved between two windows, a day without its incident, whose share shifted. Exact sums."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

SHIFT_POINTS = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One slice (a project, key or model) in two windows. `is_new`: nothing was spent on it before."""

    name: str
    before_nanos: int
    after_nanos: int

    @property
    def change_nanos(self) -> int:
        """After less before."""
        return self.after_nanos - self.before_nanos

    @property
    def is_new(self) -> bool:
        """Tell whether there was nothing before."""
        return self.before_nanos == 0 and self.after_nanos > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Movers:
    """The largest moves by size, and what all others add up to: together exactly `change_nanos`."""

    moves: tuple[Move, ...]
    other_nanos: int
    other_count: int
    change_nanos: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutIt:
    """A day split by an incident: `incident_nanos` + `rest_nanos` = `day_nanos`.

    `before_nanos`: the day it is compared with.
    """

    day_nanos: int
    incident_nanos: int
    rest_nanos: int
    before_nanos: int

    @property
    def change_nanos(self) -> int:
        """What the day would have cost more than the one it is compared with."""
        return self.rest_nanos - self.before_nanos


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareShift:
    """The largest slice, and its exact shares of the two totals."""

    name: str
    nanos: int
    total_nanos: int
    share: Fraction
    share_before: Fraction


def movers(before: Mapping[str, int], after: Mapping[str, int], *, top: int = 2) -> Movers:
    """Return who moved between two windows: the `top` largest changes (ties by name), the others in one sum.

    Both map a slice's name or id to nano-units; a missing slice spent nothing. Slices that did not move are left out.
    """
    moves = [Move(name, before.get(name, 0), after.get(name, 0)) for name in before.keys() | after.keys()]
    moved = sorted(
        (move for move in moves if move.change_nanos), key=lambda m: (-abs(m.change_nanos), m.name)
    )
    rest = moved[top:]
    return Movers(
        moves=tuple(moved[:top]),
        other_nanos=sum(move.change_nanos for move in rest),
        other_count=len(rest),
        change_nanos=sum(move.change_nanos for move in moved),
    )


def rises_then_falls(moves: Iterable[Move]) -> list[Move]:
    """Return moves in the order of a waterfall: rises, then falls, each by size, ties by name."""
    return sorted(moves, key=lambda move: (move.change_nanos < 0, -abs(move.change_nanos), move.name))


def newcomer(before: Mapping[str, int], after: Mapping[str, int], *, least_percent: int = 50) -> Move | None:
    """Return the largest new slice if it explains at least this part of a rise; None if the total did not rise."""
    rise = sum(after.values()) - sum(before.values())
    new = [
        move
        for move in (Move(name, before.get(name, 0), nanos) for name, nanos in after.items())
        if move.is_new
    ]
    largest = min(new, key=lambda move: (-move.after_nanos, move.name), default=None)
    if largest is None or rise <= 0 or largest.after_nanos * 100 < least_percent * rise:
        return None
    return largest


def without_incident(*, day_nanos: int, incident_nanos: int, before_nanos: int) -> WithoutIt:
    """Split a day by what an incident cost in it, at most all of it: an estimate may be higher than the bill."""
    part = min(incident_nanos, max(day_nanos, 0))
    return WithoutIt(
        day_nanos=day_nanos, incident_nanos=part, rest_nanos=day_nanos - part, before_nanos=before_nanos
    )


def share_shift(
    before: Mapping[str, int], after: Mapping[str, int], *, least_points: int = SHIFT_POINTS
) -> ShareShift | None:
    """Return the largest slice of `after` if its share moved by at least 5 points; ties by name.

    None where shares mean nothing: a negative slice or an empty total in either window (R6).
    """
    total, total_before = sum(after.values()), sum(before.values())
    if total <= 0 or total_before <= 0 or any(nanos < 0 for nanos in [*before.values(), *after.values()]):
        return None
    name = min(after, key=lambda slice_name: (-after[slice_name], slice_name))
    share, share_before = Fraction(after[name], total), Fraction(before.get(name, 0), total_before)
    if abs(share - share_before) * 100 < least_points:
        return None
    return ShareShift(name=name, nanos=after[name], total_nanos=total, share=share, share_before=share_before)
