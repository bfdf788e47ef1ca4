"""OpenAI's own traps. Numbers in names are those of the reference's list of traps."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from providers import FetchOptions, ProviderReplyError, ProviderRequestError, Stream
from providers.openai import PROVIDER, parse_completions, parse_costs
from spend.usage import NO_KEY, CostRecord, TokenCounts, UsageRecord
from spend.window import Window, utc_day
from tests.contracts.case import sample
from tests.providers.recorded import Recorded

DAY = utc_day(date(2026, 11, 17))
NOTHING = {"data": [], "has_more": False, "next_page": None}
COMPLETIONS, EMBEDDINGS, COSTS = PROVIDER.info.streams


def row(**fields: Any) -> dict[str, Any]:
    known = {
        "input_tokens": 100,
        "output_tokens": 10,
        "num_model_requests": 1,
        "model": "gpt-5",
        "batch": False,
    }
    return {**known, **fields}


def parsed(*rows: dict[str, Any]) -> list[UsageRecord]:
    return parse_completions(
        [{"start_time": 1794873600, "end_time": 1794877200, "results": list(rows)}], window=DAY
    )


def line(**fields: Any) -> CostRecord:
    result = {"amount": {"value": 1, "currency": "usd"}, "line_item": "gpt-5, input", **fields}
    bucket = {"start_time": 1794873600, "end_time": 1794960000, "results": [result]}
    return parse_costs([bucket], window=DAY)[0]


async def fetch(client: Recorded, stream: Stream, *, user_names: bool = False) -> list[Any]:
    options = FetchOptions(user_names=user_names)
    return [r async for page in PROVIDER.fetch(client, stream, DAY, options) for r in page.records]


def test_cached_and_written_tokens_are_taken_out_of_the_input_trap_4() -> None:
    (record,) = parsed(row(input_tokens=1000, input_cached_tokens=400, input_cache_write_tokens=100))

    assert record.tokens == TokenCounts(uncached_in=500, cache_read=400, cache_write=100, out=10)
    assert record.tokens.total == 1010


def test_audio_and_images_are_taken_out_of_the_text() -> None:
    (record,) = parsed(
        row(
            input_tokens=1000,
            input_cached_tokens=300,
            input_uncached_tokens=700,
            output_tokens=200,
            input_audio_tokens=100,
            input_cached_audio_tokens=50,
            output_audio_tokens=150,
            input_image_tokens=40,
            input_cached_image_tokens=10,
            output_image_tokens=20,
        )
    )

    assert record.tokens == TokenCounts(
        uncached_in=560,
        cache_read=240,
        out=30,
        audio_in=100,
        audio_cache_read=50,
        audio_out=150,
        image_in=40,
        image_cache_read=10,
        image_out=20,
    )
    assert record.tokens.total == 1200


@pytest.mark.parametrize(
    "fields",
    [
        {"input_cached_tokens": 101},
        {"input_uncached_tokens": 99},
        {"input_audio_tokens": 101},
        {"output_audio_tokens": 11},
        {"input_cached_tokens": 5, "input_cached_audio_tokens": 6},
    ],
)
def test_counts_that_contradict_each_other_are_refused(fields: dict[str, int]) -> None:
    with pytest.raises(ProviderReplyError):
        parsed(row(**fields))


def test_older_answers_lack_the_newer_counts() -> None:
    (record,) = parsed(row())

    assert record.tokens == TokenCounts(uncached_in=100, out=10)


def test_batch_is_an_axis_of_its_own_beside_the_tier_trap_13() -> None:
    records = parsed(
        row(service_tier="default"),
        row(service_tier="priority"),
        row(service_tier="default", batch=True),
        row(service_tier="flex", batch=True),
        row(service_tier=None),
        row(service_tier=None, batch=None),
    )

    assert [record.dims.service_tier for record in records] == [
        "default",
        "priority",
        "batch",
        "batch",
        "",
        "",
    ]
    assert len({record.dims for record in records}) == 6


def test_usage_without_a_key_is_marked_and_a_bill_without_one_is_not() -> None:
    (record,) = parsed(row(api_key_id=None, project_id=None))

    assert (record.dims.api_key, record.dims.project) == (NO_KEY, "")
    assert (line(api_key_id=None).api_key, line(api_key_id="key_1").api_key) == ("", "key_1")


def test_fields_newer_than_the_documents_are_tolerated() -> None:
    body = sample("openai", "usage_completions.2026-11.newfields.json")

    (record,) = parse_completions(body["data"], window=DAY)

    assert (record.width_s, record.tokens.uncached_in, record.tokens.cache_write) == (86400, 900_000, 40_000)


def test_a_restated_bucket_has_the_same_key_and_other_figures_trap_7() -> None:
    before = parse_completions(sample("openai", "usage_completions.1h.page1.json")["data"], window=DAY)
    after = parse_completions(sample("openai", "usage_completions.1h.restated.json")["data"], window=DAY)

    assert {(r.start, r.dims) for r in before} <= {(r.start, r.dims) for r in after}
    assert before != after


def test_amounts_are_dollars_as_number_or_text_trap_3() -> None:
    bill = parse_costs(
        sample("openai", "costs.page1.json")["data"], window=Window(DAY.start, DAY.end + timedelta(days=1))
    )

    second = {record.line_item: record.nanos for record in bill if record.day == date(2026, 11, 18)}
    assert second["Text tokens"] == 12_500_000_000
    assert second["Web search tool calls"] == 3_627_500
    assert 0 in second.values()


def test_an_adjustment_keeps_its_sign_and_its_words() -> None:
    credit = line(amount={"value": "-3.0", "currency": "usd"}, line_item="Credit adjustment")

    assert (credit.nanos, credit.currency, credit.model, credit.kind) == (-3_000_000_000, "USD", "", "")
    assert credit.line_item == "Credit adjustment"


@pytest.mark.parametrize(
    ("stream", "groups"),
    [
        (COMPLETIONS, ["model", "project_id", "api_key_id", "batch", "service_tier"]),
        (EMBEDDINGS, ["model", "project_id", "api_key_id"]),
        (COSTS, ["project_id", "line_item", "api_key_id"]),
    ],
)
async def test_queries_have_both_edges_and_a_limit_trap_5(stream: Stream, groups: list[str]) -> None:
    client = Recorded({f"organization/{stream.name}": [NOTHING]})

    await fetch(client, stream)

    ((_, query),) = client.asked
    assert query["group_by"] == groups
    assert (query["start_time"], query["end_time"]) == (1794873600, 1794960000)
    assert query["limit"] == (35 if stream is COSTS else 168)
    assert query["bucket_width"] == ("1d" if stream is COSTS else "1h")


async def test_windows_are_widened_to_whole_buckets() -> None:
    client = Recorded({"organization/costs": [NOTHING], "organization/usage/completions": [NOTHING]})
    half_past = datetime(2026, 11, 17, 5, 30, tzinfo=UTC)
    for stream in (COSTS, COMPLETIONS):
        async for _ in PROVIDER.fetch(client, stream, Window(half_past, half_past), FetchOptions()):
            pass

    edges = [(query["start_time"] - 1794873600, query["end_time"] - 1794873600) for _, query in client.asked]
    assert edges == [(0, 86400), (5 * 3600, 6 * 3600)]


async def test_a_refused_grouping_of_the_bill_is_asked_without_keys_trap_10() -> None:
    refused = ProviderRequestError("no", status=400)
    client = Recorded({"organization/costs": [refused, sample("openai", "costs.page2.json")]})

    await fetch(client, COSTS)

    assert [query["group_by"] for _, query in client.asked] == [
        ["project_id", "line_item", "api_key_id"],
        ["project_id", "line_item"],
    ]


async def test_users_are_grouped_by_only_while_names_are_on() -> None:
    client = Recorded({"organization/usage/completions": [NOTHING], "organization/costs": [NOTHING]})

    await fetch(client, COMPLETIONS)
    await fetch(client, COMPLETIONS, user_names=True)
    await fetch(client, COSTS, user_names=True)

    assert ["user_id" in query["group_by"] for _, query in client.asked] == [False, True, False]


async def test_other_refusals_do_not_shrink_the_grouping() -> None:
    client = Recorded({"organization/costs": [ProviderRequestError("no", status=404)]})

    with pytest.raises(ProviderRequestError):
        await fetch(client, COSTS)
    assert len(client.asked) == 1


async def test_names_of_projects_and_keys_are_walked_and_users_only_when_allowed() -> None:
    answers = {
        "organization/projects": [
            sample("openai", "projects.page1.json"),
            sample("openai", "projects.page2.json"),
        ],
        "organization/projects/proj_support_bot/api_keys": [sample("openai", "project_api_keys.json")],
        "organization/users": [sample("openai", "users.json")],
    }
    names = await PROVIDER.names(client := Recorded(answers), FetchOptions())

    assert [(n.what, n.id, n.name, n.maker, n.project, n.is_active) for n in names] == [
        ("project", "proj_support_bot", "Support bot", "", "", True),
        ("key", "key_supp0rt01", "support prod", "user_abc", "proj_support_bot", True),
        ("key", "key_search01", "search prod", "svc_acct_abc", "proj_support_bot", True),
        ("project", "proj_search", "proj_search", "", "", False),
    ]
    assert [query.get("after") for path, query in client.asked if path == "organization/projects"] == [
        None,
        "proj_support_bot",
    ]
    assert not any(path == "organization/users" for path, _ in client.asked)
    assert not any("First Last" in str(name) or "@" in str(name) for name in names)

    with_users = await PROVIDER.names(Recorded(answers), FetchOptions(user_names=True))
    assert [(n.id, n.name) for n in with_users if n.what == "user"] == [("user_abc", "First Last")]


def test_the_streams_are_read_again_as_late_data_needs() -> None:
    usage = [(timedelta(minutes=5), timedelta(hours=3)), (timedelta(hours=1), timedelta(hours=48))]
    costs = [(timedelta(hours=1), timedelta(days=3)), (timedelta(days=1), timedelta(days=35))]

    assert [[(r.every, r.span) for r in s.rereads] for s in PROVIDER.info.streams] == [usage, usage, costs]
