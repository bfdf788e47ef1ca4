"""The door of the desk: finds workspace, person and rights for what arrived, lets one act have one effect, answers."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import structlog

from bot import commands
from bot.desk import forms, places
from bot.desk.actions import FORM_ACTIONS, Press, pressed, shared
from bot.desk.arrival import Arrival, How, Reply
from bot.desk.forms import FieldErrors, Form, FormError
from bot.desk.long_values import long_value, with_short_values
from bot.desk.suggest import Suggestions
from bot.errors import CommandError
from bot.ports import Actor, Asked, House, Place
from bot.views.connect import greeting_view
from bot.views.errors import fault_view, members_only, place_not_linked, refusal_view
from bot.views.model import View
from storage import Installation, WorkspaceStore

log = structlog.get_logger("spendbot.desk")

AT_ONCE = 8  # answers being made; more wait, after their platform was told that they arrived
FORM_TIME_S = 1.0
PICTURE_TIME_S = 10.0
_FIRST_WORDS = ("", "spend", "spend help")
_HOME_WORDS = ("spend", "budget list", "spend status")
_CODE_LETTERS = "2346789BCDFGHJKMNPQRTVWXY"

type_work = Callable[[Asked], Awaitable[Reply | FieldErrors]]


class Desk:
    """Answers what arrives from chat. Nothing that people do wrong is raised: it comes back as a refusal."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._room = asyncio.Semaphore(AT_ONCE)
        self._suggestions = Suggestions(house)

    async def ask(self, arrival: Arrival, text: str) -> Reply | None:
        """Answer typed words; a closing `share` shows the answer to all. None: this act was answered before."""
        words, is_shared = _without_share(text)

        async def work(asked: Asked) -> Reply:
            spec, rest = commands.find(words)
            form = _form_of(spec.path, has_words=bool(rest))
            if form and asked.actor.is_admin:
                return Reply(how=How.PRIVATE, form=await forms.form(asked, form, rest.peek()))
            greeting = await self._first_words(arrival, asked, words)
            if greeting is not None:
                return Reply(how=How.PRIVATE, view=greeting)
            view = await commands.answer_words(spec, rest, asked)
            return self._reply(view, words, asked, is_shared=is_shared)

        return await self._reply_to(arrival, work)

    async def ask_typed(
        self, arrival: Arrival, path: tuple[str, ...], options: Mapping[str, str], *, share: bool = False
    ) -> Reply | None:
        """Answer a command whose options came one by one, by the names of its parameters. Else like `ask`."""

        async def work(asked: Asked) -> Reply:
            spec, words = commands.find_typed(path, options)
            said = " ".join([*path, *words.rest()])
            return self._reply(await commands.answer_words(spec, words, asked), said, asked, is_shared=share)

        return await self._reply_to(arrival, work)

    async def press(self, arrival: Arrival, action: str, value: str, *, on_answer: bool) -> Reply | None:
        """Do what a button says. `on_answer`: it sits on a private answer, which may be replaced in place."""

        async def work(asked: Asked) -> Reply:
            whole = await long_value(asked.store, value)
            if action in FORM_ACTIONS:
                return Reply(how=How.PRIVATE, form=await forms.form(asked, action, whole))
            reply = await pressed(Press(asked=asked, action=action, value=whole, on_answer=on_answer))
            self._house.wake()
            return reply

        return await self._reply_to(arrival, work)

    async def form(self, arrival: Arrival, name: str, value: str = "") -> Form | Reply:
        """Return a form to be opened at once, filled with what is known; a refusal where there is none to fill in.

        What takes longer than a second to read is left out.
        """

        async def work(asked: Asked) -> Reply:
            whole = await long_value(asked.store, value)
            return Reply(how=How.PRIVATE, form=await forms.form(asked, name, whole))

        try:
            async with asyncio.timeout(FORM_TIME_S):
                reply = await self._answered(arrival, work, is_act=False)
        except TimeoutError:
            log.warning("form_late", form=name)
            return forms.blank(self._house, name)
        assert isinstance(reply, Reply)  # noqa: S101 - a form has no fields before it is shown
        return reply.form or reply

    async def submit(
        self, arrival: Arrival, form: str, values: Mapping[str, str], value: str = ""
    ) -> Reply | FieldErrors | None:
        """Do what a form was filled in for; what cannot be used comes back by the name of its field."""

        async def work(asked: Asked) -> Reply | FieldErrors:
            try:
                view = await forms.submit(asked, form, values, value)
            except FormError as err:
                return FieldErrors({err.field: err.sentence})
            return self._reply(view, "", asked, is_shared=False)

        return await self._answered(arrival, work)

    async def suggest(self, arrival: Arrival, kind: str, typed: str) -> list[str]:
        """Return what may be meant while somebody types, from memory: at most 25 values; [] for who may not ask."""
        try:
            place = await self._place(arrival)
            if place is None or not arrival.may_ask:
                return []
            store = self._house.store.workspace(place.workspace_id)
            return await self._suggestions.suggest(store, kind, typed)
        except Exception:  # the top of a suggestion: without one people type on
            log.exception("suggestion_failed", kind=kind)
            return []

    async def picture(self, view: View, arrival: Arrival) -> bytes | None:
        """Draw an answer's picture on the workspace's card, or its platform's; None without one, or when busy."""
        place = await self._place(arrival)
        if view.chart is None or place is None:
            return None
        settings = await self._house.store.workspace(place.workspace_id).settings()
        theme = settings.pictures or self._house.platforms[arrival.platform].theme
        try:
            async with asyncio.timeout(PICTURE_TIME_S):
                return await self._house.pictures.draw(view, theme=theme)
        except TimeoutError:
            return None

    async def home(self, arrival: Arrival) -> tuple[View, ...]:
        """Return a person's own page: the month, the budgets, the status; the greeting before the first connection."""
        shown: list[View] = []

        async def work(asked: Asked) -> Reply:
            if not await asked.store.connections(include_disconnected=True):
                place = await self._place(arrival)
                return Reply(how=How.PRIVATE, view=greeting_view(place.name if place else ""))
            answers = [_for_one(await commands.answer(words, asked)) for words in _HOME_WORDS]
            shown.extend([await with_short_values(view, asked) for view in answers])
            return Reply(how=How.NOTHING)

        reply = await self._answered(arrival, work, is_act=False)
        return (reply.view,) if isinstance(reply, Reply) and reply.view is not None else tuple(shown)

    async def joined(
        self, platform: str, external_id: str, name: str, *, greet_in: str = ""
    ) -> Installation | None:
        """Link a chat place to its workspace; None: it belongs to none and gets no data.

        greet_in: a channel in which the first words are posted, once for each place.
        """
        place = await places.joined(self._house, platform, external_id, name)
        if place is not None and greet_in:
            store = self._house.store.workspace(place.workspace_id)
            await places.greet(store, place, greet_in, self._house.now())
            self._house.wake()
        return place

    async def left(self, platform: str, external_id: str) -> None:
        """Stop what is done for a chat place from which the bot was removed."""
        await places.left(self._house, platform, external_id)

    async def _reply_to(self, arrival: Arrival, work: type_work) -> Reply | None:
        reply = await self._answered(arrival, work)
        assert not isinstance(reply, FieldErrors)  # noqa: S101 - only a form has fields
        return reply

    async def _answered(
        self, arrival: Arrival, work: type_work, *, is_act: bool = True
    ) -> Reply | FieldErrors | None:
        try:
            async with self._room:
                return await self._work(arrival, work, is_act=is_act)
        except CommandError as err:
            return Reply(how=How.PRIVATE, view=refusal_view(err.sentence))
        except Exception:  # the top of an answer: the person is told how the log calls it
            code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(4))
            log.exception("answer_failed", code=code, platform=arrival.platform)
            return Reply(how=How.PRIVATE, view=fault_view(code))

    async def _work(self, arrival: Arrival, work: type_work, *, is_act: bool) -> Reply | FieldErrors | None:
        place = await self._place(arrival)
        if place is None:
            raise CommandError(place_not_linked(arrival.platform, arrival.external_id))
        if not arrival.may_ask:
            raise CommandError(members_only(place.name))
        now, store = self._house.now(), self._house.store.workspace(place.workspace_id)
        if is_act and not await store.remember_act(f"{arrival.platform}:{arrival.act_id}", now):
            return None
        asked = Asked(
            store=store,
            house=self._house,
            actor=await self._actor(arrival, store),
            place=Place(
                platform=arrival.platform,
                installation_id=place.id,
                channel=arrival.channel,
                channel_name=arrival.channel_name,
                is_member=arrival.is_channel_member,
            ),
            now=now,
        )
        reply = await work(asked)
        if isinstance(reply, Reply) and reply.view is not None:
            return replace(reply, view=await with_short_values(reply.view, asked))
        return reply

    async def _place(self, arrival: Arrival) -> Installation | None:
        if not arrival.external_id:
            return None
        place = await self._house.store.installation(arrival.platform, arrival.external_id)
        return None if place is None or place.removed_at is not None else place

    async def _actor(self, arrival: Arrival, store: WorkspaceStore) -> Actor:
        admins = {*(await store.settings()).admins, *self._house.config["ADMINS"]}
        return Actor(
            id=arrival.person,
            name=arrival.user_name,
            is_admin=arrival.is_platform_admin or arrival.person in admins,
            may_ask=arrival.may_ask,
        )

    async def _first_words(self, arrival: Arrival, asked: Asked, words: str) -> View | None:
        """Return the greeting as the first answer in a place that was never greeted, while nothing is connected."""
        place = await self._place(arrival)
        if place is None or words.strip("/ ") not in _FIRST_WORDS or await asked.store.connections():
            return None
        is_first = await places.greet(asked.store, place, "", asked.now)
        return greeting_view(place.name) if is_first else None

    def _reply(self, view: View, words: str, asked: Asked, *, is_shared: bool) -> Reply:
        self._house.wake()  # a change may have queued what its channels are told
        return shared(view, words, asked.actor.name) if is_shared else Reply(how=How.PRIVATE, view=view)


def _form_of(path: tuple[str, ...], *, has_words: bool) -> str:
    """Return the form that asks for what a command left out, '' for none."""
    if path == ("spend", "connect"):
        return "connect"
    return "set_budget" if path == ("budget", "set") and not has_words else ""


def _for_one(view: View) -> View:
    """Leave out what needs a channel: a person's own page is in none."""
    return replace(view, buttons=tuple(button for button in view.buttons if button.action != "share"))


def _without_share(text: str) -> tuple[str, bool]:
    """Take a closing `share` off: it is how the answer is shown, not what is asked."""
    head, _, last = text.rstrip().rpartition(" ")
    return (head.rstrip(), True) if last.casefold() == "share" else (text.rstrip(), False)
