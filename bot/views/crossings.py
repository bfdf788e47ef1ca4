"""Which budgets will not last, and from which day, in one line."""

from collections.abc import Sequence

from bot.views import text
from bot.views.budget import BudgetState
from bot.views.facts import PER_PERIOD
from bot.views.model import Line, line
from bot.views.names import short
from bot.views.times import Clock
from spend.money import to_nanos

_NAMED = 3


def crossings(budgets: Sequence[BudgetState], clock: Clock) -> Line:
    """Name the budgets that will not last and the day each is passed: at most three, nothing where all last."""
    at_risk = sorted((b for b in budgets if b.is_over), key=lambda b: (b.over_on or clock.today, b.label))
    said = [_crossing(budget, clock) for budget in at_risk[:_NAMED]]
    if len(at_risk) > _NAMED:
        said.append(f"{len(at_risk) - _NAMED} more in /budget list")
    return line(f"Other budgets: {'; '.join(said)}." if said else "")


def _crossing(budget: BudgetState, clock: Clock) -> str:
    """`Agents over $400 a month already`, `gpt-5.2 over $300 a week around Fri Nov 20`."""
    over = (
        f"{short(budget.label)} over {text.limit(budget.limit, budget.currency)} {PER_PERIOD[budget.period]}"
    )
    if budget.spent_nanos > to_nanos(budget.limit):
        return f"{over} already"
    return f"{over} around {clock.day(budget.over_on)}" if budget.over_on else f"{over} by its end"
