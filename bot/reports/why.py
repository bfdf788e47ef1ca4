"""The facts behind why: two windows read slice by slice, split exactly, with names."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.query import AskedFilter, AskedWindow
from bot.reports.compare import (
    Base,
    asked_base,
    base_slices,
    period_of,
    usual_base,
    window_slices,
)
from bot.reports.cuts import connections_with_money, totals_of, unpriced_of
from bot.reports.filters import resolve
from bot.reports.frame import Frame
from bot.reports.scope import scoped
from bot.reports.trust import trust_of, warnings_of
from bot.views.facts import Total
from bot.views.names import short
from bot.views.periods import opening
from bot.views.unread import figures_end, long_unread
from bot.views.why import WhyFacts, named
from bot.views.why_words import NamedPart
from spend.explain import Cause, Part, Split, Thing, Use, explain
from spend.usage import Basis
from spend.window import Window, hours_of_days
from storage import Filter, Slice

COLUMNS = ("connection_id", "project", "api_key", "model", "kind", "service_tier", "variant")
_SEEN_COLUMNS = COLUMNS[:5]
_SELF_EVIDENT = ("today", "week", "month")  # what they are compared with tells the window
_NAMED_COLUMNS = ("connection_id", "project", "api_key")


async def why_facts(
    frame: Frame,
    window: AskedWindow,
    *,
    words: str,
    spend: str,
    versus: AskedWindow | None = None,
    asked: tuple[AskedFilter, ...] = (),
    also: Sequence[Filter] = (),
) -> WhyFacts:
    """Read and split what changed between a window and its comparison. Raises CommandError for filters.

    also: filters that are known as values already (what a budget counts, of whose frame it is). spend: the words that
    show the window.
    """
    typed = await resolve(frame, asked)
    filters = (*typed, *also)
    warnings = warnings_of(frame, window.first, window.last)
    frame = scoped(frame, typed, asked)
    slices = await window_slices(frame, window.first, window.last, COLUMNS, filters)
    base = _base(frame, window, versus)
    earlier = [] if base is None else await base_slices(frame, base, COLUMNS, filters)
    beside = await _beside(frame, base, window) if base is not None and filters else ((), ())
    splits = () if base is None else await split_aside(uses_of(earlier), uses_of(slices), beside=beside)
    period = period_of(frame, window)
    against, before_words, after_words, subtitle = named(period, base.period if base else period, frame.clock)
    of = opening(period, frame.clock)
    is_plain = versus is None and window.kind in _SELF_EVIDENT
    facts = WhyFacts(
        clock=frame.clock,
        words=words,
        window=hours_of_days(window.first, window.last, frame.zone),
        totals=() if frame.is_unread(window.first) else _totals(splits, slices) or totals_of(slices, None),
        parts=(),
        sources=frame.sources(connections_with_money(slices)),
        trust=await trust_of(frame, window.first, window.last, slices),
        before_words=before_words,
        after_words=after_words,
        against=against,
        subtitle=subtitle,
        opening=_opening(asked, "" if is_plain else of),
        unpriced=unpriced_of([replace(piece, key=(piece.key[3], piece.key[4])) for piece in slices]),
        price_version=", ".join(await frame.store.price_versions(window.first, window.last)),
        warnings=warnings,
        spend=spend,
    )
    if base is None:
        return replace(facts, no_base=_no_base(frame, window, of))
    whole = hours_of_days(base.first, base.last, frame.zone)
    days = window.days, (base.last - base.first).days + 1
    return replace(
        facts,
        days=days if days[0] != days[1] else None,
        is_running=window.last == frame.today,
        is_base_running=base.until is None and base.last >= frame.today,
        parts=named_parts(frame, splits, first_use_from=whole.start),
        base=Window(whole.start, base.until or whole.end),
        before_basis=splits[0].before_basis if splits else Basis.ESTIMATED,
    )


async def split_aside(
    before: Sequence[Use],
    after: Sequence[Use],
    *,
    beside: tuple[Sequence[Use], Sequence[Use]] = ((), ()),
) -> tuple[Split, ...]:
    """Split in a thread: many keys take a while, and others are answered meanwhile."""
    return await asyncio.to_thread(explain, before, after, beside=beside)


async def _beside(frame: Frame, base: Base, window: AskedWindow) -> tuple[list[Use], list[Use]]:
    """Return all that was used in both windows: a filter must not make what it leaves out look unused."""
    earlier = await base_slices(frame, base, _SEEN_COLUMNS, ())
    slices = await window_slices(frame, window.first, window.last, _SEEN_COLUMNS, ())
    return uses_of(earlier), uses_of(slices)


def uses_of(slices: Iterable[Slice]) -> list[Use]:
    """Return slices by COLUMNS as what `explain` reads."""
    return [
        Use(
            **dict(zip(("connection_id", "project", "api_key", "model", "kind"), piece.key, strict=False)),
            tier=" ".join(word for word in piece.key[5:7] if word),
            currency=piece.currency,
            billed_nanos=piece.billed_nanos,
            estimated_nanos=piece.estimated_nanos,
            estimate_nanos=piece.estimate_nanos,
            tokens=piece.tokens,
            parts=piece.parts,
            requests=piece.requests,
            unpriced_tokens=piece.unpriced_tokens,
            unpriced_rows=piece.unpriced_rows,
        )
        for piece in slices
    ]


def named_parts(frame: Frame, splits: Iterable[Split], *, first_use_from: datetime) -> tuple[NamedPart, ...]:
    """Return the parts with names for ids. What was used before `first_use_from` is not new, only back."""
    found = [(split.currency, part) for split in splits for part in split.parts]
    labels = {
        column: frame.names.labels(column, {(part.connection_id, _value(part, column)) for _, part in found})
        for column in _NAMED_COLUMNS
    }
    return tuple(_named(frame, part, currency, labels, first_use_from) for currency, part in found)


def _named(
    frame: Frame,
    part: Part,
    currency: str,
    labels: Mapping[str, Mapping[tuple[str, str], str]],
    first_use_from: datetime,
) -> NamedPart:
    connection, project, key = (
        labels[column][part.connection_id, _value(part, column)] for column in _NAMED_COLUMNS
    )
    return NamedPart(
        cause=part.cause,
        nanos=part.nanos,
        currency=currency,
        thing=part.thing,
        connection=connection,
        project=project if part.project else "",
        key=key if part.api_key else "",
        owner="" if part.api_key else project if part.project else connection,
        models=(part.model,) if part.model else (),
        kind=part.kind,
        tier=part.tier,
        tier_from=part.tier_from,
        maker=frame.names.maker(part.api_key) if part.cause is Cause.NEW and part.api_key else "",
        is_first_use=_is_first_use(frame, part, first_use_from),
        before=part.before,
        after=part.after,
    )


def _is_first_use(frame: Frame, part: Part, since: datetime) -> bool:
    """Tell whether what is new was never used before; a connection is new where its key is."""
    what, id_ = {
        Thing.PROJECT: ("project", part.project),
        Thing.MODEL: ("model", part.model),
    }.get(part.thing or Thing.USE, ("key", part.api_key))
    if not id_:
        return part.thing is not Thing.CONNECTION
    known = frame.names.known(what, id_)
    return known is None or known.first_used_at is None or known.first_used_at >= since


def _value(part: Part, column: str) -> str:
    return {"connection_id": part.connection_id, "project": part.project, "api_key": part.api_key}[column]


def _totals(splits: Sequence[Split], slices: Sequence[Slice]) -> tuple[Total, ...]:
    """Return a total per currency that either window has money in."""
    with_money = [split for split in splits if split.before_nanos or split.after_nanos] or splits[:1]
    return tuple(
        Total(
            nanos=split.after_nanos,
            currency=split.currency,
            billed_nanos=sum(piece.billed_nanos for piece in slices if piece.currency == split.currency),
            estimated_nanos=sum(
                piece.estimated_nanos for piece in slices if piece.currency == split.currency
            ),
            before_nanos=split.before_nanos,
        )
        for split in with_money
    )


def _opening(asked: Sequence[AskedFilter], of: str) -> str:
    only = ", ".join(f"{each.dimension} {short(each.pattern)}" for each in asked)
    return ", ".join(
        part for part in (of, f"only {only}" if of and only else f"Only {only}" if only else "") if part
    )


def _base(frame: Frame, window: AskedWindow, versus: AskedWindow | None) -> Base | None:
    """Return what a window is compared with: what was asked for, the usual, else as many days before it."""
    if frame.is_unread(window.first):
        return None
    if versus is not None:
        return asked_base(frame, window, versus)
    if frame.has_gap or (window.last < frame.today and not frame.has_read(window.last)):
        return None
    usual = usual_base(frame, window)
    if usual is not None or window.last == frame.today:
        return usual
    days = timedelta(days=window.days)
    first, last = window.first - days, window.first - timedelta(days=1)
    if window.kind == "last month":
        first = last.replace(day=1)
    if frame.complete_from is None or first < frame.complete_from:
        return None
    kind = window.kind if window.kind in ("last week", "last month") else "range"
    return Base(first, last, None, kind)


def _no_base(frame: Frame, window: AskedWindow, opening: str) -> str:
    """Say why nothing is compared."""
    sources = frame.sources(frozenset())
    broken = [c.label for c in frame.connections if c.state.value in ("broken", "paused")]
    if broken:
        return f"{opening}: nothing is compared while figures of {broken[0]} are missing. /spend status shows why."
    if long_unread(sources, frame.now):
        ends = figures_end(frame.clock, sources)
        return f"{ends}: nothing is compared over days not read. /spend status shows more."
    if window.last < frame.today and not frame.has_read(window.last):
        return (
            f"{opening}: its end is not read yet, so it is compared with nothing. /spend status shows more."
        )
    if frame.newest_as_of is None or frame.clock.day_of(frame.newest_as_of) != frame.today:
        return f"{opening}: nothing of today is known yet. Nearest: /spend why yesterday."
    starts = [day for day in (frame.complete_from, _first_day(frame)) if day]
    began = f", as figures begin on {frame.clock.on(max(starts))}" if starts else ""
    nearest = " Nearest: /spend why today vs yesterday." if starts and max(starts) < frame.today else ""
    return f"{opening}: there is nothing to compare with{began}.{nearest}"


def _first_day(frame: Frame) -> date | None:
    return frame.clock.day_of(frame.first_record_at) if frame.first_record_at else None
