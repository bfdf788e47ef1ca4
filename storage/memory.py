"""What was forecast and shown, and what detectors remember between runs."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from storage._scope import Scope
from storage._sql import insert_into, upsert
from storage.tables._types import table_of
from storage.tables.memory import DetectorSnapshotRow, ShownForecastRow
from storage.values import ShownForecast

_forecast = table_of(ShownForecastRow)
_snapshot = table_of(DetectorSnapshotRow)


class Memory(Scope):
    """Shown forecasts and detector snapshots of the workspace."""

    async def save_forecast(self, day: date, scope: str, evidence: Mapping[str, Any]) -> None:
        """Keep a forecast as it was shown on a day; the first one of a day stands. `evidence` is JSON-ready."""
        row = {
            "workspace_id": self.workspace_id,
            "day": day,
            "scope": scope,
            "evidence": json.dumps(dict(evidence), sort_keys=True),
        }
        async with self._write() as tx:
            await tx.execute(insert_into(tx, _forecast).on_conflict_do_nothing(), row)

    async def forecasts(self, since: date) -> list[ShownForecast]:
        """Return the forecasts shown from a day on, oldest first."""
        question = (
            select(_forecast)
            .where(_forecast.c.workspace_id == self.workspace_id, _forecast.c.day >= since)
            .order_by(_forecast.c.day, _forecast.c.scope)
        )
        async with self._read() as tx:
            rows = (await tx.execute(question)).all()
        return [ShownForecast(row.day, row.scope, json.loads(row.evidence)) for row in rows]

    async def save_detector_snapshot(self, name: str, content: bytes, now: datetime) -> None:
        """Keep a detector's memory, in place of its last one."""
        row = {"workspace_id": self.workspace_id, "name": name, "saved_at": now, "content": content}
        async with self._write() as tx:
            await tx.execute(upsert(tx, _snapshot, ["saved_at", "content"]), row)

    async def load_detector_snapshot(self, name: str) -> bytes | None:
        """Return a detector's memory, None when there is none: it is built again from what is stored."""
        question = select(_snapshot.c.content).where(
            _snapshot.c.workspace_id == self.workspace_id, _snapshot.c.name == name
        )
        async with self._read() as tx:
            content: bytes | None = (await tx.execute(question)).scalar_one_or_none()
        return content
