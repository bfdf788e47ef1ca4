"""The hours of a day with the cause on top in orange, over the usual band, and the moment when it was told."""

from charts.canvas import MARGIN, RIGHT, Box, Canvas, Label
from charts.fonts import BOLD
from charts.layout import Frame, Skyline, axis, grid, grid_labels, head, no_data
from charts.marks import Paint, bar, hatch, span, stub
from charts.scale import drawable, top_of
from charts.spec import Mark, Role, Spike, SpikeSlot, Usual
from charts.theme import Theme

_PLOT = 132.0
# A day has 23, 24 or 25 hours; a short run of days still shows.
_MOST_HOURS = 62


def compose(spec: Spike, theme: Theme) -> Canvas:
    """Lay the picture out; 252 px high under a title of two lines."""
    canvas = Canvas(theme)
    baseline = head(canvas, spec.title, spec.subtitle)
    hours = max(1, min(spec.hours, _MOST_HOURS))
    slots, usual = spec.slots[:hours], spec.usual[:hours]
    if not slots and not usual:
        return no_data(canvas, baseline)
    frame = _frame(slots, usual, hours, top=baseline + 32)
    grid(canvas, frame, spec.grid)
    _band(canvas, frame, usual)
    skyline = _bars(canvas, frame, slots)
    _usual_line(canvas, frame, usual)
    axis(canvas, frame, spec.axis)
    _told(canvas, frame, spec, skyline)
    skyline.add_line(_steps(frame, [hour.high for hour in usual]))
    _cause(canvas, frame, spec, slots, skyline)
    _usual_label(canvas, spec.usual_label if usual else "", frame, skyline)
    grid_labels(canvas, frame, spec.grid)
    return canvas.close(frame.base + 28)


def _frame(slots: tuple[SpikeSlot, ...], usual: tuple[Usual, ...], hours: int, *, top: float) -> Frame:
    totals = [_rest(slot) + _cause_of(slot) for slot in slots]
    edges = [drawable(edge) for hour in usual for edge in (hour.high, hour.amount)]
    return Frame(MARGIN, RIGHT, top, top + _PLOT, hours, 0.0, top_of([*totals, *edges]))


def _rest(slot: SpikeSlot) -> float:
    return 0.0 if slot.mark is Mark.MISSING else max(drawable(slot.rest), 0.0)


def _cause_of(slot: SpikeSlot) -> float:
    return 0.0 if slot.mark is Mark.MISSING else max(drawable(slot.cause), 0.0)


def _band(canvas: Canvas, frame: Frame, usual: tuple[Usual, ...]) -> None:
    high = _steps(frame, [hour.high for hour in usual])
    low = _steps(frame, [hour.low for hour in usual])
    canvas.area([*high, *reversed(low)], canvas.theme.band)
    canvas.line(high, canvas.theme.grey, width=0.7)
    canvas.line(low, canvas.theme.grey, width=0.7)


def _usual_line(canvas: Canvas, frame: Frame, usual: tuple[Usual, ...]) -> None:
    canvas.line(_steps(frame, [hour.amount for hour in usual]), canvas.theme.ink, width=1.1)


def _steps(frame: Frame, amounts: list[float]) -> list[tuple[float, float]]:
    return [(frame.x(n + side), frame.y(amount)) for n, amount in enumerate(amounts) for side in (0, 1)]


def _bars(canvas: Canvas, frame: Frame, slots: tuple[SpikeSlot, ...]) -> Skyline:
    """Stack the cause on the rest, a hairline of card colour between them."""
    paint, skyline = Paint(canvas.theme), Skyline()
    for number, slot in enumerate(slots):
        stretch = span(frame, number, number + 1)
        if slot.mark is Mark.MISSING:
            canvas.strokes(hatch(*stretch, frame.base), canvas.theme.grey, width=0.8)
            continue
        rest, cause = _rest(slot), _cause_of(slot)
        lower = bar(frame, stretch, 0.0, rest)
        if rest + cause <= 0.0 or (cause == 0.0 and lower.bottom - lower.top < 2):
            lower = stub(frame, stretch)
        paint.add(lower, Role.SUBJECT, slot.mark)
        top = lower
        if cause > 0.0:
            top = bar(frame, stretch, rest, rest + cause)
            paint.add(
                Box(top.left, top.top, top.right, max(top.bottom - 0.7, top.top)), Role.ACCENT, slot.mark
            )
        skyline.add_top(top)
    paint.put(canvas)
    return skyline


def _told(canvas: Canvas, frame: Frame, spec: Spike, skyline: Skyline) -> None:
    """Draw the short line of the announcement from above the plot down to the bar of its hour."""
    if spec.told is None:
        return
    x = frame.x(spec.told.at)
    top = frame.top - 11
    foot = max(skyline.above(x, x, floor=frame.top + 22), top + 10)
    canvas.line([(x, top), (x, foot)], canvas.theme.muted, width=1.1)
    label = Label(canvas.fit(spec.told.text, width=120), canvas.theme.ink, is_outlined=True)
    if x - 5 - canvas.width_of(label.words) >= MARGIN:
        canvas.write(label, x - 5, top + 10, "right")
    else:
        canvas.write(label, x + 5, top + 10)


def _cause(canvas: Canvas, frame: Frame, spec: Spike, slots: tuple[SpikeSlot, ...], skyline: Skyline) -> None:
    """Write the cause and its pace beside its last bars: right of them, or left where only there nothing stands."""
    hours = [number for number, slot in enumerate(slots) if _cause_of(slot) > 0.0]
    if not hours:
        return
    whole = [n for n in hours if slots[n].mark is not Mark.OPEN] or hours
    in_a_row = [n for n in hours if all(later in hours for later in range(n, hours[-1]))]
    right, left = (
        span(frame, whole[-1], whole[-1] + 1)[1] + 6,
        span(frame, in_a_row[0], in_a_row[0] + 1)[0] - 6,
    )
    is_right = RIGHT - right >= min(100.0, left - MARGIN) or RIGHT - right >= left - MARGIN
    widest = max(canvas.width_of(spec.cause_name, BOLD), canvas.width_of(spec.cause_pace))
    free = {
        True: _free_baseline(canvas, frame, skyline, right, right + widest),
        False: _free_baseline(canvas, frame, skyline, left - widest, left),
    }
    if free[is_right] is None and free[not is_right] is not None:
        is_right = not is_right
    baseline = free[is_right] or frame.top + 26
    room = RIGHT - right if is_right else left - MARGIN
    if room < 60:
        is_right, right, room = True, MARGIN, RIGHT - MARGIN
    colour = canvas.theme.orange
    name = Label(canvas.fit(spec.cause_name, BOLD, width=room), colour, BOLD, is_outlined=True)
    pace = Label(canvas.fit(spec.cause_pace, width=room), colour, is_outlined=True)
    for number, label in enumerate((name, pace)):
        y = baseline + 15 * number
        canvas.write(label, right if is_right else left, y, "left" if is_right else "right")


def _free_baseline(canvas: Canvas, frame: Frame, skyline: Skyline, left: float, right: float) -> float | None:
    """Return where two lines stand above all that is drawn between two edges, None where they do not fit."""
    if left < MARGIN or right > RIGHT:
        return None
    baseline = min(frame.top + 26, skyline.above(left, right, floor=frame.base) - 19)
    box = Box(left, baseline - 11, right, baseline + 18)
    return baseline if baseline >= frame.top + 8 and canvas.is_free(box) else None


def _usual_label(canvas: Canvas, words: str, frame: Frame, skyline: Skyline) -> None:
    """Write what the band is above it: at the right, or at the left where the right is taken."""
    label = Label(canvas.fit(words, width=150), canvas.theme.muted, is_outlined=True)
    if not label.words:
        return
    width = canvas.width_of(label.words)
    for left in (RIGHT - 1 - width, MARGIN + 1):
        baseline = skyline.above(left, left + width, floor=frame.base) - 6
        if canvas.is_free(canvas.box_of(label, left, baseline)) and baseline > frame.top - 2:
            canvas.write(label, left, baseline)
            return
