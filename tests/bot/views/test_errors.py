"""The refusals of docs/messages.md 3.6."""

from datetime import date

from bot.views import errors
from tests.bot.views.harbor import CLOCK

HISTORY = date(2026, 6, 24)


def test_each_refusal_is_its_golden_sentence() -> None:
    assert errors.not_a_window("todya", "today", "/spend today") == (
        '"todya" is not a window. Nearest: /spend today. '
        "Also yesterday, week, month, last 7 days, since DATE, DATE..DATE."
    )
    assert errors.not_a_dimension("modle", "model", "/spend by model") == (
        '"modle" is nothing to cut by. Nearest: /spend by model. Also provider, project, key, user, tier, day, hour.'
    )
    assert errors.too_many_dimensions(("project", "model", "key")) == (
        "Two at most: this asks for project, model and key."
    )
    assert errors.nothing_matches("model", "gpt5*", ("gpt-5.2", "gpt-5-mini", "claude-opus-5")) == (
        "No model matches gpt5* in the last 90 days. Nearest: gpt-5.2, gpt-5-mini."
    )
    assert errors.still_to_come(date(2026, 12, 1), HISTORY, CLOCK) == (
        "2026-12-01 is still to come. History runs from Jun 24 to today."
    )
    assert errors.before_history("May", HISTORY, CLOCK) == "History starts on Jun 24; May lies before it."
    assert errors.budget_needs_period("500") == (
        "A budget needs a period: /budget set 500 monthly (or weekly, daily)."
    )
    assert errors.key_in_words("OpenAI") == (
        "That looks like a provider key; it was not kept. "
        "It is in your client's history now: revoke it at OpenAI, then use /spend connect."
    )
    assert (
        errors.only_admins("set budgets", ("Mira Okafor",))
        == "Only admins set budgets here. Ask Mira Okafor."
    )
    assert errors.members_only("Harbor Notes") == (
        "Figures are shown to members of Harbor Notes, in its channels."
    )
    assert errors.may_not_post("discord", "#ai-spend") == (
        "spendbot may not post in #ai-spend. Give it View Channel and Send Messages there, then ask again."
    )
    assert errors.may_not_post("slack", "#ai-spend") == (
        "spendbot is not in #ai-spend yet. Type /invite @spendbot there, then ask again."
    )
    assert errors.no_users(("Harbor OpenAI", "Harbor Anthropic")) == (
        "Harbor OpenAI and Harbor Anthropic report no users. Nearest: /spend by key."
    )
    assert errors.guild_not_linked("1029384756") == (
        "This server is not linked. Whoever runs spendbot adds 1029384756 to SPENDBOT_DISCORD_GUILDS."
    )


def test_a_fault_of_ours_names_the_line_of_the_log() -> None:
    view = errors.fault_view("7F3K")

    assert str(view.lead) == "This could not be added up; nothing was changed. The log calls it 7F3K."


def test_a_refusal_is_private_and_marked() -> None:
    view = errors.refusal_view(errors.not_a_window("x" * 10_000, "today", "/spend today"))

    assert view.is_refusal
    assert view.is_private
    assert len(str(view.lead)) < 200
