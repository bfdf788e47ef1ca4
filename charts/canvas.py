"""The card: shapes and texts in px of a phone 360 px wide, y downwards, drawn three times as large.

1 px is 0.01 inch at 300 dots per inch, so the file is 1080 px wide. Only object API: no pyplot, no rcParams, no axes;
nothing here is shared between two pictures, so that they can be drawn in any thread.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from charts.fonts import TEXT, Font, typeset
from charts.theme import Theme
from charts.words import clean, cut_middle

WIDTH = 360
MARGIN = 16
RIGHT = WIDTH - MARGIN
_SCALE = 3
_DPI = 300
_POINTS_PER_PX = 0.72
_OUTLINE_POINTS = 2.6
# Level 6 saves a tenth of the bytes for twice the time.
_COMPRESSION = 3
_HAIR = 2

Align = Literal["left", "center", "right"]


class Box(NamedTuple):
    """A rectangle in px, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Box", gap: float = 0.0) -> bool:
        """Say whether the two come nearer to each other than `gap` px."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )


@dataclass(frozen=True, slots=True)
class Label:
    """Words with their look. `is_outlined`: in card colour, for words that stand over marks."""

    words: str
    colour: str
    font: Font = TEXT
    is_outlined: bool = False


class Canvas:
    """One picture while it is drawn. Later marks cover earlier ones; texts are above all marks."""

    def __init__(self, theme: Theme) -> None:
        """Open an empty card; `close` gives it its height."""
        self.theme = theme
        self.figure = Figure(facecolor=theme.card, dpi=_DPI)
        self.texts: list[Text] = []
        self._written: list[tuple[Label, float, float, Align]] = []
        self._boxes: list[Box] = []
        self._ruler = RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
        self._px = Affine2D()
        self._widths: dict[tuple[str, Font], float] = {}

    def close(self, height: float) -> "Canvas":
        """Fix the height in px (held to 80 to 360: never taller than wide) and draw the border. Returns itself."""
        height = max(80, min(WIDTH, round(height)))
        self.figure.set_size_inches(WIDTH / 100, height / 100)
        self._px.scale(_SCALE, -_SCALE).translate(0, _SCALE * height)
        self.outline([Box(0, 0, WIDTH, height)], self.theme.border, width=1)
        return self

    def fill(self, boxes: Sequence[Box], colour: str) -> None:
        """Fill rectangles."""
        if boxes:
            self._path(_rectangles(boxes), facecolor=colour, linewidth=0)

    def outline(self, boxes: Sequence[Box], colour: str, *, width: float = 0.8) -> None:
        """Draw the edges of rectangles, inside of them."""
        if not boxes:
            return
        half = width / 2
        inner = [Box(b.left + half, b.top + half, b.right - half, b.bottom - half) for b in boxes]
        self._path(_rectangles(inner), fill=False, edgecolor=colour, linewidth=width * _POINTS_PER_PX)

    def area(self, corners: Sequence[tuple[float, float]], colour: str) -> None:
        """Fill a polygon."""
        if len(corners) >= 3:
            self._path(Path(corners), facecolor=colour, linewidth=0)

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, *, width: float, is_dashed: bool = False
    ) -> None:
        """Draw a line through `points`, `width` px wide."""
        if len(points) < 2:
            return
        curve = Line2D(
            [x for x, _ in points],
            [y for _, y in points],
            color=colour,
            linewidth=width * _POINTS_PER_PX,
            linestyle=(0, (2.0, 1.2)) if is_dashed else "-",
            solid_capstyle="butt",
            solid_joinstyle="round",
            marker="",
        )
        self._add(curve)

    def strokes(
        self, segments: Iterable[tuple[float, float, float, float]], colour: str, *, width: float
    ) -> None:
        """Draw straight strokes, each (x, y, x, y)."""
        ends = [(x, y) for x0, y0, x1, y1 in segments for x, y in ((x0, y0), (x1, y1))]
        if ends:
            codes = [Path.MOVETO, Path.LINETO] * (len(ends) // 2)
            self._path(Path(ends, codes), fill=False, edgecolor=colour, linewidth=width * _POINTS_PER_PX)

    def dot(self, x: float, y: float, colour: str, *, radius: float = 2.8) -> None:
        """Draw a dot with a rim in card colour."""
        for reach, fill in ((radius + 0.8, self.theme.card), (radius, colour)):
            circle = Path.unit_circle().transformed(Affine2D().scale(reach).translate(x, y))
            self._path(circle, facecolor=fill, linewidth=0)

    def width_of(self, words: str, font: Font = TEXT) -> float:
        """Measure in px, as it will be drawn. `words` must be clean."""
        key = (words, font)
        if key not in self._widths:
            self._widths[key] = self._measured(words, font)
        return self._widths[key]

    def fit(self, words: str, font: Font = TEXT, *, width: float = RIGHT - MARGIN) -> str:
        """Clean `words` and cut them in the middle to `width` px."""
        words = clean(words)
        # No letter is wider than the type is high; measuring costs a third of drawing.
        if words.isascii() and len(words) * font.px <= width:
            return words
        return cut_middle(words, width, lambda text: self.width_of(text, font))

    def box_of(self, label: Label, x: float, y: float, align: Align = "left") -> Box:
        """Give the room that a label will take at baseline `y`. Its words must have gone through `fit`."""
        width = self.width_of(label.words, label.font)
        left = {"left": x, "center": x - width / 2, "right": x - width}[align]
        ascent, descent = label.font.px * 0.77, label.font.px * 0.23
        return Box(left, y - ascent, left + width, y + descent)

    def is_free(self, box: Box, gap: float = 2.0) -> bool:
        """Say whether no text is there yet."""
        self._boxes += [self.box_of(*written) for written in self._written[len(self._boxes) :]]
        return not any(box.touches(other, gap) for other in self._boxes)

    def write(self, label: Label, x: float, y: float, align: Align = "left") -> None:
        """Write a label at baseline `y`; its words must have gone through `fit`."""
        drawable, properties = typeset(label.words, label.font)
        if not drawable:
            return
        # parse_math: two dollar signs would set what stands between them as mathematics.
        text = Text(x, y, drawable, color=label.colour, fontproperties=properties, parse_math=False)
        text.set(horizontalalignment=align, verticalalignment="baseline", zorder=3)
        if label.is_outlined:
            text.set_path_effects([withStroke(linewidth=_OUTLINE_POINTS, foreground=self.theme.card)])
        self._add(text)
        self.texts.append(text)
        self._written.append((label, x, y, align))

    def png(self) -> bytes:
        """Draw all of it into a PNG file, without an alpha channel: the card is opaque."""
        agg = FigureCanvasAgg(self.figure)
        agg.draw()  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
        pixels = agg.buffer_rgba()  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
        image = Image.frombuffer("RGBA", agg.get_width_height(), pixels, "raw", "RGBA", 0, 1)
        file = io.BytesIO()
        # A palette of 256: text on a card has few colours, and the file is a third of the size in less time.
        palette = image.convert("RGB").quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        palette.putpalette(_exact(palette.getpalette() or [], self.theme))
        palette.save(file, format="PNG", compress_level=_COMPRESSION, dpi=(_DPI, _DPI))
        return file.getvalue()

    def _measured(self, words: str, font: Font) -> float:
        drawable, properties = typeset(words, font)
        if not drawable:
            return 0.0
        width, _, _ = self._ruler.get_text_width_height_descent(drawable, properties, ismath=False)  # type: ignore[no-untyped-call]  # matplotlib leaves it untyped
        return float(width) / _SCALE

    def _path(self, path: Path, **look: Any) -> None:
        self._add(PathPatch(path, **look))

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self._px)
        if not isinstance(artist, Text):
            artist.set_zorder(1)
        self.figure.add_artist(artist)


def _rectangles(boxes: Sequence[Box]) -> Path:
    """Put rectangles into one path: one artist for all is quicker than one for each."""
    corners = [
        corner
        for left, top, right, bottom in boxes
        for corner in ((left, top), (right, top), (right, bottom), (left, bottom), (left, top))
    ]
    return Path(corners, [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(boxes))


def _exact(palette: list[int], theme: Theme) -> list[int]:
    """Put the card's own colours in for the entries that were rounded to within a hair of them."""
    entries = np.array(palette, dtype=np.int16).reshape(-1, 3)
    for colour in theme.colours():
        wanted = np.frombuffer(bytes.fromhex(colour[1:]), dtype=np.uint8).astype(np.int16)
        entries[np.abs(entries - wanted).max(axis=1) <= _HAIR] = wanted
    return [int(channel) for channel in entries.ravel()]
