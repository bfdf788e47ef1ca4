"""Spend cells, the rollup of them by local day, and what is known of each UTC day and each hour."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, String, Table
from sqlmodel import Field, Index, SQLModel

from storage.tables._types import SQLITE_CLUSTERED, NanoUnits, UtcDateTime
from storage.tables._wide import amount_columns, dimension_columns, token_columns

spend_cell = Table(
    "spend_cell",
    SQLModel.metadata,
    Column("workspace_id", String, primary_key=True),
    Column("day", Date, primary_key=True),  # the UTC date: cells are made again by UTC day
    Column("connection_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("provider", String, nullable=False),
    Column("start", UtcDateTime, nullable=False),
    Column("width_s", Integer, nullable=False),
    *dimension_columns(),
    Column("line_item", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("basis", String, nullable=False),
    Column("nanos", NanoUnits, nullable=False),
    Column("estimate_nanos", NanoUnits),
    Column("is_provisional", Boolean, nullable=False),
    Column("price_version", String, nullable=False),
    *token_columns(),
    Column("requests", BigInteger),
    *amount_columns(),
    sqlite_with_rowid=False,
)

spend_day = Table(
    "spend_day",
    SQLModel.metadata,
    Column("workspace_id", String, primary_key=True),
    Column("day", Date, primary_key=True),  # the workspace's local date (R9)
    Column("connection_id", String, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("provider", String, nullable=False),
    *dimension_columns(),
    Column("line_item", String, nullable=False),
    Column("currency", String, nullable=False),
    Column("price_version", String, nullable=False),
    Column("billed_nanos", NanoUnits, nullable=False),
    Column("estimated_nanos", NanoUnits, nullable=False),
    Column("provisional_nanos", NanoUnits, nullable=False),
    Column("estimate_nanos", NanoUnits, nullable=False),
    Column("unpriced_tokens", BigInteger, nullable=False),
    Column("unpriced_rows", Integer, nullable=False),
    *token_columns(),
    Column("requests", BigInteger),
    *amount_columns(),
    sqlite_with_rowid=False,
)


class DayStateRow(SQLModel, table=True):
    """One UTC day of one connection. `bill_read_at`: newest whole read of the bill that held the day; None = never."""

    __tablename__ = "day_state"
    __table_args__ = SQLITE_CLUSTERED

    workspace_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    is_settled: bool
    is_bill_missing: bool
    bill_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RestatementRow(SQLModel, table=True):
    """R11: the bill of a settled day changed."""

    __tablename__ = "restatement"

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    seen_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    before_nanos: int = Field(sa_type=NanoUnits)
    after_nanos: int = Field(sa_type=NanoUnits)
    told: bool = False


class AsSeenRow(SQLModel, table=True):
    """What an hour was estimated to cost, at each moment this changed. Append-only."""

    __tablename__ = "as_seen"
    __table_args__ = (Index("as_seen_by_time", "workspace_id", "seen_at"), SQLITE_CLUSTERED)

    workspace_id: str = Field(primary_key=True)
    connection_id: str = Field(primary_key=True)
    hour: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    currency: str = Field(primary_key=True)
    seen_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    nanos: int = Field(sa_type=NanoUnits)
