"""Who and what the storage tests are about: one moment, one admin, two vendors."""

from datetime import UTC, datetime, timedelta
from typing import Any

from spend.feedback import Said, Word
from spend.usage import Role
from storage.values import AuditEntry, NewConnection
from tests.canaries import ANTHROPIC_KEY, OPENAI_KEY

NOW = datetime(2026, 11, 19, 13, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KEY, OTHER_KEY = OPENAI_KEY, ANTHROPIC_KEY


def by_mira(what: str = "changed something", at: datetime = NOW, **detail: Any) -> AuditEntry:
    """An audit entry of Mira, the admin, at the command line."""
    return AuditEntry(at=at, who="console:mira", where="command line", what=what, detail=detail)


def harbor_openai(**changes: Any) -> NewConnection:
    """Harbor Notes' OpenAI account, not yet connected."""
    fields: dict[str, Any] = {
        "provider": "openai",
        "label": "Harbor OpenAI",
        "key": KEY,
        "base_url": "https://api.openai.com/v1",
        "allow_private": False,
        "connected_by": "console:mira",
        "streams": [("usage.completions", Role.USAGE), ("costs", Role.COST)],
        "history_goal": NOW - timedelta(days=90),
    }
    return NewConnection(**fields | changes)


def harbor_anthropic(**changes: Any) -> NewConnection:
    """Harbor Notes' Anthropic account, not yet connected."""
    fields: dict[str, Any] = {
        "provider": "anthropic",
        "label": "Harbor Anthropic",
        "key": OTHER_KEY,
        "base_url": "https://api.anthropic.com",
        "streams": [("messages", Role.USAGE), ("cost_report", Role.COST)],
    }
    return harbor_openai(**fields | changes)


def false_alarm(**changes: Any) -> Said:
    """What Mira said about a spike of one connection."""
    fields: dict[str, Any] = {
        "incident_id": "i1",
        "dedup_key": "spike:c1:2026-11-19T09Z",
        "code": "K7Q2",
        "cause_id": "c1/*",
        "word": Word.FALSE,
        "by": "Mira Okafor",
        "at": NOW,
    }
    return Said(**fields | changes)
