"""Hours of the day: mean spend of each hour, the busiest block in blue, batches in grey and named."""

from charts.canvas import MARGIN, RIGHT, Canvas
from charts.layout import Frame, axis, grid, grid_labels, head, no_data
from charts.marks import binned, draw_bar_labels, draw_bars, draw_gaps
from charts.scale import top_of
from charts.spec import Hours
from charts.theme import Theme

_PLOT = 100.0


def compose(spec: Hours, theme: Theme) -> Canvas:
    """Lay the picture out; 224 px high under a title of two lines."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    bins = binned(spec.slots)
    if not bins:
        return no_data(canvas, baseline)
    top = baseline + 32
    amounts = [item.amount for item in bins]
    width = max(len(spec.slots), spec.hours)
    frame = Frame(MARGIN, RIGHT, top, top + _PLOT, width, min(0.0, *amounts), top_of(amounts))
    grid(canvas, frame, spec.grid)
    skyline = draw_bars(canvas, frame, bins)
    axis(canvas, frame, spec.axis)
    draw_bar_labels(canvas, frame, bins, skyline)
    draw_gaps(canvas, frame, bins, skyline)
    grid_labels(canvas, frame, spec.grid)
    return canvas.close(frame.base + 32)
