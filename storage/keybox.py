"""Sealing: the master key wraps one data key per workspace; data keys seal what must not be read from the database.

AES-256-GCM with a fresh nonce each time. What a sealed value is for (workspace, provider, connection ...) is bound to
it, so that a value moved elsewhere does not open. Stored form: version (1 byte), fingerprint of the sealing key
(8 bytes), nonce (12 bytes), ciphertext with its tag (16 bytes longer than the plain text).

The rule to remember: opening either gives exactly what was sealed for that purpose, or raises KeyUnreadableError.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from storage.errors import KeyUnreadableError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
FORMAT_VERSION = 1
_ID_BYTES = 8
_NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits, the only length for which the counter needs no extra hashing
_TAG_BYTES = 16
_HEADER_BYTES = 1 + _ID_BYTES + _NONCE_BYTES

_CANARY = b"spendbot canary"
_ALTERED = "A stored key cannot be opened: it was altered or belongs elsewhere; connect it again."


def new_master_key() -> bytes:
    """Return 32 fresh random bytes."""
    return os.urandom(KEY_BYTES)


def encode_master_key(key: bytes) -> str:
    """Return the key as standard base64, the form `parse_master_key` reads."""
    return base64.b64encode(key).decode("ascii")


def parse_master_key(text: str) -> bytes:
    """Return the 32 bytes of a master key written in base64, standard or URL-safe, padded or not.

    Raises KeyUnreadableError with a sentence that does not repeat the text.
    """
    plain = text.strip().replace("-", "+").replace("_", "/").rstrip("=")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise KeyUnreadableError("MASTER_KEY is not base64; it is 32 bytes, standard or URL-safe.") from None
    if len(key) != KEY_BYTES:
        raise KeyUnreadableError(f"MASTER_KEY holds {len(key)} bytes; it must hold {KEY_BYTES}.")
    return key


def fingerprint(key: bytes) -> str:
    """Return 16 hex digits that name a key without telling anything about it."""
    return _key_id(key).hex()


class KeyBox:
    """Holds the master key in memory and does everything that needs it. Never shown, never pickled."""

    __slots__ = ("_key",)

    def __init__(self, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise KeyUnreadableError(
                f"The master key holds {len(master_key)} bytes; it must hold {KEY_BYTES}."
            )
        self._key = master_key

    @property
    def kek_id(self) -> str:
        """The master key's fingerprint, as stored beside everything it wraps."""
        return fingerprint(self._key)

    def canary(self) -> bytes:
        """Return a sealed value that only this master key opens."""
        return _seal(self._key, _CANARY, ("canary",))

    def fits(self, canary: bytes) -> bool:
        """Tell whether a canary was sealed with this master key."""
        try:
            return hmac.compare_digest(_open(self._key, canary, ("canary",)), _CANARY)
        except KeyUnreadableError:
            return False

    def new_data_key(self, owner: str) -> bytes:
        """Return a fresh data key, wrapped for its owner (a workspace id, or the name of a system secret)."""
        return _seal(self._key, os.urandom(KEY_BYTES), ("data key", owner))

    def rewrap(self, wrapped: bytes, owner: str, new: "KeyBox") -> bytes:
        """Return the same data key wrapped by another master key."""
        return _seal(new._key, self._unwrap(wrapped, owner), ("data key", owner))

    def seal(self, text: str, *, data_key: bytes, owner: str, purpose: tuple[str, ...]) -> bytes:
        """Seal a text with a wrapped data key; it opens again only with the same owner and purpose."""
        return _seal(self._unwrap(data_key, owner), text.encode(), ("secret", owner, *purpose))

    def open(self, sealed: bytes, *, data_key: bytes, owner: str, purpose: tuple[str, ...]) -> str:
        """Return the text that was sealed, or raise KeyUnreadableError."""
        return _open(self._unwrap(data_key, owner), sealed, ("secret", owner, *purpose)).decode()

    def mark(self, text: str, *, data_key: bytes, owner: str) -> str:
        """Return a keyed fingerprint (HMAC-SHA256, hex) of a text: equal texts are found, nothing can be guessed.

        It hangs on the data key, not on the master key, so it stays the same when the master key changes.
        """
        mark_key = hmac.digest(self._unwrap(data_key, owner), b"spendbot mark", "sha256")
        return hmac.new(mark_key, text.encode(), hashlib.sha256).hexdigest()

    def _unwrap(self, wrapped: bytes, owner: str) -> bytes:
        if sealed_by(wrapped) != self.kek_id:
            raise KeyUnreadableError(
                f"A stored key needs the master key {sealed_by(wrapped)}; the one in use is {self.kek_id}."
            )
        return _open(self._key, wrapped, ("data key", owner))

    def __repr__(self) -> str:
        return f"KeyBox({self.kek_id})"

    def __reduce__(self) -> str:
        raise TypeError("a key box is never pickled")


class KeyHolder:
    """The master key this process works with: asked for when it is first needed, replaced when it rotates."""

    def __init__(self, source: Callable[[], bytes | None] | None) -> None:
        self._source = source
        self._box: KeyBox | None = None

    def box(self) -> KeyBox:
        """Return the key box; raises KeyUnreadableError where no master key is set."""
        if self._box is None:
            key = self._source() if self._source is not None else None
            if key is None:
                raise KeyUnreadableError("No master key is set, so no provider key can be stored or read.")
            self._box = KeyBox(key)
        return self._box

    def replace(self, box: KeyBox) -> None:
        """Work with another master key from now on."""
        self._box = box


def sealed_by(sealed: bytes) -> str:
    """Return the fingerprint of the key that sealed a value."""
    return sealed[1 : 1 + _ID_BYTES].hex()


def _seal(key: bytes, plain: bytes, purpose: tuple[str, ...]) -> bytes:
    header = bytes([FORMAT_VERSION]) + _key_id(key)
    nonce = os.urandom(_NONCE_BYTES)
    return header + nonce + _cipher(key).encrypt(nonce, plain, header + _bind(purpose))


def _open(key: bytes, sealed: bytes, purpose: tuple[str, ...]) -> bytes:
    from cryptography.exceptions import InvalidTag

    if len(sealed) < _HEADER_BYTES + _TAG_BYTES or sealed[0] != FORMAT_VERSION:
        raise KeyUnreadableError(_ALTERED)
    header, nonce = sealed[: 1 + _ID_BYTES], sealed[1 + _ID_BYTES : _HEADER_BYTES]
    try:
        return _cipher(key).decrypt(nonce, sealed[_HEADER_BYTES:], header + _bind(purpose))
    except InvalidTag:
        raise KeyUnreadableError(_ALTERED) from None


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"spendbot key id" + key).digest()[:_ID_BYTES]


def _bind(purpose: tuple[str, ...]) -> bytes:
    """Join parts so that no two different purposes give the same bytes: each is preceded by its length."""
    return b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in purpose)


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
