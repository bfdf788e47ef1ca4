"""Seal and open what belongs to one workspace, with its own data key."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.audit import Audit
from storage.errors import KeyUnreadableError
from storage.tables._types import table_of
from storage.tables.keys import CanaryRow, DataKeyRow

MASTER_KEY_LOCK = "master key"
_CANARY = table_of(CanaryRow)
_DATA_KEY = table_of(DataKeyRow)


class Sealing(Audit):
    """Parts that keep secrets subclass it."""

    async def _seal(self, tx: AsyncConnection, text: str, purpose: tuple[str, ...]) -> bytes:
        data_key = await self._data_key(tx)
        return self._keys.box().seal(text, data_key=data_key, owner=self.workspace_id, purpose=purpose)

    async def _open(self, tx: AsyncConnection, sealed: bytes, purpose: tuple[str, ...]) -> str:
        data_key = await self._stored_data_key(tx)
        if data_key is None:
            raise KeyUnreadableError("The key that seals this workspace is gone; connect again.")
        return self._keys.box().open(sealed, data_key=data_key, owner=self.workspace_id, purpose=purpose)

    async def _mark_key(self, tx: AsyncConnection, key: str) -> str:
        return self._keys.box().mark(key, data_key=await self._data_key(tx), owner=self.workspace_id)

    async def _data_key(self, tx: AsyncConnection) -> bytes:
        """Return the workspace's wrapped data key; the first use makes it."""
        wrapped = await self._stored_data_key(tx)
        return await self._new_data_key(tx) if wrapped is None else wrapped

    async def _stored_data_key(self, tx: AsyncConnection) -> bytes | None:
        query = select(_DATA_KEY.c.wrapped).where(_DATA_KEY.c.workspace_id == self.workspace_id)
        wrapped: bytes | None = (await tx.execute(query)).scalar_one_or_none()
        return wrapped

    async def _new_data_key(self, tx: AsyncConnection) -> bytes:
        # Under the lock of rotations: a process that still holds the old master key must not wrap with it any more.
        await self._lock(tx, MASTER_KEY_LOCK)
        box = self._keys.box()
        known = select(_CANARY.c.kek_id).where(_CANARY.c.kek_id == box.kek_id)
        if (await tx.execute(known)).scalar_one_or_none() is None:
            raise KeyUnreadableError(
                f"The master key {box.kek_id} is not the one of this database (any more)."
            )
        wrapped = box.new_data_key(self.workspace_id)
        row = {"workspace_id": self.workspace_id, "kek_id": box.kek_id, "wrapped": wrapped}
        await tx.execute(_DATA_KEY.insert().values(row))
        return wrapped
