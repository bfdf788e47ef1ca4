"""Tables: workspaces, the chat places that belong to them, and where their messages go."""

from datetime import datetime

from sqlmodel import JSON, Field, SQLModel, UniqueConstraint

from storage.tables._types import UtcDateTime


class WorkspaceRow(SQLModel, table=True):
    """A tenant and what it has set. The home workspace has the id `home`."""

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("name"),)

    id: str = Field(primary_key=True)
    name: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    zone: str
    first_weekday: int
    user_names: bool
    pictures: str
    summary_at: str
    summary_zone: str
    admins: list[str] = Field(sa_type=JSON)


class InstallationRow(SQLModel, table=True):
    """A chat place. One place belongs to one workspace only."""

    __tablename__ = "installation"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)
    platform: str
    external_id: str
    name: str = ""
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ChannelRow(SQLModel, table=True):
    """Where one kind of message goes."""

    __tablename__ = "channel"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    purpose: str = Field(primary_key=True)
    installation_id: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    platform: str
    name: str = ""
