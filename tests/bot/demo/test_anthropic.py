"""The simulated Anthropic answers as the documented one does."""

from decimal import Decimal

import pytest

from tests.bot.demo.shop import Asking, sample, shape

FIVE_GROUPS = ["model", "workspace_id", "api_key_id", "service_tier", "context_window"]
MONDAY = {"starting_at": "2026-11-16T00:00:00Z", "ending_at": "2026-11-17T00:00:00Z"}
BY_HOUR = {**MONDAY, "bucket_width": "1h", "limit": 24}


async def test_usage_has_the_published_shape_and_one_bucket_per_hour(asking: Asking) -> None:
    body = (await asking.anthropic("usage_report/messages", {**BY_HOUR, "group_by[]": FIVE_GROUPS})).json()

    published = sample("anthropic/usage_report_messages.1h.page1")["data"][0]
    assert [len(bucket["results"]) for bucket in body["data"]] == [0] * 9 + [2] + [0] * 14
    assert shape(body["data"][9]) == shape(published)
    assert body["data"][9]["starting_at"] == "2026-11-16T09:00:00Z"
    assert {found["context_window"] for found in body["data"][9]["results"]} == {"0-200k", "200k-1M"}


async def test_usage_counts_are_disjoint_and_the_default_workspace_is_null(asking: Asking) -> None:
    body = (
        await asking.anthropic("usage_report/messages", {**MONDAY, "group_by[]": ["workspace_id"]})
    ).json()

    default, alpha = body["data"][0]["results"]
    assert (default["workspace_id"], default["output_tokens"], default["model"]) == (None, 40, None)
    assert (alpha["uncached_input_tokens"], alpha["cache_read_input_tokens"]) == (1000, 400)
    assert alpha["cache_creation"] == {"ephemeral_1h_input_tokens": 20, "ephemeral_5m_input_tokens": 80}
    assert alpha["server_tool_use"] == {"web_search_requests": 3}


async def test_costs_are_decimal_text_in_cents(asking: Asking) -> None:
    params = {**MONDAY, "group_by[]": ["workspace_id", "description"]}

    results = (await asking.anthropic("cost_report", params)).json()["data"][0]["results"]

    assert {
        (found["workspace_id"], found["token_type"], found["context_window"]): found["amount"]
        for found in results
    } == {
        (None, "output_tokens", "200k-1M"): "0.10",
        ("wrkspc_a", "uncached_input_tokens", "0-200k"): "0.50",
        ("wrkspc_a", "cache_read_input_tokens", "0-200k"): "0.02",
        ("wrkspc_a", "cache_creation.ephemeral_5m_input_tokens", "0-200k"): "0.05",
        ("wrkspc_a", "cache_creation.ephemeral_1h_input_tokens", "0-200k"): "0.02",
        ("wrkspc_a", "output_tokens", "0-200k"): "0.25",
        ("wrkspc_a", None, None): "3.00",
    }
    published = sample("anthropic/cost_report.page1")["data"][0]["results"]
    assert {tuple(found) for found in results} == {tuple(published[0])}
    assert {found["description"] for found in results if found["cost_type"] == "web_search"} == {
        "Web Search Usage"
    }


async def test_ungrouped_costs_are_one_amount(asking: Asking) -> None:
    (found,) = (await asking.anthropic("cost_report", MONDAY)).json()["data"][0]["results"]

    assert Decimal(found["amount"]) == Decimal("3.94")
    assert (found["description"], found["cost_type"], found["model"], found["workspace_id"]) == (None,) * 4


async def test_costs_by_workspace_alone_name_nothing_else(asking: Asking) -> None:
    body = (await asking.anthropic("cost_report", {**MONDAY, "group_by[]": "workspace_id"})).json()

    amounts = {found["workspace_id"]: found["amount"] for found in body["data"][0]["results"]}
    assert amounts == {None: "0.10", "wrkspc_a": "3.84"}


async def test_pages_together_are_the_whole(asking: Asking) -> None:
    params = {**BY_HOUR, "limit": 10}
    first = (await asking.anthropic("usage_report/messages", params)).json()
    second = (await asking.anthropic("usage_report/messages", {**params, "page": first["next_page"]})).json()
    third = (await asking.anthropic("usage_report/messages", {**params, "page": second["next_page"]})).json()

    whole = (await asking.anthropic("usage_report/messages", BY_HOUR)).json()
    assert first["data"] + second["data"] + third["data"] == whole["data"]
    assert third["has_more"] is False


async def test_a_cursor_serves_no_other_question(asking: Asking) -> None:
    page = (await asking.anthropic("usage_report/messages", {**BY_HOUR, "limit": 10})).json()["next_page"]

    same = await asking.anthropic("usage_report/messages", {**BY_HOUR, "limit": 10, "page": page})
    other = await asking.anthropic("usage_report/messages", {**BY_HOUR, "limit": 11, "page": page})

    assert (same.status_code, other.status_code) == (200, 400)


@pytest.mark.parametrize(
    ("path", "params", "words"),
    [
        (
            "usage_report/messages",
            {**MONDAY, "group_by[]": [*FIVE_GROUPS, "inference_geo"]},
            "more than 5 group_by[]",
        ),
        ("usage_report/messages", {**MONDAY, "group_by[]": "speed"}, "speed"),
        ("usage_report/messages", {**MONDAY, "group_by": "model"}, "group_by"),
        ("usage_report/messages", {**MONDAY, "limit": 32}, "limit"),
        ("usage_report/messages", {"starting_at": "Monday"}, "starting_at"),
        ("usage_report/messages", {}, "starting_at"),
        ("cost_report", {**MONDAY, "bucket_width": "1h"}, "1h"),
        (
            "cost_report",
            {**MONDAY, "ending_at": "2026-11-16T23:00:00Z"},
            "ending date must be after starting date",
        ),
        ("cost_report", {**MONDAY, "group_by[]": "api_key_id"}, "api_key_id"),
        ("api_keys", {"limit": 1001}, "limit"),
        ("api_keys", {"after_id": "apikey_gone"}, "after_id"),
    ],
)
async def test_what_is_not_documented_is_refused(
    asking: Asking, path: str, params: dict[str, object], words: str
) -> None:
    answer = await asking.anthropic(path, params)

    assert answer.status_code == 400
    assert words in answer.json()["error"]["message"]
    assert shape(answer.json()) == shape(sample("anthropic/error.400.too_many_group_by"))


async def test_keys_are_refused_as_the_vendor_refuses_them(asking: Asking) -> None:
    url = f"{asking.vendors.anthropic.base_url}/v1/organizations/me"
    key = asking.vendors.anthropic.admin_key

    unknown = await asking.anthropic("me", key="sk-ant-admin01-unknown")
    inference = await asking.anthropic("me", key=asking.vendors.anthropic.inference_key)
    no_key = await asking.client.get(url, headers={"anthropic-version": "2023-06-01"})
    no_version = await asking.client.get(url, headers={"x-api-key": key})

    assert [answer.status_code for answer in (unknown, inference, no_key, no_version)] == [401, 403, 401, 400]
    assert unknown.json()["error"] == sample("anthropic/error.401.invalid_key")["error"]
    assert inference.json()["error"] == sample("anthropic/error.403.wrong_key")["error"]
    assert unknown.headers["request-id"] == unknown.json()["request_id"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("api_keys", "api_keys.page1"),
        ("workspaces", "workspaces"),
        ("users", "users"),
        ("me", "organizations_me"),
    ],
)
async def test_names_have_the_published_shape(asking: Asking, path: str, name: str) -> None:
    body = (await asking.anthropic(path)).json()
    published = sample(f"anthropic/{name}")
    for entry in published.get("data", []):
        entry.pop("tags", None)
    for entry in body.get("data", []):
        entry.pop("tags", None)  # a map of the customer's own words

    assert shape(body) == shape(published)


async def test_keys_name_who_made_them_by_id(asking: Asking) -> None:
    (key,) = (await asking.anthropic("api_keys")).json()["data"]

    assert key["created_by"] == {"id": "user_a", "type": "user"}
    assert key["workspace_id"] == "wrkspc_a"
