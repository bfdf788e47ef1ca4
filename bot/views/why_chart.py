"""The picture of a change: from one total to another, part by part."""

from collections.abc import Sequence

from bot.views import text
from bot.views.chart_words import alt_text, units
from bot.views.facts import Total
from bot.views.names import clean
from bot.views.why_table import CHAT_ROWS, fold, signed
from bot.views.why_words import NamedPart, change_step, charge_words, is_credit, shown_change
from charts.spec import Change, Waterfall
from spend.explain import Cause, Thing

_SHORT = {
    Cause.VOLUME: "volume",
    Cause.MODELS: "models",
    Cause.SIZE: "size",
    Cause.TIER: "tier",
    Cause.OUTPUT: "output",
    Cause.CACHE: "cache",
    Cause.PRICE: "price",
    Cause.PRICED: "part priced",
}


def why_waterfall(
    total: Total,
    groups: Sequence[tuple[NamedPart, int]],
    *,
    before: str,
    after: str,
    title: str,
    subtitle: str,
) -> Waterfall:
    """Draw the parts between two totals, as many as the table has in chat; the largest that goes with it is bold."""
    currency, step, change = total.currency, change_step(total), shown_change(total)
    kept, rest = fold(groups, CHAT_ROWS, step)
    sized = sorted((each for each in kept if each[1] * change > 0), key=lambda each: -abs(each[1]))
    steps = [
        Change(
            step_name(part), _signed(shown, currency, step), units(shown), is_bold=(part, shown) in sized[:1]
        )
        for part, shown in kept
        if shown
    ]
    together = sum(shown for _, shown in rest)
    if together:
        steps.append(Change(f"other ({len(rest)})", _signed(together, currency, step), units(together)))
    exact = total.nanos - (total.before_nanos or 0)
    changed = text.in_picture(signed(exact, change, currency, step=step))
    then, now = (
        text.in_picture(text.money(nanos, currency, step=step))
        for nanos in (total.before_nanos or 0, total.nanos)
    )
    return Waterfall(
        title=title,
        subtitle=subtitle,
        alt=alt_text(
            title,
            f"Waterfall chart from {then} to {now}",
            ", ".join(f"{each.name} {each.money}" for each in steps[:3]),
        ),
        before=(before, then),
        steps=tuple(steps),
        change=Change("Change", changed, units(change), is_bold=True),
        after=(after, now),
    )


def step_name(part: NamedPart) -> str:
    """Name a step in a few words: who, then what; the picture has room for little."""
    model = clean(part.models[0]) if part.models else ""
    if part.cause in (Cause.NEW, Cause.GONE):
        who = clean(part.key) if part.key else model or clean(part.owner or part.connection)
        if part.thing in (Thing.MODEL, Thing.USE):
            who = model or ("credit" if is_credit(part) else charge_words(part.kind))
        is_back = part.cause is Cause.NEW and not part.is_first_use
        return f"{who}, {'unused then' if is_back else part.cause.value}"
    if part.cause is Cause.BILL:
        return "bill against estimate"
    if part.cause in (Cause.PRICE, Cause.PRICED):
        return f"{model or charge_words(part.kind)}, {_SHORT[part.cause]}"
    if part.cause is Cause.CHARGES:
        return f"{clean(part.key or part.owner)}, {charge_words(part.kind)}"
    return f"{clean(part.key or part.owner)}, {_SHORT[part.cause]}"


def _signed(nanos: int, currency: str, step: int) -> str:
    return text.in_picture(text.signed(nanos, currency, step=step))
