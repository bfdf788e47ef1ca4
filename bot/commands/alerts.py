"""`/spend alerts here | off`: where spikes, budgets and trouble are told."""

from dataclasses import dataclass

from bot.changes.audit import audit_entry
from bot.commands.here import this_channel
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.views.model import View
from bot.views.settings import alerts_here, alerts_off, changed_view


@dataclass(frozen=True, slots=True)
class SetAlerts:
    """Tell alerts in the channel this is asked in, or no longer."""

    is_on: bool


def read(words: Words, _context: ReadContext) -> SetAlerts:
    """Read `here` or `off`."""
    word = words.take()
    if word.lower() not in ("here", "off"):
        near = nearest(word, ("here", "off")) if word else "here"
        said = f'"{shown(word)}" is not here or off. ' if word else "Here, or off? "
        raise CommandError(f"{said}Nearest: /spend alerts {near}.")
    return SetAlerts(is_on=word.lower() == "here")


async def answer(intent: SetAlerts, asked: Asked) -> View:
    """Make this channel one where alerts are told, or no longer."""
    place = asked.place
    audit = audit_entry(asked, f"alerts {'on' if intent.is_on else 'off'}")
    if intent.is_on:
        await asked.store.set_channel(this_channel(asked, "alerts"), audit)
        return changed_view(alerts_here(place.channel_name))
    await asked.store.clear_channel("alerts", place.installation_id, place.channel, audit)
    return changed_view(alerts_off(place.channel_name))


SPECS = (
    CommandSpec(
        path=("spend", "alerts"),
        help="Tell spikes, budgets and trouble in this channel, or no longer.",
        usage="here|off",
        example="/spend alerts here",
        params=(
            Param("where", "choice", "In this channel, or no longer", ("here", "off"), is_required=True),
        ),
        is_admin=True,
        act="choose where alerts go",
        read=read,
        answer=answer,
    ),
)
