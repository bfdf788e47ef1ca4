"""What providers report, normalized: one usage record or cost record is one bucket row of one stream.

Key columns are text and never None: '' means "not reported". Token classes are disjoint: no token is in two of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

# Marks a provider's default workspace: a project of its own, not "not reported".
DEFAULT_PROJECT = "(default)"
# Marks usage that the provider reports as made without an API key (console, playground).
NO_KEY = "(no key)"


class Role(StrEnum):
    """What a stream is for: `usage` is fast and counts tokens, `cost` is slow and is the bill."""

    USAGE = "usage"
    COST = "cost"


class Basis(StrEnum):
    """How far an amount can be trusted: see the glossary."""

    BILLED = "billed"
    ESTIMATED = "estimated"
    MIXED = "mixed"
    UNPRICED = "unpriced"


class Kind(StrEnum):
    """What was bought. One per usage endpoint, plus what only bills name."""

    COMPLETIONS = "completions"
    EMBEDDINGS = "embeddings"
    IMAGES = "images"
    AUDIO_IN = "audio_in"
    AUDIO_OUT = "audio_out"
    MODERATION = "moderation"
    WEB_SEARCH = "web_search"
    FILE_SEARCH = "file_search"
    CODE_EXECUTION = "code_execution"
    SESSION = "session"
    STORAGE = "storage"
    FEE = "fee"
    OTHER = "other"


TOKENS = "tokens"  # in a bill's target: any kind that is counted in tokens (a bill line may not say which endpoint)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCounts:
    """Tokens by class, disjoint. None = not reported, 0 = reported zero.

    Text classes first; audio and image tokens are counted apart because they have prices of their own.
    `cache_write` is for providers that do not say for how long a write is kept.
    """

    uncached_in: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    cache_write_5m: int | None = None
    cache_write_1h: int | None = None
    out: int | None = None
    audio_in: int | None = None
    audio_cache_read: int | None = None
    audio_out: int | None = None
    image_in: int | None = None
    image_cache_read: int | None = None
    image_out: int | None = None

    def items(self) -> Iterator[tuple[str, int]]:
        """Each reported class with its count, in the order of TOKEN_CLASSES, zero counts included."""
        for name in TOKEN_CLASSES:
            count = getattr(self, name)
            if count is not None:
                yield name, count

    @property
    def total(self) -> int:
        """All tokens reported."""
        return sum(count for _, count in self.items())


TOKEN_CLASSES: tuple[str, ...] = tuple(f.name for f in fields(TokenCounts))

# What an amount can be split into: the token classes, then what is not counted in tokens, then what nobody explains.
UNITS_CLASS = "units"
NOT_ATTRIBUTED = "not_attributed"
AMOUNT_CLASSES: tuple[str, ...] = (*TOKEN_CLASSES, UNITS_CLASS, NOT_ATTRIBUTED)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dimensions:
    """What a row can be cut by, in the vendor's own words (ids where the vendor reports ids).

    `variant` holds sorted `name=value` pairs, joined by `,`, of every grouped dimension without a column of its own.
    `feature` to `environment` are filled by gateways only.
    """

    project: str = ""
    api_key: str = ""
    user: str = ""
    model: str = ""
    kind: str = ""
    service_tier: str = ""
    variant: str = ""
    feature: str = ""
    team: str = ""
    agent: str = ""
    tenant: str = ""
    environment: str = ""


DIMENSION_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Dimensions))


def variant_of(**values: str | None) -> str:
    """Join grouped dimensions without a column of their own: `variant_of(speed="fast", geo=None)` is `speed=fast`."""
    return ",".join(f"{name}={value}" for name, value in sorted(values.items()) if value)


def variant_value(variant: str, name: str) -> str:
    """Read one value back out of a variant; '' when it is not in there."""
    for pair in variant.split(","):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageRecord:
    """One bucket row of a usage stream. `start` is aware UTC; `width_s` is the bucket's width in seconds.

    `is_ever_billed` False: the provider's bill never contains this row (Anthropic Priority Tier); it stays estimated.
    """

    start: datetime
    width_s: int = 3600
    dims: Dimensions
    tokens: TokenCounts = field(default_factory=TokenCounts)
    requests: int | None = None
    units: Decimal | None = None
    unit: str = ""
    is_ever_billed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRecord:
    """One bucket row of a cost stream: one line of the bill of one UTC day.

    `model` and `kind` are what the provider file reads out of the raw words ('' = not named, or words it does not
    know; `kind` may be TOKENS); `line_item` is the raw text itself. `token_class` is one of TOKEN_CLASSES or ''.
    """

    day: date
    project: str = ""
    api_key: str = ""
    model: str = ""
    kind: str = ""
    line_item: str = ""
    variant: str = ""
    token_class: str = ""
    nanos: int
    currency: str = "USD"
    quantity: Decimal | None = None
    quantity_unit: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens x price of one usage record, in nano-units of `currency`; `parts` by amount class sum to `nanos`."""

    nanos: int
    parts: tuple[tuple[str, int], ...]
    price_version: str
    currency: str = "USD"


@dataclass(frozen=True, slots=True)
class PricedUsage:
    """A usage record and what it is estimated to cost; None = no price is known (unpriced, never zero)."""

    record: UsageRecord
    estimate: Estimate | None
