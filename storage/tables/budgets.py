"""Table: budgets, one per scope and period."""

from datetime import date

from sqlmodel import JSON, Field, SQLModel, UniqueConstraint

from storage.tables._types import NanoUnits


class BudgetRow(SQLModel, table=True):
    """A limit in nano-units of its currency on what a scope spends in a period."""

    __tablename__ = "budget"
    __table_args__ = (UniqueConstraint("workspace_id", "dimension", "value", "period"),)

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    id: str = Field(primary_key=True)
    dimension: str
    value: str
    label: str
    period: str
    limit_nanos: int = Field(sa_type=NanoUnits)
    currency: str
    starts_on: date | None = None
    channel: str = ""
    thresholds: list[int] = Field(sa_type=JSON)
    projected: list[int] = Field(sa_type=JSON)
