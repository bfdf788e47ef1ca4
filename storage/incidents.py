"""Incidents: what was found, what was decided about it and what is to be told, kept in one transaction.

The rule to remember: the same dedup key is the same incident; nothing is queued that is not kept with its decision.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.notify import Decision, Finding, Incident, IncidentKind, IncidentState, NewDelivery, Step
from storage._ids import new_id
from storage.audit import Audit
from storage.deliveries import queue_deliveries
from storage.errors import NotFoundError
from storage.tables._types import table_of
from storage.tables.incidents import DecisionRow, IncidentRow
from storage.values import AuditEntry, KeptDecision

# Neither vowels (no words) nor signs that are mistaken for each other when read aloud or copied by hand.
_CODE_LETTERS = "2346789BCDFGHJKMNPQRTVWXY"
_CODE_LENGTH = 4

_INCIDENT = table_of(IncidentRow)
_DECISION = table_of(DecisionRow)


def is_code(word: str) -> bool:
    """Tell whether a word has the form of an incident's code, in any case."""
    return len(word) == _CODE_LENGTH and all(letter in _CODE_LETTERS for letter in word.upper())


class Incidents(Audit):
    """Open, update, act on and read the incidents of a workspace, and the decisions about them."""

    async def incident(self, dedup_key: str) -> Incident | None:
        """Return the incident of this dedup key, None where there is none."""
        async with self._read() as tx:
            row = await self._incident_row(tx, _INCIDENT.c.dedup_key == dedup_key)
        return None if row is None else _incident(row)

    async def incident_by_id(self, incident_id: str) -> Incident:
        """Return one incident; NotFoundError where the workspace has none of this id."""
        async with self._read() as tx:
            return await self._known_incident(tx, incident_id)

    async def incident_by_code(self, code: str) -> Incident | None:
        """Return the incident people call by this code, in any case; None where there is none."""
        async with self._read() as tx:
            row = await self._incident_row(tx, _INCIDENT.c.code == code.upper())
        return None if row is None else _incident(row)

    async def incidents(
        self,
        *,
        states: Collection[IncidentState] = (),
        kinds: Collection[IncidentKind] = (),
        since: datetime | None = None,
        quiet_at: datetime | None = None,
    ) -> list[Incident]:
        """Return incidents, oldest first. What is left out does not narrow.

        `since`: updated at or after it. `quiet_at`: someone asked for quiet that still lasts at this moment.
        """
        query = select(_INCIDENT).where(self._own_incidents())
        if states:
            query = query.where(_INCIDENT.c.state.in_([state.value for state in states]))
        if kinds:
            query = query.where(_INCIDENT.c.kind.in_([kind.value for kind in kinds]))
        if since is not None:
            query = query.where(_INCIDENT.c.updated_at >= since)
        if quiet_at is not None:
            query = query.where(_INCIDENT.c.quiet_until > quiet_at)
        async with self._read() as tx:
            rows = await tx.execute(query.order_by(_INCIDENT.c.opened_at, _INCIDENT.c.id))
            return [_incident(row) for row in rows]

    async def tell(
        self, finding: Finding, decision: Decision, deliveries: Sequence[NewDelivery], now: datetime
    ) -> Incident | None:
        """Keep a decision; open or update its incident and queue what is to be told. All of it or nothing.

        Returns the incident as it is then; None where a quiet decision is about something that was never told. Quiet
        decisions leave its size and time alone, edits what was told: `decide` counts growth from both.
        An incident whose finding is over is resolved whether that is told or not. Newer edits supersede queued ones.
        """
        async with self._write() as tx:
            await self._lock_workspace(tx)
            before = await self._incident_row(tx, _INCIDENT.c.dedup_key == finding.dedup_key)
            if before is None and decision.step is not Step.QUIET:
                incident_id = await self._open_incident(tx, finding, now)
            else:
                incident_id = "" if before is None else str(before.id)
            await self._keep_decision(tx, finding, decision, incident_id, now)
            if not incident_id:
                return None
            await self._update_incident(tx, incident_id, finding, decision, deliveries, now)
            await queue_deliveries(tx, self.workspace_id, incident_id, deliveries, finding.evidence, now)
            return await self._known_incident(tx, incident_id)

    async def act(
        self,
        incident_id: str,
        state: IncidentState,
        who: str,
        now: datetime,
        *,
        audit: AuditEntry,
        quiet_until: datetime | None = None,
        word: str = "",
        percent: int = 0,
        deliveries: Sequence[NewDelivery] = (),
    ) -> Incident:
        """Note what someone did about it, and queue what shows it, in one transaction. What is resolved stays so.

        word: what the messages call the act, where that is not the state's own word ("muted"). percent: how large a
        spike of the same cause must be from now on, where the act raised that. The act stays with the
        evidence (`act`), so that a message built later still tells it. An open state takes an act back.
        """
        async with self._write() as tx:
            await self._lock_workspace(tx)
            before = await self._known_incident(tx, incident_id)
            evidence: dict[str, Any] = {k: v for k, v in before.evidence.items() if k != "act"}
            if state is not IncidentState.OPEN:
                evidence["act"] = _act(word or state.value, who, now, quiet_until)
                evidence["act"] |= {"percent": percent} if percent else {}
            is_act = state is not IncidentState.OPEN
            if before.state is IncidentState.RESOLVED:
                state = before.state
            changes: dict[str, Any] = {"state": state.value, "quiet_until": quiet_until}
            changes |= {"acted_by": who if is_act else "", "acted_at": now if is_act else None}
            changes |= {"evidence": evidence, "updated_at": now}
            changes["told_steps"] = [*before.told_steps, *dict.fromkeys(each.step for each in deliveries)]
            await tx.execute(update(_INCIDENT).where(self._one_incident(incident_id)).values(changes))
            await queue_deliveries(tx, self.workspace_id, incident_id, deliveries, evidence, now)
            await self._note(tx, audit)
            return await self._known_incident(tx, incident_id)

    async def decisions(self, since: datetime, kind: IncidentKind | None = None) -> list[KeptDecision]:
        """Return the decisions that were made, or made again, at or after `since`, oldest first."""
        query = select(_DECISION).where(
            _DECISION.c.workspace_id == self.workspace_id, _DECISION.c.last_at >= since
        )
        if kind is not None:
            query = query.where(_DECISION.c.kind == kind.value)
        async with self._read() as tx:
            return [_decision(row) for row in await tx.execute(query.order_by(_DECISION.c.id))]

    def _own_incidents(self) -> ColumnElement[bool]:
        return _INCIDENT.c.workspace_id == self.workspace_id

    def _one_incident(self, incident_id: str) -> ColumnElement[bool]:
        return self._own_incidents() & (_INCIDENT.c.id == incident_id)

    async def _incident_row(self, tx: AsyncConnection, which: ColumnElement[bool]) -> Row[Any] | None:
        return (await tx.execute(select(_INCIDENT).where(self._own_incidents(), which))).one_or_none()

    async def _known_incident(self, tx: AsyncConnection, incident_id: str) -> Incident:
        row = await self._incident_row(tx, _INCIDENT.c.id == incident_id)
        if row is None:
            raise NotFoundError("There is no such incident.")
        return _incident(row)

    async def _open_incident(self, tx: AsyncConnection, finding: Finding, now: datetime) -> str:
        row: dict[str, Any] = {
            "workspace_id": self.workspace_id,
            "id": new_id(),
            "kind": finding.kind.value,
            "dedup_key": finding.dedup_key,
            "code": await self._free_code(tx, finding.dedup_key),
            "state": IncidentState.OPEN.value,
            "opened_at": now,
            "updated_at": now,
            "evidence": dict(finding.evidence),
            "told_nanos": 0,
            "told_steps": [],
        }
        await tx.execute(_INCIDENT.insert().values(row))
        return str(row["id"])

    async def _free_code(self, tx: AsyncConnection, dedup_key: str) -> str:
        attempt = 0
        while True:
            code = _code(f"{dedup_key} {attempt}")
            if await self._incident_row(tx, _INCIDENT.c.code == code) is None:
                return code
            attempt += 1

    async def _update_incident(
        self,
        tx: AsyncConnection,
        incident_id: str,
        finding: Finding,
        decision: Decision,
        deliveries: Sequence[NewDelivery],
        now: datetime,
    ) -> None:
        before = await self._known_incident(tx, incident_id)
        act = before.evidence.get("act")
        changes: dict[str, Any] = {"evidence": {**finding.evidence, **({"act": act} if act else {})}}
        if decision.step is not Step.QUIET:
            said = list(dict.fromkeys(each.step for each in deliveries)) or [decision.step.value]
            changes |= {
                "size_nanos": finding.size_nanos,
                "updated_at": now,
                "told_steps": [*before.told_steps, *said],
            }
        if _notifies(decision):
            changes |= {"told_nanos": finding.size_nanos, "told_at": now}
        if finding.is_over:
            changes |= {"state": IncidentState.RESOLVED.value, "resolved_at": before.resolved_at or now}
        elif before.state is IncidentState.RESOLVED and decision.step is not Step.QUIET:
            changes |= {
                "state": IncidentState.OPEN.value,
                "resolved_at": None,
                "evidence": dict(finding.evidence),
            }
            changes |= {"quiet_until": None, "acted_by": "", "acted_at": None}
        await tx.execute(update(_INCIDENT).where(self._one_incident(incident_id)).values(changes))

    async def _keep_decision(
        self, tx: AsyncConnection, finding: Finding, decision: Decision, incident_id: str, now: datetime
    ) -> None:
        of = (_DECISION.c.workspace_id == self.workspace_id) & (_DECISION.c.dedup_key == finding.dedup_key)
        newest = select(_DECISION).where(of).order_by(_DECISION.c.id.desc()).limit(1)
        last = (await tx.execute(newest)).one_or_none()
        row = {"step": decision.step.value, "reason": decision.reason, "incident_id": incident_id}
        is_quiet = decision.step is Step.QUIET
        if is_quiet and last is not None and all(getattr(last, name) == value for name, value in row.items()):
            again = {"last_at": now, "times": _DECISION.c.times + 1, "size_nanos": finding.size_nanos}
            await tx.execute(update(_DECISION).where(of, _DECISION.c.id == last.id).values(again))
            return
        row |= {"workspace_id": self.workspace_id, "kind": finding.kind.value, "dedup_key": finding.dedup_key}
        times = {"at": now, "last_at": now, "times": 1, "size_nanos": finding.size_nanos}
        await tx.execute(_DECISION.insert().values(row | times))


def _notifies(decision: Decision) -> bool:
    """Tell whether people hear of it: edits notify nobody, posts and thread lines do."""
    if decision.step is Step.GREW:
        return decision.thread_line
    return decision.step is not Step.QUIET


def _act(word: str, who: str, at: datetime, quiet_until: datetime | None) -> dict[str, Any]:
    """Return an act as evidence keeps it."""
    until = quiet_until.isoformat() if quiet_until else None
    return {"state": word, "by": who, "at": at.isoformat(), "quiet_until": until}


def _code(text: str) -> str:
    number = int.from_bytes(sha256(text.encode()).digest()[:8], "big")
    letters = []
    for _ in range(_CODE_LENGTH):
        number, place = divmod(number, len(_CODE_LETTERS))
        letters.append(_CODE_LETTERS[place])
    return "".join(letters)


def _incident(row: Row[Any]) -> Incident:
    return Incident(
        id=row.id,
        kind=IncidentKind(row.kind),
        dedup_key=row.dedup_key,
        code=row.code,
        state=IncidentState(row.state),
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        evidence=row.evidence,
        size_nanos=row.size_nanos,
        told_nanos=row.told_nanos,
        told_at=row.told_at,
        told_steps=tuple(row.told_steps),
        resolved_at=row.resolved_at,
        quiet_until=row.quiet_until,
        acted_by=row.acted_by,
        acted_at=row.acted_at,
    )


def _decision(row: Row[Any]) -> KeptDecision:
    return KeptDecision(
        at=row.at,
        last_at=row.last_at,
        times=row.times,
        kind=IncidentKind(row.kind),
        dedup_key=row.dedup_key,
        incident_id=row.incident_id,
        step=Step(row.step),
        reason=row.reason,
        size_nanos=row.size_nanos,
    )
