"""Which budgets will not last, and when each is passed."""

from datetime import date
from decimal import Decimal

from bot.views.budget import BudgetState
from bot.views.crossings import crossings
from bot.views.facts import Outlook
from spend.budgets import Period
from tests.bot.views import harbor
from tests.bot.views.harbor import nanos


def budget(label: str, limit: str, spent: str, end: str, *, over_on: date | None = None) -> BudgetState:
    return BudgetState(
        label=label,
        period=Period.WEEK if label == "gpt-5.2" else Period.MONTH,
        limit=Decimal(limit),
        spent_nanos=nanos(spent),
        outlook=Outlook(nanos=nanos(end), low_nanos=nanos(end), high_nanos=nanos(end), currency="USD"),
        over_on=over_on,
    )


AGENTS = budget("Agents", "400", "421.50", "535", over_on=date(2026, 11, 19))
GPT = budget("gpt-5.2", "300", "205", "310", over_on=date(2026, 11, 21))
CALM = budget("Search", "2000", "700", "1100")


def test_budgets_that_will_not_last_are_named_with_the_day_the_earliest_first() -> None:
    assert str(crossings((GPT, CALM, AGENTS), harbor.CLOCK)) == (
        "Other budgets: Agents over $400 a month already; gpt-5.2 over $300 a week around Sat Nov 21."
    )


def test_where_all_budgets_last_nothing_is_said() -> None:
    assert str(crossings((CALM,), harbor.CLOCK)) == ""


def test_more_than_three_are_counted() -> None:
    said = str(crossings((AGENTS, AGENTS, AGENTS, AGENTS, AGENTS), harbor.CLOCK))

    assert said.endswith("; 2 more in /budget list.")
