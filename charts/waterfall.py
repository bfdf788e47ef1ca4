"""From one total to another: what rose, then what fell, floating over the change alone, never cut from zero."""

from collections.abc import Sequence

from charts.canvas import MARGIN, RIGHT, Box, Canvas, Label
from charts.fonts import BOLD, TEXT, Font
from charts.layout import head
from charts.rows import more
from charts.scale import drawable
from charts.spec import Change, Waterfall
from charts.theme import Theme

_PITCH = 23.0
_BAR = 14.0
_MOST_STEPS = 9
_NAME = 150.0  # who and what: cut shorter, a row no longer tells what it is about
_MONEY = 100.0


def compose(spec: Waterfall, theme: Theme) -> Canvas:
    """Lay the picture out; 78 px and 23 for each row under a title of two lines."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    steps = folded(spec.steps)
    rows = [*steps, spec.change]
    y = baseline + 28
    _words(canvas, *spec.before, y, theme.muted, TEXT)
    left, right = _plot(canvas, rows, spec)
    ends = _running(steps)
    reach = [0.0, *ends, drawable(spec.change.amount)]
    low, high = min(reach), max(reach)
    scale = (right - left) / (high - low or 1.0)
    x = [left + (value - low) * scale for value in (0.0, *ends)]
    top = y + _PITCH
    for number, step in enumerate(rows):
        is_change = number == len(steps)
        y += _PITCH
        bold = step.is_bold or is_change
        colour = theme.orange if step.is_bold and step.amount > 0 and not is_change else theme.ink
        _words(canvas, step.name, step.money, y, theme.ink, BOLD if bold else TEXT, colour)
        start = x[0] if is_change else x[number]
        end = left + (drawable(step.amount) - low) * scale if is_change else x[number + 1]
        fill = theme.grey if is_change else theme.orange if step.amount > 0 else theme.blue
        canvas.fill([_floating(start, end, y, (left, right))], fill)
        if not is_change:
            canvas.strokes([(end, y + 3, end, y + _PITCH - 11)], theme.muted, width=0.8)
    canvas.strokes([(x[0] - 0.5, top - 12, x[0] - 0.5, y + 4)], theme.muted, width=1)
    _words(canvas, *spec.after, y + _PITCH, theme.ink, BOLD)
    return canvas.close(y + _PITCH + 17)


def folded(steps: Sequence[Change]) -> list[Change]:
    """Give the steps that fit; what is beyond becomes one without money in words, so that the bars still add up."""
    if len(steps) <= _MOST_STEPS:
        return list(steps)
    kept, rest = steps[: _MOST_STEPS - 1], steps[_MOST_STEPS - 1 :]
    return [*kept, Change(more(len(rest)), "", drawable(sum(drawable(step.amount) for step in rest)))]


def _running(steps: Sequence[Change]) -> list[float]:
    ends, reached = [], 0.0
    for step in steps:
        reached = drawable(reached + drawable(step.amount))
        ends.append(reached)
    return ends


def _plot(canvas: Canvas, rows: Sequence[Change], spec: Waterfall) -> tuple[float, float]:
    """Give left and right of the bars: between the widest name (cut at 150 px) and the widest money."""
    names = max(canvas.width_of(canvas.fit(row.name, BOLD, width=_NAME), BOLD) for row in rows)
    money = max(canvas.width_of(canvas.fit(row.money, BOLD, width=_MONEY), BOLD) for row in rows)
    return MARGIN + max(names + 10, 70.0), RIGHT - money - 14


def _floating(start: float, end: float, baseline: float, within: tuple[float, float]) -> Box:
    """Give a bar between two places, never thinner than 2 px."""
    left, right = min(start, end), max(start, end)
    if right - left < 2.0:
        left = max(min((left + right) / 2 - 1.0, within[1] - 2.0), within[0])
        right = left + 2.0
    return Box(left, baseline - 11.5, right, baseline - 11.5 + _BAR)


def _words(
    canvas: Canvas, name: str, money: str, baseline: float, colour: str, font: Font, money_colour: str = ""
) -> None:
    canvas.write(Label(canvas.fit(name, font, width=_NAME), colour, font), MARGIN, baseline)
    label = Label(canvas.fit(money, font, width=_MONEY), money_colour or colour, font)
    canvas.write(label, RIGHT, baseline, "right")
