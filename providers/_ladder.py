"""The ladder of a key check: try each stream by its cheapest call, and put into words what can be read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from providers._errors import ProviderAuthError, ProviderError, ProviderRequestError


async def climb(rungs: Mapping[str, Callable[[], Awaitable[Any]]]) -> frozenset[str]:
    """Return the names of the rungs that answered, trying them in order.

    A refused key (401) ends the climb at once; a missing right or an unknown path only its rung. Raises the first
    refusal when no rung answered, and anything else (no answer, told to slow down) as it comes.
    """
    answered: list[str] = []
    refusals: list[ProviderError] = []
    for name, ask in rungs.items():
        try:
            await ask()
        except (ProviderAuthError, ProviderRequestError) as error:
            if error.status == 401:
                raise
            refusals.append(error)
        else:
            answered.append(name)
    if not answered:
        raise min(refusals, key=lambda error: not isinstance(error, ProviderAuthError))
    return frozenset(answered)


def said(*, has_usage: bool, has_bill: bool, names: str) -> str:
    """Return one sentence on what a key can read and what it lacks; `names` is '' when it may read none.

    >>> said(has_usage=True, has_bill=True, names="the names of 2 workspaces and 4 keys")
    'It reads usage, bills and the names of 2 workspaces and 4 keys.'
    """
    granted = [word for word, has in (("usage", has_usage), ("bills", has_bill), (names, bool(names))) if has]
    missing = [
        word for word, has in (("usage", has_usage), ("bills", has_bill), ("names", bool(names))) if not has
    ]
    reads = granted[0] if len(granted) == 1 else f"{', '.join(granted[:-1])} and {granted[-1]}"
    if not missing:
        return f"It reads {reads}."
    return f"It reads {reads}, but no {' and no '.join(missing)}."
