"""How far each stream was read, and when. What is due and who reads it: see connections.py."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import SQLITE_CLUSTERED, UtcDateTime


class ReadSpanRow(SQLModel, table=True):
    """When a stretch of a stream was last read. Stretches do not overlap; a new read cuts the older ones."""

    __tablename__ = "read_span"
    __table_args__ = SQLITE_CLUSTERED

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    start: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    end: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime = Field(sa_type=UtcDateTime)
