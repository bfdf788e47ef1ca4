"""Facts as stored evidence: frozen dataclasses to JSON-ready values and back: messages are built from what was kept."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

F = TypeVar("F")


def to_evidence(value: Any) -> Any:
    """Return a JSON-ready copy: dataclasses as objects, dates, moments and decimals as text, enums by value."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_evidence(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | list):
        return [to_evidence(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_evidence(item) for key, item in value.items()}
    return value


def from_evidence(kind: type[F], evidence: Mapping[str, Any]) -> F:
    """Rebuild facts from stored evidence. Fields that are not there take their defaults; others are ignored."""
    hints = get_type_hints(kind)
    known = {name for name in hints if name in evidence}
    return kind(**{name: _read(hints[name], evidence[name]) for name in known})


def _read(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) is UnionType:
        return _read(next(part for part in get_args(hint) if part is not type(None)), value)
    if get_origin(hint) is tuple:
        parts = get_args(hint)
        each = [parts[0]] * len(value) if parts[-1] is Ellipsis else parts
        return tuple(_read(part, item) for part, item in zip(each, value, strict=True))
    if not isinstance(hint, type):
        return value
    if is_dataclass(hint):
        return from_evidence(hint, value)
    if issubclass(hint, date):
        return hint.fromisoformat(value)
    if issubclass(hint, Decimal | Enum):
        return hint(value)
    return value
