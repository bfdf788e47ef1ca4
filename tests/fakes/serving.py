"""Servers that run beside a test: an event loop in a thread of its own, so that a test may wait for processes."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import TypeVar

T = TypeVar("T")
_STOP_S = 10


@contextmanager
def served(server: AbstractAsyncContextManager[T]) -> Iterator[T]:
    """Keep an asynchronous context open in a thread while the block runs; its errors are raised here."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        entered = asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(_STOP_S)
        try:
            yield entered
        finally:
            asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(_STOP_S)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_STOP_S)
        loop.close()


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
