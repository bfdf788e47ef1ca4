"""Buttons that several messages share, always in the same order: verb and object, at most 20 characters."""

from bot.views.model import Button
from bot.views.periods import PeriodKind

_WORDS = {PeriodKind.TODAY: "today ", PeriodKind.YESTERDAY: "yesterday ", PeriodKind.WEEK: "week "}


def spend_buttons(kind: PeriodKind, by: tuple[str, ...]) -> tuple[Button, ...]:
    """Offer the cuts that are not shown yet, the last 7 days, and sharing. `value` holds the words to ask."""
    window = _WORDS.get(kind, "")
    cuts = [
        Button(f"By {cut}", f"by_{cut}", value=f"spend {window}by {cut}")
        for cut in ("model", "project", "key")
        if cut not in by
    ]
    week = (
        [] if kind is PeriodKind.DAYS else [Button("Last 7 days", "last_7_days", value="spend last 7 days")]
    )
    return (*cuts, *week, Button("Share here", "share"))


def incident_buttons(
    code: str, *, state: str, key: str = "", keys_url: str = "", vendor: str = ""
) -> tuple[Button, ...]:
    """Offer what can be done about an open spike; what was pressed is gone. `state`: the incident's."""
    pressed = {"acknowledged": "ack", "expected": "expected", "snoozed": "snooze_1h"}.get(state)
    buttons = [
        Button("Acknowledge", "ack", value=code),
        Button("Expected", "expected", value=code),
        Button("Snooze 1 h", "snooze_1h", value=code),
        Button("Snooze 1 day", "snooze_1d", value=code, is_rare=True),
    ]
    if key:
        buttons.append(Button("Mute this key", "mute_key", value=code, is_rare=True))
    if keys_url:
        buttons.append(Button(f"Keys at {vendor}", "keys", url=keys_url))
    return tuple(button for button in buttons if button.action != pressed)


def budget_buttons(budget_id: str) -> tuple[Button, ...]:
    """Offer what can be done about a budget that is passed."""
    return (
        Button("Raise budget", "raise_budget", value=budget_id),
        Button("Mute this month", "mute_budget", value=budget_id),
        Button("By key", "by_key", value="spend by key"),
    )
