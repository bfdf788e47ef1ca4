"""Anthropic: token usage and the bill of a Console organization.

Facts: Anthropic Admin API pages "Usage and Cost API", "Admin API keys" (stored copies of 2026-08, later excerpts) and
the Python client 2.11.0, checked 2026-11-21. Base URL without `/v1`; `x-api-key: sk-ant-admin01-...` and
`anthropic-version`; GET only; RFC 3339 times, buckets in UTC, one per interval, empty ones included; bucket pages by
`next_page`, lists by `after_id=<last_id>`; at most 5 `group_by[]`; usage is there within about 5 minutes and has no
request count; amounts are decimal text in cents. Priority Tier tokens are in the usage and never on the bill; code
execution and sessions are on the bill and never in the usage. An admin key cannot be limited to reading.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from providers import _fields as read
from providers._base import (
    CheckResult,
    FetchOptions,
    Name,
    Page,
    ProviderInfo,
    ReadClient,
    Reread,
    Secret,
    Stream,
)
from providers._buckets import aligned, rows_in
from providers._errors import ProviderAuthError, ProviderRequestError
from providers._ladder import climb, said
from providers._paging import read_optional_list, read_pages
from spend.usage import (
    DEFAULT_PROJECT,
    NO_KEY,
    TOKENS,
    CostRecord,
    Dimensions,
    Kind,
    Role,
    TokenCounts,
    UsageRecord,
    variant_of,
)
from spend.window import DAY, HOUR, Window, utc_midnight

_MESSAGES = Stream(
    name="usage_report/messages",
    role=Role.USAGE,
    bucket=HOUR,
    rereads=(Reread(timedelta(minutes=5), 3 * HOUR), Reread(HOUR, 48 * HOUR)),
)
# settles_after stays at its 24 hours: no delay or restatement is stated for the cost report (checked 2026-11-21).
_BILL = Stream(
    name="cost_report", role=Role.COST, bucket=DAY, rereads=(Reread(HOUR, 3 * DAY), Reread(DAY, 35 * DAY))
)

_QUERIES: Mapping[str, Mapping[str, Any]] = {
    _MESSAGES.name: {
        "bucket_width": "1h",
        "limit": 168,
        "group_by[]": [
            "model",
            "workspace_id",
            "api_key_id",
            "service_tier",
            "context_window",
        ],  # 5 is the most
    },
    _BILL.name: {"bucket_width": "1d", "limit": 31, "group_by[]": ["workspace_id", "description"]},
}
_LIST_LIMIT = 1000
_EDGES = ("starting_at", "ending_at")
_ROOT = "v1/organizations"
_ADMIN_KEYS = "Anthropic Console, Settings > Admin keys."
_OTHER_KEYS = (
    ("sk-ant-api", "an API key (sk-ant-api…)"),
    ("sk-ant-oat", "an OAuth token (sk-ant-oat…), which expires"),
    ("sk-ant-sid", "a login session (sk-ant-sid…)"),
    ("eyJ", "an OAuth token (eyJ…), which expires"),
    ("sk-admin-", "an OpenAI admin key (sk-admin-…)"),
    ("sk-proj-", "an OpenAI project key (sk-proj-…)"),
    ("sk-or-", "an OpenRouter key (sk-or-…)"),
    ("sk-ant-", "another kind of Anthropic key (sk-ant-…)"),
    ("sk-", "an OpenAI key (sk-…)"),
)
_TOKEN_CLASSES = {
    "uncached_input_tokens": "uncached_in",
    "cache_read_input_tokens": "cache_read",
    "cache_creation.ephemeral_5m_input_tokens": "cache_write_5m",
    "cache_creation.ephemeral_1h_input_tokens": "cache_write_1h",
    "output_tokens": "out",
}
_KINDS = {
    "tokens": TOKENS,
    "web_search": Kind.WEB_SEARCH,
    "code_execution": Kind.CODE_EXECUTION,
    "session_usage": Kind.SESSION,
}


class Anthropic:
    """Reads one Console organization."""

    info = ProviderInfo(
        key="anthropic",
        name="Anthropic",
        default_base_url="https://api.anthropic.com",
        key_hint="admin keys cannot be limited to reading; this one could also change keys and members. "
        "Revoke it in the Console at any time.",
        key_pattern=r"sk-ant-admin[A-Za-z0-9_-]+",
        console_url="https://console.anthropic.com/settings/keys",
        streams=(_MESSAGES, _BILL),
        estimated_kinds=frozenset({Kind.COMPLETIONS, Kind.WEB_SEARCH, TOKENS}),
        no_right_hint="Make an admin key (sk-ant-admin01-…) as a member with the admin role.",
    )

    def recognise(self, key: str) -> str:
        """Return '' for an admin key, else what this is instead."""
        if key.startswith("sk-ant-admin"):
            return ""
        for prefix, what in _OTHER_KEYS:
            if key.startswith(prefix):
                return f"This is {what}. Usage needs an admin key (sk-ant-admin01-…): {_ADMIN_KEYS}"
        return f"This is not an Anthropic admin key (sk-ant-admin01-…): {_ADMIN_KEYS}"

    def headers(self, key: Secret) -> Mapping[str, str]:
        """Return the key's header and the API version, which every call needs."""
        return {"x-api-key": key.reveal(), "anthropic-version": "2023-06-01"}

    def allowed_paths(self) -> Sequence[str]:
        """Return the read paths this file asks for."""
        return (rf"{_ROOT}/(usage_report/messages|cost_report|me|workspaces|api_keys|users)",)

    async def check(self, client: ReadClient, *, now: datetime) -> CheckResult:
        """Ask whose key it is, then try usage, bill and names. Raises ProviderAuthError when it reads nothing."""
        account = await _account(client)
        today = utc_midnight(now.date())
        probe = {
            "starting_at": _time(today - DAY),
            "ending_at": _time(today),
            "bucket_width": "1d",
            "limit": 1,
        }
        can_read = await climb(
            {name: partial(client.get_json, f"{_ROOT}/{name}", probe) for name in _QUERIES}
        )
        names, lacks = await _readable_names(client)
        return CheckResult(
            can_read=can_read,
            sentence=said(has_usage=_MESSAGES.name in can_read, has_bill=_BILL.name in can_read, names=names),
            lacks=lacks,
            powers="It could also change keys and members, like every Anthropic admin key.",
            account_id=read.text(account, "id"),
            account_name=read.text(account, "name"),
        )

    def fetch(
        self, client: ReadClient, stream: Stream, window: Window, options: FetchOptions
    ) -> AsyncIterator[Page]:
        """Yield the pages of one stream. No user is ever reported, so `options` change nothing."""
        return self._fetch(client, stream, aligned(window, stream.bucket))

    async def _fetch(self, client: ReadClient, stream: Stream, window: Window) -> AsyncIterator[Page]:
        # Buckets that end by `ending_at` are returned, so the open bucket needs its own end there, not the present.
        query = {"starting_at": _time(window.start), "ending_at": _time(window.end), **_QUERIES[stream.name]}
        parse: Callable[..., Any] = parse_messages if stream.role == Role.USAGE else parse_costs
        for page in await read_pages(
            client, f"{_ROOT}/{stream.name}", [query], partial(parse, window=window)
        ):
            yield page

    async def names(self, client: ReadClient, options: FetchOptions) -> Sequence[Name]:
        """Return workspaces (archived too), keys, and users where the workspace allows it."""
        found = [Name(what="project", id=DEFAULT_PROJECT, name="Default workspace")]  # no list contains it
        workspaces = await _list(client, "workspaces", {"include_archived": "true"})
        found.extend(_named("project", space, is_active=not space.get("archived_at")) for space in workspaces)
        found.extend(_key_name(key) for key in await _list(client, "api_keys", {}))
        if options.user_names:
            found.extend(_named("user", user) for user in await _list(client, "users", {}))
        return found


def parse_messages(buckets: Sequence[Any], *, window: Window) -> list[UsageRecord]:
    """Return the records of `usage_report/messages` buckets: one for the tokens of a row, one for its web searches."""
    records = []
    for start, width_s, row in rows_in(buckets, window, edges=_EDGES, read_time=read.iso_time):
        dims = _dimensions(row, Kind.COMPLETIONS)
        records.append(
            UsageRecord(
                start=start,
                width_s=width_s,
                dims=dims,
                tokens=_tokens(row),
                is_ever_billed=dims.service_tier != "priority",
            )
        )
        searches = read.count(
            read.object_of(row.get("server_tool_use"), "server_tool_use"), "web_search_requests"
        )
        if searches:
            records.append(
                UsageRecord(
                    start=start,
                    width_s=width_s,
                    dims=_dimensions(row, Kind.WEB_SEARCH),
                    units=Decimal(searches),
                    unit="searches",
                )
            )
    return records


def parse_costs(buckets: Sequence[Any], *, window: Window) -> list[CostRecord]:
    """Return the bill lines of `cost_report` buckets; the model is a field of its own, the text is never parsed."""
    return [
        CostRecord(
            day=start.date(),
            project=read.text(row, "workspace_id") or DEFAULT_PROJECT,
            model=read.text(row, "model"),
            kind=_KINDS.get(read.text(row, "cost_type"), ""),
            line_item=read.text(row, "description"),
            variant=variant_of(
                context_window=read.text(row, "context_window"),
                cost_type=read.text(row, "cost_type"),
                inference_geo=read.text(row, "inference_geo"),
                service_tier=read.text(row, "service_tier"),
                token_type=read.text(row, "token_type"),
            ),
            token_class=_TOKEN_CLASSES.get(read.text(row, "token_type"), ""),
            nanos=read.nanos(read.decimal(row, "amount"), "amount", cents=True),
            currency=read.currency(row, "currency"),
        )
        for start, _, row in rows_in(buckets, window, edges=_EDGES, read_time=read.iso_time)
    ]


def _dimensions(row: Mapping[str, Any], kind: Kind) -> Dimensions:
    """A null workspace is the default one, a null key the Console or the Playground: both are known, not missing."""
    return Dimensions(
        project=read.text(row, "workspace_id") or DEFAULT_PROJECT,
        api_key=read.text(row, "api_key_id") or NO_KEY,
        model=read.text(row, "model"),
        kind=kind,
        service_tier=read.text(row, "service_tier"),
        variant=variant_of(
            context_window=read.text(row, "context_window"), inference_geo=read.text(row, "inference_geo")
        ),
    )


def _tokens(row: Mapping[str, Any]) -> TokenCounts:
    """The counts are disjoint already; cache writes are nested, and reading them flat would give a silent zero."""
    written = read.object_of(row.get("cache_creation"), "cache_creation")
    return TokenCounts(
        uncached_in=read.count(row, "uncached_input_tokens"),
        cache_read=read.count(row, "cache_read_input_tokens"),
        cache_write_5m=read.count(written, "ephemeral_5m_input_tokens"),
        cache_write_1h=read.count(written, "ephemeral_1h_input_tokens"),
        out=read.count(row, "output_tokens"),
    )


async def _account(client: ReadClient) -> Mapping[str, Any]:
    """Return the organization the key belongs to, empty where it may not be asked."""
    try:
        return read.object_of(await client.get_json(f"{_ROOT}/me"), "me")
    except (ProviderAuthError, ProviderRequestError) as error:
        if error.status == 401:
            raise
        return {}


async def _readable_names(client: ReadClient) -> tuple[str, str]:
    """Return (the names the key can read, what it lacks), each '' if nothing."""
    try:
        workspaces = await _counted(client, "workspaces", "workspace", {"include_archived": "true"})
        return f"the names of {workspaces} and {await _counted(client, 'api_keys', 'key', {})}", ""
    except (ProviderAuthError, ProviderRequestError):
        return "", "It may not read the names of workspaces and keys, so ids are shown."


async def _counted(client: ReadClient, path: str, word: str, params: Mapping[str, Any]) -> str:
    body = read.object_of(await client.get_json(f"{_ROOT}/{path}", {"limit": _LIST_LIMIT, **params}), "body")
    number = len(read.list_of(body, "data"))
    more = "more than " if body.get("has_more") else ""
    return f"{more}{number or 'no'} {word}{'' if number == 1 else 's'}"


async def _list(client: ReadClient, path: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a list of names, empty where the key may not read it."""
    return await read_optional_list(
        client, f"{_ROOT}/{path}", {"limit": _LIST_LIMIT, **params}, cursor="after_id"
    )


def _named(what: str, row: Mapping[str, Any], *, is_active: bool = True) -> Name:
    name_id = read.text(row, "id")
    return Name(
        what=what,
        id=name_id,
        name=read.text(row, "name") or (read.text(row, "email") if what == "user" else "") or name_id,
        created_at=read.optional_iso_time(row, "created_at"),
        is_active=is_active,
    )


def _key_name(row: Mapping[str, Any]) -> Name:
    key_id = read.text(row, "id")
    return Name(
        what="key",
        id=key_id,
        name=read.text(row, "name") or key_id,
        maker=read.text(read.object_of(row.get("created_by") or {}, "created_by"), "id"),
        project=read.text(row, "workspace_id") or DEFAULT_PROJECT,
        hint=read.text(row, "partial_key_hint"),
        created_at=read.optional_iso_time(row, "created_at"),
        is_active=read.text(row, "status") == "active",
    )


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


PROVIDER = Anthropic()
