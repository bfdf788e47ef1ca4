"""`/spend summary at 09:00 Europe/Berlin here | off | now`: the morning summary, when and where."""

from dataclasses import dataclass, replace

from bot.changes.audit import SUMMARY_SET, audit_entry
from bot.changes.rights import for_admins
from bot.commands.here import this_channel
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, read_time, read_zone
from bot.errors import CommandError
from bot.ports import Asked
from bot.reports.frame import load_frame
from bot.reports.summary import summary_view_now
from bot.views.model import View
from bot.views.settings import changed_view, summary_off, summary_set
from bot.views.spend import nothing_connected
from storage import Channel

DEFAULT_TIME = "09:00"
CONSOLE = "console"
USAGE = "at HH:MM [ZONE] | here | off | now"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSummary:
    """When and where the summary comes. Empty fields stay as they are."""

    at: str = ""
    zone: str = ""
    is_here: bool = False
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class SummaryNow:
    """Show yesterday's summary at once."""


def read(words: Words, _context: ReadContext) -> SetSummary | SummaryNow:
    """Read a time, a zone, here, off or now, in any order that makes sense."""
    if not words:
        raise CommandError("When, or where? Nearest: /spend summary at 09:00 here.")
    if words.take_if("now"):
        return SummaryNow()
    at = zone = ""
    is_here = is_off = False
    while words:
        if words.take_if("at"):
            at = read_time(words.take())
        elif words.take_if("here"):
            is_here = True
        elif words.take_if("off"):
            is_off = True
        else:
            zone = read_zone(words.take())
    if is_off and (at or is_here):
        raise CommandError("Off, or a time? Nearest: /spend summary off.")
    if zone and not at:
        raise CommandError(f"A time is missing: /spend summary at 09:00 {zone}.")
    return SetSummary(at=at, zone=zone, is_here=is_here, is_off=is_off)


async def answer(intent: SetSummary | SummaryNow, asked: Asked) -> View:
    """Show the summary, or set when and where it comes."""
    if isinstance(intent, SummaryNow):
        frame = await load_frame(asked.house, asked.store, asked.now)
        return await summary_view_now(frame) if frame.is_connected else nothing_connected("spend summary now")
    await for_admins(asked, "set the summary")
    return await _set(intent, asked)


async def _set(intent: SetSummary, asked: Asked) -> View:
    audit = audit_entry(asked, SUMMARY_SET)
    if intent.is_here:
        where: Channel | None = this_channel(asked, "summary")
    else:
        where = None if intent.is_off else await _first_channel(asked)
    if intent.is_off:
        await asked.store.change_settings(audit, summary_at="")
        return changed_view(summary_off())
    settings = await asked.store.settings()
    changes = {"summary_at": intent.at or settings.summary_at or DEFAULT_TIME}
    if intent.zone:
        changes["summary_zone"] = intent.zone
    settings = await asked.store.change_settings(audit, **changes)
    if where is not None:
        await asked.store.set_channel(where, audit)
    names = [channel.name or channel.channel for channel in await asked.store.channels("summary")]
    return changed_view(summary_set(names, settings.summary_at, settings.summary_zone or settings.zone))


async def _first_channel(asked: Asked) -> Channel | None:
    """Return where a summary that was asked for in a chat comes at first: where alerts go there, else in this channel.

    None where a chat channel is chosen already, or on the console.
    """
    if asked.place.platform == CONSOLE or any(
        channel.platform != CONSOLE for channel in await asked.store.channels("summary")
    ):
        return None
    place = asked.place.installation_id
    alerts = [each for each in await asked.store.channels("alerts") if each.installation_id == place]
    return replace(alerts[0], purpose="summary") if alerts else this_channel(asked, "summary")


SPECS = (
    CommandSpec(
        path=("spend", "summary"),
        help="When and where the morning summary comes; now shows it at once.",
        usage=USAGE,
        example="/spend summary at 09:00 Europe/Berlin here",
        params=(
            Param("time", "text", "When, as HH:MM", form="at {}"),
            Param("zone", "text", "In which time zone"),
            Param("where", "choice", "In this channel, off, or at once", ("here", "off", "now")),
        ),
        read=read,
        answer=answer,
    ),
)
