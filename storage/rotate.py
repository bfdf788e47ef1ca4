"""The master key of a database: recognised by its canary, listed by fingerprints, replaced by wrapping again.

A rotation wraps each workspace's data key anew; what data keys seal stays as it is. Both canaries are kept until every
data key is wrapped by the new master key, so a rotation that was killed anywhere is finished by running it again.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage._sql import insert_into
from storage.errors import KeyUnreadableError, StorageError
from storage.holder import Holder
from storage.keybox import KeyBox
from storage.leases import Leases
from storage.sealing import MASTER_KEY_LOCK
from storage.tables._types import table_of
from storage.tables.connections import ConnectionRow
from storage.tables.keys import CanaryRow, DataKeyRow
from storage.tables.workspaces import WorkspaceRow
from storage.values import ConnectionState, KeyState

_ROTATION_LEASE = timedelta(minutes=10)  # 100,000 data keys take about one
_BATCH = 500

_CANARY = table_of(CanaryRow)
_DATA_KEY = table_of(DataKeyRow)
_CONNECTION = table_of(ConnectionRow)
_WORKSPACE = table_of(WorkspaceRow)


class MasterKey(Leases):
    """Recognise, list and rotate."""

    async def is_sealed(self) -> bool:
        """Tell whether this database has a master key already."""
        async with self._read() as tx:
            return (await tx.execute(select(_CANARY.c.kek_id).limit(1))).first() is not None

    async def check_master_key(self, now: datetime) -> None:
        """Make sure the master key in use is this database's; the first one becomes it.

        Raises KeyUnreadableError where none is set or another one sealed this database, with or without keys in it.
        """
        box = self._keys.box()
        if await self._recognise(box):
            return
        async with self._write() as tx:
            await self._lock(tx, MASTER_KEY_LOCK)
            if (await tx.execute(select(_CANARY.c.kek_id).limit(1))).first() is None:
                await self._add_canary(tx, box, now)
        if not await self._recognise(box):
            raise KeyUnreadableError(await self._wrong_key(box))

    async def list_keys(self) -> list[KeyState]:
        """Return what may be shown of every stored key, by workspace and label."""
        query = (
            select(_CONNECTION, _WORKSPACE.c.name.label("workspace"), _DATA_KEY.c.kek_id)
            .join(_WORKSPACE, _WORKSPACE.c.id == _CONNECTION.c.workspace_id)
            .outerjoin(_DATA_KEY, _DATA_KEY.c.workspace_id == _CONNECTION.c.workspace_id)
            .order_by(_WORKSPACE.c.name, _CONNECTION.c.label)
        )
        async with self._read() as tx:
            rows = (await tx.execute(query)).all()
        return [
            KeyState(
                workspace=row.workspace,
                provider=row.provider,
                label=row.label,
                state=ConnectionState(row.state),
                hint=row.key_hint,
                fingerprint=row.key_mark[:16],
                kek_id="" if row.sealed_key is None else row.kek_id,
            )
            for row in rows
        ]

    async def rotate(self, new_key: bytes, now: datetime, *, old_key: bytes | None = None) -> int:
        """Wrap every data key by another master key, work with it from then on, and return how many were wrapped.

        Killed at any point, it is finished by running it again with the same keys; a store opened without a key takes
        the present one as `old_key`, so that this works when only the key file was not replaced yet. Holds the run
        lease meanwhile: raises RunLeaseHeldError while a `run` lives. KeyUnreadableError: the present key does not fit.
        """
        old, new = self._keys.box() if old_key is None else KeyBox(old_key), KeyBox(new_key)
        if old.kek_id == new.kek_id:
            raise StorageError("The new master key is the one in use already.")
        if not await self._recognise(old):
            if not await self._recognise(new):
                raise KeyUnreadableError(await self._wrong_key(old))
            self._keys.replace(new)  # everything was wrapped, and only that could not be said any more
            return 0
        token = await self.take_run_lease(Holder.this_process(), now, _ROTATION_LEASE)
        try:
            async with self._write() as tx:
                await self._lock(tx, MASTER_KEY_LOCK)
                await _refuse_third_key(tx, old, new)
                await self._add_canary(tx, new, now)
            wrapped = await self._rewrap_all(old, new)
        finally:
            await self.release_run_lease(token)
        self._keys.replace(new)
        return wrapped

    async def _rewrap_all(self, old: KeyBox, new: KeyBox) -> int:
        wrapped = 0
        while True:
            async with self._write() as tx:
                await self._lock(tx, MASTER_KEY_LOCK)
                done = await _rewrap_some(tx, old, new)
                if done == 0:
                    await tx.execute(delete(_CANARY).where(_CANARY.c.kek_id != new.kek_id))
                    return wrapped
                wrapped += done

    async def _recognise(self, box: KeyBox) -> bool:
        async with self._read() as tx:
            query = select(_CANARY.c.sealed).where(_CANARY.c.kek_id == box.kek_id)
            canary = (await tx.execute(query)).scalar_one_or_none()
        return canary is not None and box.fits(canary)

    async def _wrong_key(self, box: KeyBox) -> str:
        async with self._read() as tx:
            known = (
                (await tx.execute(select(_CANARY.c.kek_id).order_by(_CANARY.c.created_at))).scalars().all()
            )
        expected = " or ".join(known) or "none"
        return f"This database was sealed with another master key (fingerprint {expected}, not {box.kek_id})."

    async def _add_canary(self, tx: AsyncConnection, box: KeyBox, now: datetime) -> None:
        row = {"kek_id": box.kek_id, "sealed": box.canary(), "created_at": now}
        await tx.execute(insert_into(tx, _CANARY).values(row).on_conflict_do_nothing())


async def _refuse_third_key(tx: AsyncConnection, old: KeyBox, new: KeyBox) -> None:
    others = select(_DATA_KEY.c.kek_id).where(_DATA_KEY.c.kek_id.not_in([old.kek_id, new.kek_id]))
    other = (await tx.execute(others.limit(1))).scalar_one_or_none()
    if other is not None:
        raise KeyUnreadableError(
            f"A rotation with the master key {other} was not finished; finish that one first."
        )


async def _rewrap_some(tx: AsyncConnection, old: KeyBox, new: KeyBox) -> int:
    query = select(_DATA_KEY).where(_DATA_KEY.c.kek_id == old.kek_id).limit(_BATCH)
    rows = (await tx.execute(query)).all()
    for row in rows:
        wrapped = old.rewrap(row.wrapped, row.workspace_id, new)
        changes = {"kek_id": new.kek_id, "wrapped": wrapped}
        await tx.execute(
            update(_DATA_KEY).where(_DATA_KEY.c.workspace_id == row.workspace_id).values(changes)
        )
    return len(rows)
