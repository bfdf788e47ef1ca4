"""Table: connections with their sealed keys."""

from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint

from storage.tables._types import UtcDateTime


class ConnectionRow(SQLModel, table=True):
    """One account at one provider. `key_mark` is the keyed fingerprint that finds the same key again (R13)."""

    __tablename__ = "connection"
    __table_args__ = (
        UniqueConstraint("workspace_id", "label"),
        UniqueConstraint("workspace_id", "key_mark"),
    )

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)
    provider: str
    label: str
    state: str
    key_hint: str
    sealed_key: bytes | None = None
    key_mark: str
    base_url: str
    allow_private: bool
    connected_at: datetime = Field(sa_type=UtcDateTime)
    connected_by: str
    state_since: datetime = Field(sa_type=UtcDateTime)
    state_reason: str = ""
    account_id: str = ""
    account_name: str = ""
    powers: str = ""
    counts_money: bool = True
