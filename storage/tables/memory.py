"""What the bot said and what its detectors remember."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import UtcDateTime


class ShownForecastRow(SQLModel, table=True):
    """The forecast of a day as it was shown, to judge it later. `evidence` is JSON."""

    __tablename__ = "shown_forecast"

    workspace_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    evidence: str


class DetectorSnapshotRow(SQLModel, table=True):
    """A detector's memory: a cache, never the truth; it can be built again from what is stored."""

    __tablename__ = "detector_snapshot"

    workspace_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    saved_at: datetime = Field(sa_type=UtcDateTime)
    content: bytes
