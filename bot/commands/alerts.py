"""`/spend alerts here | off`: where spikes, budgets and trouble are told; `expected | false | again CODE`: what the
buttons on an alert do, typed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.changes.acts import ACTS, act
from bot.changes.audit import audit_entry
from bot.commands.here import this_channel
from bot.commands.spec import CommandSpec, Param, ReadContext
from bot.commands.words import Words, nearest, shown
from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import needs_code, not_a_code
from bot.views.model import View
from bot.views.settings import alerts_here, alerts_off, changed_view
from storage import is_code

_WHERE = ("here", "off")
_ACTS = {"expected": "expected", "false": "false_alarm", "again": "watch_again"}


@dataclass(frozen=True, slots=True)
class SetAlerts:
    """Tell alerts in the channel this is asked in, or no longer."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class SayOfAlert:
    """Do to the alert of a code what the button of this name does."""

    action: str
    code: str


def read(words: Words, _context: ReadContext) -> SetAlerts:
    """Read `here` or `off`."""
    word = words.take()
    if word.lower() not in _WHERE:
        near = nearest(word, (*_WHERE, *_ACTS)) if word else "here"
        said = f'"{shown(word)}" is nothing /spend alerts does. ' if word else "Here, or off? "
        form = f"{near} CODE" if near in _ACTS and not words else near
        raise CommandError(f"{said}Nearest: {words.mended(form, taken=1 if word else 0)}.")
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


async def answer_act(intent: SayOfAlert, asked: Asked) -> View:
    """Say what was done."""
    return changed_view(await act(asked, intent.action, intent.code))


def _reader(word: str) -> Callable[[Words, ReadContext], SayOfAlert]:
    def read_code(words: Words, _context: ReadContext) -> SayOfAlert:
        if word == "false":
            words.take_if("alarm")
        if not words:
            raise CommandError(needs_code(f"/spend alerts {word}"))
        code = words.take()
        if not is_code(code.partition("-")[0]):
            raise CommandError(not_a_code(code))
        return SayOfAlert(_ACTS[word], code.partition("-")[0].upper())

    return read_code


def _of_alert(word: str, help_: str) -> CommandSpec:
    return CommandSpec(
        path=("spend", "alerts", word),
        help=help_,
        usage="CODE",
        example=f"/spend alerts {word} K7Q2",
        params=(Param("code", "text", "The code at the end of the alert, such as K7Q2", is_required=True),),
        is_admin=True,
        act=ACTS[_ACTS[word]].admins,
        read=_reader(word),
        answer=answer_act,
    )


SPECS = (
    _of_alert("expected", "Call a spike expected: quiet until tomorrow evening, and usual from then on."),
    _of_alert("false", "Call a spike a false alarm: the same cause must be larger to be told again."),
    _of_alert("again", "Take back what was said of an alert: expected, false alarm, muted or snoozed."),
    CommandSpec(
        path=("spend", "alerts"),
        help="Tell spikes, budgets and trouble in this channel, or no longer.",
        usage="here|off",
        example="/spend alerts here",
        params=(Param("where", "choice", "In this channel, or no longer", _WHERE, is_required=True),),
        is_admin=True,
        act="choose where alerts go",
        read=read,
        answer=answer,
    ),
)
