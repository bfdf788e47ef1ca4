"""Thousands of small accounts that cost nothing to keep: each is worked out from its key when it is asked for."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from bot.demo.vendors.account import HOUR_S, Account, ApiKey, Counts, Fee, Model, Price, Project, UsageRow
from bot.demo.vendors.billing import anthropic_charges, openai_charges
from bot.demo.vendors.customers import Credential, Customer
from bot.demo.vendors.freshness import ANTHROPIC_LAG, OPENAI_LAG, Lag
from bot.demo.vendors.ledger import Billing, Ledger

_SINCE = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdKind:
    """What the accounts of one vendor's crowd have in common."""

    key_prefix: str
    project_prefix: str
    models: Mapping[str, Model]
    kind: str
    tier: str
    context_window: str | None
    billing: Billing
    lag: Lag


OPENAI_CROWD = CrowdKind(
    key_prefix="sk-admin-crowd",
    project_prefix="proj_crowd",
    models={
        "gpt-5-mini": Model("gpt-5-mini", "gpt-5-mini", Price(250, 25, 0, 0, 2000)),
        "gpt-5.2": Model("gpt-5.2", "gpt-5.2", Price(1750, 175, 0, 0, 14_000)),
    },
    kind="completions",
    tier="default",
    context_window=None,
    billing=openai_charges,
    lag=OPENAI_LAG,
)
ANTHROPIC_CROWD = CrowdKind(
    key_prefix="sk-ant-admin01-crowd",
    project_prefix="wrkspc_crowd",
    models={
        "claude-haiku-4-5": Model("claude-haiku-4-5", "Claude Haiku 4.5", Price(1000, 100, 1250, 2000, 5000)),
        "claude-sonnet-5": Model("claude-sonnet-5", "Claude Sonnet 5", Price(2000, 200, 2500, 4000, 10_000)),
    },
    kind="messages",
    tier="standard",
    context_window="0-200k",
    billing=anthropic_charges,
    lag=ANTHROPIC_LAG,
)


class Crowd:
    """`size` accounts, numbered from 0. The same seed makes the same keys and figures."""

    def __init__(self, kind: CrowdKind, *, size: int, seed: int = 0) -> None:
        self.size = size
        self._kind = kind
        self._seed = seed
        self._made = lru_cache(maxsize=20_000)(self._make)

    def key(self, number: int) -> str:
        """Return the admin key of one account."""
        return f"{self._kind.key_prefix}-{number:07}-{_digest(self._seed, number).hex()}"

    def customer(self, number: int) -> Customer:
        """Return one account and its books, for comparing."""
        return self._made(number).customer

    def credential(self, key: str) -> Credential | None:
        """Return what a key opens, None when it is no key of this crowd."""
        number = key.removeprefix(f"{self._kind.key_prefix}-")[:7]
        if not number.isdecimal() or int(number) >= self.size or key != self.key(int(number)):
            return None
        return self._made(int(number))

    def _make(self, number: int) -> Credential:
        kind = self._kind
        project = Project(id=f"{kind.project_prefix}{number:07}", name=f"Team {number}", created_at=_SINCE)
        key = ApiKey(
            id=f"key_crowd{number:07}", name="prod", project=project.id, hint="sk-...", created_at=_SINCE
        )
        account = Account(
            id=f"crowd{number:07}",
            name=f"Crowd {number}",
            meter=_SmallMeter(kind, project.id, key.id, _digest(self._seed, number)[0]),
            models=kind.models,
            projects=(project,),
            keys=(key,),
        )
        return Credential(Customer(account, Ledger(account, kind.billing, kind.lag, keep_days=0)))


class _SmallMeter:
    """A row per model and hour since 2025, by arithmetic alone."""

    __slots__ = ("_key", "_kind", "_project", "_taste")

    def __init__(self, kind: CrowdKind, project: str, key: str, taste: int) -> None:
        self._kind = kind
        self._project = project
        self._key = key
        self._taste = taste

    def rows_at(self, hour: int) -> Sequence[UsageRow]:
        if hour < _SINCE.timestamp():
            return ()
        requests = 1 + (hour // HOUR_S * 31 + self._taste) % 17
        counts = Counts(
            uncached_in=requests * 900, cache_read=requests * 300, out=requests * 200, requests=requests
        )
        return [
            UsageRow(
                start=hour,
                project=self._project,
                key=self._key,
                model=model,
                kind=self._kind.kind,
                tier=self._kind.tier,
                context_window=self._kind.context_window,
                counts=counts,
            )
            for model in self._kind.models
        ]

    def fees_on(self, day: date) -> Sequence[Fee]:
        return ()


def _digest(seed: int, number: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=12).digest()
