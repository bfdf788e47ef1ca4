"""Answers through a response URL: what each way of failing means."""

import pytest

from bot.platforms.slack.calls import make_client
from bot.platforms.slack.refusals import SlackError
from bot.platforms.slack.render import SlackMessage
from bot.platforms.slack.responder import WORN_OUT, Responder
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.responses import LIFE_S
from tests.fakes.slack.world import GENERAL

HELLO = SlackMessage("hello", ())
DANA = "U0DANAWEI"


def responder(slack: FakeSlack) -> Responder:
    client = make_client(slack.world.bot_token, slack.api_url, timeout_s=1)
    return Responder(slack._response_url(GENERAL, DANA), client)


async def failing(responder: Responder) -> SlackError:
    with pytest.raises(SlackError) as caught:
        await responder.send(HELLO)
    return caught.value


async def test_a_sixth_answer_and_a_late_one_say_that_the_address_takes_no_more(slack: FakeSlack) -> None:
    worn, late = responder(slack), responder(slack)
    for _ in range(5):
        await worn.send(HELLO)
    slack.world.clock.forward(LIFE_S + 1)

    assert (await failing(late)).word in WORN_OUT
    slack.world.clock.forward(-LIFE_S)
    assert (await failing(worn)).word in WORN_OUT


@pytest.mark.parametrize("fault", ["500", "reset", "silent taken"])
async def test_what_may_have_been_seen_is_not_said_again(slack: FakeSlack, fault: str) -> None:
    slack.fail("response_url", fault)

    assert not (await failing(responder(slack))).outcome_known
    assert len(slack.world.called("response_url")) == 1


async def test_a_short_wait_is_waited_out_and_a_long_one_is_not(slack: FakeSlack) -> None:
    slack.fail("response_url", "429", retry_after_s=0)
    await responder(slack).send(HELLO)
    slack.fail("response_url", "429", retry_after_s=60)

    assert (await failing(responder(slack))).retry_after_s == 60
    assert [each.text for each in slack.world.private_for(DANA)] == ["hello"]


async def test_it_tells_one_person_or_all(slack: FakeSlack) -> None:
    await responder(slack).send(HELLO)
    await responder(slack).send(SlackMessage("to all", ()), for_all=True)

    assert [each.text for each in slack.world.private_for(DANA)] == ["hello"]
    assert [each.text for each in slack.world.in_channel()] == ["to all"]
