"""Settings of a workspace, where alerts and the summary go, and that something was changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.views import text
from bot.views.answer_data import answer_data
from bot.views.model import Layout, View, line
from bot.views.names import short
from bot.views.times import WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFacts:
    """What is set. `first_weekday` counts from Monday = 0; `pictures` is "light", "dark" or "" (as the platform's)."""

    name: str
    zone: str
    first_weekday: int
    user_names: bool
    pictures: str
    admins: tuple[str, ...] = ()


def settings_view(facts: SettingsFacts) -> View:
    """Build the answer with every setting and how to change it."""
    week = WEEKDAYS[facts.first_weekday]
    cards = facts.pictures or "light or dark, as the platform is"
    lead = line(f"{short(facts.name)}: zone {facts.zone}, weeks start on {week}, pictures {cards}.")
    admins = text.listed([short(name) for name in facts.admins]) if facts.admins else "those of each platform"
    body = (
        line(f"User names are {'on' if facts.user_names else 'off'}. Admins: {admins}."),
        line(
            "Change: /spend settings zone Europe/Berlin, week monday, names on, pictures dark, admin add slack:U01AB."
        ),
    )
    return View(
        layout=Layout.NOTE,
        title="spend settings",
        lead=lead,
        body=body,
        data=answer_data(title="spend settings", lead=str(lead), facts=[str(item) for item in body]),
    )


def changed_view(sentence: str, *, is_private: bool = True) -> View:
    """Build the note that a setting was changed. The sentence is finished."""
    return View(
        layout=Layout.NOTE,
        title="changed",
        lead=line(sentence),
        is_private=is_private,
        data=answer_data(title="changed", lead=sentence),
    )


def alerts_here(channel: str) -> str:
    """Say that alerts go to a channel from now on."""
    return f"Alerts are posted in {short(channel)} from now on: spikes, budgets, new keys and trouble."


def alerts_off(channel: str) -> str:
    """Say that a channel gets no alerts any more."""
    return f"No more alerts in {short(channel)}. /spend alerts here turns them on again."


def summary_set(channels: Sequence[str], at: str, zone: str) -> str:
    """Say when and where the summary is posted."""
    where = f" in {text.listed([short(name) for name in channels])}" if channels else ""
    return f"The summary is posted{where} at {at} {zone} each day."


def summary_off() -> str:
    """Say that there is no summary any more."""
    return "No more summaries. /spend summary at 09:00 turns them on again."
