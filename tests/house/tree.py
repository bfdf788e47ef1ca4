"""The files of the repository, as the rules of the house look at them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOMS = ("bot", "providers", "storage", "charts", "spend")


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file of the repository that exists: those in git's index, else (an unpacked archive) those on disk
    outside of folders that begin with a dot."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOUSE, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0")[:-1]
    if listed.returncode == 0 and names:
        return tuple(HOUSE / name for name in names if (HOUSE / name).is_file())
    found = (path for path in HOUSE.rglob("*") if path.is_file())
    return tuple(
        p for p in found if not any(part.startswith(".") for part in p.relative_to(HOUSE).parts[:-1])
    )


@cache
def text_files() -> tuple[tuple[str, str], ...]:
    """Return (path from the root, text) of every tracked file that is text."""
    found = []
    for path in tracked_files():
        try:
            found.append((path.relative_to(HOUSE).as_posix(), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return tuple(found)


def python_files(*folders: str) -> Iterator[tuple[str, str]]:
    """Yield (path from the root, text) of the Python files below these folders."""
    for name, text in text_files():
        if name.endswith(".py") and name.split("/")[0] in folders:
            yield name, text


def imported_modules(text: str) -> Iterator[str]:
    """Yield the full name of every module a source imports, inside functions too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
