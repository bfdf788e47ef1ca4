"""Providers found by file name: `providers/openai.py` is the provider `openai`.

Listing names imports nothing; a provider's file, and with it the HTTP stack, is loaded when it is asked for.
"""

from importlib import import_module
from pkgutil import iter_modules

import providers
from providers._base import Provider


class UnknownProviderError(LookupError):
    """There is no file for this provider; `sentence` names those there are."""

    def __init__(self, name: str) -> None:
        self.sentence = f"There is no provider {name[:40]!r}; there are {', '.join(provider_names())}."
        super().__init__(self.sentence)


def provider_names() -> list[str]:
    """Return the names of all providers, sorted."""
    return sorted(
        m.name for m in iter_modules(providers.__path__) if not m.name.startswith("_") and not m.ispkg
    )


def provider(name: str) -> Provider:
    """Return the `PROVIDER` of one file. Raises UnknownProviderError."""
    if name not in provider_names():
        raise UnknownProviderError(name)
    found: Provider = import_module(f"providers.{name}").PROVIDER
    return found
