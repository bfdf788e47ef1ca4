"""Opaque page cursors: each is bound to the exact question it was given out for."""

import hashlib
from collections.abc import Hashable

_MOST = 100_000


class StaleCursorError(Exception):
    """The cursor is unknown, or belongs to a question with other parameters."""


class Cursors:
    """Gives out cursors and takes them back. The oldest are forgotten when there are very many."""

    def __init__(self) -> None:
        self._given: dict[str, tuple[Hashable, int]] = {}

    def issue(self, question: Hashable, position: int) -> str:
        """Return a cursor for the bucket at `position` of this question; the same twice is the same cursor."""
        digest = hashlib.blake2b(repr((question, position)).encode(), digest_size=15).hexdigest()
        token = f"page_{digest}"
        self._given[token] = (question, position)
        if len(self._given) > _MOST:
            del self._given[next(iter(self._given))]
        return token

    def redeem(self, token: str, question: Hashable) -> int:
        """Return the position. Raises StaleCursorError unless it was issued for exactly this question."""
        known = self._given.get(token)
        if known is None or known[0] != question:
            raise StaleCursorError
        return known[1]
