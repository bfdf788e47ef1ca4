"""The bodies of OpenAI's answers, field by field as published; no rule of the API is in here."""

from collections.abc import Mapping
from typing import Any

from bot.demo.vendors.account import ApiKey, Counts, Person, Project, UsageRow

_EXACT_DOLLARS = 9_000_000  # below this a double's shortest form is the exact nine-digit amount


def dimensions_of(row: UsageRow) -> dict[str, Any]:
    """Return what a report can group or filter this row by."""
    return {
        "project_id": row.project,
        "user_id": row.user,
        "api_key_id": row.key,
        "model": row.model,
        "batch": row.is_batch,
        "service_tier": row.tier,
    }


def completions_body(counts: Counts) -> dict[str, Any]:
    """Return the counts of a completions result; `input_tokens` is all input, as documented."""
    written = counts.cache_write_5m + counts.cache_write_1h
    return {
        "input_tokens": counts.uncached_in + counts.cache_read + written,
        "input_cached_tokens": counts.cache_read,
        "input_cache_write_tokens": written,
        "input_uncached_tokens": counts.uncached_in,
        "output_tokens": counts.out,
        "input_text_tokens": counts.uncached_in,
        "output_text_tokens": counts.out,
        "input_cached_text_tokens": counts.cache_read,
        "input_audio_tokens": 0,
        "input_cached_audio_tokens": 0,
        "output_audio_tokens": 0,
        "input_image_tokens": 0,
        "input_cached_image_tokens": 0,
        "output_image_tokens": 0,
        "num_model_requests": counts.requests,
    }


def embeddings_body(counts: Counts) -> dict[str, Any]:
    """Return the counts of an embeddings result."""
    return {"input_tokens": counts.uncached_in, "num_model_requests": counts.requests}


def cost_body(dimensions: Mapping[str, str | None], nanos: int, quantity: int | None) -> dict[str, Any]:
    """Return one cost result; what was not grouped by is null."""
    counted = quantity if "line_item" in dimensions else None
    return {
        "object": "organization.costs.result",
        "amount": {"value": _dollars(nanos, as_text=counted is None), "currency": "usd"},
        "line_item": dimensions.get("line_item"),
        "project_id": dimensions.get("project_id"),
        "api_key_id": dimensions.get("api_key_id"),
        "quantity": None if counted is None else float(counted),
        "quantity_unit": None if counted is None else "tokens",
    }


def _dollars(nanos: int, *, as_text: bool) -> float | str:
    """Return dollars as the live API does: a number here, there a text with far too many digits."""
    whole, rest = divmod(abs(nanos), 1_000_000_000)
    if as_text or whole >= _EXACT_DOLLARS:
        return f"{'-' if nanos < 0 else ''}{whole}.{rest:09}{'0' * 27}"
    return nanos / 1_000_000_000


def bucket_body(start: int, end: int, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one bucket with its results."""
    return {"object": "bucket", "start_time": start, "end_time": end, "results": results}


def page_body(data: list[dict[str, Any]], next_page: str | None) -> dict[str, Any]:
    """Return one page of a report."""
    return {"object": "page", "data": data, "has_more": next_page is not None, "next_page": next_page}


def project_body(project: Project, now: int) -> dict[str, Any]:
    """Return one entry of the project list."""
    is_archived = project.is_archived_at(now)
    return {
        "id": project.id,
        "object": "organization.project",
        "name": project.name,
        "created_at": int(project.created_at.timestamp()),
        "archived_at": int(project.archived_at.timestamp()) if project.archived_at and is_archived else None,
        "status": "archived" if is_archived else "active",
    }


def key_body(key: ApiKey) -> dict[str, Any]:
    """Return one entry of the key list, with its maker."""
    created_at = int(key.created_at.timestamp())
    if key.owner is None:
        made_by = {
            "id": f"svc_acct_{key.id[4:]}",
            "name": key.name,
            "role": "member",
            "created_at": created_at,
        }
        owner: dict[str, Any] = {"type": "service_account", "service_account": made_by}
    else:
        user = {k: v for k, v in user_body(key.owner).items() if k not in {"object", "added_at"}}
        owner = {"type": "user", "user": {**user, "created_at": int(key.owner.joined_at.timestamp())}}
    return {
        "object": "organization.project.api_key",
        "redacted_value": key.hint,
        "name": key.name,
        "created_at": created_at,
        "last_used_at": None,
        "id": key.id,
        "owner_project_access": "active",
        "owner": owner,
    }


def user_body(person: Person) -> dict[str, Any]:
    """Return one entry of the member list."""
    return {
        "object": "organization.user",
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": "owner" if person.role == "admin" else "reader",
        "added_at": int(person.joined_at.timestamp()),
    }
