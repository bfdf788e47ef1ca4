"""What the bot adds to a spike's evidence before it is kept: names, who made the key, the budget it eats.

A message is built from the evidence alone, later; whatever it says must be in there.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from bot.reports.budgets import budget_label, counts_spike, standing
from bot.reports.frame import Frame
from bot.reports.why_incident import spike_parts
from bot.views.evidence import to_evidence
from bot.views.why_gather import gathered
from spend.budgets import Period, Standing, used_up_at
from spend.notify import Finding, Incident, IncidentState
from spend.window import DAY, HOUR, hours_of_days
from storage import Connection

CURRENCY = "USD"
SOON = timedelta(hours=48)  # a budget that lasts longer at this pace is not what the message is about
LONGEST_PAUSE = timedelta(hours=2)  # broken connections are asked hourly: a longer silence means nobody asked

_ACTS = (IncidentState.ACKNOWLEDGED, IncidentState.EXPECTED, IncidentState.SNOOZED)
_FAR = datetime.max.replace(tzinfo=UTC)


async def with_facts(frame: Frame, finding: Finding) -> Finding:
    """Return the finding with everything that `SpikeEvidence.from_evidence` reads besides the judgement itself.

    Also `is_ended`, which tells apart an open spike from one that came and went before it could be told.
    """
    evidence = dict(finding.evidence)
    connection = frame.names.connections[evidence["connection_id"]]
    info = frame.house.provider(connection.provider).info
    evidence |= {
        "is_ended": finding.is_over,
        "currency": CURRENCY,
        "zone": frame.zone.key,
        "names": _names(frame, evidence),
        "key_facts": _key_facts(frame, connection, evidence["subject"]["api_key"]),
        "vendor": {"name": info.name, "keys_url": info.console_url},
    }
    so_far = await frame.store.incident(finding.dedup_key)
    if so_far is not None:
        evidence |= _history(so_far)
    elif finding.is_over:
        evidence |= await _pause(frame, connection, evidence)
    if finding.is_over:
        evidence["split"] = to_evidence(gathered(await spike_parts(frame, evidence)))
    budget = await _tightest_budget(frame, evidence)
    if budget is not None:
        evidence["budget"] = budget
    return replace(finding, evidence=evidence)


def _history(so_far: Incident) -> dict[str, Any]:
    """Return when it was first told and at what size."""
    if "told" in so_far.evidence:
        return {"told": so_far.evidence["told"]}
    if so_far.told_at is None:
        return {}
    return {"told": {"at": so_far.told_at.isoformat(), "nanos": so_far.told_nanos}}


def _names(frame: Frame, evidence: Mapping[str, Any]) -> dict[str, str]:
    """Return names by id: of the connection, and of every key and project in the evidence."""
    connection_id, subject = evidence["connection_id"], evidence["subject"]
    keys = {row["id"] for row in evidence["by_key"]} | {subject["api_key"]}
    projects = {row["id"] for row in evidence["by_project"]} | {id_ for id_, _ in subject["by_project"]}
    found = {connection_id: frame.names.name("connection_id", connection_id)}
    for column, ids in (("api_key", keys), ("project", projects)):
        labels = frame.names.labels(column, [(connection_id, id_) for id_ in sorted(ids) if id_])
        found |= {id_: label for (_, id_), label in labels.items()}
    return found


def _key_facts(frame: Frame, connection: Connection, key: str) -> dict[str, Any]:
    """Return who made a key and when it was first used; a first use at the edge of history is not known to be one."""
    known = frame.names.known("key", key) if key else None
    if known is None:
        return {}
    edge = max(
        (s.history_from for s in connection.streams if s.history_from), default=connection.connected_at
    )
    first = known.first_used_at
    facts = {
        "maker": frame.names.maker(key),
        "made_on": _day(frame, known.created_at),
        "first_used_on": _day(frame, first) if first and first > edge + DAY else None,
    }
    return {name: to_evidence(value) for name, value in facts.items() if value}


def _day(frame: Frame, moment: datetime | None) -> Any:
    return moment.astimezone(frame.zone).date() if moment else None


async def _tightest_budget(frame: Frame, evidence: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the monthly budget that the spike uses up first; among those that last, the one used most."""
    found: list[tuple[datetime, int, dict[str, Any]]] = []
    for budget in await frame.store.budgets():
        if budget.period is not Period.MONTH or budget.currency != CURRENCY:
            continue
        at = await standing(frame, budget) if counts_spike(frame, budget, evidence) else None
        if at is None or not at.limit_nanos:
            continue
        gone_at = _gone_at(frame, at, evidence)
        facts = {
            "label": budget_label(frame, budget),
            "limit": budget.limit,
            "currency": budget.currency,
            "spent_nanos": at.spent_nanos,
            "month": at.first,
            "gone_at": gone_at,
        }
        found.append((gone_at or _FAR, -(at.spent_nanos * 1000 // at.limit_nanos), facts))
    if not found:
        return None
    tightest: dict[str, Any] = to_evidence(min(found, key=lambda each: each[:2])[2])
    return tightest


def _gone_at(frame: Frame, at: Standing, evidence: Mapping[str, Any]) -> datetime | None:
    """Return when a budget is used up at the spike's pace, if that is soon, still ahead and within its period."""
    as_of = datetime.fromisoformat(evidence["as_of"])
    if at.spent_nanos >= at.limit_nanos:
        return None
    gone = used_up_at(
        limit_nanos=at.limit_nanos,
        spent_nanos=at.spent_nanos,
        per_hour_nanos=evidence["pace_nanos_per_hour"],
        as_of=as_of,
    )
    end = min(as_of + SOON, hours_of_days(at.first, at.last, frame.zone).end)
    return gone if gone is not None and gone < end else None


async def _pause(frame: Frame, connection: Connection, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return from when to when nobody asked the vendor, for a spike that came and went meanwhile."""
    since = datetime.fromisoformat(evidence["since"])
    attempts = await frame.store.poll_attempts(connection.id, since - DAY)
    for earlier, later in pairwise(attempt.at for attempt in attempts):
        if later - earlier > LONGEST_PAUSE and later > since + HOUR:
            return {"off": {"from": earlier.isoformat(), "to": later.isoformat()}}
    return {}
