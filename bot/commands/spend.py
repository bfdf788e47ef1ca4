"""`/spend [window] [by ...] [top N] [filters] [vs window]`: what was spent, cut as asked. Bare, it is the month."""

from collections.abc import Iterable
from dataclasses import replace

from bot.commands.filters import DIMENSIONS, take_dimensions, take_filter
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.windows import WINDOW_WORDS, near_window, take_window, this_month
from bot.commands.words import Words, read_count, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.query import AskedFilter, AskedWindow, SpendQuery
from bot.reports.compare import refuse_outside
from bot.reports.frame import load_frame
from bot.reports.spend import spend_facts
from bot.views.errors import not_a_code, not_a_window
from bot.views.model import View
from bot.views.spend import nothing_connected, spend_view

_CODE_LENGTH = 4


def read(words: Words, context: ReadContext) -> SpendQuery:
    """Read the words behind /spend, in any order."""
    window: AskedWindow | None = None
    versus: AskedWindow | None = None
    by: tuple[str, ...] = ()
    top: int | None = None
    filters: list[AskedFilter] = []
    while words:
        if words.take_if("then by", "by"):
            by = take_dimensions(words, by)
        elif words.take_if("top"):
            top = _top(words.take())
        elif words.take_if("vs", "versus", "against"):
            versus = take_asked_window(words, context)
        elif (found := take_filter(words)) is not None:
            filters.append(found)
        elif window is None:
            window = take_asked_window(words, context)
        else:
            words.end("/spend [window] [by ...] [top N] [filters] [vs window]")
    return SpendQuery(
        window=window or this_month(context.today),
        by=by,
        top=top,
        filters=tuple(filters),
        versus=versus,
    )


def take_asked_window(words: Words, context: ReadContext, *, or_code: bool = False) -> AskedWindow:
    """Read the window that has to stand here; `or_code`: an alert's code may be meant. Raises CommandError."""
    found = take_window(words, today=context.today, first_weekday=context.first_weekday)
    if found is not None:
        return found
    word = words.take()
    if not word:
        raise CommandError("A window is missing. Nearest: /spend week vs last week.")
    near = near_window(word, words.peek())
    if or_code and not near and _looks_like_code(word):
        raise CommandError(not_a_code(word))
    near = near or "today"
    raise CommandError(not_a_window(shown(word), near, words.mended(near)))


def _looks_like_code(word: str) -> bool:
    """Tell whether a word was probably meant as the code of an alert: `K7Q`, `ZZZZ`, `k7q0`."""
    stem = word.partition("-")[0]
    has_digit = any(char.isdecimal() for char in stem)
    is_short = stem.isascii() and stem.isalnum() and 3 <= len(stem) <= 5 and not stem.isdecimal()
    return is_short and (stem.isupper() or (has_digit and len(stem) == _CODE_LENGTH))


def _top(word: str) -> int:
    top = read_count(word, most=1000)
    if top is None:
        raise CommandError("It is top N, with N from 1 to 1000. Nearest: /spend by model top 5.")
    return top


async def answer(query: SpendQuery, asked: Asked) -> View:
    """Show what was spent."""
    frame = await load_frame(asked.house, asked.store, asked.now)
    words = said(query)
    for window in (query.window, query.versus):
        if window is not None:
            refuse_outside(frame, window)
    if not frame.is_connected:
        return nothing_connected(words)
    facts = await spend_facts(frame, query, words)
    uncut = said(replace(query, by=(), top=None, versus=None))
    return spend_view(replace(facts, uncut=uncut, filters=filter_words(query.filters)))


def said(query: SpendQuery) -> str:
    """Return the words that would ask for a query: the title of its answer."""
    parts = ["spend", window_words(query.window)]
    if query.by:
        parts.append("by " + " by ".join(query.by))
    if query.top:
        parts.append(f"top {query.top}")
    parts += [words] if (words := filter_words(query.filters)) else []
    if query.versus:
        parts.append(f"vs {window_words(query.versus)}")
    return " ".join(parts)


def filter_words(filters: Iterable[AskedFilter]) -> str:
    """Return the words of filters."""
    return " ".join(f"{each.dimension}:{_quoted(each.pattern)}" for each in filters)


def window_words(window: AskedWindow) -> str:
    """Return the words of a window."""
    if window.kind == "days":
        return f"last {window.days} days"
    return f"{window.first}..{window.last}" if window.kind == "range" else window.kind


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


SPECS = (
    CommandSpec(
        path=("spend",),
        help="What was spent, cut as you ask; bare, the month so far.",
        usage="[window] [by ...] [top N] [filters] [vs window]",
        example="/spend today by model",
        params=(
            Param("window", "window", "Which days: today, week, last 7 days, since DATE ...", WINDOW_WORDS),
            Param("by", "dimension", "What to cut by", DIMENSIONS, form="by {}"),
            Param("then_by", "dimension", "What to cut each of them by", DIMENSIONS, form="by {}"),
            Param("top", "count", "Only so many groups, the rest as other", form="top {}"),
            Param("filter", "filter", "Only some: model:gpt-5* project:Search"),
            Param("vs", "window", "Which days to compare with", WINDOW_WORDS, form="vs {}"),
        ),
        read=read,
        answer=answer,
    ),
)
