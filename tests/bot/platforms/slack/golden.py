"""The golden renderings: every message kind, the Home tab and every form, as they are sent to Slack. Remade by

    python -m tests.bot.platforms.slack.golden

and read in the diff before they are committed.
"""

import json
from dataclasses import replace
from pathlib import Path

from bot.platforms.slack.forms import render_form
from bot.platforms.slack.home import render_home
from bot.platforms.slack.render import render
from bot.views.model import View
from tests.bot.platforms.stories import FORMS, STORIES

FOLDER = Path(__file__).parent / "golden"
FILE = "F0123456789"
NAMES = (*STORIES, *FORMS, "home", "home_greeting")


def rendering(name: str) -> str:
    """Return what is sent as indented JSON."""
    return json.dumps(_sent(name), indent=1, ensure_ascii=False) + "\n"


def path_of(name: str) -> Path:
    """Where its golden rendering lies."""
    return FOLDER / f"{name}.json"


def remake() -> None:
    """Write all of them anew, and remove those whose story is gone."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.stem not in NAMES:
            path.unlink()
    for name in NAMES:
        path_of(name).write_text(rendering(name), encoding="utf-8")


def home_views() -> list[View]:
    """What the Home tab shows: it is nobody's channel, so there is nothing to share."""
    views = [STORIES[story] for story in ("month", "budget_list", "status")]
    return [
        replace(view, buttons=tuple(each for each in view.buttons if each.action != "share"))
        for view in views
    ]


def _sent(name: str) -> object:
    if name == "home":
        return render_home(home_views())
    if name == "home_greeting":
        return render_home([STORIES["greeting"]])
    if name in FORMS:
        return render_form(FORMS[name])
    message = render(STORIES[name], file_id=FILE)
    return {"text": message.text, "blocks": list(message.blocks)}


if __name__ == "__main__":
    remake()
