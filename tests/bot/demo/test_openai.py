"""The simulated OpenAI answers as the documented one does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.demo.vendors.customers import Customer
from tests.bot.demo.shop import MONDAY_AT_0, MONDAY_AT_9, Asking, sample, shape

ALL_GROUPS = ["model", "project_id", "api_key_id", "batch", "service_tier"]
MONDAY_HOURS = {"start_time": MONDAY_AT_0, "end_time": MONDAY_AT_0 + 86400, "bucket_width": "1h"}
MONDAY_ONLY = {"start_time": MONDAY_AT_0, "end_time": MONDAY_AT_0 + 86400}


async def test_usage_has_the_published_shape_and_one_bucket_per_hour(asking: Asking) -> None:
    answer = await asking.openai("usage/completions", {**MONDAY_HOURS, "limit": 24, "group_by": ALL_GROUPS})

    body = answer.json()
    results = [bucket["results"] for bucket in body["data"]]
    assert [len(found) for found in results] == [0] * 9 + [2] + [0] * 14
    assert shape(body["data"][9]) == shape(sample("openai/usage_completions.1h.page1")["data"][0])
    assert body["data"][9]["start_time"] == MONDAY_AT_9
    assert body["has_more"] is False
    assert body["next_page"] is None


async def test_usage_counts_cached_input_as_input(asking: Asking) -> None:
    answer = await asking.openai(
        "usage/completions", {**MONDAY_ONLY, "group_by": "model", "models": "gpt-5.2"}
    )

    (found,) = answer.json()["data"][0]["results"]
    assert (found["input_tokens"], found["input_uncached_tokens"], found["input_cached_tokens"]) == (
        1400,
        1000,
        400,
    )
    assert (found["output_tokens"], found["num_model_requests"]) == (100, 10)
    assert (found["model"], found["project_id"], found["batch"]) == ("gpt-5.2", None, None)


async def test_ungrouped_usage_is_one_sum_with_null_dimensions(asking: Asking) -> None:
    answer = await asking.openai("usage/completions", MONDAY_ONLY)

    (found,) = answer.json()["data"][0]["results"]
    assert (found["input_tokens"], found["output_tokens"], found["num_model_requests"]) == (3800, 600, 15)
    assert [found[name] for name in ("project_id", "user_id", "api_key_id", "model", "service_tier")] == [
        None
    ] * 5


async def test_the_minutes_of_an_hour_add_up_to_it(asking: Asking) -> None:
    params = {"start_time": MONDAY_AT_9, "end_time": MONDAY_AT_9 + 3600, "bucket_width": "1m", "limit": 60}

    buckets = (await asking.openai("usage/completions", params)).json()["data"]

    tokens = [result["input_tokens"] for bucket in buckets for result in bucket["results"]]
    assert len(buckets) == 60
    assert sum(tokens) == 3800
    assert max(tokens) <= 65


async def test_embeddings_have_a_shape_of_their_own(asking: Asking) -> None:
    answer = await asking.openai("usage/embeddings", {**MONDAY_ONLY, "group_by": ["model", "api_key_id"]})

    bucket = answer.json()["data"][0]
    assert shape(bucket) == shape(sample("openai/usage_embeddings")["data"][0])
    assert bucket["results"][0]["input_tokens"] == 2000


async def test_costs_are_the_bill_in_dollars(asking: Asking) -> None:
    answer = await asking.openai(
        "costs", {**MONDAY_ONLY, "group_by": ["project_id", "line_item", "api_key_id"]}
    )

    bucket = answer.json()["data"][0]
    lines = {
        (found["project_id"], found["api_key_id"], found["line_item"]): Decimal(str(found["amount"]["value"]))
        for found in bucket["results"]
    }
    assert lines == {
        ("proj_a", "key_a", "gpt-5.2, input"): Decimal("0.00175"),
        ("proj_a", "key_a", "gpt-5.2, cached input"): Decimal("0.00007"),
        ("proj_a", "key_a", "gpt-5.2, output"): Decimal("0.0014"),
        ("proj_a", None, "batch | gpt-5-mini"): Decimal("0.0008"),
        ("proj_a", "key_a", "text-embedding-3-small"): Decimal("0.00004"),
        (None, None, "Web search tool calls"): Decimal("0.5"),
    }
    assert shape(bucket) == shape(sample("openai/costs.page1")["data"][0])


async def test_ungrouped_costs_are_one_amount(asking: Asking) -> None:
    (found,) = (await asking.openai("costs", MONDAY_ONLY)).json()["data"][0]["results"]

    assert Decimal(found["amount"]["value"]) == Decimal("0.50406")
    assert found["line_item"] is None
    assert found["quantity"] is None


async def test_reports_end_with_the_open_bucket(asking: Asking) -> None:
    later = {"start_time": MONDAY_AT_0 + 2 * 86400, "end_time": MONDAY_AT_0 + 9 * 86400}

    buckets = (await asking.openai("costs", later)).json()["data"]

    assert [bucket["start_time"] for bucket in buckets] == [MONDAY_AT_0 + 2 * 86400, MONDAY_AT_0 + 3 * 86400]


async def test_a_start_in_the_future_is_an_empty_page(asking: Asking) -> None:
    body = (await asking.openai("costs", {"start_time": MONDAY_AT_0 + 30 * 86400})).json()

    assert (body["data"], body["has_more"]) == ([], False)


async def test_pages_together_are_the_whole(asking: Asking) -> None:
    params = {**MONDAY_HOURS, "limit": 7, "group_by": "model"}
    pages = [(await asking.openai("usage/completions", params)).json()]

    while pages[-1]["has_more"]:
        answer = await asking.openai("usage/completions", {**params, "page": pages[-1]["next_page"]})
        pages.append(answer.json())

    whole = (
        await asking.openai("usage/completions", {**MONDAY_HOURS, "limit": 24, "group_by": "model"})
    ).json()
    assert [len(page["data"]) for page in pages] == [7, 7, 7, 3]
    assert [bucket for page in pages for bucket in page["data"]] == whole["data"]


@pytest.mark.parametrize(
    "changed",
    [{"group_by": "project_id"}, {"limit": 8}, {"start_time": MONDAY_AT_0 + 3600}, {"page": "page_none"}],
)
async def test_a_cursor_serves_no_other_question(asking: Asking, changed: dict[str, object]) -> None:
    params = {**MONDAY_HOURS, "limit": 7, "group_by": "model"}
    page = (await asking.openai("usage/completions", params)).json()["next_page"]

    answer = await asking.openai("usage/completions", {**params, "page": page, **changed})

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "page"


async def test_defaults_are_seven_days_and_24_hours(asking: Asking) -> None:
    since = {"start_time": MONDAY_AT_0 - 30 * 86400}

    days = (await asking.openai("usage/completions", since)).json()
    hours = (await asking.openai("usage/completions", {**since, "bucket_width": "1h"})).json()

    assert (len(days["data"]), days["has_more"]) == (7, True)
    assert (len(hours["data"]), hours["has_more"]) == (24, True)


@pytest.mark.parametrize(
    ("path", "params", "parameter"),
    [
        ("usage/completions", {"start_time": MONDAY_AT_0, "limit": 32}, "limit"),
        ("usage/completions", {"start_time": MONDAY_AT_0, "bucket_width": "1h", "limit": 169}, "limit"),
        ("usage/completions", {"start_time": MONDAY_AT_0, "bucket_width": "1w"}, "bucket_width"),
        ("usage/completions", {"start_time": MONDAY_AT_0, "group_by": "line_item"}, "group_by"),
        ("usage/completions", {"start_time": "yesterday"}, "start_time"),
        ("usage/completions", {}, "start_time"),
        ("usage/embeddings", {"start_time": MONDAY_AT_0, "group_by": "batch"}, "group_by"),
        ("costs", {"start_time": MONDAY_AT_0, "bucket_width": "1h"}, "bucket_width"),
        ("costs", {"start_time": MONDAY_AT_0, "limit": 181}, "limit"),
        ("costs", {"start_time": MONDAY_AT_0, "limit": 0}, "limit"),
        ("costs", {"start_time": MONDAY_AT_0, "end_time": MONDAY_AT_0}, "end_time"),
        ("costs", {"start_time": MONDAY_AT_0, "starting_at": 1}, "starting_at"),
        ("projects", {"limit": 101}, "limit"),
    ],
)
async def test_what_is_not_documented_is_refused(
    asking: Asking, path: str, params: dict[str, object], parameter: str
) -> None:
    answer = await asking.openai(path, params)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == parameter
    assert shape(answer.json()) == shape(sample("openai/error.400.bad_param"))


async def test_a_cost_grouping_can_be_withdrawn(asking: Asking) -> None:
    asking.vendors.openai.api.refused_cost_groups = frozenset({"api_key_id"})

    whole = await asking.openai(
        "costs", {**MONDAY_ONLY, "group_by": ["project_id", "line_item", "api_key_id"]}
    )
    smaller = await asking.openai("costs", {**MONDAY_ONLY, "group_by": ["project_id", "line_item"]})

    assert (whole.status_code, smaller.status_code) == (400, 200)


async def test_an_unknown_key_is_a_401_that_hides_it(asking: Asking) -> None:
    answer = await asking.openai("costs", MONDAY_ONLY, key="sk-admin-nobody-knows-this-one-AAAA")

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert "nobody" not in answer.text
    assert shape(answer.json()) == shape(sample("openai/error.401.invalid_key"))


async def test_a_revoked_key_is_unknown_from_then_on(asking: Asking) -> None:
    asking.vendors.openai.customers.revoke(asking.vendors.openai.admin_key)

    assert (await asking.openai("costs", MONDAY_ONLY)).status_code == 401


async def test_a_limited_key_is_told_the_scope_it_lacks(asking: Asking) -> None:
    openai = asking.vendors.openai

    usage = await asking.openai("costs", MONDAY_ONLY, key=openai.usage_only_key)
    names = await asking.openai("projects", key=openai.usage_only_key)
    project_key = await asking.openai("costs", MONDAY_ONLY, key=openai.project_key)

    assert [answer.status_code for answer in (usage, names, project_key)] == [200, 403, 403]
    assert "Missing scopes: api.management.read." in names.json()["error"]["message"]
    assert project_key.json() == sample("openai/error.403.missing_scope")


async def test_names_are_paged_and_archived_projects_asked_for(asking: Asking) -> None:
    active = (await asking.openai("projects")).json()
    first = (await asking.openai("projects", {"limit": 2, "include_archived": "true"})).json()
    rest = (
        await asking.openai("projects", {"limit": 2, "include_archived": "true", "after": "proj_b"})
    ).json()

    assert [project["id"] for project in active["data"]] == ["proj_a", "proj_c"]
    assert (first["last_id"], first["has_more"]) == ("proj_b", True)
    assert ([project["name"] for project in rest["data"]], rest["has_more"]) == (["Gamma"], False)
    assert first["data"][1]["status"] == "archived"
    assert shape(first) == shape(sample("openai/projects.page1"))


async def test_keys_name_who_made_them(asking: Asking) -> None:
    body = (await asking.openai("projects/proj_a/api_keys")).json()

    assert [shape(key) for key in body["data"]] == [
        shape(key) for key in sample("openai/project_api_keys")["data"]
    ]
    assert body["data"][0]["owner"]["user"]["name"] == "Ada"
    assert (await asking.openai("projects/proj_x/api_keys")).status_code == 404


async def test_a_deleted_key_leaves_the_list_and_stays_in_the_reports(asking: Asking) -> None:
    account = asking.vendors.openai.customers.credential(asking.vendors.openai.admin_key)
    assert account is not None
    gone = replace(account.customer.account.keys[0], deleted_at=asking.clock.now)
    shop = replace(account.customer.account, keys=(gone, account.customer.account.keys[1]))
    asking.vendors.openai.customers.add("sk-admin-later", Customer(shop, account.customer.ledger))

    names = (await asking.openai("projects/proj_a/api_keys", key="sk-admin-later")).json()["data"]
    used = (await asking.openai("usage/completions", {**MONDAY_ONLY, "group_by": "api_key_id"})).json()

    assert [key["id"] for key in names] == ["key_b"]
    assert [result["api_key_id"] for result in used["data"][0]["results"]] == [None, "key_a"]


async def test_members_have_the_published_shape(asking: Asking) -> None:
    assert shape((await asking.openai("users")).json()) == shape(sample("openai/users"))


async def test_usage_is_minutes_late_and_bills_hours_late(asking: Asking) -> None:
    asking.clock.now = datetime(2026, 11, 16, 9, 37, tzinfo=UTC)
    half = (await asking.openai("usage/completions", MONDAY_ONLY)).json()["data"][0]["results"]
    asking.clock.now = datetime(2026, 11, 16, 14, 59, tzinfo=UTC)
    before = (await asking.openai("costs", {**MONDAY_ONLY, "group_by": "line_item"})).json()["data"][0][
        "results"
    ]
    asking.clock.now += timedelta(minutes=1)
    after = (await asking.openai("costs", {**MONDAY_ONLY, "group_by": "line_item"})).json()["data"][0][
        "results"
    ]

    assert half[0]["num_model_requests"] == 7  # half of 10 and half of 5, rounded down
    assert [found["line_item"] for found in before] == ["Web search tool calls"]
    assert len(after) == 6
