"""Buttons that several messages share, always in the same order: verb and object, at most 20 characters."""

from dataclasses import replace

from bot.views.model import Button
from bot.views.periods import PeriodKind

_LAST_WEEK = "spend last 7 days"
_QUIETED = ("expected", "muted", "false_alarm")


def spend_buttons(
    kind: PeriodKind, by: tuple[str, ...], *, words: str, uncut: str = "", filters: str = ""
) -> tuple[Button, ...]:
    """Offer the cuts that are not shown yet, the last 7 days, and sharing. `value` holds the words to ask.

    words: what was asked; uncut: the same window and filters without a cut; filters: only these.
    """
    uncut = uncut or words
    cuts = [
        Button(f"By {cut}", f"by_{cut}", value=f"{uncut} by {cut}")
        for cut in ("model", "project", "key")
        if cut not in by
    ]
    days = Button("Last 7 days", "last_7_days", value=f"{_LAST_WEEK} {filters}".strip())
    week = [] if kind is PeriodKind.DAYS else [days]
    return (*cuts, *week, Button("Share here", "share", value=words))


def incident_buttons(
    code: str, *, state: str, key: str = "", keys_url: str = "", vendor: str = ""
) -> tuple[Button, ...]:
    """Offer what can be done about an open spike; what was pressed is gone. `state`: of the last act, else open."""
    pressed = {
        "acknowledged": "ack",
        "expected": "expected",
        "snoozed": "snooze_1h",
        "muted": "mute_key",
        "false_alarm": "false_alarm",
    }.get(state)
    buttons = [
        Button("Acknowledge", "ack", value=code),
        _expected_button(code),
        Button("Snooze 1 h", "snooze_1h", value=code),
        why_button(code),
        replace(_false_button(code), is_rare=True),
        Button("Snooze 1 day", "snooze_1d", value=code, is_rare=True),
    ]
    if key:
        buttons.append(Button("Mute this key", "mute_key", value=code, is_rare=True))
    if state in _QUIETED:
        buttons.insert(0, watch_again_button(code))
    if keys_url:
        buttons.append(Button(f"Keys at {vendor}", "keys", url=keys_url))
    return tuple(button for button in buttons if button.action != pressed)


def closed_buttons(code: str, *, state: str) -> tuple[Button, ...]:
    """Offer what is left of a spike that is over: why, and what to call it. `state`: of the last act."""
    if state in _QUIETED:
        return why_button(code), watch_again_button(code)
    return why_button(code), _expected_button(code), _false_button(code)


def watch_again_button(code: str) -> Button:
    """Offer to take back what keeps alerts quiet, or makes them rarer."""
    return Button("Watch again", "watch_again", command=f"/spend alerts again {code}", value=code)


def take_back_button(code: str) -> Button:
    """The same where several may be offered at once."""
    return Button(f"Take back {code}", "watch_again", command=f"/spend alerts again {code}", value=code)


def budget_buttons(budget_id: str, *, code: str, period: str, is_muted: bool) -> tuple[Button, ...]:
    """Offer what can be done about a budget that is passed. `period`: day, week or month."""
    mute = watch_again_button(code) if is_muted else Button(f"Mute this {period}", "mute_budget", value=code)
    return (
        Button("Raise budget", "raise_budget", value=budget_id),
        mute,
        why_button(code),
        Button("By key", "by_key", value="spend by key"),
    )


def _expected_button(code: str) -> Button:
    return Button("Expected", "expected", command=f"/spend alerts expected {code}", value=code)


def _false_button(code: str) -> Button:
    return Button("False alarm", "false_alarm", command=f"/spend alerts false {code}", value=code)


def why_button(code: str) -> Button:
    """Offer the exact split of what an incident is about."""
    return Button("Why", "why", command=f"/spend why {code}", value=code)


def why_buttons(words: str, spend: str) -> tuple[Button, ...]:
    """Offer what stands beside a split: the window itself by key, and sharing. `spend`: its words, '' for none."""
    by_key = (Button("By key", "by_key", value=f"{spend} by key"),) if spend else ()
    return (*by_key, Button("Share here", "share", value=words))
