"""Thousands of small OpenAI accounts that cost nothing to keep: each is worked out from its key when asked for."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache

from bot.demo.vendors.account import HOUR_S, Account, ApiKey, Counts, Fee, Model, Price, Project, UsageRow
from bot.demo.vendors.billing import openai_charges
from bot.demo.vendors.customers import Credential, Customer
from bot.demo.vendors.freshness import OPENAI_LAG
from bot.demo.vendors.ledger import Ledger

_PREFIX = "sk-admin-crowd"
_SINCE = datetime(2025, 1, 1, tzinfo=UTC)
_MODELS = {
    "gpt-5-mini": Model("gpt-5-mini", "gpt-5-mini", Price(250, 25, 0, 0, 2000)),
    "gpt-5.2": Model("gpt-5.2", "gpt-5.2", Price(1750, 175, 0, 0, 14000)),
}


class Crowd:
    """`size` accounts, numbered from 0. The same seed makes the same keys and figures."""

    def __init__(self, *, size: int, seed: int = 0) -> None:
        self.size = size
        self._seed = seed
        self._made = lru_cache(maxsize=20_000)(self._make)

    def key(self, number: int) -> str:
        """Return the admin key of one account."""
        return f"{_PREFIX}-{number:07}-{_digest(self._seed, number).hex()}"

    def customer(self, number: int) -> Customer:
        """Return one account and its books, for comparing."""
        return self._made(number).customer

    def credential(self, key: str) -> Credential | None:
        """Return what a key opens, None when it is no key of this crowd."""
        number = key.removeprefix(f"{_PREFIX}-")[:7]
        if not number.isdecimal() or int(number) >= self.size or key != self.key(int(number)):
            return None
        return self._made(int(number))

    def _make(self, number: int) -> Credential:
        project = Project(id=f"proj_crowd{number:07}", name=f"Team {number}", created_at=_SINCE)
        key = ApiKey(
            id=f"key_crowd{number:07}", name="prod", project=project.id, hint="sk-...", created_at=_SINCE
        )
        meter = _SmallMeter(project.id, key.id, _digest(self._seed, number)[0])
        account = Account(
            id=f"org_crowd{number:07}",
            name=f"Crowd {number}",
            meter=meter,
            models=_MODELS,
            projects=(project,),
            keys=(key,),
        )
        return Credential(Customer(account, Ledger(account, openai_charges, OPENAI_LAG, keep_days=0)))


class _SmallMeter:
    """Two rows each hour since 2025, by arithmetic alone."""

    __slots__ = ("_key", "_project", "_taste")

    def __init__(self, project: str, key: str, taste: int) -> None:
        self._project = project
        self._key = key
        self._taste = taste

    def rows_at(self, hour: int) -> Sequence[UsageRow]:
        number = hour // HOUR_S
        requests = 1 + (number * 31 + self._taste) % 17
        return [
            UsageRow(
                start=hour,
                project=self._project,
                key=self._key,
                model=model,
                kind="completions",
                counts=Counts(
                    uncached_in=requests * 900,
                    cache_read=requests * 300,
                    out=requests * 200,
                    requests=requests,
                ),
            )
            for model in _MODELS
            if hour >= _SINCE.timestamp()
        ]

    def fees_on(self, day: date) -> Sequence[Fee]:
        return ()


def _digest(seed: int, number: int) -> bytes:
    return hashlib.blake2b(f"{seed}:{number}".encode(), digest_size=12).digest()
