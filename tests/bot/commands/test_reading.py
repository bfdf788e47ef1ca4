"""Words become intents: what is understood, what is refused, and in which sentence."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot import commands
from bot.commands.alerts import SetAlerts
from bot.commands.budget import ListBudgets, RemoveBudget, SetBudget, read_scope
from bot.commands.burn import AskBurn
from bot.commands.connect import Connect, Disconnect, ListConnections
from bot.commands.forecast import AskForecast
from bot.commands.help import AskHelp
from bot.commands.price import EndPrice, ListPrices, SetDiscount, SetPrice
from bot.commands.settings import ChangeAdmin, ChangeSetting, ShowSettings
from bot.commands.spec import ReadContext
from bot.commands.status import AskStatus
from bot.commands.summary import SetSummary, SummaryNow
from bot.commands.words import Words
from bot.errors import CommandError
from bot.query import AskedFilter, AskedWindow, SpendQuery
from spend.budgets import Period

TODAY = date(2026, 11, 19)  # a Thursday
CONTEXT = ReadContext(today=TODAY)
MONTH = AskedWindow("month", date(2026, 11, 1), TODAY)
DAY = AskedWindow("today", TODAY, TODAY)


def read(text: str) -> Any:
    """Return the intent of a text, as every platform gets it."""
    spec, words = commands.find(text)
    intent = spec.read(words, CONTEXT)
    words.end(f"{spec.name} {spec.usage}".strip())
    return intent


def _days(kind: str, first: tuple[int, int], last: tuple[int, int] = (11, 19)) -> AskedWindow:
    return AskedWindow(kind, date(2026, *first), date(2026, *last))


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("", MONTH),
        ("/spend", MONTH),
        ("spend", MONTH),
        ("SPEND Month", MONTH),
        ("/spend this month", MONTH),
        ("today", DAY),
        ("  /spend   TODAY ", DAY),
        ("yesterday", _days("yesterday", (11, 18), (11, 18))),
        ("week", _days("week", (11, 16))),
        ("last week", _days("last week", (11, 9), (11, 15))),
        ("last month", _days("last month", (10, 1), (10, 31))),
        ("last 1 day", DAY.__class__("days", TODAY, TODAY)),
        ("last 7 days", _days("days", (11, 13))),
        ("since 2026-11-03", _days("range", (11, 3))),
        ("2026-11-03", _days("range", (11, 3), (11, 3))),
        ("2026-11-03..2026-11-09", _days("range", (11, 3), (11, 9))),
        ("2026-11-03…2026-11-09", _days("range", (11, 3), (11, 9))),
        ("2026-11-03\u20132026-11-09", _days("range", (11, 3), (11, 9))),
        ("2026-11-03..2026-12-31", _days("range", (11, 3))),
    ],
)
def test_windows(text: str, window: AskedWindow) -> None:
    assert read(text) == SpendQuery(window=window)


def test_weeks_start_where_the_workspace_says() -> None:
    spec, words = commands.find("spend week")

    assert spec.read(words, ReadContext(today=TODAY, first_weekday=6)).window.first == date(2026, 11, 15)


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("by model", ("model",)),
        ("by models", ("model",)),
        ("BY Model", ("model",)),
        ("by project by model", ("project", "model")),
        ("by project and key", ("project", "key")),
        ("by project, key", ("project", "key")),
        ("by project , key", ("project", "key")),
        ("by project then by key", ("project", "key")),
        ("by token class", ("token class",)),
        ("by token_class by day", ("token class", "day")),
        ("by workspace", ("project",)),
        ("by api key", ("key",)),
        ("by model by model", ("model",)),
    ],
)
def test_dimensions(text: str, by: tuple[str, ...]) -> None:
    assert read(f"spend today {text}") == SpendQuery(window=DAY, by=by)


def test_everything_at_once_in_any_order() -> None:
    expected = SpendQuery(
        window=_days("week", (11, 16)),
        by=("project", "model"),
        top=5,
        filters=(AskedFilter("provider", "openai"), AskedFilter("project", "Search team")),
        versus=_days("last week", (11, 9), (11, 15)),
    )

    assert (
        read('/spend week by project by model top 5 provider:openai project:"Search team" vs last week')
        == expected
    )
    assert (
        read("spend top 5 provider:openai project:“Search team” vs last week by project, model week")
        == expected
    )


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/spend forecast", AskForecast()),
        ("/spend forecast straight line", AskForecast(method="straight line")),
        ("/spend forecast method straight line", AskForecast(method="straight line")),
        ("/spend forecast by Project", AskForecast(by="project")),
        ("/spend forecast method weekday blend by model", AskForecast(by="model")),
        ("/spend forecast record", AskForecast(is_record=True)),
        ("/spend burn", AskBurn()),
        ("/spend status", AskStatus()),
        ("/spend help", AskHelp()),
        ("/spend connect", Connect("")),
        ("/spend connect OpenAI", Connect("openai")),
        ("/spend connections", ListConnections()),
        ("/spend disconnect Harbor OpenAI", Disconnect("Harbor OpenAI", is_confirmed=False)),
        ('/spend disconnect "Harbor OpenAI" now', Disconnect("Harbor OpenAI", is_confirmed=True)),
        ("/spend disconnect now", Disconnect("now", is_confirmed=False)),
        ("/spend alerts here", SetAlerts(is_on=True)),
        ("/spend alerts OFF", SetAlerts(is_on=False)),
        ("/spend summary now", SummaryNow()),
        ("/spend summary off", SetSummary(is_off=True)),
        ("/spend summary at 9:05", SetSummary(at="09:05")),
        (
            "/spend summary at 09:00 europe/berlin here",
            SetSummary(at="09:00", zone="Europe/Berlin", is_here=True),
        ),
        ("/spend settings", ShowSettings()),
        ("/spend settings zone asia/kathmandu", ChangeSetting("zone", "Asia/Kathmandu")),
        ("/spend settings week sunday", ChangeSetting("first_weekday", 6)),
        ("/spend settings names on", ChangeSetting("user_names", value=True)),
        ("/spend settings pictures dark", ChangeSetting("pictures", "dark")),
        ("/spend settings pictures auto", ChangeSetting("pictures", "")),
        ("/spend settings admin add slack:U01AB", ChangeAdmin("slack:U01AB", is_added=True)),
        ("/spend settings admin remove discord:42", ChangeAdmin("discord:42", is_added=False)),
        ("/spend price list", ListPrices()),
        (
            "/spend price set claude-* 3 in 15 out from 2026-11-01",
            SetPrice(
                model="claude-*",
                per_million_in=Decimal(3),
                per_million_out=Decimal(15),
                starts_on=date(2026, 11, 1),
            ),
        ),
        (
            "/spend price set m 15 output 0 input",
            SetPrice(model="m", per_million_in=Decimal(0), per_million_out=Decimal(15), starts_on=None),
        ),
        (
            "/spend price discount 7.5% on Harbor OpenAI from 2026-11-01",
            SetDiscount(connection="Harbor OpenAI", percent=Decimal("7.5"), starts_on=date(2026, 11, 1)),
        ),
        ("/spend price end Harbor OpenAI", EndPrice("Harbor OpenAI")),
        ("/budget list", ListBudgets()),
        ("/budget set 500 monthly", SetBudget(limit=Decimal(500), period=Period.MONTH)),
        (
            "/budget set $1,200.50 weekly for project:Search",
            SetBudget(limit=Decimal("1200.50"), period=Period.WEEK, scope=AskedFilter("project", "Search")),
        ),
        (
            '/budget set 500 eur daily from 2026-12-01 for key:"night loop" in #ai-spend',
            SetBudget(
                limit=Decimal(500),
                period=Period.DAY,
                currency="EUR",
                scope=AskedFilter("key", "night loop"),
                starts_on=date(2026, 12, 1),
                channel="#ai-spend",
            ),
        ),
        ("/budget set 500 monthly for everything", SetBudget(limit=Decimal(500), period=Period.MONTH)),
        ("/budget remove everything", RemoveBudget(None, None)),
        ("/budget remove model:claude-* weekly", RemoveBudget(AskedFilter("model", "claude-*"), Period.WEEK)),
    ],
)
def test_other_commands(text: str, intent: object) -> None:
    assert read(text) == intent


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "/spend todya",
            '"todya" is not a window. Nearest: /spend today. Also yesterday, week, month, last 7 days, since DATE, '
            "DATE..DATE.",
        ),
        (
            "/spend by modle",
            '"modle" is nothing to cut by. Nearest: /spend by model. Also provider, project, key, user, tier, day, '
            "hour.",
        ),
        (
            "/spend by conection",
            '"conection" is nothing to cut by. Nearest: /spend by connection. Also provider, project, model, key, '
            "user, tier, day, hour.",
        ),
        ("/spend by project by model by key", "Two at most: this asks for project, model and key."),
        ("/spend by", "What to cut by is missing. Nearest: /spend by model."),
        (
            "/spend forecast by key",
            "A forecast is cut by project, model, provider, one at a time. Nearest: /spend forecast by model.",
        ),
        (
            "/spend forecast method",
            "A method is one of: weekday blend, straight line. Nearest: /spend forecast straight line.",
        ),
        ("/spend forcast", '"forcast" is nothing /spend does. Nearest: /spend forecast.'),
        ("/spend price", '"price" is nothing /spend does. Nearest: /spend price set.'),
        ("/spend price lst", '"price lst" is nothing /spend does. Nearest: /spend price list.'),
        ("/spend top 0", "It is top N, with N from 1 to 1000. Nearest: /spend by model top 5."),
        ("/spend top 00000019999", "It is top N, with N from 1 to 1000. Nearest: /spend by model top 5."),
        ("/spend last 0 days", "It is last N days, with N from 1 to 3660. Nearest: /spend last 7 days."),
        (
            "/spend last 000001999999999 days",
            "It is last N days, with N from 1 to 3660. Nearest: /spend last 7 days.",
        ),
        ("/spend since", "A day is missing behind since. Nearest: /spend since 2026-11-03."),
        ("/spend since 2026-02-30", '"2026-02-30" is not a date. Write it as 2026-11-03.'),
        ("/spend since 0001-01-01", "0001-01-01 is over 3660 days ago. Ask for a later day."),
        ("/spend 0001-01-01", "0001-01-01 is over 3660 days ago. Ask for a later day."),
        (
            "/spend 2026-11-09..2026-11-03",
            "2026-11-03 comes before 2026-11-09. Write the earlier day first: 2026-11-03..2026-11-09.",
        ),
        ("/spend vs", "A window is missing. Nearest: /spend week vs last week."),
        ("/spend modl:x", '"modl" is nothing to filter by. Nearest: /spend model:x.'),
        ("/spend project:", 'project: needs a name behind the colon, such as project:"a name".'),
        (
            '/spend project:"x',
            'A quote is not closed. Write the name between two quotes: project:"Search team".',
        ),
        ("/spend status now", '"now" is one word too many. It is read as: /spend status.'),
        (
            "/spend today week",
            '"week" is one word too many. It is read as: /spend [window] [by ...] [top N] [filters] [vs window].',
        ),
        ("/budget", "A word is missing behind /budget. Nearest: /budget list."),
        ("/budget sett 500", '"sett" is nothing /budget does. Nearest: /budget set 500.'),
        ("/budget set", "A budget needs an amount and a period: /budget set 500 monthly."),
        ("/budget set 500", "A budget needs a period: /budget set 500 monthly (or weekly, daily)."),
        ("/budget set 5oo monthly", '"5oo" is not an amount. Write 500, 1,200 or 49.90, in USD.'),
        ("/budget set 0 monthly", '"0" is not an amount. Write 500, 1,200 or 49.90, in USD.'),
        ("/budget set -5 monthly", '"-5" is not an amount. Write 500, 1,200 or 49.90, in USD.'),
        ("/budget set 1e9 monthly", '"1e9" is not an amount. Write 500, 1,200 or 49.90, in USD.'),
        ("/budget set 500 USX monthly", '"USX" is not a currency that is known. Nearest: USD.'),
        (
            "/budget set 500 monthly for Search",
            '"search" is no scope. Write everything, or provider, connection, project, model, key with a name: '
            "for project:search.",
        ),
        ("/budget remove", "Which budget? Nearest: /budget remove everything. /budget list shows them all."),
        ("/spend alerts", "Here, or off? Nearest: /spend alerts here."),
        ("/spend alerts hear", '"hear" is nothing /spend alerts does. Nearest: /spend alerts here.'),
        (
            "/spend alerts flase K7Q2",
            '"flase" is nothing /spend alerts does. Nearest: /spend alerts false K7Q2.',
        ),
        (
            "/spend alerts expected",
            "Which alert? Its code ends it: /spend alerts expected K7Q2. The codes are in /spend incidents.",
        ),
        (
            "/spend alerts false alarm ZZZZ",
            '"ZZZZ" is not the code of an alert, which looks like K7Q2. The codes are in /spend incidents.',
        ),
        ("/spend last wek", '"last wek" is not a window. Nearest: /spend last week.'),
        ("/spend last 5 dyas", "It is last N days, with N from 1 to 3660. Nearest: /spend last 7 days."),
        ("/spend summary", "When, or where? Nearest: /spend summary at 09:00 here."),
        ("/spend summary at 25:00", '"25:00" is not a time. Write it as 09:00.'),
        (
            "/spend summary at 09:00 Europe/Berln",
            '"Europe/Berln" is not a time zone. Nearest: Europe/Berlin.',
        ),
        ("/spend settings zon UTC", '"zon" is no setting. Nearest: /spend settings zone UTC.'),
        ("/spend settings admin add mira", '"mira" is nobody: write slack:U0123ABC or discord:1029384756.'),
        (
            "/spend price discount 100% on x",
            '"100%" is not a discount. Write 15% or 7.5%, over 0 and under 100.',
        ),
        ("/spend price set", "A model is missing: /spend price set MODEL 3 in 15 out [from DATE]."),
        (
            "/spend price set m 3 in",
            "Both prices are needed, per million tokens: /spend price set m 3 in 15 out.",
        ),
        (
            "/spend disconnect",
            "Which one? Nearest: /spend disconnect NAME. /spend connections shows the names.",
        ),
        ("x" * 2001, "That is too long: at most 2000 characters are read."),
    ],
)
def test_near_misses_get_one_sentence_with_the_way(text: str, sentence: str) -> None:
    with pytest.raises(CommandError) as caught:
        read(text)

    assert caught.value.sentence == sentence


def test_what_is_repeated_is_cut_and_without_controls() -> None:
    with pytest.raises(CommandError) as caught:
        read("spend \x1b[31m" + "a" * 500 + "\u202e")

    assert len(caught.value.sentence) < 200
    assert caught.value.sentence.isprintable()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/spend today by modle", "/spend today by model"),
        ("/spend by modle top 3 model:gpt*", "/spend by model top 3 model:gpt*"),
        ('/spend todya by key project:"Search team"', '/spend today by key "project:Search team"'),
        ("/spend week vs lst week by project", "/spend week vs last week by project"),
        ("/spend last wek by model", "/spend last week by model"),
        ("/spend sicne 2026-11-03 by day", "/spend since 2026-11-03 by day"),
        ('/spend today projct: "Search team" by key', '/spend today project:"Search team" by key'),
        ("/spend why yestrday model:gpt*", "/spend why yesterday model:gpt*"),
        ("/spend incidents lst month", "/spend incidents last month"),
        ("/spend forecast by modle straight line", "/spend forecast by model straight line"),
        ("/spend forcast by model", "/spend forecast by model"),
        ("/budget sett 500 monthly for project:Search", "/budget set 500 monthly for project:Search"),
    ],
)
def test_the_nearest_keeps_the_rest_and_can_be_typed_as_it_stands(said: str, meant: str) -> None:
    with pytest.raises(CommandError) as refused:
        read(said)

    assert f" Nearest: {meant}." in str(refused.value)
    read(meant)


def test_in_a_field_of_a_form_there_is_no_command_to_repeat() -> None:
    with pytest.raises(CommandError) as refused:
        read_scope(Words(["projct:Search"]))

    assert str(refused.value) == '"projct" is nothing to filter by. Nearest: project:Search.'


def test_of_a_long_command_the_nearest_is_said_alone() -> None:
    with pytest.raises(CommandError) as refused:
        read(f"/spend today by modle project:{'x' * 200}")

    assert " Nearest: /spend by model." in str(refused.value)


@pytest.mark.parametrize("word", ["ZZZZ", "K7Q", "k7q0", "K7Q2X", "ZZZZ-2"])
@pytest.mark.parametrize("command", ["why", "incidents"])
def test_what_looks_like_a_code_is_not_called_a_window(command: str, word: str) -> None:
    with pytest.raises(CommandError) as refused:
        read(f"/spend {command} {word}")

    assert str(refused.value) == (
        f'"{word}" is not the code of an alert, which looks like K7Q2. The codes are in /spend incidents.'
    )


@pytest.mark.parametrize("word", ["WEKK", "foo", "2025", "today1"])
def test_what_looks_like_no_code_is_no_window(word: str) -> None:
    with pytest.raises(CommandError) as refused:
        read(f"/spend why {word}")

    assert f'"{word}" is not a window.' in str(refused.value)
