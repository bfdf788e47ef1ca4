"""Two vendors whose customer has spent until this minute, and a bot that has connected both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.story import harbor_notes
from bot.demo.vendors import SimulatedVendors
from tests.e2e.processes import Bot
from tests.e2e.warm import WarmBot, Zygote
from tests.fakes.serving import served

DAYS = 12  # long enough for the line that joins the bill of a settled day, 9 days back


def real_now() -> datetime:
    """Return the real time: the processes under test have no other clock."""
    return datetime.now(UTC)


def vendors_now(*, days: int = DAYS, seed: int = 5) -> SimulatedVendors:
    """Make vendors whose story ends now, with a discount on one bill, and a 429 now and then."""
    story = harbor_notes(seed=seed, days=days, end=real_now(), openai_discount_percent=15)
    return SimulatedVendors(story, real_now, seed=seed, throttle_one_in=40)


def settled_days() -> tuple[date, date]:
    """Return the first and the last UTC day whose bill is final by now and for the next hours."""
    today = real_now().date()
    return today - timedelta(days=DAYS), today - timedelta(days=2)


@dataclass(frozen=True)
class Connected:
    """A bot that has connected both vendors and loaded all there is."""

    bot: WarmBot
    vendors: SimulatedVendors


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """A bot that was never started."""
    home = tmp_path / "home"
    home.mkdir()
    return Bot(home)


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """The process that warm bots are forked from."""
    started = Zygote()
    yield started
    started.close()


@pytest.fixture
def warm(tmp_path: Path, zygote: Zygote) -> WarmBot:
    """A bot that was never started, whose processes start at once."""
    home = tmp_path / "home"
    home.mkdir()
    return WarmBot(home, zygote=zygote)


def connect(bot: Bot, vendors: SimulatedVendors) -> None:
    """Connect both vendors as an admin does."""
    for provider, label, vendor in (
        ("openai", "Harbor OpenAI", vendors.openai),
        ("anthropic", "Harbor Anthropic", vendors.anthropic),
    ):
        words = ("connect", provider, "--key-stdin", "--base-url", vendor.base_url, "--label", label)
        bot.good(*words, stdin=f"{vendor.admin_key}\n")


@pytest.fixture(scope="session")
def _harbor(tmp_path_factory: pytest.TempPathFactory, zygote: Zygote) -> Iterator[Connected]:
    with served(vendors_now()) as vendors:
        first = WarmBot(tmp_path_factory.mktemp("harbor"), zygote=zygote)
        connect(first, vendors)
        yield Connected(first, vendors)


@pytest.fixture
def harbor(_harbor: Connected, tmp_path: Path) -> Connected:
    """The connected bot, in folders of its own; the vendors are shared, so nobody turns their dials."""
    return Connected(_harbor.bot.copy_to(tmp_path / "home"), _harbor.vendors)


@pytest.fixture(scope="module")
def read_only_harbor(_harbor: Connected) -> Connected:
    """The connected bot itself, for questions that change nothing."""
    return _harbor
