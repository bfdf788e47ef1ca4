"""What the contract suite must know to test Anthropic. The samples are one coherent day, 2026-11-17."""

from datetime import UTC, datetime
from functools import partial

from spend.window import Window
from tests.contracts.case import ProviderCase, StreamCase, sample

_sample = partial(sample, "anthropic")
_DAY = Window(datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 18, tzinfo=UTC))
_DAYS = Window(datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))
_NEEDED = "Usage needs an admin key (sk-ant-admin01-…): Anthropic Console, Settings > Admin keys."

CASE = ProviderCase(
    key="sk-ant-admin01-madeUpForTests0000r2Fp",
    base_path="",
    streams=(
        StreamCase(
            stream="usage_report/messages",
            path="/v1/organizations/usage_report/messages",
            window=_DAY,
            bodies=[
                _sample("usage_report_messages.1h.page1.json"),
                _sample("usage_report_messages.1h.page2.json"),
            ],
            required=frozenset(
                {
                    "uncached_input_tokens",
                    "cache_read_input_tokens",
                    "cache_creation",
                    "output_tokens",
                    "server_tool_use",
                }
            ),
            model="model",
        ),
        StreamCase(
            stream="cost_report",
            path="/v1/organizations/cost_report",
            window=_DAYS,
            bodies=[_sample("cost_report.page1.json"), _sample("cost_report.page2.json")],
            required=frozenset({"amount", "currency"}),
            model="model",
            amount=("amount",),
        ),
    ),
    errors={
        400: _sample("error.400.bad_range.json"),
        401: _sample("error.401.invalid_key.json"),
        403: _sample("error.403.wrong_key.json"),
        429: _sample("error.429.json"),
        500: _sample("error.500.json"),
        529: _sample("error.529.json"),
    },
    wrong_keys={
        "sk-ant-api03-abc": f"This is an API key (sk-ant-api…). {_NEEDED}",
        "sk-ant-oat01-abc": f"This is an OAuth token (sk-ant-oat…), which expires. {_NEEDED}",
        "sk-admin-abc": f"This is an OpenAI admin key (sk-admin-…). {_NEEDED}",
        "sk-proj-abc": f"This is an OpenAI project key (sk-proj-…). {_NEEDED}",
        "hello": "This is not an Anthropic admin key (sk-ant-admin01-…): Anthropic Console, Settings > Admin keys.",
    },
    check_paths={
        "/v1/organizations/me": _sample("organizations_me.json"),
        "/v1/organizations/usage_report/messages": _sample("usage_report_messages.empty.json"),
        "/v1/organizations/cost_report": _sample("cost_report.empty.json"),
        "/v1/organizations/workspaces": _sample("workspaces.json"),
        "/v1/organizations/api_keys": _sample("api_keys.page2.json"),
    },
    denied_names=frozenset({"/v1/organizations/workspaces"}),
    good_sentence="It reads usage, bills and the names of 1 workspace and 1 key.",
)
