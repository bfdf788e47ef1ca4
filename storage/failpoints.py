"""Places where a test may stop the process, to see what a restart makes of it. In production nothing is ever armed.

A test arms them in its own process; neither a setting nor the environment reaches them. Every writing transaction
passes two of them, right before and right after its commit; those with a name of their own stand where they are passed.
"""

from collections.abc import Callable

COMMITTING, COMMITTED = "committing", "committed"

_armed: list[Callable[[str], None]] = []


def failpoint(name: str) -> None:
    """Mark a boundary between two durable steps; whatever is armed may raise (or kill the process) here."""
    for stop in _armed:
        stop(name)


def arm(stop: Callable[[str], None]) -> Callable[[], None]:
    """Call `stop` with the name of every boundary that is reached; returns what disarms it."""
    _armed.append(stop)
    return lambda: _armed.remove(stop)
