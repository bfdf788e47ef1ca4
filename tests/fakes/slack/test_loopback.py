"""Our loopback Slack keeps Slack's rules, asked with Slack's own SDK."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.world import ELSEWHERE, GENERAL

BUTTON = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}
    ],
}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Connect"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "key",
            "label": {"type": "plain_text", "text": "Key"},
            "element": {"type": "plain_text_input", "action_id": "key"},
        }
    ],
}


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as running:
        yield running


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.world.bot_token, base_url=slack.api_url, retry_handlers=[])


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_message_is_seen_with_every_version_of_it(slack: FakeSlack, client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel=GENERAL, text="one", blocks=[BUTTON])
    await client.chat_update(channel=GENERAL, ts=posted["ts"], text="two")
    await client.chat_postMessage(channel=GENERAL, text="under it", thread_ts=posted["ts"])

    [message] = slack.world.in_channel(GENERAL)
    assert [version["text"] for version in message.versions] == ["one", "two"]
    assert [each.text for each in slack.world.in_channel(GENERAL, thread_ts=message.ts)] == ["under it"]
    assert "chat:write" in posted.headers["x-oauth-scopes"]


async def test_slack_says_no_in_its_own_words(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.world.channels[GENERAL].is_archived = True
    wide = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}

    assert await refused(client.chat_postMessage(channel=ELSEWHERE, text="x")) == "not_in_channel"
    assert await refused(client.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert await refused(client.chat_postMessage(channel=GENERAL, text="x")) == "is_archived"
    assert await refused(client.conversations_open(users="U0MIRAOKA")) == "missing_scope"
    slack.world.channels[GENERAL].is_archived = False
    assert (
        await refused(client.chat_postMessage(channel=GENERAL, text="x", blocks=[wide])) == "invalid_blocks"
    )
    assert await refused(client.chat_postMessage(channel=GENERAL, text="x", blocks=[long] * 5)) == (
        "msg_blocks_too_long"
    )
    slack.world.bot_token = "xoxb-another"
    assert await refused(client.auth_test()) == "invalid_auth"


async def test_a_file_is_refused_until_slack_is_done_with_it(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.world.ready_after_asks = 1
    place = await client.files_getUploadURLExternal(filename="c.png", length=3, alt_txt="A chart")
    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=b"png") as response:
        assert response.status == 200
    await client.files_completeUploadExternal(files=[{"id": place["file_id"], "title": "c"}])
    image = {"type": "image", "slack_file": {"id": place["file_id"]}, "alt_text": "A chart"}

    assert (
        await refused(client.chat_postMessage(channel=GENERAL, text="x", blocks=[image])) == "invalid_blocks"
    )
    assert (await client.files_info(file=place["file_id"]))["file"]["mimetype"] == ""
    assert (await client.files_info(file=place["file_id"]))["file"]["mimetype"] == "image/png"
    await client.chat_postMessage(channel=GENERAL, text="x", blocks=[image])
    assert slack.world.in_channel()[0].pictures == [place["file_id"]]


async def test_socket_mode_brings_acts_and_their_acks_and_outlives_a_reconnect(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    got: list[SocketModeRequest] = []
    socket = SocketModeClient(app_token=slack.world.app_token, web_client=client, ping_interval=0.2)

    async def answer(_client: Any, request: SocketModeRequest) -> None:
        got.append(request)
        await socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    socket.socket_mode_request_listeners.append(answer)
    await socket.connect()
    try:
        act = await slack.command("today")
        await slack.sockets.ask_to_reconnect()
        await slack.world.until(lambda: slack.sockets.opened == 2)
        again = await slack.command("month")
    finally:
        await socket.close()

    assert (act.ack, again.ack) == ({}, {})
    assert [(each.type, each.payload["text"]) for each in got] == [
        ("slash_commands", "today"),
        ("slash_commands", "month"),
    ]


async def test_a_response_url_replaces_its_own_first_answer_and_wears_out(slack: FakeSlack) -> None:
    url = slack._response_url(ELSEWHERE, "U0MIRAOKA")
    webhook = AsyncWebhookClient(url, retry_handlers=[])

    first = await webhook.send(text="one")
    await webhook.send(text="two", replace_original=True)
    [private] = slack.world.private_for("U0MIRAOKA")
    assert (first.status_code, [v["text"] for v in private.versions]) == (200, ["one", "two"])
    await webhook.send(text="to all", response_type="in_channel")
    assert [each.text for each in slack.world.in_channel(ELSEWHERE)] == ["to all"]
    assert [(await webhook.send(text="x")).status_code for _ in range(3)] == [200, 200, 404]

    late = AsyncWebhookClient(slack._response_url(GENERAL, "U0MIRAOKA"), retry_handlers=[])
    slack.world.clock.forward(1801)
    assert (await late.send(text="x")).body == "expired_url"


async def test_a_trigger_opens_one_modal_and_not_after_3_s(slack: FakeSlack, client: AsyncWebClient) -> None:
    trigger, late = slack.world.new_trigger("U0MIRAOKA"), slack.world.new_trigger("U0MIRAOKA")

    await client.views_open(trigger_id=trigger, view=MODAL)
    assert await refused(client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    slack.world.clock.forward(4)
    assert await refused(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    [modal] = slack.world.modals.values()
    assert modal.user == "U0MIRAOKA"


async def test_faults_come_as_often_as_they_were_asked_for(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail("chat.postMessage", "429")
    slack.fail("chat.postMessage", "reset taken")

    with pytest.raises(SlackApiError) as slow:
        await client.chat_postMessage(channel=GENERAL, text="x")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=GENERAL, text="taken")
    await client.chat_postMessage(channel=GENERAL, text="last")

    assert slow.value.response.headers["Retry-After"] == "7"
    assert [each.text for each in slack.world.in_channel()] == ["taken", "last"]


async def test_it_runs_as_a_process_that_is_told_what_people_do_and_ends_by_itself() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.fakes.slack", "--seconds", "2"), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    about = json.loads(await process.stdout.readline())
    client = AsyncWebClient(token=about["bot_token"], base_url=about["api_url"], retry_handlers=[])
    await client.chat_postMessage(channel=GENERAL, text="from another process")

    async with aiohttp.ClientSession() as session, session.get(f"{about['control_url']}/seen") as response:
        seen = await response.json()

    assert [each["text"] for each in seen["messages"]] == ["from another process"]
    assert await process.wait() == 0
