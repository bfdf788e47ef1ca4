"""Where things go: the head, the plot's frame, grid and axis labels, end labels that keep their distance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from charts.canvas import MARGIN, RIGHT, Box, Canvas, Label
from charts.fonts import BOLD, TEXT, TITLE
from charts.scale import drawable
from charts.spec import AxisLabel, GridLine
from charts.words import NO_DATA, clean, wrap_title

LINE = 15.0
"""Baselines of labels in one column are at least this far apart, in px."""

_AXIS_DROP = 15.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot in px: `span` slots or days from left to right, amounts from `low` at `base` to `high` at `top`."""

    left: float
    right: float
    top: float
    base: float
    span: float
    low: float
    high: float

    def x(self, at: float) -> float:
        """Give the px of a place in slots or days, held inside the plot."""
        share = drawable(at) / self.span if self.span > 0 else 0.0
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def y(self, amount: float) -> float:
        """Give the px of an amount, held inside the plot."""
        share = (drawable(amount) - self.low) / (self.high - self.low)
        return self.base - (self.base - self.top) * min(max(share, 0.0), 1.0)


def head(canvas: Canvas, title: str, subtitle: str) -> float:
    """Write the title, in at most two lines, and the subtitle. Returns the last baseline."""
    baseline = 23.0
    lines = wrap_title(clean(title), RIGHT - MARGIN, lambda words: canvas.width_of(words, TITLE))
    for number, words in enumerate(lines):
        baseline = 23.0 + 19.0 * number
        canvas.write(Label(words, canvas.theme.ink, TITLE), MARGIN, baseline)
    if words := canvas.fit(subtitle):
        baseline += 18.0
        canvas.write(Label(words, canvas.theme.muted), MARGIN, baseline)
    return baseline


def no_data(canvas: Canvas, baseline: float) -> Canvas:
    """Say that there is nothing to draw, under the head, and close the card."""
    canvas.write(Label(NO_DATA, canvas.theme.muted), MARGIN, baseline + 30)
    return canvas.close(baseline + 54)


def grid(canvas: Canvas, frame: Frame, lines: Sequence[GridLine]) -> None:
    """Draw the grid lines over the whole width; `grid_labels` writes their values once all else is written."""
    ys = [frame.y(line.value) for line in _inside(frame, lines)]
    canvas.strokes([(MARGIN, y, frame.right, y) for y in ys], canvas.theme.grid, width=1)


def grid_labels(
    canvas: Canvas, frame: Frame, lines: Sequence[GridLine], *, avoid: Iterable[float] = ()
) -> None:
    """Write the values on the grid lines at the left, except where a text or a line at `avoid` (px) is near."""
    crossing = tuple(avoid)
    taken: list[float] = []
    for line in _inside(frame, lines):
        baseline = frame.y(line.value) - 4
        label = Label(canvas.fit(line.label, width=84), canvas.theme.muted, is_outlined=True)
        box = canvas.box_of(label, MARGIN, baseline)
        is_crossed = any(box.top - 2 < y < box.bottom - 1 for y in crossing)
        is_near = any(abs(baseline - other) < 20 for other in taken)
        if not is_crossed and not is_near and canvas.is_free(box):
            canvas.write(label, MARGIN, baseline)
            taken.append(baseline)


def gutter(canvas: Canvas, lines: Sequence[GridLine]) -> float:
    """Give the room that the grid's values take at the left, for plots whose first bars would stand in them."""
    widths = [canvas.width_of(canvas.fit(line.label, width=84)) for line in lines[:4]]
    return max(widths, default=0.0) + 6 if widths else 0.0


def _inside(frame: Frame, lines: Sequence[GridLine]) -> list[GridLine]:
    return [line for line in lines[:4] if frame.low < line.value <= frame.high]


def axis(canvas: Canvas, frame: Frame, labels: Sequence[AxisLabel]) -> None:
    """Draw the line of zero and write the labels below the plot: bold ones first, then the ends, then the rest."""
    zero = frame.y(0.0)
    canvas.strokes([(frame.left, zero, frame.right, zero)], canvas.theme.muted, width=1)
    shown = labels[:62]
    order = sorted(range(len(shown)), key=lambda n: (not shown[n].is_bold, n not in (0, len(shown) - 1), n))
    for number in order:
        label = shown[number]
        colour = canvas.theme.ink if label.is_bold else canvas.theme.muted
        place(
            canvas,
            Label(canvas.fit(label.text, width=90), colour, BOLD if label.is_bold else TEXT),
            x=frame.x(label.at),
            baseline=frame.base + _AXIS_DROP,
            within=(frame.left, min(frame.right + 4, RIGHT)),
        )


def place(
    canvas: Canvas, label: Label, *, x: float, baseline: float, within: tuple[float, float] = (MARGIN, RIGHT)
) -> bool:
    """Write a label centred at `x`, pushed inside `within`, unless it would touch a text. Says whether it is there."""
    if not label.words:
        return False
    width = canvas.width_of(label.words, label.font)
    left = max(min(x - width / 2, within[1] - width), within[0])
    if left + width > RIGHT + 1 or not canvas.is_free(canvas.box_of(label, left, baseline), gap=3):
        return False
    canvas.write(label, left, baseline)
    return True


@dataclass(slots=True)
class Skyline:
    """What stands in the plot, to find room above it: flat tops of bars and stretches of lines."""

    _stretches: list[tuple[float, float, float, float]] = field(default_factory=list)

    def add_top(self, box: Box) -> None:
        """Take in a bar."""
        self._stretches.append((box.left, box.top, box.right, box.top))

    def add_line(self, points: Sequence[tuple[float, float]]) -> None:
        """Take in a line."""
        for (x0, y0), (x1, y1) in pairwise(points):
            self._stretches.append((x0, y0, x1, y1))

    def above(self, left: float, right: float, *, floor: float) -> float:
        """Give the highest point (least px) of what stands between `left` and `right`, or `floor` if nothing does."""
        heights = [floor]
        for x0, y0, x1, y1 in self._stretches:
            if x0 <= right and x1 >= left:
                heights += (_between(x0, y0, x1, y1, at=left), _between(x0, y0, x1, y1, at=right))
        return min(heights)

    def crosses(self, box: Box) -> bool:
        """Tell whether a line, or the top of a bar, runs through a box."""
        for x0, y0, x1, y1 in self._stretches:
            if x0 <= box.right and x1 >= box.left:
                ends = [_between(x0, y0, x1, y1, at=at) for at in (box.left, box.right)]
                if min(ends) <= box.bottom and max(ends) >= box.top:
                    return True
        return False


def _between(x0: float, y0: float, x1: float, y1: float, *, at: float) -> float:
    if x1 <= x0:
        return min(y0, y1)
    share = min(max((at - x0) / (x1 - x0), 0.0), 1.0)
    return y0 + (y1 - y0) * share


@dataclass(frozen=True, slots=True)
class EndLabel:
    """Words beside the end of a line, at `y` px; of those that find no room the largest `rank` goes first."""

    label: Label
    y: float
    rank: int
    swatch: str = ""


def column_width(canvas: Canvas, ends: Sequence[EndLabel], *, most: float = 120.0) -> float:
    """Give the width of the right column that these labels need, at least 84 px."""
    widths = [
        canvas.width_of(canvas.fit(end.label.words, end.label.font, width=most), end.label.font)
        for end in ends
    ]
    swatch = 12 if any(end.swatch for end in ends) else 0
    return max([84.0, *widths]) + swatch


def end_labels(canvas: Canvas, ends: Sequence[EndLabel], *, x: float, top: float, bottom: float) -> None:
    """Write the right column: in the order of their lines, `LINE` apart, what finds no room left out."""
    room = max(int((bottom - top) // LINE) + 1, 1)
    kept = sorted((end for end in sorted(ends, key=lambda end: end.rank)[:room]), key=lambda end: end.y)
    baselines = spread([end.y + 4.5 for end in kept], top=top, bottom=bottom)
    for end, baseline in zip(kept, baselines, strict=True):
        start = x
        if end.swatch:
            canvas.fill([Box(x, baseline - 8.5, x + 8, baseline - 0.5)], end.swatch)
            start = x + 12
        words = canvas.fit(end.label.words, end.label.font, width=RIGHT - start)
        canvas.write(Label(words, end.label.colour, end.label.font), start, baseline)


def spread(wanted: Sequence[float], *, top: float, bottom: float, gap: float = LINE) -> list[float]:
    """Move sorted places apart until they are `gap` from each other, inside `top` and `bottom`, as little as may be.

    >>> spread([50.0, 52.0, 90.0], top=0.0, bottom=200.0, gap=10.0)
    [46.0, 56.0, 90.0]
    """
    clusters: list[tuple[float, int]] = []  # mean of (wanted - n * gap), members
    for number, place_wanted in enumerate(wanted):
        mean, members = place_wanted - number * gap, 1
        while clusters and clusters[-1][0] > mean:
            earlier, count = clusters.pop()
            mean, members = (earlier * count + mean * members) / (count + members), count + members
        clusters.append((mean, members))
    flat = [mean for mean, members in clusters for _ in range(members)]
    last = bottom - max(len(flat) - 1, 0) * gap
    return [max(min(mean, last), top) + number * gap for number, mean in enumerate(flat)]
