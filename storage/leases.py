"""The run lease: one `run` per database. Its token only grows, and fences off whoever held it before."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from storage._scope import System
from storage._sql import insert_into
from storage.deliveries import end_leases
from storage.errors import LeaseLostError, RunLeaseHeldError
from storage.holder import Holder
from storage.polls import end_claims
from storage.tables._types import table_of
from storage.tables.leases import RunLeaseRow

RUN_LEASE = timedelta(seconds=30)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_LEASE = table_of(RunLeaseRow)
_ONLY = _LEASE.c.id == 1


class Leases(System):
    """Take, renew and release the run lease."""

    async def take_run_lease(self, holder: Holder, now: datetime, ttl: timedelta = RUN_LEASE) -> int:
        """Return a fencing token greater than all before. Deliveries leased by earlier holders become unknown.

        Streams that the holder before was reading may be claimed again at once.

        Raises RunLeaseHeldError while another holder's lease lasts, unless its process is known to be dead.
        """
        async with self._write() as tx:
            await tx.execute(
                insert_into(tx, _LEASE).values(id=1, token=0, until=_LONG_AGO).on_conflict_do_nothing()
            )
            lease = (await tx.execute(select(_LEASE).where(_ONLY))).one()
            if lease.until > now and not _holder(lease).is_dead():
                raise RunLeaseHeldError(_held(lease))
            mine = {
                "token": lease.token + 1,
                "until": now + ttl,
                "host": holder.host,
                "place": holder.place,
                "pid": holder.pid,
                "started": holder.started,
            }
            taken = await tx.execute(update(_LEASE).where(_ONLY, _LEASE.c.token == lease.token).values(mine))
            if taken.rowcount == 0:  # another one took it between the two statements (PostgreSQL only)
                raise RunLeaseHeldError(_held((await tx.execute(select(_LEASE).where(_ONLY))).one()))
            await end_leases(tx, lease.token + 1, now)
            if lease.token:
                await end_claims(tx, _holder(lease))
            return int(lease.token) + 1

    async def renew_run_lease(self, token: int, now: datetime, ttl: timedelta = RUN_LEASE) -> None:
        """Hold the lease for `ttl` from now; LeaseLostError where someone else has taken it."""
        renewed = update(_LEASE).where(_ONLY, _LEASE.c.token == token).values(until=now + ttl)
        async with self._write() as tx:
            if (await tx.execute(renewed)).rowcount == 0:
                raise LeaseLostError("Another run has taken over this database.")

    async def release_run_lease(self, token: int) -> None:
        """Let go of the lease at once; nothing happens where someone else has taken it."""
        async with self._write() as tx:
            await tx.execute(update(_LEASE).where(_ONLY, _LEASE.c.token == token).values(until=_LONG_AGO))


def _holder(lease: Row[Any]) -> Holder:
    return Holder(lease.host, lease.place, lease.pid, lease.started)


def _held(lease: Row[Any]) -> str:
    return (
        f"Another run works on this database (process {lease.pid} on {lease.host}, "
        f"lease until {lease.until:%H:%M:%S} UTC); stop it first."
    )
