"""What the demo shows, twice: on the console as it happens, and as transcript.md with the pictures in line."""

import shutil
from pathlib import Path

from bot.platforms.console.render import render
from bot.ports import House
from bot.views.model import View


class Transcript:
    """Writes down a demo. `folder` gets transcript.md and the pictures, numbered in order."""

    def __init__(self, folder: Path, *, colour: bool) -> None:
        self._folder = folder
        self._colour = colour
        self._rows: list[str] = ["# spendbot demo", ""]
        self._pictures = 0

    def chapter(self, title: str, words: str) -> None:
        """Begin a part of the story."""
        print(f"\n== {title}\n{words}\n")
        self._rows += [f"## {title}", "", words, ""]

    def typed(self, words: str) -> None:
        """Show what somebody types."""
        print(f"> {words}")
        self._rows += [f"**> {words}**", ""]

    async def answered(self, house: House, view: View) -> None:
        """Show an answer with its picture."""
        picture = await self._draw(house, view)
        print(render(view, picture=picture, colour=self._colour), end="\n\n")
        self._keep(render(view, picture=""), picture, view.chart.alt if view.chart else "")

    def posted(self, when: str, text: str, picture: Path | None) -> None:
        """Show a message that was posted in the channel, and when; its picture is copied beside the transcript."""
        name = ""
        if picture is not None:
            name = self._next_name(picture.stem.partition("-")[0])
            shutil.copyfile(picture, self._folder / name)
        rows = [row for row in text.splitlines() if not row.startswith("Picture: ")]
        self._rows += [f"*{when}, posted:*", ""]
        print(f"{when}, posted:")
        print("\n".join([*rows, *([f"Picture: {name}"] if name else [])]), end="\n\n", flush=True)
        self._keep("\n".join(rows), name, f"Picture: {' '.join(rows[:2])}")

    def save(self) -> Path:
        """Write transcript.md and return where it is."""
        path = self._folder / "transcript.md"
        path.write_text("\n".join(self._rows) + "\n", encoding="utf-8")
        return path

    async def _draw(self, house: House, view: View) -> str:
        png = await house.pictures.draw(view, theme="light")
        if png is None:
            return ""
        name = self._next_name("-".join(view.title.replace(":", " ").split()))
        (self._folder / name).write_bytes(png)
        return name

    def _next_name(self, what: str) -> str:
        self._pictures += 1
        return f"{self._pictures:02}-{what}.png"

    def _keep(self, text: str, picture: str, alt: str) -> None:
        self._rows += ["```text", text, "```", ""]
        if picture:
            self._rows += [f'<img src="{picture}" width="360" alt="{_attribute(alt)}">', ""]


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
