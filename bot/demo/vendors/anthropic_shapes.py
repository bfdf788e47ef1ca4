"""The bodies of Anthropic's answers, field by field as published; no rule of the API is in here."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.demo.vendors.account import ApiKey, Counts, Person, Project, UsageRow
from bot.demo.vendors.ledger import LineKey

_GEO = "global"
USAGE_GROUPS = (
    "account_id",
    "api_key_id",
    "context_window",
    "inference_geo",
    "model",
    "service_account_id",
    "service_tier",
    "workspace_id",
)


def dimensions_of(row: UsageRow) -> dict[str, Any]:
    """Return what a report can group or filter this row by."""
    return {
        "account_id": None,
        "api_key_id": row.key,
        "context_window": row.context_window,
        "inference_geo": _GEO,
        "model": row.model,
        "service_account_id": None,
        "service_tier": row.tier,
        "workspace_id": row.project,
    }


def usage_body(dimensions: Mapping[str, Any], counts: Counts) -> dict[str, Any]:
    """Return one usage result; dimensions not grouped by are null."""
    return {
        **dict.fromkeys(USAGE_GROUPS),
        **dimensions,
        "uncached_input_tokens": counts.uncached_in,
        "cache_read_input_tokens": counts.cache_read,
        "cache_creation": {
            "ephemeral_1h_input_tokens": counts.cache_write_1h,
            "ephemeral_5m_input_tokens": counts.cache_write_5m,
        },
        "output_tokens": counts.out,
        "server_tool_use": {"web_search_requests": counts.web_searches},
    }


def cost_body(key: LineKey, nanos: int) -> dict[str, Any]:
    """Return one cost result: cents as text."""
    return {
        "amount": _cents(nanos),
        "context_window": key.context_window,
        "cost_type": key.cost_type or None,
        "currency": "USD",
        "description": key.text or None,
        "inference_geo": _GEO if key.token_type else None,
        "model": key.model,
        "service_tier": key.tier,
        "token_type": key.token_type,
        "workspace_id": key.project,
    }


def _cents(nanos: int) -> str:
    """Return decimal text in cents with at least two digits after the point: 540000000 nano-dollars is 54.00."""
    whole, rest = divmod(abs(nanos), 10_000_000)
    digits = f"{rest:07}".rstrip("0").ljust(2, "0")
    return f"{'-' if nanos < 0 else ''}{whole}.{digits}"


def bucket_body(start: int, end: int, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one bucket with its results."""
    return {"starting_at": _instant(start), "ending_at": _instant(end), "results": results}


def key_body(key: ApiKey) -> dict[str, Any]:
    """Return one entry of the key list, with its maker."""
    return {
        "id": key.id,
        "created_at": _stamp(key.created_at),
        "created_by": {"id": key.owner.id, "type": "user"} if key.owner else None,
        "expires_at": None,
        "name": key.name,
        "partial_key_hint": key.hint,
        "principal": None,
        "status": key.status,
        "type": "api_key",
        "workspace_id": key.project,
    }


def workspace_body(project: Project, now: int) -> dict[str, Any]:
    """Return one entry of the workspace list."""
    is_archived = project.is_archived_at(now)
    return {
        "id": project.id,
        "archived_at": _stamp(project.archived_at) if project.archived_at and is_archived else None,
        "compartment_id": str(uuid.uuid5(uuid.NAMESPACE_URL, project.id)),
        "created_at": _stamp(project.created_at),
        "data_residency": {
            "allowed_inference_geos": "unrestricted",
            "default_inference_geo": _GEO,
            "workspace_geo": "us",
        },
        "display_color": "#6C5BB9",
        "external_key_id": None,
        "name": project.name,
        "tags": {},
        "type": "workspace",
    }


def user_body(person: Person) -> dict[str, Any]:
    """Return one entry of the member list."""
    return {
        "id": person.id,
        "added_at": _stamp(person.joined_at),
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "type": "user",
    }


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
