"""The month's running total: spent to now, dashed to the end with its range, against last month and the budget."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

from charts.canvas import MARGIN, RIGHT, Canvas, Label
from charts.fonts import BOLD
from charts.layout import (
    EndLabel,
    Frame,
    Skyline,
    axis,
    column_width,
    end_labels,
    grid,
    grid_labels,
    head,
    no_data,
    place,
)
from charts.marks import hatch
from charts.scale import drawable, top_of
from charts.spec import FanPoint, Mark, Point, Trend
from charts.theme import Theme
from charts.words import NO_DATA

_PLOT = 174.0
# A plot is 228 px wide at most: more points than this cannot be told apart.
_MOST_POINTS = 456
_WIDTHS = {Mark.BILLED: 3.2, Mark.ESTIMATED: 1.4, Mark.OPEN: 1.4}

_T = TypeVar("_T")


def compose(spec: Trend, theme: Theme) -> Canvas:
    """Lay the picture out; 262 px high under a title of one line."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    spent, compared, fan = thinned(spec.spent), thinned(spec.compared), thinned(spec.fan)
    if not (spent or compared or fan):
        return no_data(canvas, baseline)
    ends = _end_labels(spec, theme)
    right = min(244.0, RIGHT - 8 - column_width(canvas, ends)) if ends else RIGHT
    frame = _frame(spec, (spent, compared, fan), top=baseline + 21, right=right)
    grid(canvas, frame, spec.grid)
    skyline, past = _lines(canvas, frame, spec, (spent, compared, fan))
    axis(canvas, frame, spec.axis)
    known = [point for point in spent if point.mark is not Mark.MISSING]
    if known:
        _now(canvas, frame, known[-1], spec.now_label, skyline, past)
    _gaps(canvas, frame, spent)
    at_px = [EndLabel(end.label, frame.y(end.y), end.rank) for end in ends]
    end_labels(canvas, at_px, x=right + 8, top=frame.top - 2, bottom=frame.base)
    grid_labels(canvas, frame, spec.grid, avoid=[frame.y(spec.budget.amount)] if spec.budget else [])
    return canvas.close(frame.base + 26)


def thinned(items: Sequence[_T], most: int = _MOST_POINTS) -> list[_T]:
    """Give at most `most` of `items`, evenly spaced, the first and the last among them."""
    if len(items) <= most:
        return list(items)
    return [items[number * (len(items) - 1) // (most - 1)] for number in range(most)]


_Lines = tuple[list[Point], list[Point], list[FanPoint]]


def _frame(spec: Trend, lines: _Lines, *, top: float, right: float) -> Frame:
    spent, compared, fan = lines
    amounts = [drawable(point.amount) for point in (*spent, *compared) if point.mark is not Mark.MISSING]
    amounts += [drawable(edge) for point in fan for edge in (point.low, point.amount, point.high)]
    amounts += [drawable(spec.budget.amount)] if spec.budget else []
    days = max(drawable(spec.days), 1e-3)
    return Frame(MARGIN, right, top, top + _PLOT, days, min([0.0, *amounts]), 1.04 * top_of(amounts))


def _lines(canvas: Canvas, frame: Frame, spec: Trend, lines: _Lines) -> tuple[Skyline, Skyline]:
    """Draw comparison, range, budget, forecast and what is spent, in this order: later ones lie on top.

    Returns where what is spent and expected stands, and where the comparison does.
    """
    spent, compared, fan = lines
    theme, skyline, past = canvas.theme, Skyline(), Skyline()
    for stretch, _ in _stretches(compared):
        points = _pixels(frame, stretch)
        canvas.line(points, theme.grey, width=1.3)
        past.add_line(points)
    low = [(frame.x(point.at), frame.y(point.low)) for point in fan]
    high = [(frame.x(point.at), frame.y(point.high)) for point in fan]
    canvas.area([*high, *reversed(low)], theme.blue_tint)
    canvas.line(low, theme.blue, width=0.7)
    canvas.line(high, theme.blue, width=0.7)
    skyline.add_line(high)
    middle = [(frame.x(point.at), frame.y(point.amount)) for point in fan]
    canvas.line(middle, theme.blue, width=1.8, is_dashed=True)
    if spec.budget:
        y = frame.y(spec.budget.amount)
        canvas.line([(MARGIN, y), (frame.right + 4, y)], theme.ink, width=1.3)
    for stretch, mark in _stretches(spent):
        points = _pixels(frame, stretch)
        canvas.line(points, theme.blue, width=_WIDTHS[mark])
        skyline.add_line(points)
    return skyline, past


def _stretches(points: Sequence[Point]) -> list[tuple[list[Point], Mark]]:
    """Cut a line where its mark changes; missing stretches are left out."""
    stretches: list[tuple[list[Point], Mark]] = []
    for before, after in pairwise(points):
        if after.mark is Mark.MISSING:
            continue
        if stretches and stretches[-1][1] is after.mark and stretches[-1][0][-1] is before:
            stretches[-1][0].append(after)
        else:
            stretches.append(([before, after], after.mark))
    return stretches


def _pixels(frame: Frame, points: Sequence[Point]) -> list[tuple[float, float]]:
    return [(frame.x(point.at), frame.y(point.amount)) for point in points]


def _gaps(canvas: Canvas, frame: Frame, spent: Sequence[Point]) -> None:
    """Hatch the stretches without data, each named where there is room."""
    zero = frame.y(0.0)
    for before, after in pairwise(spent):
        if after.mark is not Mark.MISSING:
            continue
        left, right = frame.x(before.at), frame.x(after.at)
        canvas.strokes(hatch(left, right, zero), canvas.theme.grey, width=0.8)
        label, within = Label(NO_DATA, canvas.theme.muted, is_outlined=True), (MARGIN, frame.right)
        # It starts where the gap starts: a running total only passes above that.
        place(canvas, label, x=left + 2 + canvas.width_of(NO_DATA) / 2, baseline=zero - 17, within=within)


def _now(canvas: Canvas, frame: Frame, last: Point, words: str, skyline: Skyline, past: Skyline) -> None:
    """Mark where the spending stands: left above the dot, or above all lines while the month is young.

    Where the comparison runs there: right below the dot, or above the comparison.
    """
    theme = canvas.theme
    x, y = frame.x(last.at), frame.y(last.amount)
    canvas.dot(x, y, theme.blue)
    label = Label(canvas.fit(words, BOLD, width=200), theme.blue, BOLD, is_outlined=True)
    width = canvas.width_of(label.words, BOLD)
    left = max(x - 4 - width, MARGIN)
    clear = skyline.above(left, left + width, floor=y) - 6
    baseline = max(min(y - 9, clear), frame.top - 6)
    if past.crosses(canvas.box_of(label, left, baseline)):
        below = canvas.box_of(label, x + 6, y + 17)
        if below.right <= frame.right and not past.crosses(below) and not skyline.crosses(below):
            left, baseline = x + 6, y + 17
        else:
            baseline = max(past.above(left, left + width, floor=clear) - 6, frame.top - 6)
    if label.words:
        canvas.write(label, left, baseline)


def _end_labels(spec: Trend, theme: Theme) -> list[EndLabel]:
    """Give the words of the right column; `y` still holds amounts."""
    ends: list[EndLabel] = []
    if spec.fan:
        end = drawable(spec.fan[-1].amount)
        ends.append(EndLabel(Label(spec.forecast_label, theme.blue, BOLD), end, 0))
        ends.append(EndLabel(Label(spec.range_label, theme.blue), end, 2))
    if spec.budget:
        ends.append(EndLabel(Label(spec.budget.label, theme.ink), drawable(spec.budget.amount), 1))
    if spec.compared:
        ends.append(EndLabel(Label(spec.compared_label, theme.muted), drawable(spec.compared[-1].amount), 3))
    return [end for end in ends if end.label.words]
