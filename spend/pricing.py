"""How estimates are made: a price book behind a protocol, and the overrides and discounts a team may set.

The price book itself (a library's table) lives in `providers/_prices.py`; nothing here knows where prices come from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from spend.usage import Estimate, PricedUsage, UsageRecord


class PriceBook(Protocol):
    """Price records of one provider at list price."""

    version: str

    def estimate(self, provider: str, record: UsageRecord) -> Estimate | None:
        """Return the list-price estimate of one record at its own date, or None when no price is known.

        Priced per average request, never on the summed bucket: a long-context price step would be applied to it.
        """


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """A team's own price for a model (`*` wildcards allowed) from a date on, in USD per million tokens."""

    model: str
    input_per_million: Decimal
    output_per_million: Decimal
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Discount:
    """A negotiated discount on the list prices of one connection, in percent, from a date on."""

    connection_id: str
    percent: Decimal
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PriceRules:
    """Everything a workspace has said about prices."""

    overrides: tuple[PriceOverride, ...] = ()
    discounts: tuple[Discount, ...] = ()


def price_usage(
    records: Sequence[UsageRecord], *, provider: str, connection_id: str, book: PriceBook, rules: PriceRules
) -> list[PricedUsage]:
    """Estimate every record: the newest override of its model that covers its date, else the book; then the discount.

    Returns one PricedUsage per record, in order. An override prices cached input at its input price times the ratio
    the book knows for that model (else at the input price). The discount multiplies whichever price was found.
    `price_version` says what was used: `book.version`, or `override:<start date>`, with `-15%` appended for a discount.
    """
    raise NotImplementedError
