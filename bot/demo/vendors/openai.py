"""A simulated OpenAI organization: usage, costs and names, as its admin API answers them.

Facts: OpenAI OpenAPI document (administration: usage, costs, projects, users), checked 2026-11-21. Times are Unix
seconds, amounts are dollars, bearer auth; a key without a scope gets a 403 that names it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.demo.vendors.account import DAY_S, Counts, UsageRow
from bot.demo.vendors.cursors import Cursors
from bot.demo.vendors.customers import MANAGEMENT, USAGE, Credential, Customers
from bot.demo.vendors.errors import ApiError
from bot.demo.vendors.freshness import OPENAI_LAG
from bot.demo.vendors.ledger import BillLine
from bot.demo.vendors.openai_shapes import (
    bucket_body,
    completions_body,
    cost_body,
    dimensions_of,
    embeddings_body,
    key_body,
    page_body,
    project_body,
    user_body,
)
from bot.demo.vendors.parameters import Query, bad, choice, filters, flag, groups, integer, refuse_unknown
from bot.demo.vendors.reports import (
    DEFAULT_LIMITS,
    WIDTHS,
    ReportQuery,
    one_page,
    passes,
    question_of,
    usage_of,
)

_LARGEST_LIMITS = {"1m": 1440, "1h": 168, "1d": 31}
_LARGEST_COST_LIMIT = 180
_REPORT = {"start_time", "end_time", "bucket_width", "limit", "page", "group_by", "group_by[]"}
_FILTERS = {
    "project_ids": "project_id",
    "user_ids": "user_id",
    "api_key_ids": "api_key_id",
    "models": "model",
    "batch": "batch",
}
_COST_FILTERS = {"project_ids": "project_id", "api_key_ids": "api_key_id", "line_items": "line_item"}
_COST_GROUPS = ("project_id", "line_item", "api_key_id")
_SUFFIXES = ("", "[]")  # lists are repeated names; the vendor's own client adds brackets


@dataclass(frozen=True, slots=True)
class _UsageKind:
    """A usage endpoint: what it groups by, and how a bucket's counts are shown."""

    groups: tuple[str, ...]
    body: Callable[[Counts], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Asked:
    credential: Credential
    secret: str
    path: str
    query: Query
    now: int


@dataclass(slots=True)
class OpenAiApi:
    """Answers the documented GETs below /v1/organization. `refused_cost_groups`: cost groupings it takes for a 400."""

    customers: Customers
    clock: Callable[[], datetime]
    refused_cost_groups: frozenset[str] = frozenset()
    _cursors: Cursors = field(default_factory=Cursors)

    def answer(self, path: str, query: Query, headers: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the JSON of one GET. Raises ApiError."""
        secret = headers.get("Authorization", "").removeprefix("Bearer ")
        credential = self._authorize(secret)
        for pattern, scope, handler in _ROUTES:
            found = pattern.fullmatch(path)
            if found:
                _require(credential, scope)
                asked = _Asked(credential, secret, path, query, int(self.clock().timestamp()))
                return handler(self, asked, *found.groups())
        raise ApiError(404, "invalid_request_error", f"Invalid URL (GET {path})", code="unknown_url")

    def error(self, err: ApiError) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Return the body of an error in the vendor's shape, and its headers."""
        kind, code = ("requests", "rate_limit_exceeded") if err.status == 429 else (err.kind, err.code)
        body = {"message": err.message, "type": kind, "param": err.parameter, "code": code}
        return {"error": body}, {}

    def usage(self, asked: _Asked, kind: str) -> Mapping[str, Any]:
        """Return one page of `usage/{kind}`."""
        shape = _USAGE_KINDS.get(kind)
        if shape is None:
            raise ApiError(
                404, "invalid_request_error", f"Invalid URL (GET {asked.path})", code="unknown_url"
            )
        report = _usage_query(asked, shape)
        buckets, next_page = one_page(report, self._cursors)
        result = {"object": f"organization.usage.{kind}.result"}
        empty = dict.fromkeys(shape.groups)
        data = [
            bucket_body(
                start, end, [result | shape.body(counts) | empty | dict(dims) for dims, counts in usage]
            )
            for start, end in buckets
            for usage in [self._usage_of(asked, kind, (start, end), report)]
        ]
        return page_body(data, next_page)

    def costs(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of `costs`: the bill as it stands."""
        report = _cost_query(asked, self.refused_cost_groups)
        buckets, next_page = one_page(report, self._cursors)
        now = datetime.fromtimestamp(asked.now, UTC)
        ledger = asked.credential.customer.ledger
        data = [
            bucket_body(
                start,
                end,
                _cost_results(ledger.bill(datetime.fromtimestamp(start, UTC).date(), now=now), report),
            )
            for start, end in buckets
        ]
        return page_body(data, next_page)

    def projects(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of the organization's projects; archived ones only when asked for."""
        refuse_unknown(asked.query, {"limit", "after", "include_archived"})
        archived = flag(asked.query, "include_archived")
        known = [p for p in asked.credential.customer.account.projects if p.exists_at(asked.now)]
        return _list_page(
            asked.query,
            [project_body(p, asked.now) for p in known if archived or not p.is_archived_at(asked.now)],
        )

    def project_keys(self, asked: _Asked, project: str) -> Mapping[str, Any]:
        """Return one page of a project's keys, with their owners. Raises 404 for an unknown project."""
        refuse_unknown(asked.query, {"limit", "after", "owner_project_access"})
        account = asked.credential.customer.account
        if project not in {known.id for known in account.projects}:
            raise ApiError(
                404, "invalid_request_error", f"Project '{project}' not found.", code="project_not_found"
            )
        keys = [k for k in account.keys if k.project == project and k.exists_at(asked.now)]
        return _list_page(asked.query, [key_body(key) for key in keys])

    def users(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of the organization's members."""
        refuse_unknown(asked.query, {"limit", "after", "emails", "emails[]"})
        return _list_page(
            asked.query, [user_body(person) for person in asked.credential.customer.account.people]
        )

    def _authorize(self, secret: str) -> Credential:
        if not secret:
            raise ApiError(401, "invalid_request_error", "Missing bearer authentication in header")
        credential = self.customers.credential(secret)
        if credential is None:
            shown = f"{secret[:8]}{'*' * 25}{secret[-4:]}"
            message = f"Incorrect API key provided: {shown}. You can find your API key at https://platform.openai.com/account/api-keys."
            raise ApiError(401, "invalid_request_error", message, code="invalid_api_key")
        return credential

    def _usage_of(
        self, asked: _Asked, kind: str, bucket: tuple[int, int], report: ReportQuery
    ) -> list[tuple[Mapping[str, Any], Counts]]:
        def cut(row: UsageRow) -> Mapping[str, Any] | None:
            return dimensions_of(row) if row.kind == kind else None

        meter = asked.credential.customer.account.meter
        return usage_of(meter, bucket, report, cut=cut, now=asked.now, lag=OPENAI_LAG)


def _require(credential: Credential, scope: str) -> None:
    if scope not in credential.scopes:
        message = (
            f"You have insufficient permissions for this operation. Missing scopes: {scope}. Check that you have "
            "the correct role in your organization, and if you're using a restricted API key, that it has the "
            "necessary scopes."
        )
        raise ApiError(403, "server_error", message)


def _usage_query(asked: _Asked, shape: _UsageKind) -> ReportQuery:
    dimensions = {parameter: name for parameter, name in _FILTERS.items() if name in shape.groups}
    refuse_unknown(asked.query, _REPORT | {name + suffix for name in dimensions for suffix in _SUFFIXES})
    width = choice(asked.query, "bucket_width", WIDTHS, default="1d")
    limit = integer(asked.query, "limit", default=DEFAULT_LIMITS[width], low=1, high=_LARGEST_LIMITS[width])
    return _report(asked, WIDTHS[width], limit, shape.groups, filters(asked.query, dimensions, _SUFFIXES))


def _cost_query(asked: _Asked, refused: frozenset[str]) -> ReportQuery:
    refuse_unknown(asked.query, _REPORT | {name + suffix for name in _COST_FILTERS for suffix in _SUFFIXES})
    choice(asked.query, "bucket_width", ("1d",), default="1d")
    limit = integer(asked.query, "limit", default=DEFAULT_LIMITS["1d"], low=1, high=_LARGEST_COST_LIMIT)
    allowed = tuple(name for name in _COST_GROUPS if name not in refused)
    return _report(asked, DAY_S, limit, allowed, filters(asked.query, _COST_FILTERS, _SUFFIXES))


def _report(
    asked: _Asked, width: int, limit: int, allowed: Sequence[str], limited: Mapping[str, frozenset[str]]
) -> ReportQuery:
    start = integer(asked.query, "start_time", default=None, low=0, high=2**40)
    end = integer(asked.query, "end_time", default=asked.now + 1, low=0, high=2**40)
    if end <= start and "end_time" in asked.query:
        raise bad("end_time must be after start_time.", "end_time", "invalid_value")
    return ReportQuery(
        start=start - start % width,
        end=min(end, asked.now + 1),
        width=width,
        limit=limit,
        groups=groups(asked.query, ("group_by", "group_by[]"), allowed),
        filters=limited,
        question=question_of(asked.secret, asked.path, asked.query),
        page=asked.query.get("page"),
    )


def _cost_results(lines: Sequence[BillLine], report: ReportQuery) -> list[dict[str, Any]]:
    totals: dict[tuple[str | None, ...], tuple[int, int | None]] = {}
    for line in lines:
        dimensions = {"project_id": line.key.project, "api_key_id": line.key.key, "line_item": line.key.text}
        if not passes(dimensions, report.filters):
            continue
        name = tuple(dimensions[group] for group in report.groups)
        nanos, quantity = totals.get(name, (0, 0))
        counted = None if quantity is None or line.quantity is None else quantity + line.quantity
        totals[name] = nanos + line.nanos, counted
    return [
        cost_body(dict(zip(report.groups, name, strict=True)), nanos, quantity)
        for name, (nanos, quantity) in totals.items()
    ]


def _list_page(query: Query, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    limit = integer(query, "limit", default=20, low=1, high=100)
    ids = [entry["id"] for entry in entries]
    after = query.get("after")
    if after is not None and after not in ids:
        raise bad(f"No such object: '{after}'.", "after", "invalid_value")
    first = 0 if after is None else ids.index(after) + 1
    shown = list(entries[first : first + limit])
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": first + limit < len(entries),
    }


_USAGE_KINDS = {
    "completions": _UsageKind(
        ("project_id", "user_id", "api_key_id", "model", "batch", "service_tier"), completions_body
    ),
    "embeddings": _UsageKind(("project_id", "user_id", "api_key_id", "model"), embeddings_body),
}

_ROUTES: tuple[tuple[re.Pattern[str], str, Callable[..., Mapping[str, Any]]], ...] = (
    (re.compile(r"/v1/organization/costs"), USAGE, OpenAiApi.costs),
    (re.compile(r"/v1/organization/usage/([a-z_]+)"), USAGE, OpenAiApi.usage),
    (re.compile(r"/v1/organization/projects"), MANAGEMENT, OpenAiApi.projects),
    (re.compile(r"/v1/organization/projects/([^/]+)/api_keys"), MANAGEMENT, OpenAiApi.project_keys),
    (re.compile(r"/v1/organization/users"), MANAGEMENT, OpenAiApi.users),
)
