"""Dying between two statements, as SIGKILL does it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import event

from storage.holder import Holder, _place
from storage.store import Store


class KilledError(Exception):
    """Stands for SIGKILL."""


@contextmanager
def killed_after(store: Store, statements: int) -> Iterator[None]:
    """Let the writer do this many statements; from then on the process does nothing any more, not even tidy up."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen >= statements:
            raise KilledError

    engine = store._engines.writer.sync_engine
    event.listen(engine, "after_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", count)


@cache
def dead_process() -> Holder:
    """A process of this host that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return Holder(host=socket.gethostname(), place=_place(), pid=process.pid, started="1")
