"""Vendors' HTTP answers made into spend records; one file per provider, found by its name.

Adding one: see README.md here. Importing this package loads no HTTP library and no provider.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from providers._address import BadBaseUrlError, check_base_url
from providers._base import (
    CheckResult,
    FetchOptions,
    Name,
    Page,
    Provider,
    ProviderInfo,
    ReadClient,
    Reread,
    Secret,
    Stream,
)
from providers._buckets import aligned
from providers._errors import (
    ProviderAuthError,
    ProviderError,
    ProviderRateLimitedError,
    ProviderReplyError,
    ProviderRequestError,
    ProviderUnavailableError,
)
from providers._registry import UnknownProviderError, provider, provider_names

if TYPE_CHECKING:
    from providers._http import CHECK, FETCH, HttpPool, Limits
    from providers._prices import default_prices

__all__ = [
    "CHECK",
    "FETCH",
    "BadBaseUrlError",
    "CheckResult",
    "FetchOptions",
    "HttpPool",
    "Limits",
    "Name",
    "Page",
    "Provider",
    "ProviderAuthError",
    "ProviderError",
    "ProviderInfo",
    "ProviderRateLimitedError",
    "ProviderReplyError",
    "ProviderRequestError",
    "ProviderUnavailableError",
    "ReadClient",
    "Reread",
    "Secret",
    "Stream",
    "UnknownProviderError",
    "aligned",
    "check_base_url",
    "default_prices",
    "provider",
    "provider_names",
]

_HEAVY = {
    "CHECK": "providers._http",
    "FETCH": "providers._http",
    "HttpPool": "providers._http",
    "Limits": "providers._http",
    "default_prices": "providers._prices",
}


def __getattr__(name: str) -> Any:
    """Load what brings an HTTP library or the price table only when it is asked for: `spendbot ask` needs neither."""
    if name not in _HEAVY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HEAVY[name]), name)
