"""Slices by size: name, money and share above a bar each, the comparison as a tick, providers' shares on top."""

from charts.canvas import MARGIN, RIGHT, WIDTH, Box, Canvas, Label
from charts.fonts import BOLD, TEXT
from charts.layout import head, no_data
from charts.marks import strong
from charts.rows import more, shown, tick
from charts.scale import drawable, top_of
from charts.spec import Breakdown, Role, Slice
from charts.theme import Theme

_MOST_ROWS = 8
_PITCH = 31.0
_STRIP = 16.0
_MONEY_AT = 304


def compose(spec: Breakdown, theme: Theme) -> Canvas:
    """Lay the picture out; 126 px and 31 for each row under a title of two lines, closer if that is above 360."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    rows, left_out = shown(spec.rows, _MOST_ROWS)
    if not rows:
        return no_data(canvas, baseline)
    y = baseline + 15
    if parts := [part for part in spec.strip[:_MOST_ROWS] if drawable(part.share) > 0]:
        _strip(canvas, [(part.label, drawable(part.share)) for part in parts], y)
        y += _STRIP + 3
    note = " · ".join(words for words in (more(left_out) if left_out else "", spec.note) if words)
    below = 35.0 if note else 16.0
    pitch = min(_PITCH, (WIDTH - below - y) / len(rows))
    for row in rows:
        _row(canvas, row, y, pitch, top_of(row.amount for row in rows))
        y += pitch
    if note:
        canvas.write(Label(canvas.fit(note), theme.muted), MARGIN, y + 16.5)
    return canvas.close(y + below)


def _strip(canvas: Canvas, parts: list[tuple[str, float]], top: float) -> None:
    """Draw the providers' shares as one bar, blue then grey by turns; a label goes in only where it fits."""
    theme, left = canvas.theme, float(MARGIN)
    total = sum(share for _, share in parts)
    room = RIGHT - MARGIN - 2.0 * (len(parts) - 1)
    looks = [
        (theme.blue, theme.on_blue, BOLD),
        (theme.grey, theme.on_grey, TEXT),
        (theme.third, theme.card, TEXT),
        (theme.fourth, "#FFFFFF", TEXT),
    ]
    for number, (words, share) in enumerate(parts):
        fill, ink, font = looks[min(number, len(looks) - 1)]
        right = left + room * share / total
        canvas.fill([Box(left, top, right, top + _STRIP)], fill)
        label = Label(canvas.fit(words, font), ink, font)
        inset = min((right - left - canvas.width_of(label.words, font)) / 2, 6.0)
        if inset >= 3.0:
            canvas.write(label, left + inset, top + 12.5)
        left = right + 2


def _row(canvas: Canvas, row: Slice, top: float, pitch: float, scale: float) -> None:
    """Draw one slice; `scale` is the largest amount."""
    theme = canvas.theme
    is_accent = row.role is Role.ACCENT
    baseline = top + min(15.0, pitch - 16)
    money = Label(canvas.fit(row.money, BOLD, width=120), theme.orange if is_accent else theme.ink, BOLD)
    canvas.write(money, _MONEY_AT, baseline, "right")
    share = Label(canvas.fit(row.share, width=RIGHT - _MONEY_AT - 4), theme.muted)
    canvas.write(share, RIGHT, baseline, "right")
    font = BOLD if is_accent else TEXT
    name = canvas.fit(row.name, font, width=_MONEY_AT - canvas.width_of(money.words, BOLD) - MARGIN - 8)
    canvas.write(Label(name, theme.ink, font), MARGIN, baseline)
    track = Box(MARGIN, baseline + 5, RIGHT, baseline + 13)
    canvas.fill([track], theme.track)
    reach = (RIGHT - MARGIN) / scale
    if (amount := drawable(row.amount)) > 0:
        right = MARGIN + min(max(amount * reach, 2.0), RIGHT - MARGIN)
        canvas.fill([Box(MARGIN, track.top, right, track.bottom)], strong(theme, row.role))
    if row.compared is not None:
        held = min(max(drawable(row.compared) * reach, 1.0), RIGHT - MARGIN - 1.0)
        tick(canvas, MARGIN + held, track)
