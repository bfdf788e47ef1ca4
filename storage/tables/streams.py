"""Streams of connections: what is due, how far each was read and when, and every attempt."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import SQLITE_CLUSTERED, UtcDateTime


class StreamRow(SQLModel, table=True):
    """One stream of one connection. `claimed_until`: a poll works on it; over = the poll died, anyone may claim.

    `claimed_by`: the process that claimed it last (a Holder's text, '' = none yet).
    `is_readable`: whether the present key may read it; cursors stay while it may not. `settings` is JSON.
    """

    __tablename__ = "stream"

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    role: str
    is_readable: bool = True
    as_of: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_success_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_due_at: datetime = Field(sa_type=UtcDateTime, index=True)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str = ""
    history_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    history_goal: datetime | None = Field(default=None, sa_type=UtcDateTime)
    backfill_done: bool = False
    failures: int = 0
    failing_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str = ""
    settings: str = "{}"


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


class PollAttemptRow(SQLModel, table=True):
    """One poll of one stream and how it ended; `error` is a finished sentence, '' = it went well."""

    __tablename__ = "poll_attempt"
    __table_args__ = SQLITE_CLUSTERED

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    error: str = ""
