"""Writes docs/reference/commands.md from the commands themselves: `python -m tests.docs_commands`."""

from pathlib import Path

from bot.commands import all_specs
from bot.commands.spec import CommandSpec, Param

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "commands.md"
HEAD = """# Commands

The same words everywhere: typed in Slack or Discord, at the console of `spendbot run` and `spendbot demo`, or from a
terminal with `spendbot ask "..."`. `/spend` may be left out where no other command is near. Quotes keep a name of
several words together. What cannot be read is answered with the nearest form and changes nothing.

This page is made from the commands by `python -m tests.docs_commands`; a test compares.
"""


def commands_page() -> str:
    """Return the page: a part per command, `/spend` first, then by name."""
    specs = sorted(all_specs(), key=lambda spec: (spec.path[0] != "spend", spec.path))
    return "\n".join([HEAD, *map(_part, specs)])


def _part(spec: CommandSpec) -> str:
    rows = [f"## {spec.name}", "", f"{spec.help}{' Admins only.' if spec.is_admin else ''}", ""]
    rows += ["```", f"{spec.name} {spec.usage}".strip(), "```", ""]
    if spec.params:
        rows += ["| | what | one of |", "|---|---|---|", *map(_row, spec.params), ""]
    if spec.example != spec.name:
        rows += [f"Example: `{spec.example}`", ""]
    return "\n".join(rows)


def _row(param: Param) -> str:
    choices = ", ".join(param.choices) if param.choices else param.kind
    return f"| `{param.name}`{' (needed)' if param.is_required else ''} | {param.help} | {choices} |"


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(commands_page(), encoding="utf-8")
