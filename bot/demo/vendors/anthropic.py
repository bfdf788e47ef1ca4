"""A simulated Anthropic organization: usage report, cost report and names, as its Admin API answers them.

Facts: Anthropic Usage and Cost API and Admin API documentation, checked 2026-11-21. Times are RFC 3339, amounts are
decimal text in cents, `x-api-key` and `anthropic-version` are required; an inference key gets a 403.
"""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.demo.vendors.account import DAY_S
from bot.demo.vendors.anthropic_shapes import (
    USAGE_GROUPS,
    bucket_body,
    cost_body,
    dimensions_of,
    key_body,
    usage_body,
    user_body,
    workspace_body,
)
from bot.demo.vendors.cursors import Cursors
from bot.demo.vendors.customers import Credential, Customers
from bot.demo.vendors.errors import ApiError
from bot.demo.vendors.freshness import ANTHROPIC_LAG
from bot.demo.vendors.ledger import BillLine, LineKey
from bot.demo.vendors.parameters import (
    Query,
    bad,
    choice,
    filters,
    flag,
    groups,
    integer,
    moment,
    refuse_unknown,
)
from bot.demo.vendors.reports import DEFAULT_LIMITS, WIDTHS, ReportQuery, one_page, question_of, usage_of

_LARGEST_LIMITS = {"1m": 1440, "1h": 168, "1d": 31}
_LARGEST_COST_LIMIT = 31
_MOST_GROUPS = 5
_REPORT = {"starting_at", "ending_at", "bucket_width", "limit", "page", "group_by[]"}
_COST_GROUPS = ("workspace_id", "description")
_FILTERS = {
    "account_ids": "account_id",
    "api_key_ids": "api_key_id",
    "context_window": "context_window",
    "inference_geos": "inference_geo",
    "models": "model",
    "service_account_ids": "service_account_id",
    "service_tiers": "service_tier",
    "workspace_ids": "workspace_id",
}


@dataclass(frozen=True, slots=True)
class _Asked:
    credential: Credential
    secret: str
    path: str
    query: Query
    now: int


@dataclass(slots=True)
class AnthropicApi:
    """Answers the documented GETs below /v1/organizations."""

    customers: Customers
    clock: Callable[[], datetime]
    _cursors: Cursors = field(default_factory=Cursors)
    _errors: int = 0

    def answer(self, path: str, query: Query, headers: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the JSON of one GET. Raises ApiError."""
        secret = headers.get("x-api-key", "")
        credential = self._authorize(secret, headers)
        for pattern, handler in _ROUTES:
            if pattern.fullmatch(path):
                return handler(self, _Asked(credential, secret, path, query, int(self.clock().timestamp())))
        raise ApiError(404, "not_found_error", "The requested resource could not be found.")

    def error(self, err: ApiError) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Return the body of an error in the vendor's shape, and its headers."""
        self._errors += 1
        request_id = "req_011C" + hashlib.blake2b(str(self._errors).encode(), digest_size=10).hexdigest()
        body = {
            "type": "error",
            "error": {"type": err.kind, "message": err.message},
            "request_id": request_id,
        }
        return body, {"request-id": request_id}

    def usage_report(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of `usage_report/messages`."""
        refuse_unknown(asked.query, _REPORT | {f"{name}[]" for name in _FILTERS})
        width = choice(asked.query, "bucket_width", WIDTHS, default="1d")
        limit = integer(
            asked.query, "limit", default=DEFAULT_LIMITS[width], low=1, high=_LARGEST_LIMITS[width]
        )
        report = _report(asked, WIDTHS[width], limit, USAGE_GROUPS)
        buckets, next_page = one_page(report, self._cursors)
        meter = asked.credential.customer.account.meter
        data = [
            bucket_body(start, end, [usage_body(dims, counts) for dims, counts in usage])
            for start, end in buckets
            for usage in [
                usage_of(meter, (start, end), report, cut=dimensions_of, now=asked.now, lag=ANTHROPIC_LAG)
            ]
        ]
        return {"data": data, "has_more": next_page is not None, "next_page": next_page}

    def cost_report(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of `cost_report`: the bill as it stands."""
        refuse_unknown(asked.query, _REPORT)
        choice(asked.query, "bucket_width", ("1d",), default="1d")
        limit = integer(asked.query, "limit", default=DEFAULT_LIMITS["1d"], low=1, high=_LARGEST_COST_LIMIT)
        report = _report(asked, DAY_S, limit, _COST_GROUPS)
        buckets, next_page = one_page(report, self._cursors)
        now = datetime.fromtimestamp(asked.now, UTC)
        ledger = asked.credential.customer.ledger
        data = [
            bucket_body(
                start,
                end,
                _costs(ledger.bill(datetime.fromtimestamp(start, UTC).date(), now=now), report.groups),
            )
            for start, end in buckets
        ]
        return {"data": data, "has_more": next_page is not None, "next_page": next_page}

    def api_keys(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of keys, with who made them."""
        refuse_unknown(asked.query, {"limit", "after_id", "before_id", "status", "workspace_id"})
        status, workspace = asked.query.get("status"), asked.query.get("workspace_id")
        keys = [
            key_body(key)
            for key in asked.credential.customer.account.keys
            if key.exists_at(asked.now)
            and status in {None, key.status}
            and (workspace is None or workspace == key.project)
        ]
        return _list_page(asked.query, keys)

    def workspaces(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of workspaces (the default one is never listed); archived ones only when asked for."""
        refuse_unknown(asked.query, {"limit", "after_id", "before_id", "include_archived"})
        archived = flag(asked.query, "include_archived")
        known = [p for p in asked.credential.customer.account.projects if p.exists_at(asked.now)]
        shown = [workspace_body(p, asked.now) for p in known]
        return _list_page(asked.query, [entry for entry in shown if archived or entry["archived_at"] is None])

    def users(self, asked: _Asked) -> Mapping[str, Any]:
        """Return one page of the organization's members."""
        refuse_unknown(asked.query, {"limit", "after_id", "before_id", "email"})
        return _list_page(
            asked.query, [user_body(person) for person in asked.credential.customer.account.people]
        )

    def organization(self, asked: _Asked) -> Mapping[str, Any]:
        """Return who the key belongs to."""
        account = asked.credential.customer.account
        return {"id": account.id, "name": account.name, "type": "organization"}

    def _authorize(self, secret: str, headers: Mapping[str, str]) -> Credential:
        if not secret:
            raise ApiError(401, "authentication_error", "x-api-key header is required")
        if not headers.get("anthropic-version"):
            raise ApiError(400, "invalid_request_error", "anthropic-version: header is required")
        credential = self.customers.credential(secret)
        if credential is None:
            raise ApiError(401, "authentication_error", "invalid x-api-key")
        if not credential.scopes:
            message = "Your API key does not have permission to use the specified resource."
            raise ApiError(403, "permission_error", message)
        return credential


def _report(asked: _Asked, width: int, limit: int, allowed: Sequence[str]) -> ReportQuery:
    start = moment(asked.query, "starting_at", default=None)
    start -= start % width
    end = moment(asked.query, "ending_at", default=asked.now + width)
    end -= end % width
    if end <= start and "ending_at" in asked.query:
        raise bad("Invalid date range: ending date must be after starting date", "ending_at")
    if len(asked.query.getall("group_by[]", [])) > _MOST_GROUPS:
        raise bad(f"Cannot specify more than {_MOST_GROUPS} group_by[] dimensions.", "group_by[]")
    return ReportQuery(
        start=start,
        end=min(end, asked.now + 1),
        width=width,
        limit=limit,
        groups=groups(asked.query, ("group_by[]",), allowed),
        filters=filters(asked.query, _FILTERS, ("[]",)),
        question=question_of(asked.secret, asked.path, asked.query),
        page=asked.query.get("page"),
    )


def _costs(lines: Sequence[BillLine], asked: Sequence[str]) -> list[dict[str, Any]]:
    totals: dict[LineKey, int] = {}
    for line in lines:
        key = line.key if "description" in asked else LineKey(line.key.project, None, "", "")
        key = key if "workspace_id" in asked else key._replace(project=None)
        totals[key] = totals.get(key, 0) + line.nanos
    return [cost_body(key, nanos) for key, nanos in totals.items()]


def _list_page(query: Query, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    limit = integer(query, "limit", default=20, low=1, high=1000)
    ids = [entry["id"] for entry in entries]
    after, before = query.get("after_id"), query.get("before_id")
    for name, value in (("after_id", after), ("before_id", before)):
        if value is not None and value not in ids:
            raise bad(f"{name}: No such object", name)
    first = 0 if after is None else ids.index(after) + 1
    last = len(ids) if before is None else ids.index(before)
    first = first if before is None else max(first, last - limit)
    shown = list(entries[first:last][:limit])
    return {
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "has_more": first > 0 if before is not None else first + limit < last,
        "last_id": shown[-1]["id"] if shown else None,
    }


_ROUTES: tuple[tuple[re.Pattern[str], Callable[[AnthropicApi, _Asked], Mapping[str, Any]]], ...] = (
    (re.compile(r"/v1/organizations/usage_report/messages"), AnthropicApi.usage_report),
    (re.compile(r"/v1/organizations/cost_report"), AnthropicApi.cost_report),
    (re.compile(r"/v1/organizations/api_keys"), AnthropicApi.api_keys),
    (re.compile(r"/v1/organizations/workspaces"), AnthropicApi.workspaces),
    (re.compile(r"/v1/organizations/users"), AnthropicApi.users),
    (re.compile(r"/v1/organizations/me"), AnthropicApi.organization),
)
