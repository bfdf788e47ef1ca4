"""Budgets as bars: what is spent, the forecast in a light tint, a tick at the limit, room to 130 %."""

from charts.canvas import MARGIN, RIGHT, Box, Canvas, Label
from charts.fonts import BOLD
from charts.layout import head, no_data
from charts.rows import more, shown, tick
from charts.scale import drawable
from charts.spec import BudgetRow, Budgets
from charts.theme import Theme

_PITCH = 54.0
_MOST_PX = 346.0
_LIMIT_AT = 266.0
_TRACK_END = MARGIN + (_LIMIT_AT - MARGIN) * 1.3
_BEYOND = "»"


def compose(spec: Budgets, theme: Theme) -> Canvas:
    """Lay the picture out; 64 px and 54 for each budget under a title of one line, at most five of them."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    rows, left_out = shown(spec.rows, max(int((_MOST_PX - 18 - baseline) // _PITCH), 1))
    if not rows:
        return no_data(canvas, baseline)
    y = baseline
    for row in rows:
        _row(canvas, row, y)
        y += _PITCH
    if left_out:
        canvas.write(Label(more(left_out), theme.muted), MARGIN, y + 20)
        y += 8
    return canvas.close(y + 23)


def _row(canvas: Canvas, row: BudgetRow, top: float) -> None:
    theme = canvas.theme
    spent_of = Label(canvas.fit(row.spent_of, width=200), theme.ink)
    canvas.write(spent_of, RIGHT, top + 23, "right")
    name = canvas.fit(row.name, BOLD, width=RIGHT - canvas.width_of(spent_of.words) - MARGIN - 8)
    canvas.write(Label(name, theme.ink, BOLD), MARGIN, top + 23)
    bar = Box(MARGIN, top + 29, _TRACK_END, top + 39)
    _bar(canvas, row, bar)
    colour = theme.orange if drawable(row.spent) > drawable(row.limit) else theme.blue
    percent = canvas.fit(row.percent, BOLD, width=80)
    canvas.write(Label(percent, colour, BOLD), MARGIN, top + 54)
    at = max(MARGIN + canvas.width_of(percent, BOLD) + 12, 52.0)
    note = Label(canvas.fit(row.note, width=RIGHT - at), theme.orange if row.is_over else theme.muted)
    canvas.write(note, at, top + 54)


def _bar(canvas: Canvas, row: BudgetRow, bar: Box) -> None:
    """Draw track, spent, what is over, forecast and limit; `»` where the forecast goes beyond the track."""
    theme = canvas.theme
    canvas.fill([bar], theme.track)
    spent_at = _at(row.spent, row.limit)
    canvas.fill([Box(bar.left, bar.top, min(spent_at, _LIMIT_AT), bar.bottom)], theme.blue)
    if spent_at > _LIMIT_AT:
        canvas.fill([Box(_LIMIT_AT, bar.top, spent_at, bar.bottom)], theme.orange)
    if row.forecast is not None and (ends_at := _at(row.forecast, row.limit)) > spent_at:
        light = Box(spent_at, bar.top, ends_at, bar.bottom)
        edge, fill = (theme.orange, theme.orange_tint) if row.is_over else (theme.blue, theme.blue_tint)
        canvas.fill([light], fill)
        canvas.outline([light], edge, width=1)
    beyond = max(drawable(row.spent), drawable(row.forecast or 0.0))
    if beyond > 1.3 * max(drawable(row.limit), 0.0):
        colour = theme.card if spent_at > bar.right - 12 else theme.orange
        canvas.write(Label(_BEYOND, colour, BOLD), bar.right - 3, bar.bottom - 1, "right")
    tick(canvas, _LIMIT_AT, bar, reach=3)


def _at(amount: float, limit: float) -> float:
    """Give the px of an amount; the limit is at 266, the track ends at 130 % of it."""
    share = drawable(amount) / drawable(limit) if drawable(limit) > 0 else float(drawable(amount) > 0) * 2
    return MARGIN + (_LIMIT_AT - MARGIN) * min(max(share, 0.0), 1.3)
