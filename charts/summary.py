"""The morning picture in three bands: the last days, the month as one bar, what moved."""

from charts.canvas import MARGIN, RIGHT, Box, Canvas, Label
from charts.fonts import BOLD, TEXT
from charts.layout import Frame, axis, head, no_data
from charts.marks import binned, draw_bar_labels, draw_bars, draw_gaps
from charts.rows import tick
from charts.scale import drawable, top_of
from charts.spec import Change, MonthBar, Summary
from charts.theme import Theme

_DAYS = 72.0
_MOST_MOVERS = 3


def compose(spec: Summary, theme: Theme) -> Canvas:
    """Lay the picture out; 346 px high with all bands under a title of two lines."""
    canvas = Canvas(theme)
    y = head(canvas, spec.title, spec.subtitle)
    if not spec.slots and spec.month is None and not spec.movers:
        return no_data(canvas, y)
    if spec.slots:
        y = _days(canvas, spec, y)
    if spec.month is not None:
        y = _month(canvas, spec.month, y)
    if spec.movers:
        y = _movers(canvas, spec.movers_heading, spec.movers[:_MOST_MOVERS], y)
    return canvas.close(y + 15)


def _days(canvas: Canvas, spec: Summary, baseline: float) -> float:
    bins = binned(spec.slots)
    amounts = [item.amount for item in bins]
    top = baseline + 32
    frame = Frame(MARGIN, RIGHT, top, top + _DAYS, len(spec.slots), min(0.0, *amounts), top_of(amounts))
    skyline = draw_bars(canvas, frame, bins)
    axis(canvas, frame, spec.axis)
    draw_bar_labels(canvas, frame, bins, skyline)
    draw_gaps(canvas, frame, bins, skyline)
    return frame.base + 15


def _month(canvas: Canvas, month: MonthBar, baseline: float) -> float:
    """Draw the month to now and its forecast as one bar, the limit as a tick."""
    theme = canvas.theme
    y = baseline + 27
    canvas.write(Label(canvas.fit(month.heading, BOLD), theme.ink, BOLD), MARGIN, y)
    bar = Box(MARGIN, y + 11, RIGHT, y + 23.5)
    canvas.fill([bar], theme.track)
    limit = drawable(month.limit.amount) if month.limit else 0.0
    scale = (RIGHT - MARGIN) / (1.075 * top_of((month.spent, month.forecast or 0.0, limit)))
    spent_at = MARGIN + max(drawable(month.spent), 0.0) * scale
    limit_at = MARGIN + max(limit, 0.0) * scale if month.limit else spent_at
    canvas.fill([Box(MARGIN, bar.top, min(spent_at, limit_at), bar.bottom)], theme.blue)
    if spent_at > limit_at:
        canvas.fill([Box(limit_at, bar.top, spent_at, bar.bottom)], theme.orange)
    ends_at = MARGIN + max(drawable(month.forecast or 0.0), 0.0) * scale
    if ends_at > spent_at:
        light = Box(spent_at, bar.top, ends_at, bar.bottom)
        canvas.fill([light], theme.orange_tint if month.is_over else theme.blue_tint)
        canvas.outline([light], theme.orange if month.is_over else theme.blue, width=1)
    if month.limit:
        tick(canvas, limit_at, bar, reach=3.5)
    _month_labels(canvas, month, spent_at, limit_at, y + 40)
    return y + 40


def _month_labels(canvas: Canvas, month: MonthBar, spent_at: float, limit_at: float, baseline: float) -> None:
    """Write what is spent under its end and the limit under its tick; the first gives way to the left."""
    theme = canvas.theme
    edge = float(RIGHT)
    if month.limit:
        limit = Label(canvas.fit(month.limit.label, width=150), theme.ink)
        width = canvas.width_of(limit.words)
        left = max(min(limit_at - width / 2, RIGHT - width), MARGIN + 100)
        canvas.write(limit, left, baseline)
        edge = left - 10
    spent = Label(canvas.fit(month.spent_label, BOLD, width=edge - MARGIN), theme.blue, BOLD)
    width = canvas.width_of(spent.words, BOLD)
    canvas.write(spent, max(min(spent_at, edge) - width, MARGIN), baseline)


def _movers(canvas: Canvas, heading: str, movers: tuple[Change, ...], baseline: float) -> float:
    """Draw rises to the right and falls to the left of one line of zero."""
    theme = canvas.theme
    y = baseline + 26
    canvas.write(Label(canvas.fit(heading, BOLD), theme.ink, BOLD), MARGIN, y)
    fonts = [BOLD if mover.is_bold else TEXT for mover in movers]
    money = [canvas.fit(mover.money, font, width=100) for mover, font in zip(movers, fonts, strict=True)]
    names = [canvas.fit(mover.name, width=100) for mover in movers]
    left = MARGIN + max(max(map(canvas.width_of, names)) + 12, 90.0)
    right = RIGHT - max(map(canvas.width_of, money, fonts)) - 16
    amounts = [drawable(mover.amount) for mover in movers]
    low, high = min(0.0, *amounts), max(0.0, *amounts)
    scale = (right - left) / (high - low or 1.0)
    zero = left - low * scale
    top = y + 10
    for mover, font, name, words in zip(movers, fonts, names, money, strict=True):
        y += 19
        canvas.write(Label(name, theme.ink), MARGIN, y)
        canvas.write(Label(words, theme.ink, font), RIGHT, y, "right")
        end = zero + drawable(mover.amount) * scale
        fill = theme.orange if mover.amount > 0 else theme.blue
        canvas.fill([Box(min(zero, end), y - 10.5, max(zero, end), y + 1.5)], fill)
    canvas.strokes([(zero, top - 3, zero, y + 5)], theme.muted, width=1)
    return y
