"""Pictures as files, for channels that cannot show one: readable by the owner only, like everything of the bot."""

import asyncio
import os
from pathlib import Path

from spend.notify import IncidentKind

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def picture_name(kind: IncidentKind, code: str, step: str) -> str:
    """Return the name of a message's picture, the same for every attempt: `spike-K7Q2-first.png`."""
    return f"{kind.value.replace('_', '-')}-{code}-{step}.png"


async def keep_picture(folder: Path, name: str, png: bytes) -> Path:
    """Write a picture off the event loop, whole or not at all, and return where it lies. Raises OSError."""
    return await asyncio.to_thread(_write, folder, name, png)


def _write(folder: Path, name: str, png: bytes) -> Path:
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    path, part = folder / name, folder / f".{name}.part"
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE), "wb") as file:
        file.write(png)
    part.replace(path)
    return path
