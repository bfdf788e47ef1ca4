"""Tables: what a workspace has said about prices."""

from datetime import date

from sqlmodel import Field, SQLModel

from storage.tables._types import NanoUnits


class PriceOverrideRow(SQLModel, table=True):
    """A team's own price of a model from a date on, in nano-dollars per million tokens."""

    __tablename__ = "price_override"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    model: str = Field(primary_key=True)
    starts_on: date = Field(primary_key=True)
    ends_on: date | None = None
    input_nanos: int = Field(sa_type=NanoUnits)
    output_nanos: int = Field(sa_type=NanoUnits)


class DiscountRow(SQLModel, table=True):
    """A discount on one connection's list prices from a date on. `percent` is an exact decimal, as text."""

    __tablename__ = "discount"

    workspace_id: str = Field(primary_key=True, foreign_key="workspace.id")
    connection_id: str = Field(primary_key=True)
    starts_on: date = Field(primary_key=True)
    ends_on: date | None = None
    percent: str
