"""What is served over HTTP is what stands in the vendors' books: the whole story, page by page."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.demo.harbor import ANTHROPIC_MODELS, OPENAI_MODELS
from bot.demo.story import harbor_notes
from bot.demo.vendors import SimulatedVendors
from tests.bot.demo.shop import Asking, Clock

FIRST, LAST = date(2026, 11, 9), date(2026, 11, 22)
START = datetime(2026, 11, 9, tzinfo=UTC)
AFTER = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
async def settled() -> AsyncIterator[Asking]:
    """Two weeks of Harbor Notes, with a discount at OpenAI, seen when all is settled."""
    story = harbor_notes(days=11, openai_discount_percent=15)
    clock = Clock(AFTER + timedelta(days=3))
    async with SimulatedVendors(story, clock) as vendors, httpx.AsyncClient(trust_env=False) as client:
        yield Asking(vendors, clock, client)


async def _results(ask: Any, path: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page: dict[str, str] = {}
    while True:
        body = (await ask(path, {**params, **page})).json(parse_float=Decimal)
        found += [result for bucket in body["data"] for result in bucket["results"]]
        if not body["has_more"]:
            return found
        page = {"page": body["next_page"]}


@pytest.mark.parametrize("groups", [[], ["project_id"], ["project_id", "line_item", "api_key_id"]])
async def test_openai_costs_add_up_to_the_books(settled: Asking, groups: list[str]) -> None:
    params = {
        "start_time": int(START.timestamp()),
        "end_time": int(AFTER.timestamp()),
        "limit": 5,
        "group_by": groups,
    }

    results = await _results(settled.openai, "costs", params)

    dollars = sum(Decimal(result["amount"]["value"]) for result in results)
    assert dollars * 10**9 == settled.vendors.openai.ledger.billed_nanos(FIRST, LAST)


@pytest.mark.parametrize("groups", [[], ["workspace_id"], ["workspace_id", "description"]])
async def test_anthropic_costs_add_up_to_the_books(settled: Asking, groups: list[str]) -> None:
    params = {
        "starting_at": START.isoformat(),
        "ending_at": AFTER.isoformat(),
        "limit": 5,
        "group_by[]": groups,
    }

    results = await _results(settled.anthropic, "cost_report", params)

    cents = sum(Decimal(result["amount"]) for result in results)
    assert cents * 10**7 == settled.vendors.anthropic.ledger.billed_nanos(FIRST, LAST)


@pytest.mark.parametrize("width", ["1h", "1d"])
async def test_openai_usage_is_worth_what_the_books_say(settled: Asking, width: str) -> None:
    params = {
        "start_time": int(START.timestamp()),
        "end_time": int(AFTER.timestamp()),
        "bucket_width": width,
        "limit": 9,
    }

    chat = await _results(
        settled.openai, "usage/completions", {**params, "group_by": ["model", "batch", "api_key_id"]}
    )
    vectors = await _results(
        settled.openai, "usage/embeddings", {**params, "group_by": ["model", "api_key_id"]}
    )

    worth: dict[tuple[str | None, ...], int] = {}
    for result in chat:
        price = OPENAI_MODELS[result["model"]].price
        full = (
            result["input_uncached_tokens"] * price.uncached_in
            + result["input_cached_tokens"] * price.cache_read
            + result["output_tokens"] * price.out
        )
        name = (result["model"], result["api_key_id"])
        worth[name] = worth.get(name, 0) + (full // 2 if result["batch"] else full)
    for result in vectors:
        name = (result["model"], result["api_key_id"])
        worth[name] = (
            worth.get(name, 0) + result["input_tokens"] * OPENAI_MODELS[result["model"]].price.uncached_in
        )
    assert worth == settled.vendors.openai.ledger.used_by(START, AFTER, "model", "key")


async def test_anthropic_usage_is_worth_what_the_books_say(settled: Asking) -> None:
    params = {
        "starting_at": START.isoformat(),
        "ending_at": AFTER.isoformat(),
        "bucket_width": "1h",
        "limit": 168,
        "group_by[]": ["model", "workspace_id", "api_key_id", "service_tier", "context_window"],
    }

    results = await _results(settled.anthropic, "usage_report/messages", params)

    worth: dict[tuple[str | None, ...], int] = {}
    for result in results:
        price = ANTHROPIC_MODELS[result["model"]].price
        name = (result["model"], result["api_key_id"])
        worth[name] = worth.get(name, 0) + (
            result["uncached_input_tokens"] * price.uncached_in
            + result["cache_read_input_tokens"] * price.cache_read
            + result["cache_creation"]["ephemeral_5m_input_tokens"] * price.cache_write_5m
            + result["cache_creation"]["ephemeral_1h_input_tokens"] * price.cache_write_1h
            + result["output_tokens"] * price.out
            + result["server_tool_use"]["web_search_requests"] * 10_000_000
        )
    assert worth == settled.vendors.anthropic.ledger.used_by(START, AFTER, "model", "key")


async def test_two_context_windows_of_one_hour_are_two_rows(settled: Asking) -> None:
    params = {
        "starting_at": "2026-11-12T14:00:00Z",
        "ending_at": "2026-11-12T15:00:00Z",
        "bucket_width": "1h",
        "group_by[]": ["model", "context_window"],
        "models[]": "claude-opus-5",
    }

    results = await _results(settled.anthropic, "usage_report/messages", params)

    assert [result["context_window"] for result in results] == ["0-200k", "200k-1M"]


async def test_a_key_is_listed_from_the_day_it_was_made(settled: Asking) -> None:
    async def names() -> list[str]:
        return [key["name"] for key in (await settled.anthropic("api_keys")).json()["data"]]

    settled.clock.now = datetime(2026, 11, 13, 12, tzinfo=UTC)
    before = await names()
    settled.clock.now = datetime(2026, 11, 13, 16, tzinfo=UTC)

    assert before == ["support-prod", "support-staging", "agents-prod"]
    assert await names() == [*before, "agents-nightly"]
