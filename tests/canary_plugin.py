"""The pytest plugin that plants canaries for every test and fails the run when one gets out.

Looked at: log records of every logger (DEBUG, the QUIET ones WARNING), captured output, exceptions (those that tests
expect too), reprs of what fixtures hold, files below tmp_path, requests that arrive at loopback servers of a test.
A leak fails the test in which it was found. Not looked at: databases of PostgreSQL (tests/storage/test_secrets.py
does), files above 32 MiB (counted), frames of websockets, multipart bodies but where a fake calls `look` itself.
"""

import logging
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from types import ModuleType
from typing import Any

import pytest
from _pytest.raises import RaisesExc

from tests import canaries
from tests.canaries import watch

# These log each statement or event of the loop at DEBUG, which the bot never lets through (bot/logs.py).
QUIET = ("aiosqlite", "asyncio", "sqlalchemy", "matplotlib", "hypothesis", "PIL", "faker")
ROOMS = frozenset({"bot", "charts", "providers", "spend", "storage"})
WHOLE_RUN = 500  # tests: a run of so many in which no canary was used proves nothing and fails

_patch = pytest.MonkeyPatch()
_planted: set[str] = set()
_BEGAN = pytest.StashKey[float]()
_elsewhere: list[str] = []  # found after the last test, or by a worker after its last test


def pytest_configure() -> None:
    """Begin to listen, and put the bystanders into the environment."""
    _listen()
    for name in canaries.ENVIRONMENT:
        _patch.setenv(name, canaries.BYSTANDER)


def pytest_unconfigure() -> None:
    """Leave everything as it was."""
    _patch.undo()
    _planted.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Plant what the test has loaded, before its first fixture is made."""
    for name, plant in _PLANTS.items():
        if name in sys.modules and name not in _planted:
            plant(sys.modules[name])
            _planted.add(name)
    logging.getLogger().setLevel(logging.DEBUG)
    item.stash[_BEGAN] = time.time()
    watch.counts["tests"] += 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Look at the reprs of what is there, and at what was written."""
    values = dict(getattr(item, "funcargs", None) or {})
    for name, value in values.items():
        _look_at_repr(name, value)
    yield
    if "tmp_path" in values:
        watch.look_below(values["tmp_path"], changed_after=item.stash.get(_BEGAN, 0.0))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what let a canary out, whatever else it did."""
    report = yield
    for title, text in report.sections:
        if title in (f"Captured stdout {report.when}", f"Captured stderr {report.when}"):
            watch.look(title, text)
    if call.excinfo is not None:
        _look_at_exception(call.excinfo.value)
    if watch.leaks and report.outcome != "skipped":
        told = "\n".join(["A canary got out:", *watch.leaks])
        watch.leaks.clear()
        report.longrepr = told if report.passed else f"{report.longreprtext}\n{told}"
        report.outcome = "failed"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Look at what fixtures of many tests wrote; a worker hands over what it counted."""
    factory = getattr(session.config, "_tmp_path_factory", None)
    # Workers look below their own folders, and only they know which places their tests allowed.
    has_workers = session.config.pluginmanager.hasplugin("dsession")
    if factory is not None and factory._basetemp is not None and not has_workers:
        watch.look_below(factory.getbasetemp())
    _elsewhere.extend(watch.leaks)
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["canaries"] = (dict(watch.counts), _elsewhere)
    elif _elsewhere or proves_nothing(watch.counts):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker counted."""
    counts, leaks = node.workeroutput.get("canaries", ({}, ["a worker ended without a word"]))
    watch.counts.update(Counter(counts))
    _elsewhere.extend(leaks)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was looked at, or that nothing was proved."""
    for leak in _elsewhere:
        terminalreporter.write_line(f"A canary got out: {leak}", red=True)
    terminalreporter.write_line(summary(watch.counts))


def summary(counts: Counter[str]) -> str:
    """Return one line on a run."""
    if not counts["used"]:
        return "canaries: NONE WAS USED in this run, so it says nothing about secrets"
    looked = ", ".join(
        f"{counts[what]:,} {what}" for what in ("log records", "exceptions", "reprs", "requests", "files")
    )
    late = f"; {counts['files too large']} files were too large" if counts["files too large"] else ""
    return (
        f"canaries: used {counts['used']:,} times; looked at {looked}, {counts['bytes'] / 1e6:,.0f} MB{late}"
    )


def proves_nothing(counts: Counter[str]) -> bool:
    """Tell whether so many tests ran without a canary that planting must be broken."""
    return counts["tests"] >= WHOLE_RUN and not counts["used"]


def _listen() -> None:
    make_record = logging.getLogRecordFactory()
    read_out, leave_raises = pytest.CaptureFixture.readouterr, RaisesExc.__exit__

    def make_and_look(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make_record(*arguments, **named)
        watch.counts["log records"] += 1
        try:
            watch.look(f"log of {record.name}", record.getMessage())
        except (TypeError, ValueError):  # a malformed call: logging says so itself
            watch.look(f"log of {record.name}", f"{record.msg} {record.args}")
        if record.exc_info and record.exc_info[1] is not None:
            _look_at_exception(record.exc_info[1])
        return record

    def read_out_and_look(self: pytest.CaptureFixture[Any]) -> Any:
        result = read_out(self)
        for name in ("out", "err"):
            watch.look(f"what was printed ({name})", getattr(result, name))
        return result

    def leave_and_look(self: Any, kind: Any, error: Any, trace: Any) -> bool:
        if error is not None:
            _look_at_exception(error)
        return leave_raises(self, kind, error, trace)

    _patch.setattr(logging, "_logRecordFactory", make_and_look)
    _patch.setattr(pytest.CaptureFixture, "readouterr", read_out_and_look)
    _patch.setattr(RaisesExc, "__exit__", leave_and_look)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _look_at_exception(error: BaseException | None) -> None:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        watch.counts["exceptions"] += 1
        notes = getattr(error, "__notes__", "")
        watch.look(f"a {type(error).__name__}", f"{error} {error!r} {notes}")
        seen.append(error)
        error = error.__cause__ or error.__context__


def _look_at_repr(name: str, value: object) -> None:
    """Look at what the rooms of the bot say of themselves: a fixture's value, or what it holds."""
    for each in (value, *getattr(value, "__dict__", {}).values()):
        if type(each).__module__.split(".")[0] in ROOMS:
            watch.counts["reprs"] += 1
            watch.look(f"repr of a {type(each).__name__} in {name}", repr(each))


def _plant_vendors(simulated: ModuleType) -> None:
    _patch.setattr(simulated.SimulatedOpenAi, "admin_key", canaries.OPENAI_KEY)
    _patch.setattr(simulated.SimulatedAnthropic, "admin_key", canaries.ANTHROPIC_KEY)


def _plant_hosts(server: ModuleType) -> None:
    """Let simulated vendors say where they listen, for as long as they do."""
    start, stop = server.VendorServer.start, server.VendorServer.stop

    async def start_and_say(self: Any) -> None:
        await start(self)
        watch.belongs(self.origin, "openai" if "OpenAi" in type(self).__name__ else "anthropic")

    async def stop_and_say(self: Any) -> None:
        await stop(self)
        watch.belongs(self.origin, "")

    _patch.setattr(server.VendorServer, "start", start_and_say)
    _patch.setattr(server.VendorServer, "stop", stop_and_say)


def _plant_master_keys(module: ModuleType) -> None:
    _patch.setattr(module, "new_master_key", canaries.make_master_key)


def _plant_doors(web_app: ModuleType) -> None:
    """Look at every request that arrives at a server of this process, but for those of the bot itself."""
    handle = web_app.Application._handle

    async def handle_and_look(self: Any, request: Any) -> Any:
        transport = request.transport
        port = transport.get_extra_info("sockname")[1] if transport is not None else 0
        try:
            return await handle(self, request)
        finally:
            room = getattr(request.match_info.handler, "__module__", "")
            if not room.startswith("bot.") or room.startswith("bot.demo."):
                body = request._read_bytes or b""
                watch.saw(watch.hosts.get(port, ""), request.headers, request.path_qs.encode() + b" " + body)

    _patch.setattr(web_app.Application, "_handle", handle_and_look)


_PLANTS: dict[str, Callable[[ModuleType], None]] = {
    "bot.demo.vendors.simulated": _plant_vendors,
    "bot.demo.vendors.server": _plant_hosts,
    "storage.keybox": _plant_master_keys,
    "bot.master_key": _plant_master_keys,
    "aiohttp.web_app": _plant_doors,
}
