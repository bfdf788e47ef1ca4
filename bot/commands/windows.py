"""The window words of a command: today, week, last 7 days, since DATE, DATE..DATE. Whole local days, both ends in."""

from datetime import date, timedelta

from bot.commands.words import Words, close_to, is_date, read_count, read_date, shown, split_range
from bot.errors import CommandError
from bot.query import AskedWindow
from spend.window import month_start, week_start

WINDOW_WORDS = ("today", "yesterday", "week", "month", "last week", "last month", "last 7 days")
_SINGLE = ("today", "yesterday", "week", "month")
MOST_DAYS = 3660


def this_month(today: date) -> AskedWindow:
    """Return the window that is meant when none is said."""
    return AskedWindow("month", month_start(today), today)


def take_window(words: Words, *, today: date, first_weekday: int) -> AskedWindow | None:
    """Read window words where the cursor stands; None when something else stands there. Raises CommandError."""
    word = words.take_if("last week", "last month", "this week", "this month", *_SINGLE)
    if word:
        return _named(word.removeprefix("this "), today, first_weekday)
    if words.take_if("last"):
        return _last_days(words, today)
    if words.take_if("since"):
        if not words:
            raise CommandError("A day is missing behind since. Nearest: /spend since 2026-11-03.")
        return _range(read_date(words.take()), today, today=today)
    bounds = split_range(words.peek())
    if bounds is not None:
        words.take()
        return _range(read_date(bounds[0]), read_date(bounds[1]), today=today)
    if is_date(words.peek()):
        day = read_date(words.take())
        return _range(day, day, today=today)
    return None


def near_window(word: str, then: str) -> str:
    """Return what was probably meant by a word that begins no window, seen the one behind it; '' where nothing is."""
    if then in ("week", "month"):
        near = close_to(word, ("last", "this"))
    else:
        near = close_to(word, ("since",)) if is_date(then) else ""
    return near or close_to(word, _SINGLE)


def _named(word: str, today: date, first_weekday: int) -> AskedWindow:
    yesterday = today - timedelta(days=1)
    this_week = week_start(today, first_weekday)
    last_of_month = month_start(today) - timedelta(days=1)
    return {
        "today": AskedWindow("today", today, today),
        "yesterday": AskedWindow("yesterday", yesterday, yesterday),
        "week": AskedWindow("week", this_week, today),
        "month": this_month(today),
        "last week": AskedWindow("last week", this_week - timedelta(days=7), this_week - timedelta(days=1)),
        "last month": AskedWindow("last month", month_start(last_of_month), last_of_month),
    }[word]


def _last_days(words: Words, today: date) -> AskedWindow:
    count = words.take()
    unit = words.take_if("days", "day")
    days = read_count(count, most=MOST_DAYS)
    if days is None and not unit and (near := close_to(count, ("week", "month"))):
        raise CommandError(f'"last {shown(count)}" is not a window. Nearest: {words.mended(near)}.')
    if not unit or days is None:
        raise CommandError(f"It is last N days, with N from 1 to {MOST_DAYS}. Nearest: /spend last 7 days.")
    return AskedWindow("days", today - timedelta(days=days - 1), today)


def _range(first: date, last: date, *, today: date) -> AskedWindow:
    """Return the days of a range, up to today; what lies wholly ahead stays, so that the answer can say so."""
    if first > today:
        return AskedWindow("range", first, max(first, last))
    if last < first:
        raise CommandError(f"{last} comes before {first}. Write the earlier day first: {last}..{first}.")
    if (today - first).days >= MOST_DAYS:
        raise CommandError(f"{first} is over {MOST_DAYS} days ago. Ask for a later day.")
    return AskedWindow("range", first, min(last, today))
