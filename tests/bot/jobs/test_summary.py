"""The morning summaries of Harbor Notes, against the books of its vendors; lived through once, from Nov 10 on."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import failpoints
from bot.config import load_config
from bot.demo.harbor import AGENTS_NIGHTLY
from bot.demo.story import harbor_notes
from bot.demo.vendors import SimulatedVendors
from bot.jobs.announce import announce
from bot.jobs.connect import ConnectRequest, connect
from bot.jobs.poll import poll_connection
from bot.jobs.read_stream import PollPlan
from bot.jobs.summary import summarise
from bot.ports import Actor, House
from bot.reports.frame import load_frame
from bot.reports.summary import summary_view_now
from bot.views.evidence import from_evidence, to_evidence
from bot.views.summary import SummaryEvidence, summary_view
from bot.views.times import Clock
from bot.wiring import open_house
from providers import Secret, provider_names
from spend.budgets import Budget, Period, Scope
from spend.notify import Decision, Finding, Incident, IncidentKind, Step
from spend.window import hours_of_day
from storage import AuditEntry, WorkspaceStore
from tests.bot.views.test_spike import EVIDENCE

BERLIN = ZoneInfo("Europe/Berlin")
CENT = 10_000_000
MIRA = Actor(id="console:mira", name="Mira Okafor", is_admin=True)


@dataclass
class Life:
    """What was told and seen: incidents by what was going on, console texts, what the vendors' books say."""

    told: dict[str, Incident | None] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    books: dict[str, int] = field(default_factory=dict)
    now_lead: str = ""

    def summary(self, moment: str) -> SummaryEvidence:
        """Return the evidence of a summary that was told."""
        incident = self.told[moment]
        assert incident is not None
        return from_evidence(SummaryEvidence, json.loads(json.dumps(incident.evidence)))


class Days:
    """The clock, the house and the vendors while it is lived through."""

    def __init__(self) -> None:
        self.now = berlin(10, 9)
        self.life = Life()
        self.house: House
        self.store: WorkspaceStore
        self.vendors: SimulatedVendors

    async def poll(self, moment: datetime) -> None:
        """Read every stream at a moment."""
        self.now = moment
        for connection in await self.store.connections():
            await poll_connection(self.house, self.store, connection, PollPlan())

    async def summarise(self, name: str, moment: datetime) -> None:
        """Let the summary's job look at a moment."""
        self.now = moment
        self.life.told[name] = await summarise(self.house, self.store, moment)

    def audit(self, what: str) -> AuditEntry:
        """Return an audit entry of now."""
        return AuditEntry(at=self.now, who=MIRA.id, where="console", what=what)


def berlin(day: int, hour: int, minute: int = 0) -> datetime:
    """Return a moment of November in Berlin."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


async def live(folder: Path) -> Life:
    """Live from Nov 10 to Nov 27: connect, read at five to nine, be told at nine."""
    days = Days()
    story = harbor_notes(seed=1, days=30)
    config = load_config(
        {"SPENDBOT_TIMEZONE": "Europe/Berlin"},
        providers=provider_names(),
        keepable=(),
        data_dir=folder,
        config_dir=folder / "config",
    )
    async with (
        SimulatedVendors(story, lambda: days.now, seed=0) as days.vendors,
        open_house(config, clock=lambda: days.now) as days.house,
    ):
        days.store = days.house.store.workspace("home")
        await connect_both(days)
        await first_week(days)
        await rich_day(days)
        await day_with_an_incident(days)
        await afterwards(days)
        read_books(days)
    return days.life


async def connect_both(days: Days) -> None:
    vendors = (("openai", days.vendors.openai), ("anthropic", days.vendors.anthropic))
    for name, vendor in vendors:
        request = ConnectRequest(
            provider=name, key=Secret(vendor.admin_key), label=f"Harbor {name}", base_url=vendor.base_url
        )
        await connect(days.house, days.store, MIRA, request)
    everything = Budget(id="b1", scope=Scope(), period=Period.MONTH, limit=Decimal(3300))
    await days.store.set_budget(everything, days.audit("budget set"))


async def first_week(days: Days) -> None:
    await days.poll(berlin(10, 9, 30))
    await days.summarise("on the day it was connected, after nine", berlin(10, 9, 40))
    await days.poll(berlin(16, 8, 55))
    await days.summarise("back after six days, before nine", berlin(16, 8, 59))
    await days.summarise("a moment later", berlin(16, 8, 59))
    await days.summarise("monday", berlin(16, 9))
    await days.summarise("a minute later", berlin(16, 9, 1))


async def rich_day(days: Days) -> None:
    await days.summarise("while nothing of yesterday is read", berlin(19, 9))
    await days.poll(berlin(19, 8, 55))
    await days.summarise("rich", berlin(19, 9))
    await announce(days.house, days.now)
    frame = await load_frame(days.house, days.store, days.now)
    days.life.now_lead = str((await summary_view_now(frame)).lead)


async def day_with_an_incident(days: Days) -> None:
    await days.poll(berlin(20, 8, 55))
    anthropic = next(c.id for c in await days.store.connections() if c.provider == "anthropic")
    evidence = EVIDENCE | {
        "connection_id": anthropic,
        "since": berlin(19, 10).isoformat(),
        "until": berlin(19, 16, 20).isoformat(),
        "subject": EVIDENCE["subject"] | {"api_key": AGENTS_NIGHTLY.key},
    }
    spike = Finding(kind=IncidentKind.SPIKE, dedup_key="spike", evidence=evidence, is_over=True)
    await days.store.tell(spike, Decision(step=Step.FIRST, reason="told"), [], days.now)
    await days.summarise("incident", berlin(20, 9))
    await announce(days.house, days.now)
    days.life.texts = [message.text for message in await days.store.console_messages()]


async def afterwards(days: Days) -> None:
    """Nothing is spent any more; a kill, and changes of when it comes."""
    await days.poll(berlin(24, 8, 55))
    days.now = berlin(24, 9)
    stop = failpoints.arm(killed_when_queued)
    with pytest.raises(KilledError):
        await summarise(days.house, days.store, days.now)
    stop()
    await days.summarise("after a kill behind queueing", berlin(24, 9, 1))
    days.now = berlin(25, 8)
    await days.store.change_settings(days.audit("summary set"), summary_at="")
    await days.poll(berlin(25, 9, 55))
    await days.summarise("switched off", berlin(25, 10))
    await days.store.change_settings(days.audit("summary set"), summary_at="09:00")
    await days.summarise("switched on after its time", berlin(25, 10, 1))
    await days.poll(berlin(26, 8, 55))
    await days.summarise("the morning after", berlin(26, 9))
    await days.store.change_settings(days.audit("zone"), summary_zone="America/New_York")
    await days.summarise("elsewhere, at nine in Berlin", berlin(27, 9))
    await days.poll(berlin(27, 14, 55))
    await days.summarise("elsewhere, at nine there", berlin(27, 15))


class KilledError(BaseException):
    """Stands for SIGKILL."""


def killed_when_queued(boundary: str) -> None:
    if boundary == failpoints.QUEUED:
        raise KilledError


def read_books(days: Days) -> None:
    ledgers = (days.vendors.openai.ledger, days.vendors.anthropic.ledger)
    for day in (date(2026, 11, 11), date(2026, 11, 12), date(2026, 11, 18), date(2026, 11, 19)):
        whole = hours_of_day(day, BERLIN)
        used = sum(sum(ledger.used_by(whole.start, whole.end).values()) for ledger in ledgers)
        fees = sum(fee.nanos for ledger in ledgers for fee in ledger._account.meter.fees_on(day))
        days.life.books[str(day)] = used + fees
    days.life.books["bill of Nov 17"] = sum(ledger.billed_nanos(date(2026, 11, 17)) for ledger in ledgers)
    loop = days.vendors.anthropic.ledger.used_by(berlin(19, 10), berlin(19, 17), "key")
    days.life.books["loop"] = loop[(AGENTS_NIGHTLY.key,)]


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return asyncio.run(live(tmp_path_factory.mktemp("harbor")))


def test_the_day_is_the_vendors_books_to_the_nano_unit(life: Life) -> None:
    found = life.summary("rich")

    assert found.day == date(2026, 11, 18)
    assert found.total.nanos == life.books["2026-11-18"]
    assert abs((found.total.before_nanos or 0) - life.books["2026-11-11"]) < CENT


def test_the_projects_make_the_change_of_the_day(life: Life) -> None:
    for moment in ("rich", "incident"):
        found = life.summary(moment)
        assert sum(mover.nanos for mover in found.movers) == found.total.nanos - (
            found.total.before_nanos or 0
        )
        assert {"Support", "Search", "Agents"} <= {mover.name for mover in found.movers}


def test_the_week_before_makes_the_mean_and_the_month_the_budget(life: Life) -> None:
    found = life.summary("rich")

    assert found.mean_7_nanos == sum(day.nanos for day in found.days[-8:-1]) // 7
    assert found.days[-1].nanos == found.total.nanos
    (everything,) = found.budgets
    assert everything.spent_nanos == found.month.nanos


def test_the_bill_that_came_in_is_the_vendors_own(life: Life) -> None:
    bill = life.summary("rich").bill_in

    assert bill is not None
    assert (bill.day, bill.billed_nanos) == (date(2026, 11, 17), life.books["bill of Nov 17"])
    assert abs(bill.billed_nanos - bill.estimated_nanos) < CENT


def test_a_key_the_week_before_did_not_have_is_named(life: Life) -> None:
    newcomer = life.summary("rich").newcomer

    assert newcomer is not None
    assert (newcomer.what, newcomer.name) == ("key", "agents-nightly")
    assert 4 * CENT * 100 < newcomer.nanos < 6 * CENT * 100


def test_the_spike_of_the_day_is_told_with_its_exact_money(life: Life) -> None:
    incident = life.summary("incident").incident

    assert incident is not None
    assert incident.nanos == life.books["loop"]
    assert (incident.key, incident.since, incident.until) == (
        "agents-nightly",
        berlin(19, 10),
        berlin(19, 16, 20),
    )
    (text,) = [text for text in life.texts if text.startswith("Thursday:")]
    assert "$135.10 of it: agents-nightly, 10:00 to 16:20, over now." in text.replace("\n", " ")
    assert "Wednesday's bill (UTC day) is in" in text.replace("\n", " ")


def test_the_rich_day_reads_as_it_should(life: Life) -> None:
    (text,) = [text for text in life.texts if text.startswith("Wednesday:")]
    words = text.replace("\n", " ")

    assert "than last Wednesday. $4.61 of it a new key, agents-nightly." in words
    assert "November: $2," in words
    assert "Against last Wednesday: " in words
    assert "Budgets: Everything 64%. Tuesday's bill (UTC day) is in: " in words
    assert "Data to 08:55 CET · Wednesday estimated, bill due Fri 01:00 · " in words
    assert words.endswith(".png")
    assert life.now_lead.split(".")[0] == words.split(".")[0]


def test_on_monday_it_is_the_week(life: Life) -> None:
    found = life.summary("monday")

    assert found.week is not None
    assert found.weekend is not None
    assert found.week.nanos == sum(day.nanos for day in found.days[-7:])
    assert found.weekend.nanos == sum(day.nanos for day in found.days[-3:])
    assert sum(mover.nanos for mover in found.movers) == found.week.nanos - (found.week.before_nanos or 0)


def test_what_is_stored_reads_back_as_it_was(life: Life) -> None:
    found = life.summary("incident")

    assert to_evidence(found) == (life.told["incident"] or pytest.fail("not told")).evidence


@pytest.mark.parametrize(
    "moment",
    [
        "on the day it was connected, after nine",
        "a moment later",
        "a minute later",
        "while nothing of yesterday is read",
        "after a kill behind queueing",
        "switched off",
        "switched on after its time",
        "elsewhere, at nine in Berlin",
    ],
)
def test_nothing_is_told(life: Life, moment: str) -> None:
    assert life.told[moment] is None


@pytest.mark.parametrize(
    ("moment", "due_on"),
    [
        ("back after six days, before nine", "2026-11-15"),
        ("monday", "2026-11-16"),
        ("rich", "2026-11-19"),
        ("the morning after", "2026-11-26"),
        ("elsewhere, at nine there", "2026-11-27"),
    ],
)
def test_one_summary_is_told_for_its_date(life: Life, moment: str, due_on: str) -> None:
    incident = life.told[moment]

    assert incident is not None
    assert incident.dedup_key == f"summary:{due_on}"
    assert life.summary(moment).day == date.fromisoformat(due_on) - timedelta(days=1)


def test_a_day_without_spend_is_one_line(life: Life) -> None:
    view = summary_view(life.summary("the morning after"), Clock(berlin(26, 9), BERLIN), code="S9PX")

    assert str(view.lead).startswith("Wednesday: nothing. November: $2,")
    assert (view.body, view.chart) == ((), None)
