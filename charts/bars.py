"""Amounts per day of a window, the comparison as a grey step line, layers where a second dimension was asked for."""

from collections.abc import Sequence

from charts.canvas import MARGIN, RIGHT, Box, Canvas, Label
from charts.layout import (
    EndLabel,
    Frame,
    Skyline,
    axis,
    column_width,
    end_labels,
    grid,
    grid_labels,
    gutter,
    head,
    no_data,
)
from charts.marks import Bin, Paint, bar, binned, draw_bar_labels, draw_bars, draw_gaps, span, stub
from charts.scale import drawable, top_of
from charts.spec import Bars, Mark
from charts.theme import Theme

_PLOT = 132.0
_MOST_LAYERS = 5


def compose(spec: Bars, theme: Theme) -> Canvas:
    """Lay the picture out; 231 px high under a title of one line."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    bins = binned(spec.slots)
    if not bins:
        return no_data(canvas, baseline)
    compared = [_mean_known(spec.compared[item.start : item.stop], item) for item in bins]
    frame = _frame(canvas, spec, bins, compared, top=baseline + 32)
    grid(canvas, frame, spec.grid)
    skyline = _layered(canvas, frame, spec, bins) if spec.layers else draw_bars(canvas, frame, bins)
    _steps(canvas, frame, bins, compared)
    if spec.budget:
        y = frame.y(spec.budget.amount)
        canvas.line([(MARGIN, y), (frame.right + 4, y)], theme.ink, width=1.3)
    axis(canvas, frame, spec.axis)
    draw_bar_labels(canvas, frame, bins, skyline)
    draw_gaps(canvas, frame, bins, skyline)
    ends = _end_labels(spec, theme, frame, bins, compared)
    end_labels(canvas, ends, x=frame.right + 8, top=frame.top + 4, bottom=frame.base)
    grid_labels(canvas, frame, spec.grid, avoid=[frame.y(spec.budget.amount)] if spec.budget else [])
    return canvas.close(frame.base + 26)


def _mean_known(amounts: Sequence[float | None], item: Bin) -> float | None:
    """Give the comparison of one bar: the sum of what is known of its slots."""
    known = [drawable(amount) for amount in amounts if amount is not None]
    return drawable(sum(known)) if known else None


def _frame(
    canvas: Canvas, spec: Bars, bins: Sequence[Bin], compared: Sequence[float | None], *, top: float
) -> Frame:
    amounts = [item.amount for item in bins] + [amount for amount in compared if amount is not None]
    amounts += [drawable(spec.budget.amount)] if spec.budget else []
    ends = _end_labels(spec, canvas.theme, None, bins, compared)
    right = RIGHT - 8 - column_width(canvas, ends) if ends else float(RIGHT)
    left = MARGIN + gutter(canvas, spec.grid)
    return Frame(left, right, top, top + _PLOT, len(spec.slots), min(0.0, *amounts), top_of(amounts))


def _layered(canvas: Canvas, frame: Frame, spec: Bars, bins: Sequence[Bin]) -> Skyline:
    """Draw each bar in layers from the bottom; outlined in ink where the amount is not billed yet."""
    paint, skyline, unsure = Paint(canvas.theme), Skyline(), list[Box]()
    for item in bins:
        if item.mark is Mark.MISSING:
            continue
        stretch = span(frame, item.start, item.stop)
        reached = 0.0
        for colour, layer in zip(layer_colours(canvas.theme, spec), spec.layers[:_MOST_LAYERS], strict=False):
            amount = max(sum(drawable(part) for part in layer.amounts[item.start : item.stop]), 0.0)
            paint.add_solid(bar(frame, stretch, reached, reached + amount), colour)
            reached += amount
        whole = bar(frame, stretch, 0.0, reached) if reached > 0 else stub(frame, stretch)
        if item.mark is not Mark.BILLED:
            unsure.append(whole)
        skyline.add_top(whole)
    paint.put(canvas)
    canvas.outline(unsure, canvas.theme.ink, width=0.8)
    return skyline


def layer_colours(theme: Theme, spec: Bars) -> list[str]:
    """Give the layers' colours: grey is the last one of four or five, which is "other"; orange stays for trouble."""
    strong = [theme.blue, theme.third, theme.fourth]
    return [*strong[: len(spec.layers)], *[theme.grey] * max(len(spec.layers) - len(strong), 0)]


def _steps(canvas: Canvas, frame: Frame, bins: Sequence[Bin], compared: Sequence[float | None]) -> None:
    """Draw the comparison as steps, broken where there is none."""
    runs: list[list[tuple[float, float]]] = [[]]
    for item, amount in zip(bins, compared, strict=True):
        if amount is None:
            runs.append([])
        else:
            y = frame.y(amount)
            runs[-1] += [(frame.x(item.start), y), (frame.x(item.stop), y)]
    for run in runs:
        # Grey on blue cannot be told apart by everybody: an edge in card colour sets the line off from the bars.
        canvas.line(run, canvas.theme.card, width=3.2)
        canvas.line(run, canvas.theme.grey, width=1.6)


def _end_labels(
    spec: Bars, theme: Theme, frame: Frame | None, bins: Sequence[Bin], compared: Sequence[float | None]
) -> list[EndLabel]:
    """Give the words of the right column: layers from the bottom up, comparison and budget beside their lines."""

    def y(amount: float) -> float:
        return frame.y(amount) if frame else 0.0

    ends: list[EndLabel] = []
    reached = 0.0
    for rank, (colour, layer) in enumerate(
        zip(layer_colours(theme, spec), spec.layers[:_MOST_LAYERS], strict=False)
    ):
        last = bins[-1]
        amount = max(sum(drawable(part) for part in layer.amounts[last.start : last.stop]), 0.0)
        ends.append(EndLabel(Label(layer.name, theme.ink), y(reached + amount / 2), rank, colour))
        reached += amount
    known = [amount for amount in compared if amount is not None]
    if known and spec.compared_label:
        ends.append(EndLabel(Label(spec.compared_label, theme.muted), y(known[-1]), 6))
    if spec.budget and spec.budget.label:
        ends.append(EndLabel(Label(spec.budget.label, theme.ink), y(spec.budget.amount), 5))
    return ends
