"""Specs bent out of shape: any spec with its words, its amounts or its rows replaced."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar

_Spec = TypeVar("_Spec")


def bent(
    spec: _Spec,
    *,
    words: Callable[[str], str] = lambda text: text,
    amounts: Callable[[float], float] = lambda amount: amount,
    rows: Callable[[tuple[object, ...]], tuple[object, ...]] = lambda items: items,
) -> _Spec:
    """Give `spec` with every text, every float and every tuple of it, however deep, put through the functions."""

    def bend(value: object) -> object:
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: bend(getattr(value, field.name)) for field in fields(value)})
        if isinstance(value, tuple):
            return rows(tuple(bend(item) for item in value))
        if type(value) is str:
            return words(value)
        if type(value) is float or (type(value) is int):
            return amounts(value)
        return value

    return bend(spec)  # type: ignore[return-value]  # replace keeps the type
