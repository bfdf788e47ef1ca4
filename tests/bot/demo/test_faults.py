"""What can go wrong goes wrong on demand, and everything asked is on record."""

import asyncio
import json

import httpx
import pytest

from bot.demo.vendors import Fault, FaultDial
from tests.bot.demo.shop import MONDAY_AT_0, Asking, sample, shape

MONDAY = {"start_time": MONDAY_AT_0, "end_time": MONDAY_AT_0 + 86400}


async def test_a_planned_fault_happens_as_often_as_told_and_only_there(asking: Asking) -> None:
    asking.vendors.openai.faults.plan("/costs", Fault.answers(503), times=2)

    usage = await asking.openai("usage/completions", MONDAY)
    costs = [(await asking.openai("costs", MONDAY)).status_code for _ in range(3)]

    assert usage.status_code == 200
    assert costs == [503, 503, 200]


async def test_a_fault_can_wait_for_a_later_page(asking: Asking) -> None:
    asking.vendors.openai.faults.plan("/costs", Fault.answers(500), after=2)

    assert [(await asking.openai("costs", MONDAY)).status_code for _ in range(4)] == [200, 200, 500, 200]


async def test_a_rate_limit_says_how_long_to_wait_or_does_not(asking: Asking) -> None:
    asking.vendors.openai.faults.plan("/costs", Fault.answers(429, retry_after=20))
    asking.vendors.anthropic.faults.plan("/me", Fault.answers(429))

    told = await asking.openai("costs", MONDAY)
    silent = await asking.anthropic("me")

    assert (told.status_code, told.headers["Retry-After"]) == (429, "20")
    assert told.json() == sample("openai/error.429")
    assert (silent.status_code, "Retry-After" in silent.headers) == (429, False)
    assert shape(silent.json()) == shape(sample("anthropic/error.429"))
    assert silent.json()["error"]["type"] == "rate_limit_error"


async def test_html_comes_as_html(asking: Asking) -> None:
    asking.vendors.anthropic.faults.plan("/me", Fault.html())

    answer = await asking.anthropic("me")

    assert (answer.status_code, answer.headers["Content-Type"].split(";")[0]) == (502, "text/html")
    assert answer.text.startswith("<html>")


async def test_a_cut_answer_is_no_json(asking: Asking) -> None:
    asking.vendors.openai.faults.plan("/costs", Fault.cut())

    answer = await asking.openai("costs", MONDAY)

    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


async def test_a_drip_is_the_right_answer_byte_by_byte(asking: Asking) -> None:
    asking.vendors.anthropic.faults.plan("/me", Fault.drip(0))

    assert (await asking.anthropic("me")).json()["name"] == "Shop"


async def test_a_reset_is_no_answer_at_all(asking: Asking) -> None:
    asking.vendors.openai.faults.plan("/costs", Fault.reset())

    with pytest.raises(httpx.TransportError):
        await asking.openai("costs", MONDAY)
    assert (await asking.openai("costs", MONDAY)).status_code == 200
    assert [seen.status for seen in asking.vendors.openai.requests] == [None, 200]


async def test_a_hanging_request_ends_when_the_client_gives_up(asking: Asking) -> None:
    asking.vendors.openai.faults.plan("/costs", Fault.hang())
    asking.client.timeout = httpx.Timeout(0.05)

    with pytest.raises(httpx.ReadTimeout):
        await asking.openai("costs", MONDAY)


async def test_stopping_ends_a_hanging_request_and_starting_keeps_the_address(asking: Asking) -> None:
    openai = asking.vendors.openai
    address = openai.base_url
    openai.faults.plan("/costs", Fault.hang())
    hanging = asyncio.ensure_future(asking.openai("costs", MONDAY))
    async with asyncio.timeout(5):
        while not openai.faults.is_spent:  # noqa: ASYNC110 - only the request's arrival changes it
            await asyncio.sleep(0)

    await openai.stop()

    with pytest.raises(httpx.TransportError):
        await hanging
    await openai.start()
    assert openai.base_url == address
    assert (await asking.openai("costs", MONDAY)).status_code == 200


async def test_a_write_is_refused_and_kept_as_a_violation(asking: Asking) -> None:
    url = f"{asking.vendors.openai.base_url}/organization/projects"

    answer = await asking.client.post(url, json={"name": "x"})
    await asking.openai("projects")

    assert answer.status_code == 405
    assert [(seen.method, seen.path) for seen in asking.vendors.openai.violations] == [
        ("POST", "/v1/organization/projects")
    ]


async def test_every_request_is_on_record_without_its_key(asking: Asking) -> None:
    await asking.openai("costs", MONDAY)
    await asking.openai("nothing")

    first, second = asking.vendors.openai.requests
    assert (first.method, first.path, first.status) == ("GET", "/v1/organization/costs", 200)
    assert dict(first.query)["start_time"] == str(MONDAY_AT_0)
    assert (second.path, second.status) == ("/v1/organization/nothing", 404)
    assert asking.vendors.openai.admin_key not in repr(asking.vendors.openai.requests)


def test_throttling_now_and_then_is_the_same_for_the_same_seed() -> None:
    def throttled(seed: int) -> list[int]:
        dial = FaultDial(seed=seed, throttle_one_in=50)
        return [number for number in range(2000) if dial.next_for("/v1/organization/costs")]

    assert throttled(1) == throttled(1)
    assert throttled(1) != throttled(2)
    assert 20 < len(throttled(1)) < 60


def test_without_throttling_nothing_fails_by_itself() -> None:
    dial = FaultDial()

    assert [dial.next_for("/v1/organization/costs") for _ in range(100)] == [None] * 100


def test_what_was_planned_can_be_called_off() -> None:
    dial = FaultDial()
    dial.plan("/costs", Fault.answers(500))

    dial.clear()

    assert dial.next_for("/v1/organization/costs") is None
