"""The run lease: one run per database, taken over when its holder is dead or silent."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from storage.errors import LeaseLostError, RunLeaseHeldError
from storage.holder import Holder, _started
from tests.storage.cast import NOW
from tests.storage.killing import dead_process

TTL = timedelta(seconds=30)
THERE = Holder(host="another-host", place="", pid=os.getpid(), started="")


async def test_a_second_run_is_refused_with_a_sentence(store) -> None:
    here = Holder.this_process()
    await store.take_run_lease(here, NOW)

    with pytest.raises(RunLeaseHeldError) as caught:
        await store.take_run_lease(THERE, NOW + TTL - timedelta(microseconds=1))

    assert str(caught.value) == (
        f"Another run works on this database (process {here.pid} on {here.host}, "
        "lease until 13:05:30 UTC); stop it first."
    )


async def test_of_twenty_racing_runs_one_starts(store) -> None:
    started = await asyncio.gather(
        *(store.take_run_lease(THERE, NOW) for _ in range(20)), return_exceptions=True
    )

    assert len([each for each in started if isinstance(each, int)]) == 1
    assert all(isinstance(each, int | RunLeaseHeldError) for each in started)


async def test_a_silent_holder_is_followed_when_its_lease_is_over(store) -> None:
    first = await store.take_run_lease(THERE, NOW)

    second = await store.take_run_lease(Holder.this_process(), NOW + TTL)

    assert second > first
    with pytest.raises(LeaseLostError):
        await store.renew_run_lease(first, NOW + TTL)


async def test_a_renewed_lease_lasts_on(store) -> None:
    token = await store.take_run_lease(THERE, NOW)

    await store.renew_run_lease(token, NOW + TTL / 2)

    with pytest.raises(RunLeaseHeldError):
        await store.take_run_lease(Holder.this_process(), NOW + TTL)


async def test_a_released_lease_is_free_at_once_and_tokens_only_grow(store) -> None:
    tokens = []
    for _ in range(3):
        tokens.append(await store.take_run_lease(THERE, NOW))
        await store.release_run_lease(tokens[-1])

    assert tokens == sorted(set(tokens))


async def test_a_late_release_does_not_end_the_lease_of_another(store) -> None:
    first = await store.take_run_lease(THERE, NOW)
    await store.take_run_lease(THERE, NOW + TTL)

    await store.release_run_lease(first)

    with pytest.raises(RunLeaseHeldError):
        await store.take_run_lease(Holder.this_process(), NOW + TTL)


async def test_a_killed_holder_on_this_host_is_followed_at_once(store) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    holder = _holder_of(process.pid)
    await store.take_run_lease(holder, NOW)
    with pytest.raises(RunLeaseHeldError):
        await store.take_run_lease(Holder.this_process(), NOW)

    process.kill()
    await process.wait()

    assert await store.take_run_lease(Holder.this_process(), NOW)


def test_a_process_that_got_the_number_of_a_dead_one_is_not_its_holder() -> None:
    alive = Holder.this_process()

    assert not alive.is_dead()
    assert replace(alive, started="before").is_dead()


def test_nothing_is_known_of_processes_elsewhere() -> None:
    gone = dead_process()

    assert gone.is_dead()
    assert not replace(gone, host="another-host").is_dead()
    assert not replace(gone, place="another boot").is_dead()


def _holder_of(pid: int) -> Holder:
    return replace(Holder.this_process(), pid=pid, started=_started(pid))
