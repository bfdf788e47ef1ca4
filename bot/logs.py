"""Logs: one event per line on standard error, a stable event name and key=value fields; nothing secret in either.

Libraries may print URLs, headers or call arguments: of them only warnings and errors are let through, whatever the
level is, and these pass the same redaction.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.keyshapes import hide_keys

_BREAKS = str.maketrans(dict.fromkeys("\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


class OneLine(logging.Formatter):
    """Writes a library's record, its traceback too, as one line without keys."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Of what is no HTTP only that it came: the web server's own words repeat what was sent."""
        if record.name == "aiohttp.server" and record.exc_info:
            from aiohttp.http_exceptions import HttpProcessingError  # loaded already by whoever complains

            if isinstance(record.exc_info[1], HttpProcessingError):
                return f"{record.levelname} {record.name} not HTTP: {type(record.exc_info[1]).__name__}"
        return _one_line(super().format(record))


def set_up_logs(level: str, form: str) -> None:
    """Send logs of this level and above to standard error, as text or as JSON lines."""
    number = getattr(logging, level.upper())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    last: Any = structlog.processors.JSONRenderer()
    if form == "text":
        last = structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            redact,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide every key in an event, nested values too, and fold it into one line; a traceback becomes a field."""
    if "exception" in event:
        event["traceback"] = event.pop("exception")
    for name, value in event.items():
        event[name] = _clean(value)
    return event


def _clean(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {_one_line(str(name)): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    return _one_line(value if isinstance(value, str) else str(value))


def _one_line(text: str) -> str:
    return hide_keys(text).translate(_BREAKS)
