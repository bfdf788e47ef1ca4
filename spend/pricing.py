"""How estimates are made: a price book behind a protocol, and the overrides and discounts a team may set.

The price book itself (a library's table) lives in `providers/_prices.py`; nothing here knows where prices come from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Protocol, TypeVar

from spend.money import split_exactly
from spend.usage import Estimate, PricedUsage, TokenCounts, UsageRecord
from spend.window import utc_midnight

_NANOS_PER_TOKEN = 1_000  # one main unit per million tokens, in nano-units per token
_OUTPUT_CLASSES = frozenset({"out", "audio_out", "image_out"})
_PROBE_REQUESTS = 1_000  # of 1,000 tokens each: below every long-context price step
_PROBE_TOKENS = 1_000_000


class PriceBook(Protocol):
    """Price records of one provider at list price."""

    version: str

    def estimate(self, provider: str, record: UsageRecord) -> Estimate | None:
        """Return the list-price estimate of one record at its own date, or None when no price is known.

        Priced per average request, never on the summed bucket: a long-context price step would be applied to it.
        """


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """A team's own price for a model (`*` wildcards allowed, upper and lower case alike), in USD per million tokens.

    It holds for UTC dates from `starts_on` on and before `ends_on` (None = without end).
    """

    model: str
    input_per_million: Decimal
    output_per_million: Decimal
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """A negotiated discount on the prices of one connection, in percent (0 to 100).

    It holds for UTC dates from `starts_on` on and before `ends_on` (None = without end).
    """

    connection_id: str
    percent: Decimal
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PriceRules:
    """Everything a workspace has said about prices."""

    overrides: tuple[PriceOverride, ...] = ()
    discounts: tuple[Discount, ...] = ()


_Dated = TypeVar("_Dated", PriceOverride, Discount)


def price_usage(
    records: Sequence[UsageRecord], *, provider: str, connection_id: str, book: PriceBook, rules: PriceRules
) -> list[PricedUsage]:
    """Estimate every record: by the newest override of its model that covers its UTC date, else by the book.

    Returns one PricedUsage per record, in order. Of overrides with the same start the one that says more of the
    model's name wins. An override prices plain input and output tokens as it says, and every other token class (cached,
    audio, image) at its input or output price times the ratio the book knows between the two for that model (1 where it
    knows none). It holds for every service tier alike. Records without token counts stay with the book. The discount
    multiplies whichever price was found; amounts are rounded half-even, the parts keep summing to the amount.
    `price_version` says what was used: the book's, or `override:<start date>`, with `-15%` appended for a discount.
    """
    pricer = _Pricer(provider, book, rules.overrides)
    discounts = [discount for discount in rules.discounts if discount.connection_id == connection_id]
    return [
        PricedUsage(record, _discounted(pricer.estimate(record), _newest(discounts, record.start.date())))
        for record in records
    ]


class _Pricer:
    """Prices of one provider under overrides; remembers the ratios it asked the book for."""

    def __init__(self, provider: str, book: PriceBook, overrides: Sequence[PriceOverride]) -> None:
        self._provider = provider
        self._book = book
        self._overrides = sorted(overrides, key=_specificity)
        self._ratios: dict[tuple[str, str, str, str, date, str], Fraction] = {}

    def estimate(self, record: UsageRecord) -> Estimate | None:
        """Return the estimate of one record before discount; None when no price is known."""
        override = self._override_of(record)
        if override is None or record.tokens == TokenCounts():
            return self._book.estimate(self._provider, record)
        return self._estimate_by(override, record)

    def _override_of(self, record: UsageRecord) -> PriceOverride | None:
        naming = (override for override in self._overrides if _names_model(override, record.dims.model))
        return _newest(naming, record.start.date())

    def _estimate_by(self, override: PriceOverride, record: UsageRecord) -> Estimate:
        exact = [
            (name, self._nanos_of(name, count, override, record)) for name, count in record.tokens.items()
        ]
        weights = [nanos for _, nanos in exact]
        total = round(sum(weights, Fraction(0)))  # half-even
        split = split_exactly(total, weights) if any(weights) else [0] * len(weights)
        parts = tuple((name, nanos) for (name, _), nanos in zip(exact, split, strict=True))
        return Estimate(total, parts, f"override:{override.starts_on.isoformat()}")

    def _nanos_of(self, name: str, count: int, override: PriceOverride, record: UsageRecord) -> Fraction:
        is_output = name in _OUTPUT_CLASSES
        price = Fraction(override.output_per_million if is_output else override.input_per_million)
        if not count or not price:
            return Fraction(0)
        return (
            count
            * price
            * _NANOS_PER_TOKEN
            * self._ratio(name, "out" if is_output else "uncached_in", record)
        )

    def _ratio(self, name: str, plain: str, record: UsageRecord) -> Fraction:
        """Return how the book prices a class against the plain one, for this model and date; 1 where it cannot tell."""
        if name == plain:
            return Fraction(1)
        dims, day = record.dims, record.start.date()
        asked = (dims.model, dims.kind, dims.service_tier, dims.variant, day, name)
        if asked not in self._ratios:
            price, plain_price = self._probe(name, record), self._probe(plain, record)
            self._ratios[asked] = (
                Fraction(1) if price is None or not plain_price else Fraction(price, plain_price)
            )
        return self._ratios[asked]

    def _probe(self, name: str, record: UsageRecord) -> int | None:
        """Ask the book for a million tokens of one class, like the record's; None where it knows no price."""
        probe = replace(
            record,
            start=utc_midnight(record.start.date()),
            tokens=TokenCounts(**{name: _PROBE_TOKENS}),
            requests=_PROBE_REQUESTS,
            units=None,
        )
        estimate = self._book.estimate(self._provider, probe)
        return estimate.nanos if estimate else None


def _names_model(override: PriceOverride, model: str) -> bool:
    pattern = override.model.lower().replace("[", "[[]")  # only * and ? are wildcards
    return fnmatchcase(model.lower(), pattern)


def _specificity(override: PriceOverride) -> tuple[bool, int, str]:
    return ("*" not in override.model, len(override.model), override.model)


def _newest(dated: Iterable[_Dated], day: date) -> _Dated | None:
    """Return the one with the newest start that covers the day; among equals the later one."""
    newest = None
    for rule in dated:
        is_over = rule.ends_on is not None and day >= rule.ends_on
        if rule.starts_on <= day and not is_over and (newest is None or rule.starts_on >= newest.starts_on):
            newest = rule
    return newest


def _discounted(estimate: Estimate | None, discount: Discount | None) -> Estimate | None:
    if estimate is None or discount is None:
        return estimate
    nanos = round(estimate.nanos * (1 - Fraction(discount.percent) / 100))  # half-even
    names, amounts = [name for name, _ in estimate.parts], [part for _, part in estimate.parts]
    parts = split_exactly(nanos, amounts) if any(amounts) else amounts
    version = f"{estimate.price_version}-{discount.percent.normalize():f}%"
    return Estimate(nanos, tuple(zip(names, parts, strict=True)), version, estimate.currency)
