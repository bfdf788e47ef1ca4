"""Logs: one line per event, no key in any of them, libraries silent below warnings."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from aiohttp.http_exceptions import BadHttpMessage

from bot.logs import set_up_logs

KEY = "sk-ant-admin01-" + "Kd8vQ2mZxT5w" * 6


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.level, root.handlers = before[0], before[1]
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["text", "json"])
def test_keys_are_hidden_however_deep_they_are(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("debug", form)

    structlog.get_logger().warning(
        "poll_failed",
        url=f"https://x/?key={KEY}",
        deep={"a": [{KEY: (KEY, {"b": KEY})}]},
        many={KEY},
        error=ValueError(KEY),
    )

    written = capsys.readouterr()
    assert written.out == ""
    assert KEY not in written.err
    assert "Kd8vQ2mZxT5w" not in written.err
    assert "[redacted]" in written.err
    assert "poll_failed" in written.err


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_event_is_one_line_traceback_included(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info", form)

    try:
        raise ValueError(f"first\nsecond {KEY}")
    except ValueError:
        structlog.get_logger().exception("job_failed", note="a\r\nb\u2028c", code="7F3K")

    written = capsys.readouterr().err
    assert len(written.splitlines()) == 1
    assert "ValueError" in written
    assert "7F3K" in written
    assert KEY not in written


def test_json_lines_have_the_event_its_level_and_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info", "json")

    structlog.get_logger().info("stream_read", rows=3, took_ms=1.5, stream="costs", is_new=True, error=None)

    event = json.loads(capsys.readouterr().err)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "stream_read",
        "level": "info",
        "rows": 3,
        "took_ms": 1.5,
        "stream": "costs",
        "is_new": True,
        "error": None,
    }


def test_events_below_the_level_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("warning", "text")

    structlog.get_logger().info("quiet")

    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("library", ["httpx", "aiosqlite", "sqlalchemy.engine", "slack_bolt", "discord.http"])
def test_libraries_say_nothing_below_warnings_even_at_debug(
    library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs("debug", "text")

    logging.getLogger(library).info("GET https://x/?key=%s", KEY)
    logging.getLogger(library).debug("executing %s", KEY)

    assert capsys.readouterr().err == ""


def test_a_warning_of_a_library_is_one_line_without_keys(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("debug", "text")

    logging.getLogger("somebody").warning("failed with\n%s", KEY)

    written = capsys.readouterr().err
    assert written == "WARNING somebody failed with [redacted]\n"


def test_of_what_is_no_http_only_that_it_came_is_logged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("info", "text")

    try:
        raise BadHttpMessage("Invalid header: what a stranger sent")
    except BadHttpMessage:
        logging.getLogger("aiohttp.server").exception("Error handling request from %s", "127.0.0.1")

    assert capsys.readouterr().err == "ERROR aiohttp.server not HTTP: BadHttpMessage\n"
