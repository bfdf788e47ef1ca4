"""The track record: a month's end as it was forecast on each day, with its range, against what it came to."""

from charts.canvas import MARGIN, RIGHT, Canvas, Label
from charts.fonts import BOLD
from charts.layout import (
    EndLabel,
    Frame,
    axis,
    column_width,
    end_labels,
    grid,
    head,
    no_data,
    place,
)
from charts.scale import drawable
from charts.spec import FanPoint, Record
from charts.theme import Theme
from charts.trend import thinned

_PLOT = 118.0
_ROOM = 0.06  # of the span, above and below, so that no edge lies on the frame
_DROP = 24.0  # from the dot down, or up, to its words


def compose(spec: Record, theme: Theme) -> Canvas:
    """Lay the picture out; 236 px high under a title of two lines."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    shown = thinned(spec.shown)
    if not shown:
        return no_data(canvas, baseline)
    ends = _end_labels(spec, theme)
    right = min(262.0, RIGHT - 8 - column_width(canvas, ends))
    frame = _frame(spec, shown, top=baseline + 34, right=right)
    grid(canvas, frame, spec.grid)
    _lines(canvas, frame, spec, shown)
    axis(canvas, frame, spec.axis)
    held = Label(canvas.fit(spec.held_label, width=right - MARGIN), theme.muted, is_outlined=True)
    place(canvas, held, x=right, baseline=baseline + 26, within=(MARGIN, right))
    _dot(canvas, frame, spec)
    at_px = [EndLabel(end.label, frame.y(end.y) - 4 * (end.rank == 1), end.rank) for end in ends]
    end_labels(canvas, at_px, x=right + 8, top=frame.top, bottom=frame.base)
    return canvas.close(frame.base + 26)


def _frame(spec: Record, shown: list[FanPoint], *, top: float, right: float) -> Frame:
    amounts = [drawable(edge) for point in shown for edge in (point.low, point.amount, point.high)]
    amounts.append(drawable(spec.actual.amount))
    low, high = min(amounts), max(amounts)
    room = max((high - low) * _ROOM, abs(high) * 0.001, 1e-6)
    return Frame(MARGIN, right, top, top + _PLOT, max(spec.days, 1), low - room, high + room)


def _lines(canvas: Canvas, frame: Frame, spec: Record, shown: list[FanPoint]) -> None:
    """Draw the range, what the month came to, and the forecasts over both."""
    theme = canvas.theme
    low = [(frame.x(point.at), frame.y(point.low)) for point in shown]
    high = [(frame.x(point.at), frame.y(point.high)) for point in shown]
    canvas.area([*high, *reversed(low)], theme.blue_tint)
    canvas.line(low, theme.blue, width=0.7)
    canvas.line(high, theme.blue, width=0.7)
    actual = frame.y(spec.actual.amount)
    canvas.line([(MARGIN, actual), (frame.right + 4, actual)], theme.ink, width=1.3)
    middle = [(frame.x(point.at), frame.y(point.amount)) for point in shown]
    canvas.line(middle, theme.blue, width=2.4)


def _dot(canvas: Canvas, frame: Frame, spec: Record) -> None:
    """Mark the day that is talked about, its words where the plot has more room: below, else above."""
    if spec.dot is None:
        return
    theme = canvas.theme
    x, y = frame.x(spec.dot.at), frame.y(spec.dot.amount)
    has_room_below = frame.base - y > _DROP + 12
    end = y + _DROP if has_room_below else y - _DROP
    canvas.strokes([(x, y, x, end)], theme.blue, width=1.1)
    canvas.dot(x, y, theme.blue)
    label = Label(canvas.fit(spec.dot_label, BOLD, width=220), theme.blue, BOLD, is_outlined=True)
    place(canvas, label, x=x, baseline=end + (12 if has_room_below else -4), within=(MARGIN, frame.right))


def _end_labels(spec: Record, theme: Theme) -> list[EndLabel]:
    """Give the words of the right column; `y` still holds amounts. Values of the grid would hide the range inside."""
    words = (Label(spec.actual.label, theme.ink, BOLD), Label(spec.actual_word, theme.ink))
    ends = [EndLabel(label, drawable(spec.actual.amount), rank) for rank, label in enumerate(words)]
    ends += [EndLabel(Label(line.label, theme.muted), drawable(line.value), 2) for line in spec.grid[:4]]
    return [end for end in ends if end.label.words]
