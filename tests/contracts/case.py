"""What a provider's test folder tells the contract suite: `tests/providers/<name>/cases.py` holds one `CASE`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from spend.window import Window

ROOT = Path(__file__).parents[1] / "providers"


@dataclass(frozen=True, kw_only=True)
class StreamCase:
    """One stream: its path at the vendor, a window, the sample pages in order, and what is known of its rows.

    `bodies`: at least two pages with rows. `required`: fields of a row without which it must be refused. `model`: the
    name of the model's field, '' if the row has none. `amount`: path to a row's amount, () for usage.
    """

    stream: str
    path: str
    window: Window
    bodies: Sequence[Mapping[str, Any]]
    required: frozenset[str]
    model: str = ""
    amount: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProviderCase:
    """One provider. `base_path` is what its base URL ends with; `errors` are its own error bodies by status.

    `wrong_keys`: keys of other kinds, each with the sentence that explains it. `check_paths`: everything `check` asks,
    with good answers; `denied_names`: those of them that only names need. `good_sentence`: what `check` says then.
    """

    key: str
    base_path: str
    streams: Sequence[StreamCase]
    errors: Mapping[int, Any]
    wrong_keys: Mapping[str, str]
    check_paths: Mapping[str, Any]
    denied_names: frozenset[str]
    good_sentence: str


def sample(provider: str, name: str) -> Any:
    """Return one sample body, fractions as Decimal."""
    return json.loads((ROOT / provider / name).read_text(), parse_float=Decimal)


def case_of(provider: str) -> ProviderCase:
    """Return the case of one provider."""
    found: ProviderCase = import_module(f"tests.providers.{provider}.cases").CASE
    return found
