"""What goes on after an act was acknowledged: bounded, contained, and ended in order."""

import asyncio

from structlog.testing import capture_logs

from bot.platforms.slack.work import Work


async def test_only_so_many_answers_are_made_at_once_and_all_are_made() -> None:
    work, gate = Work(asyncio.Semaphore(2)), asyncio.Event()
    running, most, done = 0, 0, 0

    async def answer() -> None:
        nonlocal running, most, done
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1
        done += 1

    for _ in range(7):
        work.begin("command", answer())
    await asyncio.sleep(0)
    gate.set()
    await work.drain(5)

    assert (most, done) == (2, 7)


async def test_what_slack_waits_for_waits_for_no_other() -> None:
    work, gate, answered = Work(asyncio.Semaphore(1)), asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await gate.wait()

    async def form() -> None:
        answered.set()

    work.begin("command", slow())
    work.begin("submission", form(), at_once=True)
    async with asyncio.timeout(5):
        await answered.wait()
    gate.set()
    await work.drain(5)


async def test_one_answer_that_fails_is_logged_and_stops_no_other() -> None:
    work, seen = Work(), []

    async def fails() -> None:
        raise RuntimeError("broken")

    async def works() -> None:
        seen.append("answered")

    with capture_logs() as logs:
        work.begin("command", fails())
        work.begin("command", works())
        await work.drain(5)

    assert seen == ["answered"]
    assert [(each["event"], each["act"]) for each in logs] == [("slack_answer_failed", "command")]


async def test_what_does_not_end_in_time_is_ended_and_what_waited_never_begins() -> None:
    work, begun = Work(asyncio.Semaphore(1)), []

    async def never() -> None:
        begun.append("first")
        await asyncio.get_running_loop().create_future()

    async def waits() -> None:
        begun.append("second")

    work.begin("command", never())
    work.begin("command", waits())
    await work.drain(0.01)

    assert begun == ["first"]
