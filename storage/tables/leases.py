"""Table: the lease of the one `run` (or rotation) that works on this database."""

from datetime import datetime

from sqlmodel import BigInteger, Field, SQLModel

from storage.tables._types import UtcDateTime


class RunLeaseRow(SQLModel, table=True):
    """One row, id 1. `token` only ever grows; `host`, `place`, `pid` and `started` name the holder's process."""

    __tablename__ = "run_lease"

    id: int = Field(primary_key=True)
    token: int = Field(sa_type=BigInteger)
    until: datetime = Field(sa_type=UtcDateTime)
    host: str = ""
    place: str = ""
    pid: int = 0
    started: str = ""
