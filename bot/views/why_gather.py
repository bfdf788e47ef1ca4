"""What people see as one thing, put together: a new key with all its models, a price on all keys."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.views.why_words import NamedPart, charge_words
from spend.explain import Cause, Facts, Thing


def gathered(parts: Iterable[NamedPart]) -> list[NamedPart]:
    """Put together what people see as one: a new key with all its models, a price on all keys; rises, then falls."""
    groups: dict[tuple[object, ...], list[NamedPart]] = {}
    for part in parts:
        groups.setdefault(_group(part), []).append(part)
    found = [_together(group) for group in groups.values()]
    return sorted(
        (part for part in found if part.nanos),
        key=lambda part: (part.nanos < 0, -abs(part.nanos), part.key, part.owner, part.models),
    )


def _group(part: NamedPart) -> tuple[object, ...]:
    if part.cause is Cause.BILL:
        return (part.cause,)
    if part.cause in (Cause.PRICE, Cause.PRICED):
        return part.cause, part.models
    owner = (part.connection, part.project, part.key, part.owner)
    if part.cause in (Cause.NEW, Cause.GONE):
        match part.thing:
            case Thing.MODEL:
                return (
                    part.cause,
                    part.thing,
                    part.models or (charge_words(part.kind), owner),
                    part.connection,
                )
            case Thing.USE:
                return part.cause, part.thing, owner, part.models or charge_words(part.kind)
            case Thing.CONNECTION:
                return part.cause, part.thing, part.connection
            case Thing.PROJECT:
                return part.cause, part.thing, part.connection, part.project
    if part.cause is Cause.CHARGES:
        return part.cause, owner, charge_words(part.kind)
    return part.cause, part.thing, owner


def _together(group: Sequence[NamedPart]) -> NamedPart:
    if len(group) == 1:
        return group[0]
    sized = sorted(group, key=lambda part: (-abs(part.nanos), part.models))
    owners = {(part.key, part.owner) for part in group}
    return replace(
        sized[0],
        nanos=sum(part.nanos for part in group),
        models=tuple(dict.fromkeys(model for part in sized for model in part.models)),
        key=sized[0].key if len(owners) == 1 else "",
        owner=sized[0].owner if len(owners) == 1 else "",
        is_first_use=all(part.is_first_use for part in group),
        before=_added([part.before for part in group]),
        after=_added([part.after for part in group]),
    )


def _added(facts: Sequence[Facts]) -> Facts:
    counts = [each.requests for each in facts]
    return Facts(
        nanos=sum(each.nanos for each in facts),
        requests=None if None in counts else sum(each or 0 for each in counts),
        tokens=sum(each.tokens for each in facts),
        input_tokens=sum(each.input_tokens for each in facts),
        cached_tokens=sum(each.cached_tokens for each in facts),
        output_tokens=sum(each.output_tokens for each in facts),
    )
