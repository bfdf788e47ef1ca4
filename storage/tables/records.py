"""Usage and cost records as the providers reported them, one row per bucket row, and what each bucket held.

Records are numbered within (stream, bucket) in a stable order: a bucket is only ever replaced as a whole.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table
from sqlmodel import Field, SQLModel

from storage.tables._types import SQLITE_CLUSTERED, NanoUnits, UtcDateTime
from storage.tables._wide import amount_columns, dimension_columns, token_columns

usage_record = Table(
    "usage_record",
    SQLModel.metadata,
    Column("workspace_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("connection_id", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("start", UtcDateTime, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("width_s", Integer, nullable=False),
    *dimension_columns(),
    *token_columns(),
    Column("requests", BigInteger),
    Column("units", String),  # an exact decimal; NUMERIC is a float on SQLite
    Column("unit", String, nullable=False),
    Column("is_ever_billed", Boolean, nullable=False),
    Column("estimate_nanos", NanoUnits),  # NULL = no price known
    Column("currency", String, nullable=False),
    Column("price_version", String, nullable=False),
    *amount_columns(),
    sqlite_with_rowid=False,
)

cost_record = Table(
    "cost_record",
    SQLModel.metadata,
    Column("workspace_id", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("connection_id", String, primary_key=True),
    Column("stream", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("project", String, nullable=False),
    Column("api_key", String, nullable=False),
    Column("model", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("line_item", String, nullable=False),
    Column("variant", String, nullable=False),
    Column("token_class", String, nullable=False),
    Column("nanos", NanoUnits, nullable=False),
    Column("currency", String, nullable=False),
    Column("quantity", String),
    Column("quantity_unit", String, nullable=False),
    sqlite_with_rowid=False,
)


class BucketRow(SQLModel, table=True):
    """What one bucket of one stream held when it was last replaced; buckets without records have no row."""

    __tablename__ = "bucket"
    __table_args__ = SQLITE_CLUSTERED

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    start: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    content_hash: str
    has_money: bool


class PendingEmptyRow(SQLModel, table=True):
    """R11: a day of a stream came back empty where there was money, and waits for a second read that agrees."""

    __tablename__ = "pending_empty"

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    stream: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    read_at: datetime = Field(sa_type=UtcDateTime)
