"""The stories as Discord shows them, drawn by the preview of simcord, which lays them out after the desktop client.

The bodies are those that are sent; what simcord says of itself around the message is taken away, and the name and the
time of the story are put in.
"""

import io
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord
import simcord
from discord.http import Route

from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.form import render_form
from bot.platforms.discord.render import CHART_FILE, DiscordMessage, render
from charts.png import draw as draw_chart
from tests.bot.platforms.stories import FORMS, STORIES
from tests.previews.browser import Browser

WIDE, PHONE = 600, 400
NAMES = (*STORIES, *FORMS)
SHOWN = ("month", "today_by_model", "spike", "summary", "connect_form")
TIMES = {
    "spike": "11:20",
    "spike_acknowledged": "11:20",
    "spike_over": "11:20",
    "budget_passed": "13:00",
    "summary": "09:00",
}

_ISOLATE = """(async () => {
  while (!window.simcordPreview?.ready) await new Promise(done => setTimeout(done, 20));
  const [place, time, hint] = %s;
  const shown = document.querySelector(place).cloneNode(true);
  shown.hidden = false;
  shown.style.cssText += ";position:static;max-height:none;margin:auto";
  const app = document.createElement("div");
  app.className = "preview-app";
  app.style.cssText = "display:block;width:100%%;height:auto;min-height:0;overflow:visible;padding:12px 0";
  app.append(shown);
  document.body.replaceChildren(app);
  for (const each of [document.body, document.documentElement])
    each.style.cssText = "display:block;height:auto;min-height:0;overflow:visible";
  const words = document.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const said = words.currentNode;
    if (/Choose [0-9]/.test(said.data)) said.parentElement.hidden = true;
    said.data = said.data.replace("TestBot", "spendbot");
  }
  for (const each of shown.querySelectorAll(".message-time")) each.textContent = `Today at ${time}`;
  for (const each of shown.querySelectorAll(".markdown-paragraph + .markdown-paragraph"))
    each.style.marginTop = "18px";  // an empty line, which clients show
  if (hint) {
    const line = document.createElement("div");
    line.textContent = hint;
    line.style.cssText = "margin:4px 0 0 72px;font-size:12px;color:#949ba4";
    shown.append(line);
  }
  await Promise.all([...document.images].map(image => image.decode().catch(() => null)));
})()"""


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is drawn."""

    name: str
    width: int


LOOKS = (Look("", WIDE), Look("-phone", PHONE))


class Bot(discord.Client):
    """Posts bodies as they are, and answers every button with a form."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True))
        self.form = FORMS["connect_form"]

    async def post(self, channel: int, message: DiscordMessage, png: bytes | None) -> None:
        """Post a message."""
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel)
        if png is None:
            await self.http.request(route, json=message.payload())
            return
        file = discord.File(io.BytesIO(png), filename=CHART_FILE)
        parts = [
            {"name": "payload_json", "value": json.dumps(message.payload())},
            {"name": "files[0]", "value": file.fp, "filename": CHART_FILE, "content_type": "image/png"},
        ]
        await self.http.request(route, form=parts, files=[file])

    async def on_interaction(self, interaction: "discord.Interaction[Any]") -> None:
        """Open the form that stands for the button."""
        await Conversation(interaction).open_form(render_form(self.form))


async def draw(
    browser: Browser, names: Sequence[str], looks: Sequence[Look]
) -> AsyncIterator[tuple[str, bytes]]:
    """Draw messages in each look; gives names and PNGs."""
    bot = Bot()
    async with simcord.run(bot) as env:
        guild = env.create_guild("Harbor Notes")
        channel = guild.create_text_channel("ai-spend")
        mira = guild.add_member(env.create_user("mira", global_name="Mira Okafor"))
        for name in names:
            view = STORIES.get(name, STORIES["greeting"])
            png = draw_chart(view.chart, "dark") if view.chart else None
            await bot.post(channel.id, render(view, has_picture=png is not None), png)
            target: Any = channel.last_message
            if name in FORMS:
                bot.form = FORMS[name]
                target = await mira.click(target, label="Connect a provider")
            async with env.preview(channel, viewers=[mira], timezone="Europe/Berlin") as preview:
                await preview.show(target)
                for look in looks:
                    yield (
                        f"{name}{look.name}",
                        await browser.picture(preview.url, width=look.width, prepare=_isolate(name)),
                    )


def _isolate(name: str) -> str:
    place = ".modal-dialog" if name in FORMS else "#focused-content"
    hint = "" if name in FORMS or not STORIES[name].is_private else "Only you can see this · Dismiss message"
    return _ISOLATE % json.dumps([place, TIMES.get(name, "14:05"), hint])
