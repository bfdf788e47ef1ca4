"""OpenAI: token usage and the bill of an API organization.

Facts: OpenAI API reference "Usage" and "Costs" (specification of 2026-08-21, fields of the Python client 3.52.0) and
help articles, checked 2026-11-21. Base URL with `/v1`; `Authorization: Bearer sk-admin-...`; GET only; times in Unix
seconds, buckets in UTC; bucket pages by `next_page`, lists by `after=<last_id>`; `amount.value` in US dollars, as a
number or as text; `input_tokens` includes cached and cache-write tokens. How late or how long data may change is not
published: usage is minutes late and costs hours late in practice, so both are read again (`_USAGE`, `_COSTS`).
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
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
from providers._openai_bill import read_line_item
from providers._paging import read_optional_list, read_pages
from spend.usage import (
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

_USAGE = (Reread(timedelta(minutes=5), 3 * HOUR), Reread(HOUR, 48 * HOUR))
_COSTS = (Reread(HOUR, 3 * DAY), Reread(DAY, 35 * DAY))
_COMPLETIONS = Stream(name="usage/completions", role=Role.USAGE, bucket=HOUR, rereads=_USAGE)
_EMBEDDINGS = Stream(name="usage/embeddings", role=Role.USAGE, bucket=HOUR, rereads=_USAGE)
# settles_after stays at its 24 hours: OpenAI states no delay for costs (checked 2026-11-21).
_BILL = Stream(name="costs", role=Role.COST, bucket=DAY, rereads=_COSTS)

_GROUPS = {
    _COMPLETIONS.name: ["model", "project_id", "api_key_id", "batch", "service_tier"],
    _EMBEDDINGS.name: ["model", "project_id", "api_key_id"],
    _BILL.name: ["project_id", "line_item", "api_key_id"],
}
_LIMITS = {_COMPLETIONS.name: 168, _EMBEDDINGS.name: 168, _BILL.name: 35}  # largest: 168 hours, 180 days
_LIST_LIMIT = 100
_EDGES = ("start_time", "end_time")
_ADMIN_KEYS = "OpenAI, Settings > Admin keys."
_OTHER_KEYS = (
    ("sk-proj-", "a project key (sk-proj-…)"),
    ("sk-svcacct-", "a service-account key (sk-svcacct-…)"),
    ("sk-ant-admin", "an Anthropic admin key (sk-ant-admin…)"),
    ("sk-ant-oat", "an Anthropic OAuth token (sk-ant-oat…)"),
    ("sk-ant-", "an Anthropic API key (sk-ant-…)"),
    ("sk-or-", "an OpenRouter key (sk-or-…)"),
    ("sess-", "a login session (sess-…)"),
    ("eyJ", "an OAuth token (eyJ…)"),
    ("sk-", "a user key (sk-…)"),
)


class OpenAI:
    """Reads one API organization."""

    info = ProviderInfo(
        key="openai",
        name="OpenAI",
        default_base_url="https://api.openai.com/v1",
        key_hint="make an admin key with the permission Read only (Settings > Admin keys). Nothing more is needed.",
        key_pattern=r"sk-admin-[A-Za-z0-9_-]+",
        console_url="https://platform.openai.com/settings/organization/api-keys",
        streams=(_COMPLETIONS, _EMBEDDINGS, _BILL),
        estimated_kinds=frozenset({Kind.COMPLETIONS, Kind.EMBEDDINGS, TOKENS}),
        reports_users=True,
        no_right_hint="Make one with Read only, or allow Usage: Read.",
    )

    def recognise(self, key: str) -> str:
        """Return '' for an admin key, else what this is instead."""
        if key.startswith("sk-admin-"):
            return ""
        for prefix, what in _OTHER_KEYS:
            if key.startswith(prefix):
                return f"This is {what}. Usage needs an admin key (sk-admin-…): {_ADMIN_KEYS}"
        return (
            "This is not an admin key of the OpenAI API (sk-admin-…); a key of a ChatGPT workspace reads no API usage: "
            + _ADMIN_KEYS
        )

    def headers(self, key: Secret) -> Mapping[str, str]:
        """Return the bearer header."""
        return {"Authorization": f"Bearer {key.reveal()}"}

    def allowed_paths(self) -> Sequence[str]:
        """Return the read paths this file asks for."""
        return (
            r"organization/(usage/completions|usage/embeddings|costs|projects|users)",
            r"organization/projects/[A-Za-z0-9_-]+/api_keys",
        )

    async def check(self, client: ReadClient, *, now: datetime) -> CheckResult:
        """Try costs, usage, then names. Raises ProviderAuthError when neither bill nor usage can be read."""
        yesterday = int((utc_midnight(now.date()) - DAY).timestamp())
        probe = {"start_time": yesterday, "bucket_width": "1d", "limit": 1}
        can_read = await climb(
            {name: partial(client.get_json, f"organization/{name}", probe) for name in reversed(_GROUPS)}
        )
        names, lacks = await self._readable_names(client)
        return CheckResult(
            can_read=can_read,
            sentence=said(
                has_usage=bool(can_read & {_COMPLETIONS.name, _EMBEDDINGS.name}),
                has_bill=_BILL.name in can_read,
                names=names,
            ),
            lacks=lacks,
            powers="OpenAI does not show whether it may do more than read; a key made Read only may not.",
        )

    def fetch(
        self, client: ReadClient, stream: Stream, window: Window, options: FetchOptions
    ) -> AsyncIterator[Page]:
        """Yield the pages of one stream; a grouping the organization refuses (400) is asked again without its last."""
        return self._fetch(client, stream, aligned(window, stream.bucket), options)

    async def _fetch(
        self, client: ReadClient, stream: Stream, window: Window, options: FetchOptions
    ) -> AsyncIterator[Page]:
        groups = _GROUPS[stream.name]
        choices = [groups]
        if stream is _BILL:
            choices = [groups, groups[:-1]]
        elif options.user_names:
            choices = [[*groups, "user_id"], groups]
        query = {
            "start_time": int(window.start.timestamp()),
            "end_time": int(window.end.timestamp()),
            "bucket_width": "1d" if stream.bucket == DAY else "1h",
            "limit": _LIMITS[stream.name],
        }
        asked = [{**query, "group_by": choice} for choice in choices]
        parse = partial(_PARSERS[stream.name], window=window)
        for page in await read_pages(client, f"organization/{stream.name}", asked, parse):
            yield page

    async def names(self, client: ReadClient, options: FetchOptions) -> Sequence[Name]:
        """Return projects (archived too), their keys, and users where the workspace allows it."""
        found: list[Name] = []
        for project in await _list(client, "organization/projects", {"include_archived": "true"}):
            project_id = read.text(project, "id")
            found.append(_named("project", project, is_active=read.text(project, "status") != "archived"))
            keys = await _list(client, f"organization/projects/{project_id}/api_keys", {})
            found.extend(_key_name(key, project_id) for key in keys)
        if options.user_names:
            found.extend(_named("user", user) for user in await _list(client, "organization/users", {}))
        return found

    async def _readable_names(self, client: ReadClient) -> tuple[str, str]:
        """Return (the names the key can read, what it lacks), each '' if nothing."""
        lacks = "It may not read names, so ids are shown; allow Organization Administration: Read for names."
        try:
            body = await client.get_json(
                "organization/projects", {"limit": _LIST_LIMIT, "include_archived": "true"}
            )
            projects = read.list_of(read.object_of(body, "body"), "data")
            if not projects:
                return "the names of projects and keys", ""
            first = read.text(read.object_of(projects[0], "data"), "id")
            await client.get_json(f"organization/projects/{first}/api_keys", {"limit": 1})
        except (ProviderAuthError, ProviderRequestError):
            return "", lacks
        more = "more than " if body.get("has_more") else ""
        counted = (
            "1 project and its keys" if len(projects) == 1 else f"{len(projects)} projects and their keys"
        )
        return f"the names of {more}{counted}", ""


def parse_completions(buckets: Sequence[Any], *, window: Window) -> list[UsageRecord]:
    """Return the records of `usage/completions` buckets."""
    return [
        UsageRecord(
            start=start,
            width_s=width_s,
            dims=_dimensions(row, Kind.COMPLETIONS),
            tokens=_tokens(row),
            requests=read.count(row, "num_model_requests"),
        )
        for start, width_s, row in rows_in(buckets, window, edges=_EDGES, read_time=read.unix_time)
    ]


def parse_embeddings(buckets: Sequence[Any], *, window: Window) -> list[UsageRecord]:
    """Return the records of `usage/embeddings` buckets."""
    return [
        UsageRecord(
            start=start,
            width_s=width_s,
            dims=_dimensions(row, Kind.EMBEDDINGS),
            tokens=TokenCounts(uncached_in=read.count(row, "input_tokens")),
            requests=read.count(row, "num_model_requests"),
        )
        for start, width_s, row in rows_in(buckets, window, edges=_EDGES, read_time=read.unix_time)
    ]


def parse_costs(buckets: Sequence[Any], *, window: Window) -> list[CostRecord]:
    """Return the bill lines of `costs` buckets. A null key means "not named": most lines name none."""
    records = []
    for start, _, row in rows_in(buckets, window, edges=_EDGES, read_time=read.unix_time):
        amount = read.object_of(row.get("amount"), "amount")
        line_item, unit = read.text(row, "line_item"), read.text(row, "quantity_unit")
        words = read_line_item(line_item, unit)
        records.append(
            CostRecord(
                day=start.date(),
                project=read.text(row, "project_id"),
                api_key=read.text(row, "api_key_id"),
                model=words.model,
                kind=words.kind,
                line_item=line_item,
                token_class=words.token_class,
                nanos=read.nanos(read.decimal(amount, "value"), "amount.value"),
                currency=read.currency(amount, "currency"),
                quantity=None if row.get("quantity") is None else read.decimal(row, "quantity"),
                quantity_unit=unit,
            )
        )
    return records


_PARSERS: Mapping[str, Any] = {
    _COMPLETIONS.name: parse_completions,
    _EMBEDDINGS.name: parse_embeddings,
    _BILL.name: parse_costs,
}


def _dimensions(row: Mapping[str, Any], kind: Kind) -> Dimensions:
    """Every grouped dimension has a place, so that no two rows of an answer collide.

    Batch is an axis of its own: batch rows report a tier too, which then goes to the variant.
    """
    tier, batch = read.text(row, "service_tier"), read.flag(row, "batch")
    return Dimensions(
        project=read.text(row, "project_id"),
        api_key=read.text(row, "api_key_id") or NO_KEY,
        user=read.text(row, "user_id"),
        model=read.text(row, "model"),
        kind=kind,
        service_tier="batch" if batch else tier,
        variant=variant_of(
            batch="unreported" if batch is None and kind is Kind.COMPLETIONS else None,
            tier=tier if batch else None,
        ),
    )


def _tokens(row: Mapping[str, Any]) -> TokenCounts:
    """Make the counts disjoint. `input_tokens` and `input_cached_tokens` include every modality."""
    whole, out = read.count(row, "input_tokens"), read.count(row, "output_tokens")
    cached = read.optional_count(row, "input_cached_tokens")
    written = read.optional_count(row, "input_cache_write_tokens")
    uncached = read.optional_count(row, "input_uncached_tokens")
    rest = whole - (cached or 0) - (written or 0)
    if rest < 0 or (uncached is not None and uncached != rest):
        raise read.wrong("input_tokens")
    audio, image = _modality(row, "audio"), _modality(row, "image")
    return TokenCounts(
        uncached_in=_less(rest, audio[0], image[0], where="input_audio_tokens"),
        cache_read=None
        if cached is None
        else _less(cached, audio[1], image[1], where="input_cached_audio_tokens"),
        cache_write=written,
        out=_less(out, audio[2], image[2], where="output_audio_tokens"),
        audio_in=audio[0],
        audio_cache_read=audio[1],
        audio_out=audio[2],
        image_in=image[0],
        image_cache_read=image[1],
        image_out=image[2],
    )


def _modality(row: Mapping[str, Any], name: str) -> tuple[int | None, int | None, int | None]:
    """Return (uncached input, cached input, output) of one modality."""
    return (
        read.optional_count(row, f"input_{name}_tokens"),
        read.optional_count(row, f"input_cached_{name}_tokens"),
        read.optional_count(row, f"output_{name}_tokens"),
    )


def _less(whole: int, *parts: int | None, where: str) -> int:
    rest = whole - sum(part or 0 for part in parts)
    if rest < 0:
        raise read.wrong(where)
    return rest


async def _list(client: ReadClient, path: str, params: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return a list of names, empty where the key may not read it."""
    return await read_optional_list(client, path, {"limit": _LIST_LIMIT, **params}, cursor="after")


def _named(what: str, row: Mapping[str, Any], *, is_active: bool = True) -> Name:
    name_id = read.text(row, "id")
    return Name(
        what=what,
        id=name_id,
        name=read.text(row, "name") or (read.text(row, "email") if what == "user" else "") or name_id,
        created_at=read.optional_unix_time(row, "created_at"),
        is_active=is_active,
    )


def _key_name(row: Mapping[str, Any], project_id: str) -> Name:
    owner = read.object_of(row.get("owner") or {}, "owner")
    maker = read.object_of(owner.get("user") or owner.get("service_account") or {}, "owner")
    key_id = read.text(row, "id")
    return Name(
        what="key",
        id=key_id,
        name=read.text(row, "name") or key_id,
        maker=read.text(maker, "id"),
        project=project_id,
        hint=read.text(row, "redacted_value"),
        created_at=read.optional_unix_time(row, "created_at"),
        is_active=read.text(row, "owner_project_access") != "inactive",
    )


PROVIDER = OpenAI()
