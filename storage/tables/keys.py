"""Tables: the canaries that recognise the master key, and the wrapped data key of each workspace."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import UtcDateTime


class CanaryRow(SQLModel, table=True):
    """A sealed value only one master key opens. Two rows while a rotation is under way."""

    __tablename__ = "canary"

    kek_id: str = Field(primary_key=True)
    sealed: bytes
    created_at: datetime = Field(sa_type=UtcDateTime)


class DataKeyRow(SQLModel, table=True):
    """A workspace's data key, wrapped by the master key `kek_id`."""

    __tablename__ = "data_key"

    workspace_id: str = Field(primary_key=True)
    kek_id: str = Field(index=True)
    wrapped: bytes
