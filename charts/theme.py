"""The two cards: which colour stands for what, and the contrast that each must keep.

Checked for text and marks against the card (WCAG 2.2), and all strong pairs for the three kinds of colour-blindness
(see docs/charts.md). Red and green do not occur.
"""

from dataclasses import astuple, dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of one card as "#RRGGBB", by what they stand for. Tints are always outlined in their strong colour."""

    card: str
    border: str
    ink: str
    muted: str
    blue: str
    orange: str
    grey: str
    third: str
    fourth: str
    blue_tint: str
    orange_tint: str
    band: str
    track: str
    grid: str
    on_blue: str
    on_grey: str

    def colours(self) -> tuple[str, ...]:
        """Give all of them."""
        return astuple(self)


LIGHT = Theme(
    card="#FBFBFA",
    border="#C9CED6",
    ink="#1B1F24",
    muted="#57606A",
    blue="#1F6FB2",
    orange="#C2500A",
    grey="#8A919A",
    third="#1F513D",
    fourth="#7E306E",
    blue_tint="#A9CBE8",
    orange_tint="#F0BD98",
    band="#D9DDE2",
    track="#E9ECEF",
    grid="#DDE1E6",
    on_blue="#FFFFFF",
    on_grey="#101214",
)

DARK = Theme(
    card="#1F2226",
    border="#4A5059",
    ink="#F0F2F4",
    muted="#AAB2BB",
    blue="#5AA9E6",
    orange="#FF8A4C",
    grey="#7B838D",
    third="#EFE3B3",
    fourth="#A54BC4",
    blue_tint="#2F5B80",
    orange_tint="#7A4527",
    band="#3D434B",
    track="#2C3036",
    grid="#383D44",
    on_blue="#101214",
    on_grey="#101214",
)

THEMES: dict[ThemeName, Theme] = {"light": LIGHT, "dark": DARK}


def contrast(one: str, other: str) -> float:
    """Give the WCAG contrast ratio of two colours "#RRGGBB", 1 to 21.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    """Give the relative luminance (WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
