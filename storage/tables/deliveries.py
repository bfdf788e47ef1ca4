"""Tables: deliveries (rows before messages) and what was posted on the console."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, BigInteger, Field, ForeignKeyConstraint, Index, SQLModel, UniqueConstraint

from storage.tables._types import UtcDateTime


class DeliveryRow(SQLModel, table=True):
    """One step of telling an incident in one channel. `sequence` orders the deliveries of a channel."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("workspace_id", "incident_id", "step", "installation_id", "channel", "op"),
        ForeignKeyConstraint(["workspace_id", "incident_id"], ["incident.workspace_id", "incident.id"]),
        Index("delivery_by_state", "workspace_id", "state"),
    )

    workspace_id: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    incident_id: str
    step: str
    installation_id: str
    platform: str
    channel: str
    op: str
    state: str
    sequence: int = Field(sa_type=BigInteger)
    evidence: dict[str, Any] = Field(sa_type=JSON)
    not_before: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fencing: int = Field(default=0, sa_type=BigInteger)
    resends: int = 0
    platform_id: str = ""
    file_id: str = ""
    error: str = ""


class ConsoleMessageRow(SQLModel, table=True):
    """A message on the console: posting it is inserting this row."""

    __tablename__ = "console_message"
    __table_args__ = (
        Index("console_message_of", "workspace_id", "id"),
        {"sqlite_autoincrement": True},  # a reader remembers the last id it printed
    )

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    delivery_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    text: str
    chart_path: str = ""
