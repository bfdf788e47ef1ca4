"""What our platform posts, and what it says came of it, against a loopback Slack."""

import asyncio
from dataclasses import replace

import pytest

from bot.errors import ChatError
from bot.platforms.slack.calls import make_client
from bot.platforms.slack.send import SlackPlatform
from bot.platforms.slack.upload import Uploads
from bot.ports import Outgoing
from bot.views.model import Button, Layout, Name, Table, View, line
from charts.spec import Bars
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.world import ELSEWHERE, GENERAL

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
LEAD = "Spike: agents-nightly spent $11.55 since 10:00, usually nothing at this time."
CHART = Bars(title="A spike", subtitle="", alt="A spike. Bars.", slots=())
ALERT = View(
    layout=Layout.ALERT,
    title="A spike",
    lead=line("Spike: ", Name("agents-nightly"), " spent $11.55 since 10:00, usually nothing at this time."),
    chart=CHART,
    footer="Data to 11:15 CET · estimated · K7Q2",
    buttons=(Button("Acknowledge", "ack", value="i1"),),
)
TABLE = replace(ALERT, chart=None, table=Table(("Model", "Today"), (("a", "$1.00"),), ("Total", "$1.00")))


def outgoing(view: View = ALERT, **changes: object) -> Outgoing:
    message = Outgoing(view=view, channel=GENERAL, nonce="n" * 25, code="K7Q2")
    return replace(message, **changes)  # type: ignore[arg-type]


async def failing(platform: SlackPlatform, message: Outgoing) -> ChatError:
    with pytest.raises(ChatError) as caught:
        await platform.post(message)
    return caught.value


async def test_a_post_says_the_whole_fact_in_its_text_and_unfurls_nothing(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    platform_id = await platform.post(outgoing())

    [message] = slack.world.in_channel()
    assert platform_id == f"{GENERAL}:{message.ts}"
    assert message.text == LEAD
    assert "K7Q2" in message.words
    [call] = slack.world.called("chat.postMessage")
    assert (call.arguments["unfurl_links"], call.arguments["unfurl_media"]) == (False, False)


async def test_a_possible_repeat_is_marked(slack: FakeSlack, platform: SlackPlatform) -> None:
    await platform.post(outgoing(is_possible_repeat=True))

    assert "(possible repeat)" in slack.world.in_channel()[0].words


async def test_an_edit_changes_the_message_and_a_reply_stands_in_its_thread(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    first = await platform.post(outgoing())

    over = replace(ALERT, lead=line("Over: it ended."))
    assert await platform.edit(outgoing(over, parent=first)) == first
    await platform.reply(outgoing(replace(over, chart=None), parent=first))

    [message] = slack.world.in_channel()
    assert [version["text"] for version in message.versions] == [LEAD, "Over: it ended."]
    assert [each.text for each in slack.world.in_channel(thread_ts=message.ts)] == ["Over: it ended."]


async def test_a_person_is_told_directly_and_that_message_can_be_changed(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    """chat:write is enough: no conversation is opened, and the id that comes back is that of the conversation."""
    channel = await platform.private_channel("U0MIRAOKA")

    first = await platform.post(outgoing(channel=channel))
    await platform.edit(outgoing(replace(ALERT, lead=line("Back.")), channel=channel, parent=first))

    [message] = slack.world.told_directly("U0MIRAOKA")
    assert message.text == "Back."
    assert slack.world.called("conversations.open") == []


async def test_a_picture_is_uploaded_unseen_and_enters_the_message_by_edit(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.world.ready_after_asks = 2
    first = await platform.post(outgoing())

    file_id = await platform.upload(outgoing(picture=PNG))
    assert [each.pictures for each in slack.world.in_channel()] == [[]]
    await platform.edit(outgoing(parent=first, file_id=file_id))

    file = slack.world.files[file_id]
    assert (file.content, file.alt, file.shared_in) == (PNG, "A spike. Bars.", [])
    assert slack.world.in_channel()[0].pictures == [file_id]


async def test_a_picture_that_is_never_ready_is_said_to_be_late(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.world.ready_after_asks = 99

    with pytest.raises(ChatError, match="still working") as caught:
        await platform.upload(outgoing(picture=PNG))

    assert (caught.value.outcome_known, caught.value.permanent) == (True, False)


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"])
async def test_an_upload_that_breaks_at_any_step_leaves_nothing_to_see(
    slack: FakeSlack, platform: SlackPlatform, step: str
) -> None:
    slack.fail(step, "500")

    with pytest.raises(ChatError):
        await platform.upload(outgoing(picture=PNG))
    assert slack.world.messages == []


async def test_a_picture_that_slack_called_ready_too_soon_is_tried_again(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    first = await platform.post(outgoing())
    file_id = await platform.upload(outgoing(picture=PNG))
    slack.fail(
        "chat.update", "invalid_blocks", detail={"errors": ["invalid slack file [json-pointer:/blocks/1]"]}
    )

    await platform.edit(outgoing(parent=first, file_id=file_id))

    assert slack.world.in_channel()[0].pictures == [file_id]
    assert len(slack.world.called("chat.update")) == 2


async def test_an_edit_whose_picture_cannot_be_shown_fails_so_that_the_thread_gets_it(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    first = await platform.post(outgoing())
    file_id = await platform.upload(outgoing(picture=PNG))
    slack.world.ready_after_s = 3600
    edit = outgoing(parent=first, file_id=file_id, picture=PNG)

    with pytest.raises(ChatError) as caught:
        await platform.edit(edit)
    await platform.reply(edit)

    assert caught.value.outcome_known
    [message] = slack.world.in_channel()
    [follows] = slack.world.in_channel(thread_ts=message.ts)
    assert slack.world.files[follows.pictures[0]].content == PNG
    assert follows.text == LEAD


async def test_a_summary_whose_picture_is_refused_goes_alone_and_says_so(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    file_id = await platform.upload(outgoing(picture=PNG))
    slack.world.ready_after_s = 3600

    await platform.post(outgoing(replace(ALERT, layout=Layout.SUMMARY), file_id=file_id))

    [message] = slack.world.in_channel()
    assert message.pictures == []
    assert "picture left out" in message.words


async def test_a_table_that_is_refused_goes_as_text_and_then_as_plain_words(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    detail = {"errors": ["unsupported type: table [json-pointer:/blocks/1]"]}
    slack.fail("chat.postMessage", "invalid_blocks", detail=detail)
    await platform.post(outgoing(TABLE))
    slack.fail("chat.postMessage", "msg_blocks_too_long")
    await platform.post(outgoing(TABLE))

    as_text, alone = slack.world.in_channel()
    assert [block["type"] for block in as_text.blocks if block["type"] == "table"] == []
    assert "$1.00" in as_text.words
    assert alone.text == LEAD
    assert [(block["type"], block["text"]["type"]) for block in alone.blocks] == [("section", "plain_text")]


@pytest.mark.parametrize("word", ["not_in_channel", "channel_not_found", "is_archived"])
async def test_a_channel_that_is_lost_is_lost_for_good(
    slack: FakeSlack, platform: SlackPlatform, word: str
) -> None:
    slack.fail("chat.postMessage", word)

    error = await failing(platform, outgoing())

    assert (error.permanent, error.outcome_known, platform.trouble) == (True, True, "")


async def test_where_it_was_not_invited_it_says_so(slack: FakeSlack, platform: SlackPlatform) -> None:
    error = await failing(platform, outgoing(channel=ELSEWHERE))

    assert error.sentence == "spendbot is not in that channel."
    assert error.permanent


@pytest.mark.parametrize("word", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_refused_token_stops_posting_until_slack_takes_it_again(
    slack: FakeSlack, platform: SlackPlatform, word: str
) -> None:
    now = 0.0
    platform.clock = lambda: now
    slack.fail("*", word, times=0)

    first, second = await failing(platform, outgoing()), await failing(platform, outgoing())
    assert (first.permanent, first.outcome_known, second.sentence) == (False, True, first.sentence)
    assert platform.trouble == first.sentence
    assert len(slack.world.calls) == 1, "no further call"

    slack.faults.mend()
    now = 61.0
    await platform.post(outgoing())
    assert platform.trouble == ""
    assert len(slack.world.in_channel()) == 1


async def test_a_scope_that_only_pictures_need_stops_no_words(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.world.scopes = ("commands", "chat:write", "users:read")

    with pytest.raises(ChatError, match="lacks a scope") as caught:
        await platform.upload(outgoing(picture=PNG))
    await platform.post(outgoing())

    assert (caught.value.permanent, caught.value.outcome_known) == (False, True)
    assert len(slack.world.in_channel()) == 1


async def test_429_is_told_to_whoever_waits_and_never_waited_out_here(
    slack: FakeSlack, platform: SlackPlatform
) -> None:
    slack.fail("chat.postMessage", "429", retry_after_s=17)

    error = await failing(platform, outgoing())

    assert (error.retry_after_s, error.outcome_known, error.permanent) == (17.0, True, False)
    assert len(slack.world.calls) == 1


@pytest.mark.parametrize(
    "fault", ["500", "500 taken", "502 page", "garbage", "reset", "reset taken", "internal_error"]
)
async def test_what_may_have_arrived_is_unknown_and_never_sent_again_here(
    slack: FakeSlack, platform: SlackPlatform, fault: str
) -> None:
    slack.fail("chat.postMessage", fault)

    error = await failing(platform, outgoing())

    assert (error.outcome_known, error.permanent) == (False, False)
    assert len(slack.world.called("chat.postMessage")) == 1
    assert len(slack.world.messages) == fault.endswith("taken")


async def test_silence_is_unknown(slack: FakeSlack) -> None:
    client = make_client(slack.world.bot_token, slack.api_url, timeout_s=1)
    slack.fail("chat.postMessage", "silent taken")

    error = await failing(SlackPlatform(client, Uploads(client)), outgoing())

    assert (error.outcome_known, error.sentence) == (False, "Slack did not answer in time.")


async def test_a_refused_connection_delivered_nothing() -> None:
    async with FakeSlack() as gone:
        client = make_client(gone.world.bot_token, gone.api_url)

    error = await failing(SlackPlatform(client, Uploads(client)), outgoing())

    assert (error.outcome_known, error.permanent, error.retry_after_s) == (True, False, None)


async def test_no_error_carries_the_token(slack: FakeSlack, platform: SlackPlatform) -> None:
    for fault in ("500", "502 page", "garbage", "reset", "invalid_auth"):
        slack.fail("chat.postMessage", fault)
        platform.trouble = ""
        error = await failing(platform, outgoing())
        chain: BaseException | None = error
        while chain is not None:
            assert slack.world.bot_token not in repr(chain) + str(chain)
            chain = None if chain.__suppress_context__ else chain.__context__


async def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    client = make_client(slack.world.bot_token, slack.api_url)

    await asyncio.wait_for(SlackPlatform(client, Uploads(client)).post(outgoing()), 5)

    assert len(slack.world.in_channel()) == 1
