"""Strict reading of query parameters: whatever a vendor does not document is refused."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from multidict import MultiMapping

from bot.demo.vendors.errors import ApiError

Query = MultiMapping[str]


def bad(message: str, parameter: str, code: str | None = None) -> ApiError:
    """Return the 400 for one parameter."""
    return ApiError(400, "invalid_request_error", message, parameter=parameter, code=code)


def refuse_unknown(query: Query, known: Collection[str]) -> None:
    """Raise the 400 for the first parameter that is not documented."""
    for name in query:
        if name not in known:
            raise bad(f"Unknown parameter: '{name}'.", name, "unknown_parameter")


def integer(query: Query, name: str, *, default: int | None, low: int, high: int) -> int:
    """Return one whole number within [low, high]; the default when it is absent (None: it is required)."""
    text = query.get(name)
    if text is None:
        if default is None:
            raise bad(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
        return default
    try:
        value = int(text)
    except ValueError:
        raise bad(f"Invalid type for '{name}': expected an integer.", name, "invalid_type") from None
    if not low <= value <= high:
        raise bad(f"Invalid '{name}': expected a value between {low} and {high}.", name, "invalid_value")
    return value


def moment(query: Query, name: str, *, default: int | None) -> int:
    """Return an RFC 3339 time as Unix seconds; a time without a zone counts as UTC, as the vendor says."""
    text = query.get(name)
    if text is None:
        if default is None:
            raise bad(f"{name}: Field required", name)
        return default
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise bad(f"{name}: Input should be a valid RFC 3339 datetime", name) from None
    return int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())


def choice(query: Query, name: str, allowed: Collection[str], *, default: str) -> str:
    """Return one of the allowed words."""
    value = query.get(name, default)
    if value not in allowed:
        raise bad(
            f"Invalid value: '{value}'. Supported values are: {_listed(allowed)}.", name, "invalid_value"
        )
    return value


def flag(query: Query, name: str) -> bool:
    """Return a true/false parameter, false when absent."""
    return choice(query, name, ("true", "false"), default="false") == "true"


def groups(query: Query, names: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    """Return the dimensions asked for, under any of the parameter's spellings, without repeats."""
    asked = tuple(dict.fromkeys(value for name in names for value in query.getall(name, [])))
    for value in asked:
        if value not in allowed:
            raise bad(
                f"Invalid value: '{value}'. Supported values are: {_listed(allowed)}.",
                "group_by",
                "invalid_value",
            )
    return asked


def filters(
    query: Query, dimensions: Mapping[str, str], suffixes: Collection[str]
) -> dict[str, frozenset[str]]:
    """Return the values each dimension is limited to, read from the parameters named in `dimensions`."""
    limited = {}
    for parameter, dimension in dimensions.items():
        values = [value for suffix in suffixes for value in query.getall(parameter + suffix, [])]
        if values:
            limited[dimension] = frozenset(values)
    return limited


def _listed(allowed: Collection[str]) -> str:
    return ", ".join(f"'{value}'" for value in allowed)
