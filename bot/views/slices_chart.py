"""The pictures of a breakdown and of a change: groups by size, and what made the difference."""

from collections.abc import Mapping, Sequence

from bot.views import text
from bot.views.chart_words import alt_text, units
from bot.views.facts import SpendRow, Total
from bot.views.footer import Trust
from bot.views.names import NOT_ATTRIBUTED, clean, short
from bot.views.periods import Period, compared, inside, name_of, opening
from bot.views.times import Clock
from charts.spec import (
    Breakdown,
    Change,
    Role,
    Slice,
    StripPart,
    Waterfall,
)
from spend.usage import Basis

_ROWS = 7
_RISEN = 0.05  # a share that rose by 5 points or more is the finding

MOST_STEPS = 7  # more do not fit a phone; the rest is one step, so that the steps still make the change


def breakdown(
    clock: Clock,
    period: Period,
    base: Period | None,
    rows: Sequence[SpendRow],
    total: Total,
    providers: Sequence[SpendRow],
    *,
    provider_names: Mapping[str, str],
    by: str,
    trust: Trust,
) -> Breakdown:
    """Draw groups by size; the one whose share rose most, by 5 points or more, is the finding."""
    currency = total.currency
    shares = text.shares([row.nanos for row in rows])
    amounts = text.shown([row.nanos for row in rows], text.step_of(total.nanos, currency))
    names = [
        clean(provider_names.get(row.labels[0], row.labels[0]) if by == "provider" else row.labels[0])
        for row in rows
    ]
    risen = _risen(rows, total)
    title = _breakdown_title(clock, period, base, rows, names, total, risen, shares)
    slices = [
        Slice(
            name=names[index],
            money=text.in_picture(
                text.part(row.nanos, amounts[index], currency, step=text.step_of(total.nanos, currency))
            ),
            share=shares[index] if shares else "",
            amount=units(row.nanos),
            compared=units(row.before_nanos) if row.before_nanos is not None and base else None,
            role=Role.ACCENT if index == risen else Role.SUBJECT,
        )
        for index, row in enumerate(rows)
    ]
    shown = (
        slices
        if len(slices) <= _ROWS + 1
        else [*slices[:_ROWS], _other_slice(rows[_ROWS:], amounts[_ROWS:], total)]
    )
    tick = (
        f" · tick: {compared(base, period, clock).partition(' by ')[0]}"
        if base and any(s.compared is not None for s in shown)
        else ""
    )
    light = " · estimated" if trust.basis is Basis.ESTIMATED and not tick else ""
    return Breakdown(
        title=title,
        subtitle=f"{_reach(clock, period)}, {currency}{tick}{light}",
        alt=alt_text(
            title,
            f"Bar chart of {_counted(rows, by)}, {_reach(clock, period)}",
            ", ".join(f"{short(s.name)} {s.money}" for s in shown[:3]),
        ),
        rows=tuple(shown),
        strip=_strip(providers, provider_names) if by != "provider" else (),
        note=f"{_counted(rows, by)}, {text.money(total.nanos, currency)}",
    )


def _counted(rows: Sequence[SpendRow], by: str) -> str:
    """`7 models`: what has no owner is none of them."""
    return text.count(sum(row.labels[0] != NOT_ATTRIBUTED for row in rows), by)


def waterfall(
    clock: Clock, period: Period, base: Period, rows: Sequence[SpendRow], total: Total
) -> Waterfall:
    """Draw what made the change from one window to another."""
    currency = total.currency
    step = text.step_of(total.nanos, currency)
    before = total.before_nanos or 0
    changes = [row.nanos - (row.before_nanos or 0) for row in rows]
    now_shown = text.shown([row.nanos for row in rows], step)
    then_shown = text.shown([row.before_nanos or 0 for row in rows], step)
    change = text.to_step(total.nanos, step) - text.to_step(before, step)
    word = "more" if change >= 0 else "less"
    base_name = compared(base, period, clock).partition(" to ")[0]
    title = f"{text.money(abs(change), currency, step=step)} {word} than {base_name}"
    sized = [index for index, part in enumerate(changes) if part * change > 0]
    if sized:
        top = max(sized, key=lambda index: abs(changes[index]))
        moved = text.money(abs(now_shown[top] - then_shown[top]), currency, step=step)
        title += f", {moved} of it {short(rows[top].labels[0])}"
    moves = [now - then for now, then in zip(now_shown, then_shown, strict=True)]
    kept = set(sorted(range(len(rows)), key=lambda index: -abs(moves[index]))[:MOST_STEPS])
    steps = [
        Change(
            " · ".join(clean(label) for label in rows[i].labels),
            text.in_picture(text.signed(move, currency, step=step)),
            units(move),
            is_bold=bool(sized) and i == top,
        )
        for i, move in enumerate(moves)
        if i in kept and move
    ]
    rest = [move for i, move in enumerate(moves) if i not in kept and move]
    if rest:
        shown = text.in_picture(text.signed(sum(rest), currency, step=step))
        steps.append(Change(f"other ({len(rest)})", shown, units(sum(rest))))
    return Waterfall(
        title=title,
        subtitle=f"{_reach(clock, period)}, {currency}",
        alt=alt_text(
            title,
            f"Waterfall chart from {text.money(before, currency, step=step)} to {text.money(total.nanos, currency)}",
            ", ".join(f"{short(s.name)} {s.money}" for s in steps[:3]),
        ),
        before=(name_of(base, clock), text.money(before, currency, step=step)),
        steps=tuple(steps),
        change=Change(
            "Change", text.in_picture(text.signed(change, currency, step=step)), units(change), is_bold=True
        ),
        after=(name_of(period, clock), text.money(total.nanos, currency, step=step)),
    )


def _risen(rows: Sequence[SpendRow], total: Total) -> int | None:
    """The place of the row whose share rose most, by 5 points or more."""
    if not total.before_nanos or total.before_nanos < 0 or total.nanos <= 0:
        return None
    before = total.before_nanos
    rises = [
        (row.nanos / total.nanos - row.before_nanos / before if row.before_nanos is not None else 0.0, -index)
        for index, row in enumerate(rows)
    ]
    rise, place = max(rises, default=(0.0, 0))
    return -place if rise >= _RISEN else None


def _breakdown_title(
    clock: Clock,
    period: Period,
    base: Period | None,
    rows: Sequence[SpendRow],
    names: Sequence[str],
    total: Total,
    risen: int | None,
    shares: Sequence[str] | None,
) -> str:
    plain = f"{opening(period, clock)}: {text.money(total.nanos, total.currency)}"
    if total.nanos <= 0 or not rows:
        return plain
    if risen is None or base is None or not total.before_nanos:
        part = text.fraction_word(rows[0].nanos, total.nanos, shares[0] if shares else "")
        return (
            f"{short(names[0])} is {part} of {inside(period, clock)}"
            if rows[0].nanos < total.nanos
            else plain
        )
    now = shares[risen] if shares else text.share(rows[risen].nanos, total.nanos)
    then = (
        text.share(rows[risen].before_nanos or 0, total.before_nanos)
        if rows[risen].before_nanos
        else "nothing"
    )
    base_name = compared(base, period, clock).partition(" by ")[0]
    return f"{short(names[risen])} is {now} of {inside(period, clock)}, it was {then} {base_name}"


def _other_slice(rows: Sequence[SpendRow], amounts: Sequence[int], total: Total) -> Slice:
    together = sum(row.nanos for row in rows)
    share = (
        text.share(together, total.nanos) if total.nanos > 0 and min(row.nanos for row in rows) >= 0 else ""
    )
    money = text.money(sum(amounts), total.currency, step=text.step_of(total.nanos, total.currency))
    return Slice(f"other ({len(rows)})", text.in_picture(money), share, units(together), role=Role.CONTEXT)


def _strip(providers: Sequence[SpendRow], provider_names: Mapping[str, str]) -> tuple[StripPart, ...]:
    amounts = [row.nanos for row in providers]
    shares = text.shares(amounts) if len(providers) > 1 else None
    if shares is None:
        return ()
    whole = sum(amounts)
    return tuple(
        StripPart(f"{clean(provider_names.get(row.labels[0], row.labels[0]))} {share}", row.nanos / whole)
        for row, share in zip(providers, shares, strict=True)
    )


def _reach(clock: Clock, period: Period) -> str:
    """The window over a picture: `Thu Nov 19 to 14:05 CET`, `Nov 16 to Thu 14:05 CET`, `Nov 3 to Nov 9`."""
    if period.until is None:
        return clock.span(period.first, period.last)
    if period.first == clock.day_of(period.until):
        return f"{clock.day(period.first)} to {clock.time_zone(period.until)}"
    return (
        f"{clock.on(period.first)} to {clock.day(clock.day_of(period.until))} {clock.time_zone(period.until)}"
    )
