"""Deliveries: rows before messages. Every write of whoever delivers is fenced: only the holder of the lease may.

queued -> leased -> sent | failed | superseded, or unknown when its lease ran out or its owner was replaced.
Per channel the order is kept: a channel waits for its first unfinished delivery, channels never wait for each other.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from spend.notify import Delivery, DeliveryState, NewDelivery, Op
from storage._ids import new_id
from storage._scope import Scope
from storage._sql import insert_into
from storage.errors import LeaseLostError, NotFoundError
from storage.tables._types import table_of
from storage.tables.deliveries import ConsoleMessageRow, DeliveryRow
from storage.tables.incidents import IncidentRow
from storage.tables.leases import RunLeaseRow
from storage.values import ConsoleMessage

DELIVERY_LEASE = timedelta(seconds=30)
PLACE_GONE = "spendbot was removed there."

_DELIVERY = table_of(DeliveryRow)
_INCIDENT = table_of(IncidentRow)
_RUN_LEASE = table_of(RunLeaseRow)
_CONSOLE = table_of(ConsoleMessageRow)
_QUEUED = DeliveryState.QUEUED.value
_LEASED = DeliveryState.LEASED.value
_SENT = DeliveryState.SENT.value
_UNKNOWN = DeliveryState.UNKNOWN.value
_UNFINISHED = (_QUEUED, _LEASED, _UNKNOWN)
_OWNED = (_LEASED, _UNKNOWN)


class Deliveries(Scope):
    """Claim deliveries and say what became of them."""

    async def deliveries(
        self, states: Collection[DeliveryState] = (), *, incident_id: str = ""
    ) -> list[Delivery]:
        """Return deliveries in the order they were queued; all states and incidents where none is named."""
        async with self._read() as tx:
            return await self._find_deliveries(tx, *_narrow(states, incident_id))

    async def claim_deliveries(
        self, now: datetime, fencing: int, lease: timedelta = DELIVERY_LEASE, limit: int = 20
    ) -> list[Delivery]:
        """Lease the first unfinished delivery of each channel where it is queued and its time has come.

        Deliveries whose lease is over become unknown first; their channels wait until that is settled. Raises
        LeaseLostError where a later `run` has taken over.
        """
        lease_over = (
            self._own_deliveries() & (_DELIVERY.c.state == _LEASED) & (_DELIVERY.c.lease_until <= now)
        )
        async with self._write() as tx:
            newest = (await tx.execute(select(func.max(_RUN_LEASE.c.token)))).scalar_one() or 0
            if newest > fencing:
                raise LeaseLostError("Another run has taken over this database.")
            await tx.execute(update(_DELIVERY).where(lease_over).values(state=_UNKNOWN, changed_at=now))
            ids = [
                row.id
                for row in await self._ready_deliveries(tx, now, limit)
                if await self._lease_delivery(tx, row, now, fencing, lease)
            ]
            return await self._find_deliveries(tx, _DELIVERY.c.id.in_(ids)) if ids else []

    async def mark_sent(
        self,
        delivery_id: str,
        fencing: int,
        platform_id: str,
        now: datetime,
        *,
        console_text: str | None = None,
        chart_path: str = "",
        then: Sequence[NewDelivery] = (),
        superseded: Collection[str] = (),
    ) -> None:
        """Note that the platform has it, under its own id there. With `console_text` this is posting it on the console.

        What an earlier attempt met stays known: a possible repeat is marked as one in all its later versions.
        then: what follows from it (its picture), queued in the same transaction. superseded: ids of deliveries still
        queued whose words it said too. Raises LeaseLostError, and changes nothing, for a late owner; the same goes for
        every method below.
        """
        async with self._write() as tx:
            await self._finish_delivery(
                tx,
                delivery_id,
                fencing,
                {"changed_at": now, "state": _SENT, "platform_id": platform_id},
            )
            if console_text is not None:
                message = {
                    "workspace_id": self.workspace_id,
                    "delivery_id": delivery_id,
                    "at": now,
                    "text": console_text,
                    "chart_path": chart_path,
                }
                await tx.execute(_CONSOLE.insert().values(message))
            if superseded:
                await self._supersede_queued(tx, superseded, now)
            if then:
                await self._queue_behind(tx, delivery_id, then, now)

    async def mark_failed(self, delivery_id: str, fencing: int, error: str, now: datetime) -> None:
        """Give it up. `error` is a finished sentence."""
        async with self._write() as tx:
            await self._finish_delivery(
                tx,
                delivery_id,
                fencing,
                {"changed_at": now, "state": DeliveryState.FAILED.value, "error": error},
            )

    async def mark_superseded(self, delivery_id: str, fencing: int, now: datetime) -> None:
        """Note that what it would say is said already by another one."""
        async with self._write() as tx:
            await self._finish_delivery(
                tx, delivery_id, fencing, {"changed_at": now, "state": DeliveryState.SUPERSEDED.value}
            )

    async def mark_unknown(self, delivery_id: str, fencing: int, error: str, now: datetime) -> None:
        """Note that no answer came: the platform may have it or not."""
        async with self._write() as tx:
            await self._finish_delivery(
                tx, delivery_id, fencing, {"changed_at": now, "state": _UNKNOWN, "error": error}
            )

    async def requeue(self, delivery_id: str, fencing: int, not_before: datetime, resends: int) -> None:
        """Queue it again, at its old place in the channel. `resends`: attempts of unknown outcome so far."""
        changes = {"state": _QUEUED, "not_before": not_before, "resends": resends, "lease_until": None}
        async with self._write() as tx:
            await self._finish_delivery(tx, delivery_id, fencing, changes)

    async def set_file(self, delivery_id: str, file_id: str) -> None:
        """Keep the platform's id of an uploaded picture, before the message that shows it is sent."""
        one = self._own_deliveries() & (_DELIVERY.c.id == delivery_id)
        async with self._write() as tx:
            if (await tx.execute(update(_DELIVERY).where(one).values(file_id=file_id))).rowcount == 0:
                raise NotFoundError("There is no such delivery.")

    async def console_messages(self, after_id: int = 0) -> list[ConsoleMessage]:
        """Return what was posted on the console after the message of this id, in order."""
        query = (
            select(_CONSOLE)
            .where(_CONSOLE.c.workspace_id == self.workspace_id, _CONSOLE.c.id > after_id)
            .order_by(_CONSOLE.c.id)
        )
        async with self._read() as tx:
            return [
                ConsoleMessage(row.id, row.at, row.text, row.chart_path) for row in await tx.execute(query)
            ]

    def _own_deliveries(self) -> ColumnElement[bool]:
        return _DELIVERY.c.workspace_id == self.workspace_id

    async def _ready_deliveries(self, tx: AsyncConnection, now: datetime, limit: int) -> list[Row[Any]]:
        """Return the first unfinished delivery of each channel that can be sent now, longest queued first."""
        place = func.row_number().over(
            partition_by=(_DELIVERY.c.installation_id, _DELIVERY.c.channel),
            order_by=(_DELIVERY.c.sequence, _DELIVERY.c.id),
        )
        unfinished = select(_DELIVERY, place.label("place")).where(
            self._own_deliveries(), _DELIVERY.c.state.in_(_UNFINISHED)
        )
        first = unfinished.subquery()
        query = (
            select(first.c.id)
            .where(first.c.place == 1, first.c.state == _QUEUED, first.c.not_before <= now)
            .order_by(first.c.sequence, first.c.id)
            .limit(limit)
        )
        return list((await tx.execute(query)).all())

    async def _lease_delivery(
        self, tx: AsyncConnection, row: Row[Any], now: datetime, fencing: int, lease: timedelta
    ) -> bool:
        changes = {"state": _LEASED, "fencing": fencing, "lease_until": now + lease, "changed_at": now}
        free = self._own_deliveries() & (_DELIVERY.c.id == row.id) & (_DELIVERY.c.state == _QUEUED)
        return (
            await tx.execute(update(_DELIVERY).where(free, _DELIVERY.c.fencing <= fencing).values(changes))
        ).rowcount == 1

    async def _finish_delivery(
        self, tx: AsyncConnection, delivery_id: str, fencing: int, changes: Mapping[str, Any]
    ) -> None:
        owned = self._own_deliveries() & (_DELIVERY.c.id == delivery_id) & (_DELIVERY.c.fencing == fencing)
        mine = owned & _DELIVERY.c.state.in_(_OWNED)
        done = await tx.execute(update(_DELIVERY).where(mine).values(dict(changes)))
        if done.rowcount == 0:
            raise LeaseLostError("This delivery was taken over by someone else.")

    async def _supersede_queued(self, tx: AsyncConnection, ids: Collection[str], now: datetime) -> None:
        queued = _DELIVERY.c.id.in_(ids) & (_DELIVERY.c.state == _QUEUED)
        changes = {"state": DeliveryState.SUPERSEDED.value, "changed_at": now}
        await tx.execute(
            update(_DELIVERY).where(_DELIVERY.c.workspace_id == self.workspace_id, queued).values(changes)
        )

    async def _queue_behind(
        self, tx: AsyncConnection, delivery_id: str, new: Sequence[NewDelivery], now: datetime
    ) -> None:
        one = select(_DELIVERY.c.incident_id, _DELIVERY.c.evidence).where(
            _DELIVERY.c.workspace_id == self.workspace_id, _DELIVERY.c.id == delivery_id
        )
        row = (await tx.execute(one)).one()
        await queue_deliveries(tx, self.workspace_id, row.incident_id, new, row.evidence, now)

    async def _find_deliveries(self, tx: AsyncConnection, *which: ColumnElement[bool]) -> list[Delivery]:
        parent = _DELIVERY.alias()
        parent_id = (
            select(parent.c.platform_id)
            .where(
                parent.c.workspace_id == _DELIVERY.c.workspace_id,
                parent.c.incident_id == _DELIVERY.c.incident_id,
                parent.c.installation_id == _DELIVERY.c.installation_id,
                parent.c.channel == _DELIVERY.c.channel,
                parent.c.op == Op.POST.value,
                parent.c.state == _SENT,
                parent.c.sequence < _DELIVERY.c.sequence,
            )
            .order_by(parent.c.sequence.desc())
            .limit(1)
            .scalar_subquery()
        )
        of = (_INCIDENT.c.workspace_id == _DELIVERY.c.workspace_id) & (
            _INCIDENT.c.id == _DELIVERY.c.incident_id
        )
        query = select(_DELIVERY, _INCIDENT.c.code, parent_id.label("parent_platform_id")).join(_INCIDENT, of)
        query = query.where(self._own_deliveries(), *which).order_by(_DELIVERY.c.sequence, _DELIVERY.c.id)
        return [_delivery(row) for row in await tx.execute(query)]


async def queue_deliveries(
    tx: AsyncConnection,
    workspace_id: str,
    incident_id: str,
    new: Sequence[NewDelivery],
    evidence: Mapping[str, Any],
    now: datetime,
) -> None:
    """Queue deliveries of an incident behind all others of the workspace, in the caller's transaction.

    An edit supersedes the incident's earlier edits in that channel that nobody has sent yet. One that is there already
    (same step, channel and op) stays as it is. Deliveries without evidence of their own get the given one.
    """
    if not new:
        return
    of = _DELIVERY.c.workspace_id == workspace_id
    last = (await tx.execute(select(func.max(_DELIVERY.c.sequence)).where(of))).scalar_one() or 0
    for sequence, each in enumerate(new, start=last + 1):
        if each.op is Op.EDIT:
            await _supersede_edits(tx, workspace_id, incident_id, each, now)
        row = _new_row(each, workspace_id, incident_id, evidence, now) | {"sequence": sequence}
        await tx.execute(insert_into(tx, _DELIVERY).values(row).on_conflict_do_nothing())


async def end_leases(tx: AsyncConnection, fencing: int, now: datetime) -> None:
    """Make what holders before this fencing token had leased unknown, and the new holder's to settle."""
    older = _DELIVERY.c.state.in_(_OWNED) & (_DELIVERY.c.fencing < fencing)
    changes = {"state": _UNKNOWN, "fencing": fencing, "changed_at": now}
    await tx.execute(update(_DELIVERY).where(older).values(changes))


async def give_up_queued(tx: AsyncConnection, workspace_id: str, installation_id: str, now: datetime) -> None:
    """Fail what was to be posted at a chat place that is gone, in the caller's transaction."""
    waiting = (
        (_DELIVERY.c.workspace_id == workspace_id)
        & (_DELIVERY.c.installation_id == installation_id)
        & _DELIVERY.c.state.in_((_QUEUED, _UNKNOWN))
    )
    changes = {"state": DeliveryState.FAILED.value, "error": PLACE_GONE, "changed_at": now}
    await tx.execute(update(_DELIVERY).where(waiting).values(changes))


async def _supersede_edits(
    tx: AsyncConnection, workspace_id: str, incident_id: str, new: NewDelivery, now: datetime
) -> None:
    older = (
        (_DELIVERY.c.workspace_id == workspace_id)
        & (_DELIVERY.c.incident_id == incident_id)
        & (_DELIVERY.c.installation_id == new.installation_id)
        & (_DELIVERY.c.channel == new.channel)
        & (_DELIVERY.c.op == Op.EDIT.value)
        & (_DELIVERY.c.step != new.step)
        & _DELIVERY.c.state.in_((_QUEUED, _UNKNOWN))
    )
    await tx.execute(
        update(_DELIVERY).where(older).values(state=DeliveryState.SUPERSEDED.value, changed_at=now)
    )


def _new_row(
    new: NewDelivery, workspace_id: str, incident_id: str, evidence: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "id": new_id(),
        "incident_id": incident_id,
        "step": new.step,
        "installation_id": new.installation_id,
        "platform": new.platform,
        "channel": new.channel,
        "op": new.op.value,
        "state": _QUEUED,
        "evidence": dict(new.evidence or evidence),
        "not_before": new.not_before or now,
        "created_at": now,
        "changed_at": now,
        "fencing": 0,
        "resends": 0,
        "platform_id": "",
        "file_id": "",
        "error": "",
    }


def _narrow(states: Collection[DeliveryState], incident_id: str) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = []
    if states:
        which.append(_DELIVERY.c.state.in_([state.value for state in states]))
    if incident_id:
        which.append(_DELIVERY.c.incident_id == incident_id)
    return which


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        incident_id=row.incident_id,
        step=row.step,
        installation_id=row.installation_id,
        platform=row.platform,
        channel=row.channel,
        op=Op(row.op),
        state=DeliveryState(row.state),
        order=row.sequence,
        evidence=row.evidence,
        not_before=row.not_before,
        created_at=row.created_at,
        code=row.code,
        lease_until=row.lease_until,
        fencing=row.fencing,
        resends=row.resends,
        platform_id=row.platform_id,
        parent_platform_id=row.parent_platform_id or "",
        file_id=row.file_id,
        error=row.error,
    )
