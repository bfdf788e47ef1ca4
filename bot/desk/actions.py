"""What the buttons do, by their stable ids: ask a question, open a form, or do something to an incident."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot import commands
from bot.changes.acts import ACTS, act
from bot.changes.rights import for_admins
from bot.commands.connect import Disconnect, answer_disconnect
from bot.desk.arrival import How, Reply
from bot.desk.example import example_view
from bot.errors import CommandError
from bot.ports import Asked
from bot.views.errors import no_such_button, no_such_connection
from bot.views.model import Layout, View, line
from bot.views.names import short
from bot.views.settings import changed_view

FORM_ACTIONS = frozenset({"connect", "set_budget", "raise_budget", "set_price"})
QUESTIONS = frozenset({"by_model", "by_project", "by_key", "last_7_days", "month"})
LINKS = frozenset({"keys"})  # lead out of the chat; nothing arrives here
_FIXED = {"alerts_here": "spend alerts here", "help": "spend help"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button that was pressed. on_answer: it sits on a private answer, which may be replaced in place."""

    asked: Asked
    action: str
    value: str
    on_answer: bool


async def pressed(press: Press) -> Reply:
    """Do what a button says. Raises CommandError with a finished sentence; nothing is changed then."""
    if press.action in ACTS:
        done = await act(press.asked, press.action, press.value)
        if press.on_answer:  # the alert changes where it was posted, which may be far from here
            return Reply(how=How.PRIVATE, view=changed_view(done))
        return Reply(how=How.NOTHING)
    if press.action in QUESTIONS:
        view = await commands.answer(press.value or "spend", press.asked)
        return Reply(how=How.REPLACE if press.on_answer else How.PRIVATE, view=view)
    if press.action in _FIXED:
        return Reply(how=How.PRIVATE, view=await commands.answer(_FIXED[press.action], press.asked))
    if press.action in _OTHERS:
        return await _OTHERS[press.action](press)
    raise CommandError(no_such_button(press.action))


def all_actions() -> frozenset[str]:
    """Return the id of every button there is."""
    return frozenset({*ACTS, *QUESTIONS, *FORM_ACTIONS, *LINKS, *_FIXED, *_OTHERS})


def shared(view: View, words: str, by: str) -> Reply:
    """Return an answer for everybody in the channel, with who asked for it; a refusal stays private."""
    if view.is_refusal:
        return Reply(how=How.PRIVATE, view=view)
    asked_by = line(f"Asked by {short(by)}: /{words.removeprefix('/')}")
    buttons = tuple(button for button in view.buttons if button.action != "share")
    layout = Layout.NOTE if view.layout is Layout.NOTE else Layout.ANSWER
    for_all = replace(view, body=(*view.body, asked_by), buttons=buttons, is_private=False, layout=layout)
    return Reply(how=How.POST, view=for_all)


async def _share(press: Press) -> Reply:
    words = press.value or "spend"
    return shared(await commands.answer(words, press.asked), words, press.asked.actor.name)


async def _example(press: Press) -> Reply:
    return Reply(how=How.PRIVATE, view=example_view(press.asked.now))


async def _why(press: Press) -> Reply:
    return Reply(how=How.PRIVATE, view=await commands.answer(f"spend why {press.value}", press.asked))


async def _disconnect(press: Press) -> Reply:
    asked = press.asked
    await for_admins(asked, "disconnect providers")
    connection = next((each for each in await asked.store.connections() if each.id == press.value), None)
    if connection is None:
        raise CommandError(no_such_connection())
    view = await answer_disconnect(Disconnect(connection.label, is_confirmed=True), asked)
    return Reply(how=How.PRIVATE, view=view)


_OTHERS: dict[str, Callable[[Press], Awaitable[Reply]]] = {
    "share": _share,
    "example": _example,
    "why": _why,
    "disconnect": _disconnect,
}
