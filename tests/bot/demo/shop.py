"""A corner shop of a company with figures small enough for sums by hand, and clients of both simulated vendors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

from bot.demo.harbor import ANTHROPIC_MODELS, OPENAI_MODELS
from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.account import (
    Account,
    ApiKey,
    Counts,
    Fee,
    Person,
    Project,
    StoredMeter,
    UsageRow,
)

SAMPLES = Path(__file__).parent / "samples"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = date(2026, 11, 16)
MONDAY_AT_9 = int(datetime(2026, 11, 16, 9, tzinfo=UTC).timestamp())
MONDAY_AT_0 = MONDAY_AT_9 - 9 * 3600


class Clock:
    """A clock that stands where it was set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Shop:
    """Two accounts, one at each vendor."""

    openai: Account
    anthropic: Account


@dataclass
class Asking:
    """Running vendors, their clock, and one question to each: `await openai(path, params)`."""

    vendors: SimulatedVendors
    clock: Clock
    client: httpx.AsyncClient

    async def openai(self, path: str, params: Any = None, *, key: str | None = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self.vendors.openai.admin_key}"}
        url = f"{self.vendors.openai.base_url}/organization/{path}"
        return await self.client.get(url, params=params, headers=headers)

    async def anthropic(self, path: str, params: Any = None, *, key: str | None = None) -> httpx.Response:
        headers = {"x-api-key": key or self.vendors.anthropic.admin_key, "anthropic-version": "2023-06-01"}
        url = f"{self.vendors.anthropic.base_url}/v1/organizations/{path}"
        return await self.client.get(url, params=params, headers=headers)


def sample(name: str) -> Any:
    """Return a published sample answer."""
    return json.loads((SAMPLES / f"{name}.json").read_text())


def shape(value: Any) -> Any:
    """Return the names of an answer without its values: nested, lists by their first entry."""
    if isinstance(value, Mapping):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else None


ROW = UsageRow(
    start=MONDAY_AT_9,
    project="proj_a",
    key="key_a",
    user="user_a",
    model="gpt-5.2",
    kind="completions",
    counts=Counts(uncached_in=1000, cache_read=400, out=100, requests=10),
)
MESSAGE = replace(
    ROW,
    project="wrkspc_a",
    model="claude-opus-5",
    kind="messages",
    tier="standard",
    context_window="0-200k",
    counts=Counts(1000, 400, 80, 20, 100, 10, 3),
)


def shop(openai_discount_percent: int = 0) -> Shop:
    """Make the two accounts. OpenAI's Monday: $0.00322 of gpt-5.2, $0.0008 in the batch, $0.00004 embeddings, $0.50."""
    person = Person(id="user_a", name="Ada", email="ada@shop.example", role="admin", joined_at=SINCE)
    other = Person(id="user_b", name="Ben", email="ben@shop.example", role="developer", joined_at=SINCE)
    batch = replace(ROW, model="gpt-5-mini", is_batch=True, key=None, counts=Counts(2400, 0, 0, 0, 500, 5))
    vectors = replace(ROW, model="text-embedding-3-small", kind="embeddings", counts=Counts(2000, requests=2))
    fee = Fee(
        day=MONDAY,
        text="Web search tool calls",
        cost_type="web_search",
        nanos=500_000_000,
        appears_at=MONDAY_AT_0,
    )
    openai = Account(
        id="org_shop",
        name="Shop",
        meter=StoredMeter([ROW, batch, vectors], [fee]),
        models=OPENAI_MODELS,
        discount_percent=openai_discount_percent,
        projects=(
            Project(id="proj_a", name="Alpha", created_at=SINCE),
            Project(id="proj_b", name="Beta", created_at=SINCE, archived_at=SINCE),
            Project(id="proj_c", name="Gamma", created_at=SINCE),
        ),
        keys=(
            ApiKey(id="key_a", name="a", project="proj_a", hint="sk-a", created_at=SINCE, owner=person),
            ApiKey(id="key_b", name="b", project="proj_a", hint="sk-b", created_at=SINCE),
        ),
        people=(person, other),
    )
    long = replace(MESSAGE, context_window="200k-1M", project=None, counts=Counts(out=40))
    anthropic = Account(
        id="6f1c2b7e-93d4-4a58-8b0e-5d2f7c1a9e34",
        name="Shop",
        meter=StoredMeter([MESSAGE, long]),
        models=ANTHROPIC_MODELS,
        projects=(Project(id="wrkspc_a", name="Alpha", created_at=SINCE),),
        keys=(
            ApiKey(id="apikey_a", name="a", project="wrkspc_a", hint="sk-a", created_at=SINCE, owner=person),
        ),
        people=(person,),
    )
    return Shop(openai, anthropic)
