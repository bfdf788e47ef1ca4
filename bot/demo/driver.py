"""The demo: the whole product at work on a story. Nothing is simulated but the vendors and the clock.

Keys are connected through the real check, polls go through the real pollers over HTTP on loopback, alerts through
the real watch and announce jobs.
"""

from datetime import datetime, time, timedelta
from pathlib import Path

from bot import commands
from bot.demo.clock import StoryClock
from bot.demo.story import Story
from bot.demo.transcript import Transcript
from bot.demo.vendors import SimulatedVendors
from bot.errors import CommandError
from bot.jobs.announce import announce
from bot.jobs.connect import ConnectRequest, connect
from bot.jobs.poll import Poller, poll_connection
from bot.jobs.read_stream import PollPlan
from bot.jobs.summary import summarise
from bot.jobs.watch import Watcher
from bot.places import person_at_the_console
from bot.ports import Actor, Asked, House
from bot.reports.connected import connected_facts
from bot.views.connect import connected_view
from bot.views.errors import refusal_view
from providers import Secret
from spend.notify import IncidentKind, IncidentState
from storage import AuditEntry, WorkspaceStore

ADMIN = Actor(id="console:mira", name="Mira Okafor", is_admin=True)


class Demo:
    """Tells one story in one house."""

    def __init__(
        self, house: House, story: Story, vendors: SimulatedVendors, clock: StoryClock, transcript: Transcript
    ) -> None:
        self._house, self.story, self._vendors = house, story, vendors
        self._clock, self._transcript = clock, transcript
        self._poller, self._watcher = Poller(house), Watcher(house)
        self._seen = 0
        self.store: WorkspaceStore

    async def tell(self) -> None:
        """Tell the story from connecting to the morning after the incident."""
        house = self._house
        self.store = house.store.workspace(await house.store.home(house.now()))
        await self._prepare()
        await self._connect()
        await self._weeks_later()
        await self._the_day()
        await self._the_morning_after()

    async def ask(self, words: str) -> None:
        """Answer words as the person at the console; what cannot be read is answered too."""
        self._transcript.typed(f"/{words.removeprefix('/')}")
        _actor, place = await person_at_the_console(self.store)
        asked = Asked(store=self.store, house=self._house, actor=ADMIN, place=place, now=self._house.now())
        try:
            view = await commands.answer(words, asked)
        except CommandError as err:
            view = refusal_view(err.sentence)
        await self._transcript.answered(self._house, view)
        await self.look()

    async def look(self) -> None:
        """Let the bot look once: poll what is due, watch, summarise, announce; show what it posted."""
        await self._poller.tick()
        await self._poller.drain()
        await self._watcher.tick()
        await summarise(self._house, self.store, self._house.now())
        while await announce(self._house, self._house.now()):
            pass
        for message in await self.store.console_messages(self._seen):
            self._seen = message.id
            picture = Path(message.chart_path) if message.chart_path else None
            self._transcript.posted(self._now(), message.text, picture)

    async def _prepare(self) -> None:
        audit = AuditEntry(at=self._house.now(), who="demo", where="demo", what="settings changed")
        await self.store.change_settings(
            audit, zone=str(self.story.zone), user_names=True, summary_at="", summary_zone=""
        )

    async def _connect(self) -> None:
        self._transcript.chapter(
            self._day("Connecting"),
            "An admin connects both providers; each key is checked before it is kept.",
        )
        pairs = (
            ("openai", "Harbor OpenAI", self._vendors.openai),
            ("anthropic", "Harbor Anthropic", self._vendors.anthropic),
        )
        for provider, label, vendor in pairs:
            self._transcript.typed(f"spendbot connect {provider}")
            request = ConnectRequest(
                provider=provider, label=label, key=Secret(vendor.admin_key), base_url=vendor.base_url
            )
            connection, result = await connect(self._house, self.store, ADMIN, request)
            await poll_connection(self._house, self.store, connection, PollPlan(everything=True))
            facts = await connected_facts(self._house, self.store, connection.id, result.sentence)
            await self._transcript.answered(self._house, connected_view(facts))
        await self.ask("spend")
        await self.ask('spend price discount 15% on "Harbor OpenAI"')

    async def _weeks_later(self) -> None:
        end = self.story.end
        await self._go_to(self._at(end, -9, 18), step=timedelta(days=8))
        self._transcript.chapter(
            self._day("Budgets"), "The team sets limits. Nothing is ever switched off by them."
        )
        await self.ask("budget set 3300 monthly")
        await self.ask("budget set 400 monthly for project:Agents")
        await self._go_to(self._at(end, -4, 20), step=timedelta(days=2))
        self._transcript.chapter(self._day("A new key"), "A key is used for the first time.")
        await self._go_to(self._at(end, -3, 7), step=timedelta(hours=3))
        await self._go_to(self._at(end, -1, 20), step=timedelta(hours=20))
        await self.ask("spend summary at 09:00")

    async def _the_day(self) -> None:
        end = self.story.end
        await self._go_to(self._at(end, 0, 8, 50), step=timedelta(hours=6))
        self._transcript.chapter(self._day("The morning summary"), "It comes at nine, without being asked.")
        await self._go_to(self._at(end, 0, 9, 5), step=timedelta(minutes=5))
        self._transcript.chapter(self._day("A runaway loop"), "At ten an agent begins to call itself.")
        await self._go_to(self._at(end, 0, 10), step=timedelta(minutes=30))
        await self._go_to_the_spike(end)
        await self._go_to(end, step=timedelta(minutes=30))
        self._transcript.chapter(self._day("Asking"), "What is going on?")
        for words in (
            "spend today by model",
            "spend",
            "spend forecast",
            "spend week vs last week by project",
        ):
            await self.ask(words)
        await self.ask("budget list")

    async def _the_morning_after(self) -> None:
        end = self.story.end
        self._transcript.chapter(self._day("It ends"), "Somebody stops the loop; the bot sees the end of it.")
        await self._go_to(self._at(end, 0, 18), step=timedelta(minutes=40))
        await self._go_to(self._at(end, 1, 9, 5), step=timedelta(hours=5))
        await self.ask("spend status")

    async def _go_to_the_spike(self, latest: datetime) -> None:
        """Look every minute until a spike is told: what is due is polled at its own pace, so it is told as ever."""
        while self._clock() < latest and not await self.store.incidents(
            states=(IncidentState.OPEN,), kinds=(IncidentKind.SPIKE,)
        ):
            self._clock.move_to(self._clock() + timedelta(minutes=1))
            await self.look()

    async def _go_to(self, moment: datetime, *, step: timedelta) -> None:
        while self._clock() < moment:
            self._clock.move_to(min(moment, self._clock() + step))
            await self.look()

    def _at(self, day: datetime, offset: int, hour: int, minute: int = 0) -> datetime:
        local = day.astimezone(self.story.zone).date() + timedelta(days=offset)
        return datetime.combine(local, time(hour, minute), self.story.zone)

    def _day(self, title: str) -> str:
        return f"{title} ({self._now()})"

    def _now(self) -> str:
        local = self._clock().astimezone(self.story.zone)
        return f"{local:%a %b} {local.day}, {local:%H:%M}"
