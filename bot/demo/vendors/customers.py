"""Who may ask a simulated vendor: admin keys, what they may read, and the customer they belong to."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.demo.vendors.account import Account
from bot.demo.vendors.ledger import Ledger

USAGE = "api.usage.read"
MANAGEMENT = "api.management.read"
EVERYTHING = frozenset({USAGE, MANAGEMENT})


@dataclass(frozen=True, slots=True)
class Customer:
    """An account and its books."""

    account: Account
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class Credential:
    """What one key opens. No scopes: a key of the vendor's that administers nothing (a project or inference key)."""

    customer: Customer
    scopes: frozenset[str] = EVERYTHING


class Customers:
    """The keys a vendor knows. `find` makes credentials up for keys of a crowd; it answers None for the rest."""

    def __init__(self, find: Callable[[str], Credential | None] | None = None) -> None:
        self._known: dict[str, Credential] = {}
        self._find = find

    def add(self, key: str, customer: Customer, scopes: frozenset[str] = EVERYTHING) -> None:
        """Make this key valid from now on."""
        self._known[key] = Credential(customer, scopes)

    def revoke(self, key: str) -> None:
        """Make this key unknown; the vendor answers 401 from now on."""
        self._known.pop(key, None)

    def credential(self, key: str) -> Credential | None:
        """Return what the key opens, None for a key the vendor does not know."""
        known = self._known.get(key)
        if known is None and self._find is not None:
            return self._find(key)
        return known
