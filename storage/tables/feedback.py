"""Table: what people said about spikes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import UtcDateTime


class FeedbackRow(SQLModel, table=True):
    """What was said last about one incident. `said_by`: the name as it was then."""

    __tablename__ = "feedback"

    workspace_id: str = Field(primary_key=True)
    incident_id: str = Field(primary_key=True)
    dedup_key: str
    code: str
    cause_id: str
    word: str
    said_by: str
    said_at: datetime = Field(sa_type=UtcDateTime)
