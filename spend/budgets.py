"""Budgets: scope x period x limit x thresholds, judged on spend cells and on the forecast. Each speaks once a period."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Period(StrEnum):
    """How often a budget starts anew, in the workspace's zone."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """What a budget counts: a dimension and a value; `("workspace", "")` counts everything.

    `dimension` is workspace, provider, connection, project, model or key. `value` is the id as records hold it
    (a model may hold `*` wildcards); `label` is what people see.
    """

    dimension: str = "workspace"
    value: str = ""
    label: str = ""


ACTUAL_THRESHOLDS = (50, 80, 100)
PROJECTED_THRESHOLDS = (80, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A limit on what a scope spends in a period, one currency. One budget per (scope, period).

    `channel`: where its alerts go besides the alert channels ('' = alert channels only), as `platform:installation:channel`.
    """

    id: str
    scope: Scope
    period: Period
    limit: Decimal
    currency: str = "USD"
    starts_on: date | None = None
    channel: str = ""
    thresholds: tuple[int, ...] = ACTUAL_THRESHOLDS
    projected: tuple[int, ...] = PROJECTED_THRESHOLDS
