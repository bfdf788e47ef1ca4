"""The sentences about a spike: who, against what, where it went, what follows, how it ended and why."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.views import text
from bot.views.facts import Total
from bot.views.model import Line, Name, joined, line, type_span
from bot.views.names import NOT_ATTRIBUTED, possessive, short
from bot.views.spike_found import SpikeEvidence
from bot.views.times import Clock, duration, month_name
from bot.views.why_table import fold
from bot.views.why_words import phrase, shown_parts

_CAUSES = 2


def who(found: SpikeEvidence) -> tuple[type_span, ...]:
    """`agents-nightly spent `; where no single key caused it, the connection: a lock screen shows no title."""
    return (Name(short(found.key)) if found.key else short(found.place), " spent ")


def followed(found: SpikeEvidence) -> int:
    """Return what it cost after it was told, as the difference of the two amounts as shown."""
    return text.to_step(found.observed_nanos, step(found)) - text.to_step(found.told_nanos, step(found))


def span(found: SpikeEvidence, clock: Clock) -> str:
    """`from 10:00 to 16:20`, `from Thu 10:00 to 16:20`, `from Thu 23:10 to 01:20`."""
    is_one_day = clock.day_of(found.since) == clock.day_of(found.until)
    end = clock.time(found.until) if is_one_day else clock.near(found.until)
    return f"from {clock.near(found.since)} to {end}"


def lowered(found: SpikeEvidence) -> str:
    """`; Anthropic lowered its figures since`, where it now comes to less than what was told, else ''."""
    return f"; {found.vendor or 'its provider'} lowered its figures since" if followed(found) < 0 else ""


def is_taken_back(found: SpikeEvidence) -> bool:
    """Tell whether lowered figures left nothing above the usual."""
    return followed(found) < 0 and found.observed_nanos <= found.usual_nanos


def taken_back(found: SpikeEvidence) -> Line:
    """`Over: Anthropic lowered its figures, nothing above the usual is left on agents-nightly.`"""
    subject = Name(short(found.key)) if found.key else short(found.place)
    vendor = found.vendor or "the provider"
    return line(f"Over: {vendor} lowered its figures, nothing above the usual is left on ", subject, ".")


def told_line(found: SpikeEvidence, clock: Clock) -> Line:
    """`Began at 10:00, told at 11:20 after 80 min: $11.55 until then, $123.55 after.`"""
    began = f"Began at {clock.near(found.since)}"
    if found.told_at is None:
        return line(f"{began}; told when it was over.")
    late = duration(max(found.told_at - found.since, timedelta(minutes=1)))
    rest = followed(found)
    after = f", {money(found, rest)} after" if rest > 0 else ""
    told = f"told at {clock.near(found.told_at)} after {late}: {money(found, found.told_nanos)} until then"
    since = "" if is_taken_back(found) else lowered(found)
    return line(f"{began}, {told}{after}{since}.")


def split_line(found: SpikeEvidence) -> Line:
    """`Of the $135.10 too much: the new key agents-nightly on claude-opus-5 $135.10.`"""
    if not found.split:
        return causes_line(found) if len(found.causes) > 1 else line()
    total = Total(nanos=sum(part.nanos for part in found.split), currency=found.currency, before_nanos=0)
    groups = shown_parts(found.split, total)
    if len(groups) == 1:
        return line("All that is too much is ", *phrase(groups[0][0]), ".")
    kept, rest = fold(groups, _CAUSES, text.step_of(total.nanos, total.currency))
    parts = [(phrase(part), part.nanos, part.nanos if rest else shown) for part, shown in kept]
    return _parts_of(found, total.nanos, parts, is_more=bool(rest))


def _parts_of(
    found: SpikeEvidence, whole: int, parts: Sequence[tuple[Sequence[type_span], int, int]], *, is_more: bool
) -> Line:
    """Name the largest parts (words, exact, shown); what the shown ones leave of the whole is `other`."""
    unit = text.step_of(whole, found.currency)
    spans: list[type_span] = [f"Of the {text.money(whole, found.currency)} too much{_beside(found)}: "]
    for place, (named, exact, nanos) in enumerate(parts):
        spans += [", "] if place else []
        spans += [*named, f" {text.part(exact, text.to_step(nanos, unit), found.currency, step=unit)}"]
    left = text.to_step(whole, unit) - sum(text.to_step(nanos, unit) for _, _, nanos in parts)
    spans += [f", other {text.money(left, found.currency, step=unit)}"] if is_more and left else []
    return line(*spans, ".")


def _beside(found: SpikeEvidence) -> str:
    """Name the connection where more than the named key is above the usual, and how many keys where no one is named."""
    if found.key:
        return f" on {short(found.place)}" if len(found.causes) > 1 else ""
    return f" on {len(found.causes)} keys" if len(found.causes) > _CAUSES + 1 else ""


def where_line(found: SpikeEvidence) -> Line:
    """Where the money went: one model in one project, or the exact parts of what is too much."""
    if not found.key and len(found.causes) > 1:
        return joined(causes_line(found), _most_model(found))
    if not found.models:
        return line()
    model, project = found.models[0], found.projects[0].name if len(found.projects) == 1 else ""
    is_all = len(found.models) == 1
    place = f" in project {short(project)}" if project and project != NOT_ATTRIBUTED else ""
    amount = "All" if is_all else money(found, model.nanos)
    return line(f"{amount} of it ", Name(short(model.name)), f"{place}.")


def _most_model(found: SpikeEvidence) -> Line:
    """`Mostly claude-opus-5.`, where four fifths of what was spent is one model."""
    largest = max(found.models, key=lambda each: each.nanos, default=None)
    if largest is None or largest.nanos * 5 < found.observed_nanos * 4:
        return line()
    return line("All " if len(found.models) == 1 else "Mostly ", Name(short(largest.name)), ".")


def causes_line(found: SpikeEvidence) -> Line:
    """`Of the $27.80 too much: agents-prod $19.10, search-prod $6.20, other $2.50.`"""
    whole = sum(cause.nanos for cause in found.causes)
    is_more = len(found.causes) > _CAUSES
    shown = text.shown([cause.nanos for cause in found.causes], text.step_of(whole, found.currency))
    parts = [
        ((Name(short(cause.name)),), cause.nanos, cause.nanos if is_more else now)
        for cause, now in zip(found.causes[:_CAUSES], shown, strict=False)
    ]
    return _parts_of(found, whole, parts, is_more=is_more)


def maker_line(found: SpikeEvidence, clock: Clock) -> Line:
    """`Dana Weiss made the key on Nov 13; first used Nov 16.`"""
    if not found.key:
        return line()
    first = f"first used {clock.on(found.first_used_on)}" if found.first_used_on else ""
    if found.maker:
        made = f" on {clock.on(found.made_on)}" if found.made_on else ""
        return line(f"{short(found.maker)} made the key{made}{f'; {first}' if first else ''}.")
    return line(f"The key was {first}.") if first else line()


def budget_line(found: SpikeEvidence, clock: Clock) -> str:
    """Say when the tightest budget is gone at this pace, else what is spent of it; '' without one."""
    budget = found.budget
    if budget is None:
        return ""
    limit = text.limit(budget.limit, budget.currency)
    spent = text.money(budget.spent_nanos, budget.currency)
    name = f"{possessive(short(budget.label))} {limit} for {month_name(budget.month)}"
    if budget.gone_at is None or budget.gone_at <= clock.now:
        return f"{name}: {spent} so far."
    return f"At this pace {name} is gone at about {clock.near(round_hour(budget.gone_at))} ({spent} so far)."


def round_hour(moment: datetime) -> datetime:
    """Round a guessed moment to the hour: "at about" promises no more."""
    return (moment + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)


def all_model(found: SpikeEvidence) -> Line:
    """`All claude-opus-5.`, where it is one model."""
    return line("All ", Name(short(found.models[0].name)), ".") if len(found.models) == 1 else line()


def money(found: SpikeEvidence, nanos: int) -> str:
    """Put an amount into words, in the precision of what was spent."""
    return text.money(nanos, found.currency, step=step(found))


def step(found: SpikeEvidence) -> int:
    """Return the step in which all amounts of one spike are shown."""
    return text.step_of(found.observed_nanos, found.currency)
