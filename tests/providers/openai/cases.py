"""What the contract suite must know to test OpenAI. The samples are one coherent day, 2026-11-17."""

from datetime import UTC, datetime
from functools import partial

from spend.window import Window
from tests.contracts.case import ProviderCase, StreamCase, sample

_sample = partial(sample, "openai")
_DAY = Window(datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC))
_DAYS = Window(datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
_embeddings = _sample("usage_embeddings.json")
_bucket = _embeddings["data"][0]
_later = {**_bucket, "start_time": 1794880800, "end_time": 1794884400}

CASE = ProviderCase(
    key="sk-admin-madeUpForTests0000q7Xw",
    base_path="/v1",
    streams=(
        StreamCase(
            stream="usage/completions",
            path="/v1/organization/usage/completions",
            window=_DAY,
            bodies=[_sample("usage_completions.1h.page1.json"), _sample("usage_completions.1h.page2.json")],
            required=frozenset({"input_tokens", "output_tokens", "num_model_requests"}),
            model="model",
        ),
        StreamCase(
            stream="usage/embeddings",
            path="/v1/organization/usage/embeddings",
            window=_DAY,
            bodies=[
                {**_embeddings, "data": [_bucket], "has_more": True, "next_page": "page_2"},
                {**_embeddings, "data": [_later]},
            ],
            required=frozenset({"input_tokens", "num_model_requests"}),
            model="model",
        ),
        StreamCase(
            stream="costs",
            path="/v1/organization/costs",
            window=_DAYS,
            bodies=[_sample("costs.page1.json"), _sample("costs.page2.json")],
            required=frozenset({"amount"}),
            amount=("amount", "value"),
        ),
    ),
    errors={
        400: _sample("error.400.bad_param.json"),
        401: _sample("error.401.invalid_key.json"),
        403: _sample("error.403.missing_scope.json"),
        429: _sample("error.429.json"),
        500: _sample("error.500.json"),
    },
    wrong_keys={
        "sk-proj-abc": "This is a project key (sk-proj-…). Usage needs an admin key (sk-admin-…): "
        "OpenAI, Settings > Admin keys.",
        "sk-svcacct-abc": "This is a service-account key (sk-svcacct-…). Usage needs an admin key (sk-admin-…): "
        "OpenAI, Settings > Admin keys.",
        "sk-abc": "This is a user key (sk-…). Usage needs an admin key (sk-admin-…): OpenAI, Settings > Admin keys.",
        "sk-ant-admin01-abc": "This is an Anthropic admin key (sk-ant-admin…). Usage needs an admin key (sk-admin-…): "
        "OpenAI, Settings > Admin keys.",
        "eyJhbGciOi.abc.def": "This is an OAuth token (eyJ…). Usage needs an admin key (sk-admin-…): "
        "OpenAI, Settings > Admin keys.",
        "hello": "This is not an admin key of the OpenAI API (sk-admin-…); a key of a ChatGPT workspace reads no API "
        "usage: OpenAI, Settings > Admin keys.",
    },
    check_paths={
        "/v1/organization/costs": _sample("costs.empty.json"),
        "/v1/organization/usage/completions": _sample("usage_completions.nodata.json"),
        "/v1/organization/usage/embeddings": _sample("usage_completions.nodata.json"),
        "/v1/organization/projects": _sample("projects.page2.json"),
        "/v1/organization/projects/proj_search/api_keys": _sample("project_api_keys.json"),
    },
    denied_names=frozenset({"/v1/organization/projects"}),
    good_sentence="It reads usage, bills and the names of 1 project and its keys.",
)
