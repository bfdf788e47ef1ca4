"""The stories as Slack shows them."""

import base64
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bot.platforms.slack.forms import render_form
from bot.platforms.slack.home import render_home
from bot.platforms.slack.render import render
from charts.png import draw as draw_chart
from tests.bot.platforms.slack.golden import FILE, home_views
from tests.bot.platforms.stories import FORMS, STORIES
from tests.previews.browser import Browser
from tests.previews.slack_page import home_page, message_page, modal_page

WIDE, PHONE = 680, 360
NAMES = (*STORIES, *FORMS, "home", "home_greeting")
SHOWN = ("month", "today_by_model", "spike", "summary", "home", "connect_form")
TIMES = {
    "spike": "11:20",
    "spike_acknowledged": "11:20",
    "spike_over": "11:20",
    "budget_passed": "13:00",
    "summary": "09:00",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a page is drawn."""

    name: str
    width: int
    is_dark: bool = False


LOOKS = (
    Look("", WIDE),
    Look("-phone", PHONE),
    Look("-dark", WIDE, is_dark=True),
    Look("-phone-dark", PHONE, is_dark=True),
)


async def draw(
    browser: Browser, names: Sequence[str], looks: Sequence[Look]
) -> AsyncIterator[tuple[str, bytes]]:
    """Draw messages in each look; gives names and PNGs."""
    for name in names:
        for look in looks:
            page = base64.b64encode(page_of(name, is_dark=look.is_dark).encode()).decode()
            url = f"data:text/html;charset=utf-8;base64,{page}"
            yield f"{name}{look.name}", await browser.picture(url, width=look.width)


def page_of(name: str, *, is_dark: bool) -> str:
    """Return one page of HTML."""
    if name == "home":
        return home_page(render_home(home_views()), is_dark=is_dark)
    if name == "home_greeting":
        return home_page(render_home([STORIES["greeting"]]), is_dark=is_dark)
    if name in FORMS:
        return modal_page(render_form(FORMS[name]), is_dark=is_dark)
    view = STORIES[name]
    pictures = {FILE: draw_chart(view.chart, "light")} if view.chart else {}
    hint = "Only visible to you" if view.is_private else ""
    blocks = render(view, file_id=FILE).blocks
    return message_page(blocks, pictures, is_dark=is_dark, time=TIMES.get(name, "14:05"), hint=hint)
