"""The first hour of somebody who sets the bot up: connect, poll, ask; every settled figure is the vendors' own."""

import stat
from collections.abc import Callable

import pytest

from bot.demo.vendors import SimulatedVendors
from bot.demo.vendors.ledger import Ledger
from tests.e2e.conftest import Connected, settled_days
from tests.e2e.processes import Bot, amounts, nanos

FIRST, LAST = settled_days()
WINDOW = f"spend {FIRST}..{LAST}"


def both(vendors: SimulatedVendors, count: Callable[[Ledger], dict[str, int]]) -> dict[str, int]:
    """Add what both vendors' books say, name by name."""
    total: dict[str, int] = {}
    for vendor in (vendors.openai, vendors.anthropic):
        for name, value in count(vendor.ledger).items():
            total[name] = total.get(name, 0) + value
    return {name: value for name, value in total.items() if value}


def test_init_makes_a_private_key_a_database_and_a_list_of_settings(bot: Bot) -> None:
    first = bot.good("init")
    key = (bot.config / "master.key").read_bytes()
    again = bot.good("init")

    assert "spendbot connect openai" in first.out
    assert "(made)" in first.out
    assert "(kept as it was)" in again.out
    assert (bot.config / "master.key").read_bytes() == key
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (*bot.data.iterdir(), *bot.config.iterdir())
    }
    assert modes == {"spendbot.db": 0o600, ".env": 0o600, "master.key": 0o600}
    assert stat.S_IMODE(bot.config.stat().st_mode) == 0o700


def test_without_a_connection_the_answer_is_how_to_connect(bot: Bot) -> None:
    answer = bot.ask("spend")

    assert answer["total"] is None
    assert "spendbot connect" in bot.good("ask", "spend").out


def test_the_settled_total_is_the_sum_of_both_bills(read_only_harbor: Connected) -> None:
    answer = read_only_harbor.bot.ask(WINDOW)

    books = read_only_harbor.vendors
    assert amounts(answer) == {
        "openai": books.openai.ledger.billed_nanos(FIRST, LAST),
        "anthropic": books.anthropic.ledger.billed_nanos(FIRST, LAST),
    }
    assert nanos(answer["total"]["amount"]) == sum(amounts(answer).values())
    assert answer["total"]["billed"] == answer["total"]["amount"]
    assert answer["basis"] == "billed"
    assert answer["warnings"] == []
    assert {each["state"] for each in answer["freshness"]} == {"ok"}


def test_each_day_is_its_bill(read_only_harbor: Connected) -> None:
    answer = read_only_harbor.bot.ask(f"{WINDOW} by day")

    def days(ledger: Ledger) -> dict[str, int]:
        return {name: value for (name,), value in ledger.billed_by(FIRST, LAST, "day").items() if name}

    shown = {day: value for day, value in amounts(answer).items() if value}
    assert shown == both(read_only_harbor.vendors, days)


def test_the_money_stands_at_the_model_that_used_it(read_only_harbor: Connected) -> None:
    answer = read_only_harbor.bot.ask(f"{WINDOW} by model by kind")

    shown = amounts(answer)
    openai, anthropic = read_only_harbor.vendors.openai.ledger, read_only_harbor.vendors.anthropic.ledger
    of_models = {
        model: value
        for ledger in (openai, anthropic)
        for (model,), value in ledger.billed_by(FIRST, LAST, "model").items()
        if model
    }
    per_model = {name.split()[0]: value for name, value in shown.items() if "web_search" not in name}
    assert {name: per_model[name] for name in of_models} == of_models
    fees = {kind: value for (kind,), value in both_by(openai, anthropic, "cost_type").items()}
    assert shown["(not attributed) code_execution"] == fees["code_execution"]
    assert shown["(not attributed) session"] == fees["session_usage"]
    searches = sum(value for name, value in shown.items() if name.endswith("web_search"))
    assert searches == fees["web_search"]


def both_by(one: Ledger, other: Ledger, field: str) -> dict[tuple[str | None, ...], int]:
    """Add up two books by one field of their bill lines."""
    total = dict(one.billed_by(FIRST, LAST, field))
    for name, value in other.billed_by(FIRST, LAST, field).items():
        total[name] = total.get(name, 0) + value
    return total


def test_projects_are_named_and_have_their_bill(read_only_harbor: Connected) -> None:
    answer = read_only_harbor.bot.ask(f"{WINDOW} by project")

    vendors = read_only_harbor.vendors
    names: dict[str | None, str] = {None: "Default workspace"}
    for account in (vendors.openai.customers, vendors.anthropic.customers):
        for key in (vendors.openai.admin_key, vendors.anthropic.admin_key):
            credential = account.credential(key)
            if credential is not None:
                names |= {project.id: project.name for project in credential.customer.account.projects}

    def projects(ledger: Ledger) -> dict[str, int]:
        return {names[name]: value for (name,), value in ledger.billed_by(FIRST, LAST, "project").items()}

    assert {name: value for name, value in amounts(answer).items() if value} == both(vendors, projects)


def test_keys_of_openai_have_their_bill(read_only_harbor: Connected) -> None:
    answer = read_only_harbor.bot.ask(f"{WINDOW} by key provider:openai")

    ledger = read_only_harbor.vendors.openai.ledger
    credential = read_only_harbor.vendors.openai.customers.credential(
        read_only_harbor.vendors.openai.admin_key
    )
    assert credential is not None
    names = {key.id: key.name for key in credential.customer.account.keys}
    expected = {names[name]: value for (name,), value in ledger.billed_by(FIRST, LAST, "key").items() if name}
    assert amounts(answer) == expected


def test_today_is_an_estimate_at_list_price(read_only_harbor: Connected) -> None:
    answer = read_only_harbor.bot.ask("spend today")

    assert answer["basis"] == "estimated"
    assert answer["total"]["billed"] == "0"


def test_nothing_but_reads_was_ever_sent(read_only_harbor: Connected) -> None:
    vendors = read_only_harbor.vendors

    assert vendors.openai.requests
    assert vendors.anthropic.requests
    assert vendors.openai.violations == []
    assert vendors.anthropic.violations == []


def test_the_same_key_is_refused_a_second_time(harbor: Connected) -> None:
    vendor = harbor.vendors.openai

    again = harbor.bot(
        "connect", "openai", "--key-stdin", "--base-url", vendor.base_url, stdin=vendor.admin_key
    )

    assert again.code == 1
    assert "Harbor OpenAI" in again.err
    assert again.err.count("\n") == 1
    assert len(harbor.bot.good("keys", "list").out.splitlines()) == 2


@pytest.mark.parametrize(
    ("provider", "key", "code", "says"),
    [
        ("openai", "correct-horse-battery-staple", 2, "not an admin key"),
        ("openai", "sk-proj-pR9mXe2LbVt6QwYc1KfSa8GoDn4HzUj3Ci7JrBk0TxWm5NyEq2-p3Kd", 2, "project key"),
        (
            "anthropic",
            "sk-ant-api03-Wn4tBe7KqLx1RvZc9YfMa2SoGd6HpUj8Ci3JtXk5QwDm0NyEr_vT-b1HsAA",
            2,
            "API key",
        ),
        ("openai", "sk-admin-nobodyKnowsThisOne00000000000000000000000000000000000000", 1, "OpenAI"),
    ],
)
def test_a_wrong_key_is_named_and_nothing_is_kept(
    read_only_harbor: Connected, bot: Bot, provider: str, key: str, code: int, says: str
) -> None:
    vendor = getattr(read_only_harbor.vendors, provider)

    done = bot("connect", provider, "--key-stdin", "--base-url", vendor.base_url, stdin=key)

    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert key not in done.err
    assert done.err.count("\n") == 1
    assert bot.good("keys", "list").out == "No key is stored.\n"
