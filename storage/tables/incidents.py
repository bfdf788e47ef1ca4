"""Tables: incidents, and every decision about telling them."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, Index, SQLModel, UniqueConstraint

from storage.tables._types import NanoUnits, UtcDateTime


class IncidentRow(SQLModel, table=True):
    """Something worth telling; its dedup key makes it one, its code names it to people."""

    __tablename__ = "incident"
    __table_args__ = (UniqueConstraint("workspace_id", "dedup_key"), UniqueConstraint("workspace_id", "code"))

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)
    kind: str
    dedup_key: str
    code: str
    state: str
    opened_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    evidence: dict[str, Any] = Field(sa_type=JSON)
    size_nanos: int = Field(default=0, sa_type=NanoUnits)
    told_nanos: int = Field(default=0, sa_type=NanoUnits)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    told_steps: list[str] = Field(default_factory=list, sa_type=JSON)
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    quiet_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acted_by: str = ""
    acted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DecisionRow(SQLModel, table=True):
    """What was decided about a finding and why. The same quiet decision again counts up instead of adding a row."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("decision_by_time", "workspace_id", "last_at"),
        Index("decision_of", "workspace_id", "dedup_key", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    last_at: datetime = Field(sa_type=UtcDateTime)
    times: int = 1
    kind: str
    dedup_key: str
    incident_id: str = ""
    step: str
    reason: str
    size_nanos: int = Field(default=0, sa_type=NanoUnits)
