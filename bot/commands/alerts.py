"""`/spend alerts here | off`: where spikes, budgets and trouble are told."""

from dataclasses import dataclass

from bot.changes.audit import audit_entry
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import not_in_channel
from bot.views.model import View
from bot.views.settings import alerts_here, alerts_off, changed_view
from storage import Channel


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
    if intent.is_on and not place.is_member:
        raise CommandError(not_in_channel(place.channel_name))
    audit = audit_entry(asked, f"alerts {'on' if intent.is_on else 'off'}")
    if intent.is_on:
        channel = Channel(
            installation_id=place.installation_id,
            platform=place.platform,
            channel=place.channel,
            purpose="alerts",
            name=place.channel_name,
        )
        await asked.store.set_channel(channel, audit)
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
