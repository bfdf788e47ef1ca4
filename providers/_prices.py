"""List prices from the genai-prices package, behind spend's `PriceBook`.

The rule to remember: prices step up with the size of one request, so a summed bucket is priced as so many average
requests; the step is chosen by the average. Unit prices are asked of the package once per (model, how it was called,
day, step) and kept, because asking it per record is 50 times slower.
Facts: genai-prices 0.2.3, read and run 2026-11-21. Automatic updates are off: nothing is fetched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING

from spend.errors import SpendError
from spend.money import split_exactly, to_nanos
from spend.pricing import PriceBook
from spend.usage import UNITS_CLASS, Estimate, UsageRecord, variant_value

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice
    from genai_prices.types import Provider as PricedProvider

# Tiers that are charged at the plain list price. Anthropic's Priority Tier is a commitment without a list price of its
# own; its rows never meet a bill, and the list price is what they stand for.
_PLAIN_TIERS = frozenset({"", "default", "auto", "standard", "standard_only"})
_PLAIN_AT_ANTHROPIC = frozenset({"priority", "priority_on_demand"})
_BATCH = {"processing": "batch"}
_US_FACTOR = Decimal("1.1")  # Anthropic, "Pricing": US-only inference, models 4.6 and later
_CLAUDE = re.compile(r"claude-(?:[a-z]+-)?(\d{1,2})(?:-(\d{1,2}))?(?![\d])")
_CALL_TOKENS = 1000  # of an average call where no request count is reported
_MOST_CARDS = 20_000

# The package counts all input together and takes the partitions beside it.
_INPUTS: Mapping[str, tuple[str, ...]] = {
    "uncached_in": (),
    "cache_read": ("cache_read_tokens",),
    "cache_write": ("cache_write_tokens",),
    "cache_write_5m": ("cache_write_tokens", "cache_write_5m_tokens"),
    "cache_write_1h": ("cache_write_tokens", "cache_write_1h_tokens"),
    "audio_in": ("input_audio_tokens",),
    "audio_cache_read": ("input_audio_tokens", "cache_read_tokens", "cache_audio_read_tokens"),
    "image_in": ("input_image_tokens",),
    "image_cache_read": ("input_image_tokens", "cache_read_tokens", "cache_image_read_tokens"),
}
_OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "out": (),
    "audio_out": ("output_audio_tokens",),
    "image_out": ("output_image_tokens",),
}


@dataclass(slots=True)
class _Card:
    """Unit prices of one (model, how it was called, day), filled step by step. `starts` are the steps' thresholds."""

    price: "ModelPrice"
    starts: tuple[int, ...]
    factor: Decimal
    units: dict[tuple[int, str], Decimal | None] = field(default_factory=dict)

    def unit_price(self, step: int, name: str) -> Decimal | None:
        """Return the price of one token (or unit) of a class at a step; None when the package knows none."""
        key = (step, name)
        if key not in self.units:
            self.units[key] = self._ask(step, name)
        return self.units[key]

    def _ask(self, step: int, name: str) -> Decimal | None:
        from genai_prices import Usage

        size = self.starts[step - 1] + 1 if step else 1
        if name == UNITS_CLASS:
            unit = self.price.calc_price(Usage(web_searches=1))["total_price"]
            return unit * self.factor if self.price.web_searches_kcount is not None else None
        if name in _INPUTS:
            if self.price.input_mtok is None:
                return None
            usage = Usage(input_tokens=size, **dict.fromkeys(_INPUTS[name], size))
            return self.price.calc_price(usage)["input_price"] / size * self.factor
        if self.price.output_mtok is None:
            return None
        usage = Usage(input_tokens=size, output_tokens=size, **dict.fromkeys(_OUTPUTS[name], size))
        return self.price.calc_price(usage)["output_price"] / size * self.factor


class GenaiPriceBook:
    """The `PriceBook` of spend. One per process: it remembers unit prices."""

    def __init__(self) -> None:
        self.version = f"genai-prices {version('genai-prices')}"
        self._cards: dict[tuple[str, str, str, str, date], _Card | None] = {}

    def estimate(self, provider: str, record: UsageRecord) -> Estimate | None:
        """Return the list-price estimate of one record in USD, None when no price is known for a part of it."""
        card = self._card(provider, record)
        if card is None:
            return None
        counts = [(name, Decimal(n)) for name, n in record.tokens.items() if n]
        if record.units:
            if record.unit != "searches":
                return None
            counts.append((UNITS_CLASS, record.units))
        step = sum(start * _calls(record) < _input_of(record) for start in card.starts)
        amounts = []
        for name, count in counts:
            unit = card.unit_price(step, name)
            if unit is None:
                return None
            amounts.append((name, unit * count))
        return self._estimate([(name, amount) for name, amount in amounts if amount])

    def _estimate(self, amounts: list[tuple[str, Decimal]]) -> Estimate | None:
        try:
            nanos = to_nanos(sum((amount for _, amount in amounts), Decimal(0)))
        except SpendError:
            return None
        if not amounts:
            return Estimate(0, (), self.version)
        if len(amounts) == 1:
            return Estimate(nanos, ((amounts[0][0], nanos),), self.version)
        parts = split_exactly(nanos, [amount for _, amount in amounts])
        named = tuple((name, part) for (name, _), part in zip(amounts, parts, strict=True))
        return Estimate(nanos, named, self.version)

    def _card(self, provider: str, record: UsageRecord) -> _Card | None:
        dims, day = record.dims, record.start.date()
        key = (provider, dims.model, dims.service_tier, dims.variant, day)
        if key not in self._cards:
            if len(self._cards) >= _MOST_CARDS:
                self._cards.clear()
            self._cards[key] = _make_card(*key)
        return self._cards[key]


def default_prices() -> PriceBook:
    """Return a new price book over the installed package; the table itself is loaded at the first estimate."""
    return GenaiPriceBook()


def _make_card(provider: str, model: str, tier: str, variant: str, day: date) -> _Card | None:
    """Return the prices of one way of calling one model on one day, None when none are known."""
    known = _find(provider, model)
    if known is None:
        return None
    found, owner = known
    when = datetime.combine(day, time(), UTC)
    context = _context(provider, tier, variant)
    factor = _US_FACTOR if provider == "anthropic" and _is_us_priced(model, variant) else Decimal(1)
    if not context or owner is None:
        return _card_of(found.get_prices(when), factor)
    variants = [v for v in found.price_variants or () if all(context.get(k) == v.when[k] for k in v.when)]
    if any(v.constraint is None or v.constraint.active(when) for v in variants):
        return _card_of(found.get_prices(when, context), factor)
    if context == _BATCH:  # half price at both vendors since long before the package knew it
        return _card_of(found.get_prices(when), factor / 2)
    firsts = [first for v in variants if (first := getattr(v.constraint, "start_date", None))]
    if not firsts:
        return None
    # The rates of a tier are known from a later day on only: better than the plain price, which it never had.
    return _card_of(found.get_prices(datetime.combine(min(firsts), time(), UTC), context), factor)


def _find(provider: str, model: str) -> "tuple[ModelInfo, PricedProvider | None] | None":
    from genai_prices import data_snapshot

    if not model:
        return None
    try:
        owner, found = data_snapshot.get_snapshot().find_provider_model(model, None, provider, None)
    except LookupError:
        return None
    return found, owner if any(found is own for own in owner.models) else None


def _card_of(price: "ModelPrice", factor: Decimal) -> _Card:
    from genai_prices.types import TieredPrices

    tiered = [value for value in vars(price).values() if isinstance(value, TieredPrices)]
    starts = sorted({tier.start for value in tiered for tier in value.tiers})
    return _Card(price, tuple(starts), factor)


def _context(provider: str, tier: str, variant: str) -> dict[str, str]:
    """Return what the package calls the price context; empty for the plain list price."""
    if speed := variant_value(variant, "speed"):
        return {"speed": speed} if speed != "standard" else {}
    if tier == "batch":
        return dict(_BATCH)
    if tier in _PLAIN_TIERS or (provider == "anthropic" and tier in _PLAIN_AT_ANTHROPIC):
        return {}
    return {"service_tier": tier}


def _is_us_priced(model: str, variant: str) -> bool:
    match = _CLAUDE.match(model)
    if variant_value(variant, "inference_geo") != "us" or not match:
        return False
    return (int(match[1]), int(match[2] or 0)) >= (4, 6)


def _calls(record: UsageRecord) -> int:
    """Return how many calls the record's tokens are spread over."""
    if record.requests:
        return record.requests
    if variant_value(record.dims.variant, "context_window") == "200k-1M":
        return 1
    return max(1, _input_of(record) // _CALL_TOKENS)


def _input_of(record: UsageRecord) -> int:
    return sum(n for name, n in record.tokens.items() if name in _INPUTS)
