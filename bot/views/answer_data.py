"""The object that `ask --json` prints: the same facts as the words, exact and uncut."""

from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from bot.views.facts import SpendRow, Total, Unpriced
from bot.views.footer import Source
from charts.spec import ChartSpec
from spend.money import from_nanos
from spend.usage import Basis
from spend.window import Window

_PRICE_STEP = 10**9


def answer_data(
    *,
    title: str,
    lead: str,
    facts: Sequence[str] = (),
    by: tuple[str, ...] = (),
    rows: Sequence[SpendRow] = (),
    totals: Sequence[Total] = (),
    is_change: bool = False,
    unpriced: Sequence[Unpriced] = (),
    sources: Sequence[Source] = (),
    basis: Basis | None = None,
    as_of: datetime | None = None,
    window: Window | None = None,
    window_label: str = "",
    price_version: str = "",
    chart: ChartSpec | None = None,
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the JSON-ready object of one answer; amounts are exact decimal strings, moments end in Z.

    What an answer does not have is empty or None: `total` is None when nothing is connected.
    """
    return {
        "title": title,
        "lead": lead,
        "facts": list(facts),
        "table": _table(by, rows, totals, is_change=is_change),
        "total": _total(totals[0]) if totals else None,
        "totals": [_total(total) for total in totals],
        "unpriced": [{"model": item.model, "kind": item.kind, "tokens": item.tokens} for item in unpriced],
        "freshness": [
            {"connection": s.connection, "stream": s.stream, "as_of": moment(s.as_of), "state": s.state.value}
            for s in sources
        ],
        "basis": basis.value if basis else None,
        "as_of": moment(as_of),
        "window": _window(window, window_label),
        "price_version": price_version,
        "chart": {"kind": chart.kind, "alt": chart.alt} if chart else None,
        "warnings": list(warnings),
    }


def decimal(nanos: int) -> str:
    """Write nano-units as an exact decimal in main units, never with an exponent: `11.342125`."""
    return f"{from_nanos(nanos):f}"


def moment(at: datetime | None) -> str | None:
    """Write a moment in UTC: `2026-11-19T13:05:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _total(total: Total) -> dict[str, str]:
    return {
        "amount": decimal(total.nanos),
        "currency": total.currency,
        "billed": decimal(total.billed_nanos),
        "estimated": decimal(total.estimated_nanos),
    }


def _window(window: Window | None, label: str) -> dict[str, str | None] | None:
    return {"start": moment(window.start), "end": moment(window.end), "label": label} if window else None


def _table(
    by: tuple[str, ...], rows: Sequence[SpendRow], totals: Sequence[Total], *, is_change: bool
) -> dict[str, list[Any]]:
    if not by:
        return {"columns": [], "rows": []}
    columns = [*by, "amount", "currency", "basis", "tokens", "requests", "per_million", "share"]
    columns += ["before", "change"] if is_change else []
    shares = {total.currency: _can_share(rows, total) for total in totals}
    return {"columns": columns, "rows": [_row(len(by), row, shares, is_change=is_change) for row in rows]}


def _row(dimensions: int, row: SpendRow, shares: dict[str, int], *, is_change: bool) -> list[Any]:
    is_known = row.is_known
    whole = shares.get(row.currency, 0)
    labels = [*row.labels, *[""] * (dimensions - len(row.labels))]
    if row.is_other:
        labels[0] = "other"
    before = row.before_nanos or 0
    return [
        *labels,
        decimal(row.nanos) if is_known else None,
        row.currency,
        None if row.is_unread else row.basis.value,
        row.tokens,
        row.requests,
        _per_million(row) if is_known else None,
        _ratio(Fraction(row.nanos, whole)) if whole and is_known else None,
        *([decimal(before), decimal(row.nanos - before)] if is_change else []),
    ]


def _can_share(rows: Sequence[SpendRow], total: Total) -> int:
    """Return the whole that shares are of, 0 where a share would mean nothing (R6)."""
    of_currency = [row.nanos for row in rows if row.currency == total.currency]
    return total.nanos if total.nanos > 0 and min(of_currency, default=0) >= 0 else 0


def _per_million(row: SpendRow) -> str | None:
    if not row.tokens:
        return None
    return decimal(round(Fraction(row.nanos * 1_000_000, row.tokens)))


def _ratio(value: Fraction) -> str:
    return decimal(round(value * _PRICE_STEP))
