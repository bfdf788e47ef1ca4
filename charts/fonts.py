"""The type: Roboto by file, DejaVu Sans (it comes with matplotlib) for what Roboto lacks.

Fonts are named by file, never by family: what a machine has installed must not change a picture, and the font
manager's list is global state. A missing glyph would be a warning and an empty space; it becomes a box here.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties, get_font

_SHIPPED = Path(__file__).parent / "fonts"
_BUNDLED = Path(get_data_path()) / "fonts" / "ttf"
BOX = "□"


@dataclass(frozen=True, slots=True)
class Font:
    """A size in px and a weight; the only three in use are below."""

    px: float
    is_bold: bool


TITLE = Font(16, is_bold=True)
TEXT = Font(13, is_bold=False)
BOLD = Font(13, is_bold=True)


def typeset(text: str, font: Font) -> tuple[str, FontProperties]:
    """Give the text as it can be drawn, and the file to draw it with.

    One file per text: Roboto if it has every glyph, else DejaVu Sans, with a box for what that lacks too.
    """
    weight = "Bold" if font.is_bold else "Regular"
    roboto = str(_SHIPPED / f"Roboto-{weight}.ttf")
    if _glyphs(roboto).issuperset(map(ord, text)):
        return text, _properties(roboto, font.px)
    dejavu = str(_BUNDLED / ("DejaVuSans-Bold.ttf" if font.is_bold else "DejaVuSans.ttf"))
    known = _glyphs(dejavu)
    drawable = "".join(character if ord(character) in known else BOX for character in text)
    return drawable, _properties(dejavu, font.px)


@lru_cache(maxsize=8)
def _glyphs(path: str) -> frozenset[int]:
    return frozenset(get_font(path).get_charmap())


@lru_cache(maxsize=16)
def _properties(path: str, px: float) -> FontProperties:
    return FontProperties(fname=path, size=px * 0.72)
