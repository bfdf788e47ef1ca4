"""Logs: one event per line on standard error, a stable event name and key=value fields; nothing secret in either.

Library loggers that may print URLs, headers or call arguments are set to WARNING whatever the level is.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.keyshapes import find_key

QUIET_LIBRARIES = (
    "httpx",
    "httpcore",
    "aiohttp",
    "aiosqlite",
    "asyncio",
    "sqlalchemy",
    "stamina",
    "apscheduler",
    "alembic",
    "asyncpg",
    "matplotlib",
)


def set_up_logs(level: str, form: str) -> None:
    """Send logs of this level and above to standard error, as text or as JSON lines."""
    number = getattr(logging, level.upper())
    logging.basicConfig(
        level=number, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True
    )
    for name in QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
    last: Any = structlog.processors.JSONRenderer()
    if form == "text":
        last = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.format_exc_info if form == "json" else _keep,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value that holds something key-shaped, nested values too, and fold line breaks into one line."""
    for name, value in event.items():
        event[name] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return "[redacted]" if find_key(value) is not None else value.replace("\r", " ").replace("\n", " ")
    if isinstance(value, dict):
        return {name: _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def _keep(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return event
