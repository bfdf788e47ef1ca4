"""Bars in time, the same in all charts: solid if billed, tinted and outlined if not, hatched where data is missing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from charts.canvas import MARGIN, Box, Canvas, Label
from charts.fonts import BOLD, TEXT
from charts.layout import Frame, Skyline, place
from charts.scale import drawable
from charts.spec import Mark, Role, Slot
from charts.theme import Theme
from charts.words import NO_DATA

MOST_BARS = 62
_STUB = 2.0
_HATCH = 12.0
_MOST_LABELS = 8


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar as it is drawn: slots `start` up to `stop`, one unless there are more than fit."""

    start: int
    stop: int
    amount: float
    mark: Mark
    role: Role
    label: str


def binned(slots: Sequence[Slot]) -> list[Bin]:
    """Sum neighbours until at most 62 bars are left; a bin is as sure as its least sure slot."""
    size = -(-len(slots) // MOST_BARS) or 1
    return [_bin(slots[start : start + size], start) for start in range(0, len(slots), size)]


def _bin(slots: Sequence[Slot], start: int) -> Bin:
    known = [slot for slot in slots if slot.mark is not Mark.MISSING]
    if not known:
        return Bin(start, start + len(slots), 0.0, Mark.MISSING, Role.CONTEXT, slots[0].label)
    amounts = [drawable(slot.amount) for slot in known]
    largest = known[amounts.index(max(amounts))]
    unsure = next((slot.mark for slot in known if slot.mark is not Mark.BILLED), Mark.BILLED)
    label = next((slot.label for slot in known if slot.label), "")
    return Bin(start, start + len(slots), drawable(sum(amounts)), unsure, largest.role, label)


def strong(theme: Theme, role: Role) -> str:
    """Give the full colour of a role."""
    return {Role.SUBJECT: theme.blue, Role.CONTEXT: theme.grey, Role.ACCENT: theme.orange}[role]


def tint(theme: Theme, role: Role) -> str:
    """Give the light colour of a role, to be outlined in the full one."""
    return {Role.SUBJECT: theme.blue_tint, Role.CONTEXT: theme.band, Role.ACCENT: theme.orange_tint}[role]


def span(frame: Frame, start: int, stop: int) -> tuple[float, float]:
    """Give left and right px of a bar over the slots `start` up to `stop`, with the gap to its neighbours."""
    left, right = frame.x(start), frame.x(stop)
    gap = min(max((right - left) * 0.14, 0.6), 3.0)
    return left + gap / 2, right - gap / 2


def bar(frame: Frame, stretch: tuple[float, float], low: float, high: float) -> Box:
    """Give the box of a bar between two amounts."""
    return Box(stretch[0], frame.y(max(low, high)), stretch[1], frame.y(min(low, high)))


class Paint:
    """Gathers bars by look, so that each look is one shape: hundreds of bars cost no more than a few."""

    def __init__(self, theme: Theme) -> None:
        """Start with nothing gathered."""
        self._theme = theme
        self._solid: dict[str, list[Box]] = defaultdict(list)
        self._light: dict[Role, list[Box]] = defaultdict(list)

    def add(self, box: Box, role: Role, mark: Mark) -> None:
        """Take one bar: solid if billed, else its tint with an outline."""
        if mark is Mark.BILLED:
            self._solid[strong(self._theme, role)].append(box)
        else:
            self._light[role].append(box)

    def add_solid(self, box: Box, colour: str) -> None:
        """Take one bar of a colour of its own."""
        self._solid[colour].append(box)

    def put(self, canvas: Canvas) -> None:
        """Draw what was gathered."""
        for colour, boxes in self._solid.items():
            canvas.fill(boxes, colour)
        for role, boxes in self._light.items():
            canvas.fill(boxes, tint(self._theme, role))
            canvas.outline(boxes, strong(self._theme, role), width=1.0)


def draw_bars(canvas: Canvas, frame: Frame, bins: Sequence[Bin]) -> Skyline:
    """Draw bars of one amount each. Returns what stands there, for the labels."""
    paint, skyline = Paint(canvas.theme), Skyline()
    for item in bins:
        if item.mark is Mark.MISSING:
            continue
        stretch = span(frame, item.start, item.stop)
        box = bar(frame, stretch, 0.0, item.amount)
        if box.bottom - box.top < _STUB:
            box = stub(frame, stretch)
        paint.add(box, item.role, Mark.BILLED if item.amount == 0 else item.mark)
        skyline.add_top(box)
    paint.put(canvas)
    return skyline


def stub(frame: Frame, stretch: tuple[float, float]) -> Box:
    """Give the mark of zero: known, and nothing."""
    zero = frame.y(0.0)
    return Box(stretch[0], zero - _STUB, stretch[1], zero)


def draw_gaps(canvas: Canvas, frame: Frame, bins: Sequence[Bin], skyline: Skyline) -> None:
    """Hatch the missing slots, run by run, and name each run once where there is room."""
    zero = frame.y(0.0)
    for is_missing, run in groupby(bins, key=lambda item: item.mark is Mark.MISSING):
        if not is_missing:
            continue
        members = list(run)
        left, right = frame.x(members[0].start) + 1, frame.x(members[-1].stop) - 1
        canvas.strokes(hatch(left, right, zero), canvas.theme.grey, width=0.8)
        words = Label(NO_DATA, canvas.theme.muted, is_outlined=True)
        half, middle = canvas.width_of(NO_DATA) / 2, (left + right) / 2
        for x in (middle, middle + half, middle - half):
            top = skyline.above(x - half - 2, x + half + 2, floor=zero - _HATCH)
            if place(canvas, words, x=x, baseline=top - 5):
                if top < zero - _HATCH:
                    canvas.strokes(
                        [(middle, top - 1, middle, zero - _HATCH - 2)], canvas.theme.muted, width=0.8
                    )
                break


def hatch(left: float, right: float, base: float) -> list[tuple[float, float, float, float]]:
    """Give short slanted strokes that fill a slot above the base line."""
    count = max(int((right - left) // 4), 1)
    step = (right - left) / count
    lean = min(step, 4.0)
    return [(left + step * n, base - 1, left + step * n + lean, base - _HATCH) for n in range(count)]


def draw_bar_labels(canvas: Canvas, frame: Frame, bins: Sequence[Bin], skyline: Skyline) -> None:
    """Write the labels of bars above them, the last subject's in bold; what would touch another is left out."""
    labelled = [item for item in bins if item.label]
    ordered = sorted(labelled, key=lambda item: (item.role is Role.CONTEXT, -item.start))[:_MOST_LABELS]
    for number, item in enumerate(ordered):
        is_context = item.role is Role.CONTEXT
        colour = canvas.theme.muted if is_context else strong(canvas.theme, item.role)
        font = BOLD if number == 0 and not is_context else TEXT
        label = Label(canvas.fit(item.label, font, width=140), colour, font, is_outlined=True)
        width = canvas.width_of(label.words, font)
        middle = (frame.x(item.start) + frame.x(item.stop)) / 2
        left = max(min(middle - width / 2, frame.right - width), MARGIN)
        top = skyline.above(left, left + width, floor=frame.y(0.0))
        place(canvas, label, x=left + width / 2, baseline=top - 5)
