"""Names of projects, keys, models and users, kept after the vendor deletes them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import UtcDateTime


class KnownNameRow(SQLModel, table=True):
    """One id and its name. `what`: project, key, user or model. First and last use come from usage, not from lists.

    `listed_at`: when the vendor last listed it, NULL = known from usage only.
    """

    __tablename__ = "known_name"

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    what: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    name: str = ""
    maker: str = ""
    project: str = ""
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    listed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
