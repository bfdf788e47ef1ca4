"""The parts of files and pages that follow from the code: `python -m tests.house.pages` writes them anew.

`.env.example` and the settings in docs/reference/settings.md come from `bot.config.SETTINGS`; test_docs.py compares.
"""

from datetime import timedelta
from typing import Any

from bot.config import PREFIX, SETTINGS, Setting
from tests.house.tree import HOUSE

SETTINGS_PAGE = HOUSE / "docs/reference/settings.md"
ENV_EXAMPLE = HOUSE / ".env.example"
BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"


def env_example() -> str:
    """Return the text of .env.example: every setting, commented out, with what it is for."""
    head = "# Copy to .env and fill in what you need. docs/reference/settings.md says more about each.\n"
    return head + "".join(f"\n# {each.help}{_default(each)}\n#{PREFIX}{each.name}=\n" for each in SETTINGS)


def settings_sections() -> str:
    """Return a section per setting for the settings page, in the order of the table in the code."""
    return "\n".join(
        f"## {PREFIX}{each.name}\n\n{each.help}{_default(each)}"
        + (" Secret: better given by file." if each.is_secret else "")
        + "\n"
        for each in SETTINGS
    )


def with_sections(page: str) -> str:
    """Return the settings page with the part between its marks made anew."""
    head, _, rest = page.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{settings_sections()}\n{END}{tail}"


def _default(setting: Setting) -> str:
    return "" if setting.default in (None, (), "") else f" Default: {_shown(setting.default)}."


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, timedelta):
        return f"{value // timedelta(hours=1)}h"
    return str(value)


if __name__ == "__main__":
    ENV_EXAMPLE.write_text(env_example(), encoding="utf-8")
    SETTINGS_PAGE.write_text(with_sections(SETTINGS_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
