"""Anthropic's own traps. Numbers in names are those of the reference's list of traps."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from providers import FetchOptions, ProviderReplyError, Secret
from providers._prices import GenaiPriceBook
from providers.anthropic import PROVIDER, parse_costs, parse_messages
from spend.usage import DEFAULT_PROJECT, NO_KEY, CostRecord, Kind, TokenCounts, UsageRecord
from spend.window import Window, utc_day
from tests.contracts.case import sample
from tests.providers.recorded import Recorded

DAY = utc_day(date(2026, 11, 17))
NOTHING = {"data": [], "has_more": False, "next_page": None}
MESSAGES, BILL = PROVIDER.info.streams


def row(**fields: Any) -> dict[str, Any]:
    return {
        "uncached_input_tokens": 100,
        "cache_read_input_tokens": 20,
        "cache_creation": {"ephemeral_5m_input_tokens": 3, "ephemeral_1h_input_tokens": 4},
        "output_tokens": 10,
        "server_tool_use": {"web_search_requests": 0},
        "model": "claude-sonnet-4-5",
        "workspace_id": "wrkspc_1",
        "api_key_id": "apikey_1",
        "service_tier": "standard",
        "context_window": "0-200k",
        **fields,
    }


def parsed(*rows: dict[str, Any]) -> list[UsageRecord]:
    edges = {"starting_at": "2026-11-17T05:00:00Z", "ending_at": "2026-11-17T06:00:00Z"}
    return parse_messages([{**edges, "results": list(rows)}], window=DAY)


def line(**fields: Any) -> CostRecord:
    edges = {"starting_at": "2026-11-17T00:00:00Z", "ending_at": "2026-11-18T00:00:00Z"}
    result = {"amount": "1", "currency": "USD", **fields}
    return parse_costs([{**edges, "results": [result]}], window=DAY)[0]


def test_amounts_are_cents_trap_1() -> None:
    assert line(amount="54.00").nanos == 540_000_000
    assert line(amount="123.78912").nanos == 1_237_891_200
    assert line(amount="-100").nanos == -1_000_000_000


def test_cache_writes_are_nested_and_never_read_as_zero_trap_2() -> None:
    (record,) = parsed(row())
    assert record.tokens == TokenCounts(
        uncached_in=100, cache_read=20, cache_write_5m=3, cache_write_1h=4, out=10
    )

    flat = row(cache_creation_input_tokens=7)
    del flat["cache_creation"]
    with pytest.raises(ProviderReplyError) as caught:
        parsed(flat)
    assert caught.value.where == "cache_creation"


def test_two_context_windows_in_one_hour_are_two_rows_with_two_prices_trap_14() -> None:
    short, long = parsed(
        row(uncached_input_tokens=1_000_000), row(uncached_input_tokens=1_000_000, context_window="200k-1M")
    )

    assert short.dims != long.dims
    book = GenaiPriceBook()
    cheap, dear = (book.estimate("anthropic", record) for record in (short, long))
    assert cheap is not None
    assert dear is not None
    assert (dict(cheap.parts)["uncached_in"], dict(dear.parts)["uncached_in"]) == (
        3_000_000_000,
        6_000_000_000,
    )


def test_web_searches_are_a_record_of_their_own() -> None:
    tokens, searches = parsed(row(server_tool_use={"web_search_requests": 10}))

    assert (tokens.dims.kind, tokens.units, tokens.requests) == (Kind.COMPLETIONS, None, None)
    assert (searches.dims.kind, searches.units, searches.unit) == (Kind.WEB_SEARCH, Decimal(10), "searches")
    assert (searches.requests, searches.tokens.total) == (None, 0)
    assert len(parsed(row())) == 1


def test_priority_tier_is_never_on_the_bill_trap_13() -> None:
    records = parsed(row(service_tier="priority"), row(), row(service_tier="batch"), row(service_tier=None))

    assert [record.is_ever_billed for record in records] == [False, True, True, True]


def test_the_default_workspace_and_keyless_usage_have_marks_of_their_own() -> None:
    (record,) = parsed(row(workspace_id=None, api_key_id=None))

    assert (record.dims.project, record.dims.api_key) == (DEFAULT_PROJECT, NO_KEY)
    assert (line(workspace_id=None).project, line(workspace_id=None).api_key) == (DEFAULT_PROJECT, "")


@pytest.mark.parametrize(
    ("cost_type", "token_type", "kind", "token_class"),
    [
        ("tokens", "uncached_input_tokens", "tokens", "uncached_in"),
        ("tokens", "cache_read_input_tokens", "tokens", "cache_read"),
        ("tokens", "cache_creation.ephemeral_5m_input_tokens", "tokens", "cache_write_5m"),
        ("tokens", "cache_creation.ephemeral_1h_input_tokens", "tokens", "cache_write_1h"),
        ("tokens", "output_tokens", "tokens", "out"),
        ("tokens", "brand_new_tokens", "tokens", ""),
        ("web_search", None, "web_search", ""),
        ("code_execution", None, "code_execution", ""),
        ("session_usage", None, "session", ""),
        ("brand_new", None, "", ""),
        (None, None, "", ""),
    ],
)
def test_the_bill_names_kinds_in_fields(
    cost_type: str | None, token_type: str | None, kind: str, token_class: str
) -> None:
    record = line(cost_type=cost_type, token_type=token_type, model="claude-opus-5", description="Words")

    assert (record.kind, record.token_class, record.model, record.line_item) == (
        kind,
        token_class,
        "claude-opus-5",
        "Words",
    )


def test_bill_lines_with_the_same_words_differ_by_what_they_were_for() -> None:
    same = {"description": "Usage", "cost_type": "tokens", "model": "m"}
    lines = [
        line(**same, inference_geo="us"),
        line(**same, inference_geo="global"),
        line(**same, service_tier="batch"),
        line(**same, context_window="200k-1M"),
        line(**same, token_type="x"),
    ]

    assert len({record.variant for record in lines}) == 5


async def test_five_groups_are_the_most_trap_6() -> None:
    client = Recorded({"v1/organizations/usage_report/messages": [NOTHING]})

    assert [page async for page in PROVIDER.fetch(client, MESSAGES, DAY, FetchOptions())]

    ((_, query),) = client.asked
    assert query == {
        "starting_at": "2026-11-17T00:00:00Z",
        "ending_at": "2026-11-18T00:00:00Z",
        "bucket_width": "1h",
        "limit": 168,
        "group_by[]": ["model", "workspace_id", "api_key_id", "service_tier", "context_window"],
    }


@pytest.mark.parametrize("hour", [0, 13])
async def test_the_bill_is_asked_for_whole_days_up_to_the_next_midnight_trap_9(hour: int) -> None:
    client = Recorded({"v1/organizations/cost_report": [NOTHING]})
    moment = datetime(2026, 11, 17, hour, tzinfo=UTC)

    assert [page async for page in PROVIDER.fetch(client, BILL, Window(moment, moment), FetchOptions())]

    ((_, query),) = client.asked
    assert (query["starting_at"], query["ending_at"]) == ("2026-11-17T00:00:00Z", "2026-11-18T00:00:00Z")
    assert query["group_by[]"] == ["workspace_id", "description"]


def test_every_call_names_the_api_version() -> None:
    assert PROVIDER.headers(Secret("sk-ant-admin01-x")) == {
        "x-api-key": "sk-ant-admin01-x",
        "anthropic-version": "2023-06-01",
    }


async def test_the_check_names_the_account_and_the_risk() -> None:
    root = "v1/organizations"
    client = Recorded(
        {
            f"{root}/me": [sample("anthropic", "organizations_me.json")],
            f"{root}/usage_report/messages": [NOTHING],
            f"{root}/cost_report": [NOTHING],
            f"{root}/workspaces": [{"data": [{}, {}], "has_more": False}],
            f"{root}/api_keys": [{"data": [{}] * 4, "has_more": False}],
        }
    )

    result = await PROVIDER.check(client, now=datetime(2026, 11, 21, 9, 30, tzinfo=UTC))

    assert (result.account_id, result.account_name) == ("12345678-1234-5678-1234-567812345678", "Acme")
    assert result.sentence == "It reads usage, bills and the names of 2 workspaces and 4 keys."
    assert result.powers == "It could also change keys and members, like every Anthropic admin key."
    probes = {path: query for path, query in client.asked if "starting_at" in query}
    assert {(q["starting_at"], q["ending_at"], q["limit"]) for q in probes.values()} == {
        ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", 1)
    }


async def test_names_hold_makers_as_ids_and_users_only_when_allowed() -> None:
    root = "v1/organizations"
    answers = {
        f"{root}/workspaces": [sample("anthropic", "workspaces.json")],
        f"{root}/api_keys": [
            sample("anthropic", "api_keys.page1.json"),
            sample("anthropic", "api_keys.page2.json"),
        ],
        f"{root}/users": [sample("anthropic", "users.json")],
    }

    names = await PROVIDER.names(client := Recorded(answers), FetchOptions())

    assert [(n.what, n.name) for n in names[:3]] == [
        ("project", "Default workspace"),
        ("project", "Support"),
        ("key", "support prod"),
    ]
    assert names[2].maker == "user_01WCz1FkmYMm4gnmykNKUu3Q"
    assert [query["after_id"] for _, query in client.asked if "after_id" in query] == [
        "apikey_01Rj2N8SVvo6BePZj99NhmiT"
    ]
    assert not any(path.endswith("/users") for path, _ in client.asked)

    with_users = await PROVIDER.names(Recorded(answers), FetchOptions(user_names=True))
    assert [n.name for n in with_users if n.what == "user"] == ["Jane Doe"]
