"""Domain values to rows and back. Rows are dicts of columns without those that say whose they are."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from spend.ledger import SpendCell
from spend.usage import (
    AMOUNT_CLASSES,
    DIMENSION_COLUMNS,
    TOKEN_CLASSES,
    CostRecord,
    Dimensions,
    Estimate,
    PricedUsage,
    TokenCounts,
    UsageRecord,
)
from storage.tables._wide import AMOUNT_COLUMNS, TOKEN_COLUMNS
from storage.tables.records import cost_record, usage_record

type_row = dict[str, Any]

_dimension_values: Callable[[Dimensions], tuple[str, ...]] = attrgetter(*DIMENSION_COLUMNS)
_token_values: Callable[[TokenCounts], tuple[int | None, ...]] = attrgetter(*TOKEN_CLASSES)
_AMOUNT_COLUMN = dict(zip(AMOUNT_CLASSES, AMOUNT_COLUMNS, strict=True))
_NO_AMOUNTS: type_row = dict.fromkeys(AMOUNT_COLUMNS)

_HEAD = ("start", "width_s", "requests", "units", "unit", "is_ever_billed")
_ESTIMATE = ("estimate_nanos", "currency", "price_version")
_DIMS_AT = len(_HEAD) + len(_ESTIMATE)
_TOKENS_AT = _DIMS_AT + len(DIMENSION_COLUMNS)
_AMOUNTS_AT = _TOKENS_AT + len(TOKEN_COLUMNS)
_COST_TEXTS = ("project", "api_key", "model", "kind", "line_item", "variant", "token_class")
_COST_COLUMNS = ("day", *_COST_TEXTS, "nanos", "currency", "quantity", "quantity_unit")

USAGE_SELECTION = [
    usage_record.c[name] for name in (*_HEAD, *_ESTIMATE, *DIMENSION_COLUMNS, *TOKEN_COLUMNS, *AMOUNT_COLUMNS)
]
COST_SELECTION = [cost_record.c[name] for name in _COST_COLUMNS]


def usage_row(priced: PricedUsage) -> type_row:
    """Return the columns of one usage record and its estimate."""
    record = priced.record
    return {
        "day": record.start.date(),
        "start": record.start,
        "width_s": record.width_s,
        **dimension_values(record.dims),
        **token_values(record.tokens),
        "requests": record.requests,
        "units": _text(record.units),
        "unit": record.unit,
        "is_ever_billed": record.is_ever_billed,
        **estimate_values(priced.estimate),
    }


def estimate_values(estimate: Estimate | None) -> type_row:
    """Return the columns an estimate fills; no estimate is NULL, never zero."""
    if estimate is None:
        return {"estimate_nanos": None, "currency": "USD", "price_version": "", **_NO_AMOUNTS}
    return {
        "estimate_nanos": estimate.nanos,
        "currency": estimate.currency,
        "price_version": estimate.price_version,
        **amount_values(estimate.parts),
    }


def usage_of(rows: Iterable[Sequence[Any]]) -> list[PricedUsage]:
    """Return the priced usage of rows of USAGE_SELECTION, in their order. Equal dimensions are one object."""
    seen: dict[tuple[str, ...], Dimensions] = {}
    return [_priced(row, seen) for row in rows]


def _priced(row: Sequence[Any], seen: dict[tuple[str, ...], Dimensions]) -> PricedUsage:
    start, width_s, requests, units, unit, is_ever_billed, nanos, currency, price_version = row[:_DIMS_AT]
    key = tuple(row[_DIMS_AT:_TOKENS_AT])
    dims = seen.get(key)
    if dims is None:
        dims = seen[key] = Dimensions(**dict(zip(DIMENSION_COLUMNS, key, strict=True)))
    record = UsageRecord(
        start=start,
        width_s=width_s,
        dims=dims,
        tokens=TokenCounts(**dict(zip(TOKEN_CLASSES, row[_TOKENS_AT:_AMOUNTS_AT], strict=True))),
        requests=requests,
        units=_decimal(units),
        unit=unit,
        is_ever_billed=bool(is_ever_billed),
    )
    if nanos is None:
        return PricedUsage(record, None)
    return PricedUsage(record, Estimate(nanos, _parts(row[_AMOUNTS_AT:]), price_version, currency))


def cost_row(record: CostRecord) -> type_row:
    """Return the columns of one line of a bill."""
    return {
        "day": record.day,
        **{name: getattr(record, name) for name in _COST_TEXTS},
        "nanos": record.nanos,
        "currency": record.currency,
        "quantity": _text(record.quantity),
        "quantity_unit": record.quantity_unit,
    }


def bill_of(rows: Iterable[Sequence[Any]]) -> list[CostRecord]:
    """Return the bill lines of rows of COST_SELECTION, in their order."""
    return [_bill_line(dict(zip(_COST_COLUMNS, row, strict=True))) for row in rows]


def _bill_line(values: type_row) -> CostRecord:
    values["quantity"] = _decimal(values["quantity"])
    return CostRecord(**values)


def cell_row(cell: SpendCell) -> type_row:
    """Return the columns of one spend cell."""
    return {
        "start": cell.start,
        "width_s": cell.width_s,
        **dimension_values(cell.dims),
        "line_item": cell.line_item,
        "currency": cell.currency,
        "basis": cell.basis.value,
        "nanos": cell.nanos,
        "estimate_nanos": cell.estimate_nanos,
        "is_provisional": cell.is_provisional,
        "price_version": cell.price_version,
        **token_values(cell.tokens),
        "requests": cell.requests,
        **amount_values(cell.parts),
    }


def dimension_values(dims: Dimensions) -> type_row:
    """Return the dimension columns."""
    return dict(zip(DIMENSION_COLUMNS, _dimension_values(dims), strict=True))


def token_values(tokens: TokenCounts) -> type_row:
    """Return the token columns; NULL = not reported."""
    return dict(zip(TOKEN_COLUMNS, _token_values(tokens), strict=True))


def amount_values(parts: Iterable[tuple[str, int]]) -> type_row:
    """Return the amount columns; NULL = no such part."""
    return _NO_AMOUNTS | {_AMOUNT_COLUMN[name]: nanos for name, nanos in parts}


def usage_identity(priced: PricedUsage) -> tuple[Any, ...]:
    """Return everything a usage record and its estimate say, as one tuple with a stable text."""
    record, estimate = priced.record, priced.estimate
    return (
        *_dimension_values(record.dims),
        record.unit,
        record.width_s,
        _token_values(record.tokens),
        record.requests,
        _text(record.units),
        record.is_ever_billed,
        estimate and (estimate.nanos, estimate.currency, estimate.price_version, estimate.parts),
    )


def cost_identity(record: CostRecord) -> tuple[Any, ...]:
    """Return everything a bill line says, as one tuple with a stable text."""
    texts = tuple(getattr(record, name) for name in _COST_TEXTS)
    return (*texts, record.currency, record.nanos, _text(record.quantity), record.quantity_unit)


def _parts(amounts: Sequence[int | None]) -> tuple[tuple[str, int], ...]:
    return tuple(
        [(name, nanos) for name, nanos in zip(AMOUNT_CLASSES, amounts, strict=True) if nanos is not None]
    )


def _text(exact: Decimal | None) -> str | None:
    return None if exact is None else str(exact)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
