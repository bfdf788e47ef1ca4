"""The first line of a why: the change and the largest part of it, in at most 110 characters."""

from collections.abc import Sequence

from bot.views import text
from bot.views.facts import Total
from bot.views.model import Line, line, type_span
from bot.views.names import LONGEST_NAME, cut
from bot.views.why_words import NamedPart, change_step, phrase, shown_change, summary, who
from spend.explain import Cause

LONGEST_LEAD = 110
_NAMES_AT_LEAST = 14
_NAMES_CUT_TO = (LONGEST_NAME, 28, 20)  # the names in a lead that is too long, one after the other
_OPENING_AT_LEAST = 10

type_shown = Sequence[tuple[NamedPart, int]]


def lead_and_rest(
    totals: Sequence[Total], groups: type_shown, *, opening: str, against: str
) -> tuple[Line, Line, Line]:
    """Return the first line, and what it had no room for: the filter, and the sentence about the rest of the change.

    opening: what it opens with, '' for nothing; against: what follows "more than".
    """
    opened = f"{opening}: " if opening else ""
    if len(totals) > 1:
        changes = [change_words(total, codes=True) for total in totals]
        whole = line(f"{opened}{text.listed(changes)} than {against}, not added.")
        return whole, _of_first(totals[0], groups), line()
    total = totals[0]
    if not groups:
        nothing = "nothing" if opened else "Nothing"
        amount = text.money(total.nanos, total.currency) if total.nanos else nothing
        return line(f"{opened}{amount}, the same as {against}."), line(), line()
    if not change_of(total):
        rises = text.money(sum(shown for _, shown in groups if shown > 0), total.currency)
        same = "the same" if opened else "The same"
        return line(f"{opened}{same} as {against}: rises of {rises} and falls of as much."), line(), line()
    return _fitted(total, groups, opening, against)


def _of_first(total: Total, groups: type_shown) -> Line:
    """`USD 80.09 is the new key agents-nightly.`: why the first of several currencies changed."""
    if not groups or not change_of(total):
        return line()
    head = f"In {total.currency} " if _is_all(total, groups) else ""
    return line(head, *_largest(total, groups, LONGEST_NAME, codes=True), ".")


def _fitted(total: Total, groups: type_shown, opening: str, against: str) -> tuple[Line, Line, Line]:
    """Return the first line in at most 110 characters: names are cut, then a filter is said in the next line."""
    rest = _rest(total, groups, LONGEST_NAME)
    for opened, filtered in _openings(opening):
        fact = f"{f'{opened}: ' if opened else ''}{change_words(total)} than {against}: "
        if not filtered:
            more = (", ", *rest) if rest else ()
            whole = line(fact, *_largest(total, groups, LONGEST_NAME), *more, ".")
            if len(str(whole)) <= LONGEST_LEAD:
                return whole, line(), line()
        for longest in _NAMES_CUT_TO:
            lead = line(fact, *_largest(total, groups, longest), ".")
            if len(str(lead)) <= LONGEST_LEAD:
                return lead, line(filtered), _sentence(rest)
    opened = opened.removesuffix(" so far")
    fact = f"{f'{opened}: ' if opened else ''}{change_words(total)} than {against}: "
    over = len(str(line(fact, *_largest(total, groups, _NAMES_AT_LEAST), "."))) - LONGEST_LEAD
    opened = f"{cut(opened, max(_OPENING_AT_LEAST, len(opened) - over))}: " if opened else ""
    fact = f"{opened}{change_words(total)} than {against}: "
    lead = line(fact, *_largest(total, groups, _NAMES_AT_LEAST), ".")
    return lead, line(filtered), _sentence(rest)


def _openings(opening: str) -> list[tuple[str, str]]:
    """Return what a lead can open with, and the filter that its body says then: all of it, else without the filter."""
    if opening.startswith("Only "):
        return [(opening, ""), ("", f"{opening}.")]
    of, _, only = opening.partition(", only ")
    return [(opening, ""), *([(of, f"Only {only}.")] if only else [])]


def _sentence(rest: Sequence[type_span]) -> Line:
    return line(f"T{str(rest[0])[1:]}", *rest[1:], ".") if rest else line()


def _largest(total: Total, groups: type_shown, longest: int, *, codes: bool = False) -> tuple[type_span, ...]:
    """Name the largest part that goes with the change, or what most of many small ones are."""
    step = change_step(total)
    top, amount = top_part(change_of(total), groups)
    if _is_all(total, groups):
        return ("all of it is ", *phrase(top, longest))
    alike = alike_parts(total, groups)
    if alike:
        whole = abs(sum(each for _, each in alike))
        money = text.money(whole, total.currency, codes=codes, step=step)
        together = f"{money} is {summary([part for part, _ in alike])}"
        if longest == _NAMES_AT_LEAST:
            return (together,)
        largest = text.money(abs(amount), total.currency, codes=codes, step=step)
        return (f"{together}, the largest ", who(top, longest), f" ({largest})")
    return (f"{text.money(abs(amount), total.currency, codes=codes, step=step)} is ", *phrase(top, longest))


def _is_all(total: Total, groups: type_shown) -> bool:
    """Tell whether one part is the change, but for what is below a step."""
    rest = sum(abs(part.nanos) for part, _ in groups) - abs(top_part(change_of(total), groups)[0].nanos)
    return len(groups) == 1 or rest < change_step(total)


def alike_parts(total: Total, groups: type_shown) -> type_shown:
    """Return the parts of the largest one's cause, where it is below half of the change and they are half or more."""
    change = change_of(total)
    top, _ = top_part(change, groups)
    if abs(top.nanos) * 2 >= abs(change):
        return ()
    alike = [each for each in groups if each[0].cause is top.cause and each[0].nanos * change > 0]
    is_most = abs(sum(part.nanos for part, _ in alike)) * 2 >= abs(change)
    return alike if len(alike) > 2 and is_most else ()


def _rest(total: Total, groups: type_shown, longest: int) -> tuple[type_span, ...]:
    """Say what the rest of the change is, as `the rest ...`; () where there is none."""
    if _is_all(total, groups):
        return ()
    change = change_of(total)
    alike = alike_parts(total, groups)
    named = alike or [top_part(change, groups)]
    rest = change - sum(part.nanos for part, _ in named)
    others = [part for part, _ in groups if all(part is not each for each, _ in named)]
    if rest * change <= 0:
        shown = shown_change(total) - sum(amount for _, amount in named)
        if not shown:
            return ("the rest makes up for itself",) if others else ()
        word = "less" if shown < 0 else "more"
        return (f"the rest is {text.money(abs(shown), total.currency, step=change_step(total))} {word}",)
    largest = max((part for part in others if part.nanos * change > 0), key=lambda part: abs(part.nanos))
    if len(others) == 1:
        return ("the rest is ", *phrase(largest, longest))
    if abs(largest.nanos) * 2 >= abs(rest):
        return ("the rest is mostly ", *phrase(largest, longest))
    return (f"the rest is {len(others)} smaller parts",)


def top_part(change: int, groups: type_shown) -> tuple[NamedPart, int]:
    """Return the largest part that goes with the change, and what is shown for it."""
    going = [each for each in groups if each[0].nanos * change > 0]
    return max(going, key=lambda each: (abs(each[0].nanos), each[0].cause is Cause.NEW))


def change_of(total: Total) -> int:
    """Return what a total is more than the one before, exactly."""
    return total.nanos - (total.before_nanos or 0)


def change_words(total: Total, *, codes: bool = False) -> str:
    """`$85.61 more`"""
    exact, shown_nanos = abs(change_of(total)), abs(shown_change(total))
    shown = text.part(exact, shown_nanos, total.currency, codes=codes, step=change_step(total))
    return f"{shown} {'more' if change_of(total) >= 0 else 'less'}"
