"""Tables: who did what, and which acts were done already."""

from datetime import datetime
from typing import Any

from sqlmodel import JSON, Field, Index, SQLModel

from storage.tables._types import UtcDateTime


class AuditRow(SQLModel, table=True):
    """One change or one use of a key. Rows are only ever added, and cleaned away after their time."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_time", "workspace_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    workspace_id: str
    at: datetime = Field(sa_type=UtcDateTime)
    who: str
    where: str
    what: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class ActRow(SQLModel, table=True):
    """A command, button or event that was handled; the same key again within 24 hours has no effect."""

    __tablename__ = "act"

    workspace_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
