"""Small texts that the bot keeps for itself."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables._types import UtcDateTime


class NoteRow(SQLModel, table=True):
    """A text by its name: the words behind a button, the hash of the commands that a platform was given."""

    __tablename__ = "note"

    workspace_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    text: str
    at: datetime = Field(sa_type=UtcDateTime)
