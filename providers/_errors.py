"""What can go wrong with a provider, by what has to happen next. No text here ever holds a key or a URL's query."""

from datetime import timedelta


class ProviderError(Exception):
    """Base. `permanent`: asking again as is will not help. `retry_after`: the vendor said how long to wait."""

    permanent: bool = False

    def __init__(
        self, sentence: str, *, status: int | None = None, retry_after: timedelta | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after


class ProviderAuthError(ProviderError):
    """401, 403: the key is revoked or may not read usage. Pause the connection and ask for a new key."""

    permanent = True


class ProviderRateLimitedError(ProviderError):
    """429: wait `retry_after`, else back off."""


class ProviderUnavailableError(ProviderError):
    """5xx, 529, time-outs, refused or broken connections: the next tick, with back-off."""


class ProviderRequestError(ProviderError):
    """400, 404, 410, 422: the vendor does not take this combination. `text` is the vendor's own error text, cleaned."""

    permanent = True

    def __init__(self, sentence: str, *, status: int | None = None, text: str = "") -> None:
        super().__init__(sentence, status=status)
        self.text = text


class ProviderReplyError(ProviderError):
    """200, but not the documented shape. `where` is the path in the body; values are never kept."""

    permanent = True

    def __init__(self, sentence: str, *, where: str = "") -> None:
        super().__init__(sentence)
        self.where = where
