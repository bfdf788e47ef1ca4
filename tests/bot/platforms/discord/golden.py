"""The golden renderings: every message kind as the body that is sent. Remade by

    python -m tests.bot.platforms.discord.golden

and read in the diff before they are committed.
"""

import json
from pathlib import Path

from bot.platforms.discord.render import render
from tests.bot.platforms.stories import STORIES

FOLDER = Path(__file__).parent / "golden"


def rendering(story: str) -> str:
    """Return the body of one message kind as indented JSON."""
    return json.dumps(render(STORIES[story], has_picture=True).payload(), indent=1, ensure_ascii=False) + "\n"


def path_of(story: str) -> Path:
    """Where its golden rendering lies."""
    return FOLDER / f"{story}.json"


def remake() -> None:
    """Write all of them anew, and remove those whose story is gone."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.json"):
        if path.stem not in STORIES:
            path.unlink()
    for story in STORIES:
        path_of(story).write_text(rendering(story), encoding="utf-8")


if __name__ == "__main__":
    remake()
