"""Storage: spend types in and out of SQLite or PostgreSQL. Rows never leave this package.

`Store` is opened once per process; `store.workspace(id)` is everything of one workspace.
"""

from storage.errors import (
    BusyError,
    DuplicateConnectionError,
    KeyUnreadableError,
    LeaseLostError,
    NotFoundError,
    RunLeaseHeldError,
    SchemaTooNewError,
    StorageError,
)
from storage.holder import Holder
from storage.incidents import is_code
from storage.keybox import KeyBox
from storage.store import Store, WorkspaceStore
from storage.values import *  # noqa: F403 - every value of the border, listed there
from storage.values import __all__ as _values

__all__ = [
    "BusyError",
    "DuplicateConnectionError",
    "Holder",
    "KeyBox",
    "KeyUnreadableError",
    "LeaseLostError",
    "NotFoundError",
    "RunLeaseHeldError",
    "SchemaTooNewError",
    "Store",
    "StorageError",
    "WorkspaceStore",
    "is_code",
    *_values,
]
