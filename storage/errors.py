"""What can go wrong with storage. Every error carries one finished sentence without keys, paths of secrets or SQL."""


class StorageError(Exception):
    """Base: the database could not do what was asked. `sentence` is for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class KeyUnreadableError(StorageError):
    """Sealed data cannot be opened: no master key, or a wrong one."""


class SchemaTooNewError(StorageError):
    """The database was made by a newer version of the bot."""


class NotFoundError(StorageError):
    """There is no such workspace, connection, incident ..."""


class DuplicateConnectionError(StorageError):
    """The same key or account is connected already."""


class LeaseLostError(StorageError):
    """Someone else has taken over; what was to be written is not."""


class RunLeaseHeldError(StorageError):
    """Another `run` works on this database."""


class BusyError(StorageError):
    """Another process keeps the database locked; try again."""
