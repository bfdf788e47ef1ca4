"""A team's first day, with the real process between both chat platforms and both vendors; nothing is replaced.

Install, connect by form, poll, ask, press, set a budget, see a spike and a summary, stop.
"""

import asyncio
from datetime import timedelta
from pathlib import Path

import aiohttp

from tests.e2e.town import PATIENCE_S, Town, real_now, runaway_rows, town
from tests.fakes.discord.world import AI_SPEND
from tests.fakes.serving import free_port
from tests.fakes.slack.server import DANA, MIRA
from tests.fakes.slack.world import GENERAL, Message, World


async def test_a_first_day_on_both_platforms(tmp_path: Path) -> None:
    async with town(tmp_path / "home") as all_of_it:
        await installs(all_of_it)
        await connects_on_slack(all_of_it)
        await connects_on_discord(all_of_it)
        await asks_on_both(all_of_it)
        await chooses_channels(all_of_it)
        await sets_a_budget(all_of_it)
        spike = await sees_a_spike(all_of_it)
        await acts_on_it(all_of_it, spike)
        await gets_a_summary(all_of_it)
        await stops(all_of_it)
        nothing_leaked(all_of_it)


async def test_slack_over_http_on_the_one_server(tmp_path: Path) -> None:
    """With a signing secret instead of an app token: one port has Slack's requests and the health page."""
    port = free_port()
    settings = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": World().signing_secret, "HTTP_PORT": str(port)}
    async with town(tmp_path / "home", **settings) as here:
        here.slack.request_url = f"http://127.0.0.1:{port}/slack/events"
        await asyncio.to_thread(
            here.running.wait_for, lambda bot: "slack_listens_over_http" in bot.err, within_s=PATIENCE_S
        )
        act = await here.slack.command("help")
        await here.slack.world.until(
            lambda: "spendbot is here for Harbor Notes" in everything_shown_to(here, MIRA)
        )
        async with aiohttp.ClientSession() as session:
            forged = await session.post(here.slack.request_url, data={"command": "/spend", "text": "hello"})
            health = await session.get(f"http://127.0.0.1:{port}/healthz")
            seen = await health.json()
        await stops(here)

    assert act.statuses == [200]
    assert (forged.status, health.status) == (401, 200)
    assert seen["platforms"] == {"console": "ok", "discord": "ok", "slack": "ok"}
    assert "hello" not in here.running.err


async def installs(here: Town) -> None:
    """Both platforms are listened to, and each place is greeted once."""
    await here.slack.world.until(lambda: bool(here.slack.sockets.connections), timeout_s=PATIENCE_S)
    async with asyncio.timeout(PATIENCE_S):
        await here.discord.connected()
    act = await here.slack.command("")
    assert act.ack is not None
    greeting = await here.slack.world.until(lambda: here.slack.world.private_for(MIRA))
    assert "spendbot is here for Harbor Notes" in greeting[-1].text
    await here.discord.world.until(
        lambda: any("spendbot is here for Harbor Notes" in text for text in all_texts(here))
    )


async def connects_on_slack(here: Town) -> None:
    """Mira connects OpenAI by a form; a wrong kind of key is said at its field."""
    slack = here.slack
    await slack.command("connect openai")
    modal = await slack.world.until(lambda: next((m for m in slack.world.modals.values() if m.is_open), None))
    assert modal is not None
    await slack.world.until(lambda: "visible while you type" in modal.words)
    await slack.submit(modal, {"Key (visible while you type)": "sk-proj-abcdefghijklmnopqrstuv"})
    assert "This is a project key" in next(iter(modal.errors.values()))
    await slack.submit(modal, {"Key (visible while you type)": here.vendors.openai.admin_key})
    await slack.world.until(lambda: "is connected" in everything_shown_to(here, MIRA), timeout_s=PATIENCE_S)


async def connects_on_discord(here: Town) -> None:
    """The same with Anthropic on Discord; the form is the first response."""
    act = await here.discord.slash("spend connect", provider="anthropic")
    await act.opened()
    sent = await here.discord.submit(act, provider="anthropic", key=here.vendors.anthropic.admin_key)
    await here.discord.world.until(lambda: "is connected" in sent.text)
    await here.poll()


async def asks_on_both(here: Town) -> None:
    """The same question has the same first line on both platforms and on the command line, with a picture."""
    said = (await here.run("ask", "spend last 7 days by model", "--json")).out
    await here.slack.command("last 7 days by model", user=DANA)
    answer = await here.slack.world.until(
        lambda: next((m for m in here.slack.world.private_for(DANA) if m.pictures), None),
        timeout_s=PATIENCE_S,
    )
    act = await here.discord.slash("spend show", window="last 7 days", by="model")
    message = await act.with_picture()
    lead = plain(message.body["content"])

    assert answer is not None
    assert lead[:40] in said
    assert answer.text[:40] in said
    assert await (await here.discord.typing("spend show", "filter", filter="opus")).suggested() == [
        "model:claude-opus-5"
    ]


async def chooses_channels(here: Town) -> None:
    """Alerts go to a channel of each, the summary to one: it is due in about a minute."""
    await here.slack.command("alerts here", channel=GENERAL)
    await here.slack.world.until(
        lambda: "Alerts are posted in" in everything_shown_to(here, MIRA), timeout_s=PATIENCE_S
    )
    due = real_now() + timedelta(seconds=61)
    await here.slack.command(f"summary at {due:%H:%M} UTC here", channel=GENERAL)
    act = await here.discord.slash("spend alerts here", at=AI_SPEND)
    assert "Alerts are posted in" in (await act.answered()).text


async def sets_a_budget(here: Town) -> None:
    """A budget set on Discord is told in the channels of both, with who did it."""
    act = await here.discord.slash("budget set", amount="500", period="monthly")
    assert "Budget set: $500 a month for Everything." in (await act.answered()).text
    await here.slack_says(GENERAL, "Mira Okafor set a budget: $500 a month for Everything.")
    await here.discord.world.until(
        lambda: any("Mira Okafor set a budget" in text for text in here.discord.world.seen(AI_SPEND))
    )


async def sees_a_spike(here: Town) -> Message:
    """A runaway loop is told on both, once each, with its picture."""
    here.days_pass(8)  # in the first week after connecting spikes stay quiet
    for row in runaway_rows():
        here.opus.add(row)
    await here.poll()
    spike = await here.slack_says(GENERAL, "Spike: ")
    await here.slack.world.until(lambda: spike.pictures, timeout_s=PATIENCE_S)
    async with asyncio.timeout(PATIENCE_S):
        while len(spikes_on_discord(here)) < 1:
            await here.discord.world.until(lambda: spikes_on_discord(here))
    return spike


async def acts_on_it(here: Town, spike: Message) -> None:
    """Dana acknowledges on Slack; the message shows it on both platforms, and nobody is told a second time."""
    await here.slack.press(spike, "Acknowledge", user=DANA)
    await here.slack.world.until(lambda: "Acknowledged by Dana Weiss" in spike.words, timeout_s=PATIENCE_S)
    await here.discord.world.until(
        lambda: any("Acknowledged by Dana Weiss" in text for text in here.discord.world.seen(AI_SPEND))
    )
    assert len([m for m in here.slack.world.in_channel(GENERAL) if "Spike: " in m.text]) == 1
    assert len(spikes_on_discord(here)) == 1


async def gets_a_summary(here: Town) -> None:
    """The summary comes at its minute, with its picture, as one message."""
    summary = await here.slack.world.until(lambda: summaries_on_slack(here), timeout_s=120.0)
    assert len(summary) == 1


async def stops(here: Town) -> None:
    """SIGTERM ends it in order."""
    code, took_s = await asyncio.to_thread(here.running.terminate)
    assert code == 0, here.running.err
    assert took_s < 10


def nothing_leaked(here: Town) -> None:
    """No key and no token stands in what was logged, printed or shown."""
    seen = here.running.out + here.running.err + " ".join(all_texts(here)) + everything_shown_to(here, MIRA)
    for secret in (
        here.vendors.openai.admin_key,
        here.vendors.anthropic.admin_key,
        here.slack.world.bot_token,
        here.slack.world.app_token,
        here.discord.token,
    ):
        assert secret not in seen
    assert "Traceback" not in here.running.err


def spikes_on_discord(here: Town) -> list[str]:
    return [text for text in here.discord.world.seen(AI_SPEND) if "Spike: " in text]


def summaries_on_slack(here: Town) -> list[Message]:
    channel = here.slack.world.in_channel(GENERAL)
    return [
        each for each in channel if "bill due" in each.words and not each.text.startswith(("Spike", "Budget"))
    ]


def all_texts(here: Town) -> list[str]:
    return [message.text for message in here.discord.world.messages]


def everything_shown_to(here: Town, user: str) -> str:
    world = here.slack.world
    messages = [each.text + each.words for each in [*world.private_for(user), *world.told_directly(user)]]
    return " ".join([*messages, *(modal.words for modal in world.modals.values())])


def plain(content: str) -> str:
    """Return what Discord's markdown shows."""
    return "".join(char for char in content if char not in "*`\\")
