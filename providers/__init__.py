"""Vendors' HTTP answers made into spend records; one file per provider, found by its name.

Adding one: see README.md here. Importing this package loads no HTTP library and no provider.
"""

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

__all__ = [
    "BadBaseUrlError",
    "CheckResult",
    "FetchOptions",
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
    "provider",
    "provider_names",
]
