"""The golden renderings: every message kind, the Home tab and every form, as they are sent to Slack. Remade by

    python -m tests.bot.platforms.slack.golden

and read in the diff before they are committed.
"""

import json
from pathlib import Path

from bot.platforms.slack.home import render_home
from bot.platforms.slack.render import render
from tests.bot.platforms.stories import STORIES

FOLDER = Path(__file__).parent / "golden"
FILE = "F0123456789"
HOME = ("month", "budget_list", "status")
NAMES = (*STORIES, "home", "home_greeting")


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


def _sent(name: str) -> object:
    if name == "home":
        return render_home([STORIES[story] for story in HOME])
    if name == "home_greeting":
        return render_home([STORIES["greeting"]])
    message = render(STORIES[name], file_id=FILE)
    return {"text": message.text, "blocks": list(message.blocks)}


if __name__ == "__main__":
    remake()
