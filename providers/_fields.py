"""Read single values out of a vendor's JSON: exact, typed, loud.

Every reader takes the object, the field's name and raises ProviderReplyError with the field's name, never its value.
A missing token count that reads as zero has hidden money before, so nothing here has a silent default.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any

from providers._errors import ProviderReplyError
from spend.errors import SpendError
from spend.money import to_nanos

_WIDE = Context(prec=80)
_LARGEST_COUNT = 2**53  # counts beyond this are no counts, and storage keeps 64 bits


def wrong(where: str) -> ProviderReplyError:
    """Return the error for a field that is not as documented."""
    return ProviderReplyError(f"An answer is not as documented, at {where}.", where=where)


def object_of(value: Any, where: str) -> Mapping[str, Any]:
    """Return the value when it is a JSON object."""
    if not isinstance(value, Mapping):
        raise wrong(where)
    return value


def list_of(row: Mapping[str, Any], field: str) -> list[Any]:
    """Return a required list."""
    value = row.get(field)
    if not isinstance(value, list):
        raise wrong(field)
    return value


def text(row: Mapping[str, Any], field: str) -> str:
    """Return a text, '' for null or absent."""
    value = row.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise wrong(field)
    return value


def count(row: Mapping[str, Any], field: str) -> int:
    """Return a required count, at least 0."""
    value = optional_count(row, field)
    if value is None:
        raise wrong(field)
    return value


def optional_count(row: Mapping[str, Any], field: str) -> int | None:
    """Return a count, None where it is null or absent (older answers lack newer fields)."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        value = int(value) if value.adjusted() < 17 else -1
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_COUNT:
        raise wrong(field)
    return value


def flag(row: Mapping[str, Any], field: str) -> bool | None:
    """Return a boolean, None where it is null or absent."""
    value = row.get(field)
    if value is not None and not isinstance(value, bool):
        raise wrong(field)
    return value


def decimal(row: Mapping[str, Any], field: str) -> Decimal:
    """Return a required number that may arrive as text: `"12.50"`, `"0E-6176"`, `0.538`."""
    value = row.get(field)
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise wrong(field)
    try:
        exact = Decimal(value.strip() if isinstance(value, str) else value)
    except InvalidOperation:
        raise wrong(field) from None
    if not exact.is_finite():
        raise wrong(field)
    return exact


def nanos(amount: Decimal, where: str, *, cents: bool = False) -> int:
    """Return an amount in nano-units of its currency, rounded once; `cents` when the vendor counts in hundredths.

    >>> nanos(Decimal("54.00"), "amount", cents=True)
    540000000
    """
    try:
        return to_nanos(amount.scaleb(-2, _WIDE) if cents else amount)
    except (SpendError, InvalidOperation):
        raise wrong(where) from None


def currency(row: Mapping[str, Any], field: str) -> str:
    """Return a required currency code, upper case."""
    code = text(row, field).strip().upper()
    if not (len(code) == 3 and code.isascii() and code.isalpha()):
        raise wrong(field)
    return code


def unix_time(row: Mapping[str, Any], field: str) -> datetime:
    """Return a required time given in Unix seconds."""
    try:
        return datetime.fromtimestamp(count(row, field), UTC)
    except (ValueError, OSError, OverflowError):
        raise wrong(field) from None


def iso_time(row: Mapping[str, Any], field: str) -> datetime:
    """Return a required time given as RFC 3339."""
    try:
        moment = datetime.fromisoformat(text(row, field))
    except ValueError:
        raise wrong(field) from None
    if moment.tzinfo is None:
        raise wrong(field)
    return moment.astimezone(UTC)


def optional_unix_time(row: Mapping[str, Any], field: str) -> datetime | None:
    """Return a time given in Unix seconds, None where it is null or absent."""
    return None if row.get(field) is None else unix_time(row, field)


def optional_iso_time(row: Mapping[str, Any], field: str) -> datetime | None:
    """Return a time given as RFC 3339, None where it is null or absent."""
    return None if row.get(field) is None else iso_time(row, field)
