"""What can be wrong with the arguments of the domain. Callers turn these into sentences for people."""


class SpendError(Exception):
    """Bad input to the domain, or a bug: raise at once."""


class CurrencyMismatchError(SpendError):
    """Two currencies met in one sum. Currencies are never added."""


class BadWindowError(SpendError):
    """A window that ends before it starts, or whose edges are not aware UTC datetimes."""
