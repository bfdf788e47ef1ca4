"""Exact money: decimals outside, integer nano-units inside, never a float.

A nano-unit is 1e-9 of a currency's main unit (a nano-dollar). Vendor amounts are rounded half-even to nano-units once,
per record; every total after that is a sum of integers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import lcm

from spend.errors import CurrencyMismatchError, SpendError

NANOS_PER_UNIT = 1_000_000_000
_LARGEST_NANOS = 2**63 - 1  # what a BIGINT column holds: about 9.2 billion dollars
_ONE_NANO = Decimal("1e-9")
_WIDE = Context(prec=60)


def to_nanos(amount: Decimal | int) -> int:
    """Convert an amount in main units to integer nano-units, rounded half-even.

    Raises SpendError for floats, NaN, infinities and amounts that do not fit a signed 64-bit integer.

    >>> to_nanos(Decimal("11.342125"))
    11342125000
    """
    if isinstance(amount, float | bool):
        raise SpendError("money is never made from a float")
    exact = Decimal(amount)
    if exact.is_zero():  # vendors write zero with any exponent: 0E-6176
        return 0
    if not exact.is_finite() or exact.adjusted() > 12:
        raise SpendError("an amount must be finite and below 9.2 billion units")
    nanos = int(exact.quantize(_ONE_NANO, ROUND_HALF_EVEN, _WIDE).scaleb(9, _WIDE))
    if abs(nanos) > _LARGEST_NANOS:
        raise SpendError("an amount must be finite and below 9.2 billion units")
    return nanos


def from_nanos(nanos: int) -> Decimal:
    """Convert nano-units to an exact decimal in main units, without trailing zeros beyond the point.

    >>> from_nanos(11342125000)
    Decimal('11.342125')
    """
    exact = Decimal(nanos).scaleb(-9, _WIDE)
    whole = exact.to_integral_value()
    return whole if exact == whole else exact.normalize(_WIDE)


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount of one currency (upper-case ISO code)."""

    nanos: int
    currency: str = "USD"

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str = "USD") -> "Money":
        """Build from main units: `Money.of("1.25")` is one dollar and 25 cents. Floats are refused."""
        return cls(to_nanos(Decimal(amount) if isinstance(amount, str) else amount), currency)

    @property
    def amount(self) -> Decimal:
        """The exact amount in main units."""
        return from_nanos(self.nanos)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.nanos + self._same(other).nanos, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.nanos - self._same(other).nanos, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.nanos, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.nanos < self._same(other).nanos

    def __le__(self, other: "Money") -> bool:
        return self.nanos <= self._same(other).nanos

    def __gt__(self, other: "Money") -> bool:
        return self.nanos > self._same(other).nanos

    def __ge__(self, other: "Money") -> bool:
        return self.nanos >= self._same(other).nanos

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} are never added")
        return other


def split_exactly(total: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Split an integer by weights so that the parts sum to it exactly (largest remainder).

    Ties go to the earlier part, so sort the weights' owners before. Weights are >= 0 and not all zero.
    Works for negative totals: the parts of -n are the negated parts of n.

    >>> split_exactly(10, [1, 1, 1])
    [4, 3, 3]
    """
    if total < 0:
        return [-part for part in split_exactly(-total, weights)]
    shares = _as_integers(weights)
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise SpendError("weights must be at least zero and not all zero")
    cuts = [divmod(total * share, whole) for share in shares]
    parts = [part for part, _ in cuts]
    missing = total - sum(parts)
    by_remainder = sorted(range(len(cuts)), key=lambda i: -cuts[i][1])
    for i in by_remainder[:missing]:
        parts[i] += 1
    return parts


def _as_integers(weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Scale weights to integers of the same proportions: integer arithmetic is exact and much faster."""
    if all(isinstance(weight, int) for weight in weights):
        return [int(weight) for weight in weights]
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return [int(weight * scale) for weight in exact]
