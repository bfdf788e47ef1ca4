"""The pages are true: links lead somewhere, and what repeats the code equals it."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import DOOR_SETTINGS, PREFIX, SETTINGS
from providers import provider_names
from storage.keeping import KINDS
from tests.house import pages
from tests.house.tree import HOUSE, tracked_files

PAGES = tuple(path for path in tracked_files() if path.suffix == ".md")
IMAGE = re.compile(r'<img src="([^"]+)"')
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"```.*?```", re.DOTALL)


def links_of(path: Path) -> list[str]:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    return [target or picture for target, picture in LINK.findall(text)] + IMAGE.findall(text)


def anchors_of(path: Path) -> set[str]:
    """Return the anchors of a page's headings: lower case, without punctuation, hyphens for spaces."""
    titles = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def dead_links(path: Path) -> list[str]:
    dead = []
    for link in links_of(path):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            dead.append(link)
    return dead


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    assert dead_links(path) == []


def test_every_page_below_docs_can_be_reached_from_the_index() -> None:
    reached: set[Path] = set()
    to_read = [HOUSE / "docs/README.md"]
    while to_read:
        page = to_read.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        to_read += [
            (page.parent / link.partition("#")[0]).resolve() for link in links_of(page) if ":" not in link
        ]

    assert {page for page in PAGES if page.is_relative_to(HOUSE / "docs")} <= reached


def test_every_decision_stands_in_the_index_and_says_the_four_things() -> None:
    folder = HOUSE / "docs/adr"
    index = links_of(folder / "0000-index.md")
    numbered = sorted(path for path in folder.glob("[0-9]*.md") if not path.name.startswith("0000"))

    assert index == [path.name for path in numbered]
    assert len({path.name[:4] for path in numbered}) == len(numbered)
    for path in numbered:
        headings = re.findall(r"^(?:## (\w+)|(Status):)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert ["".join(words) for words in headings] == ["Status", "Context", "Decision", "Consequences"], (
            path.name
        )


def test_the_settings_page_and_the_example_equal_the_table_in_the_code() -> None:
    """`python -m tests.house.pages` writes both anew."""
    page = pages.SETTINGS_PAGE.read_text(encoding="utf-8")

    assert page == pages.with_sections(page)
    assert re.findall(r"^## (SPENDBOT_[A-Z_]+)$", page, re.MULTILINE) == [
        PREFIX + each.name for each in SETTINGS
    ]
    assert pages.ENV_EXAMPLE.read_text(encoding="utf-8") == pages.env_example()


def test_the_settings_page_names_those_of_providers_and_of_the_door() -> None:
    page = pages.SETTINGS_PAGE.read_text(encoding="utf-8")

    expected = [f"`{PREFIX}{name.upper()}_BASE_URL`" for name in provider_names()]
    expected += [f"`{PREFIX}{name}`" for name in DOOR_SETTINGS]

    assert [name for name in expected if name not in page] == []


def test_the_door_reads_the_settings_that_are_called_its_own() -> None:
    door = (HOUSE / "spendbot").read_text(encoding="utf-8")

    assert set(re.findall(r"SPENDBOT_([A-Z_]+)", door)) == set(DOOR_SETTINGS)


def test_the_security_page_says_how_long_each_kind_of_data_is_kept() -> None:
    page = (HOUSE / "SECURITY.md").read_text(encoding="utf-8")
    table = page.partition("| kind |")[2].partition("\n## ")[0]

    rows = re.findall(r"^\| (\w+) \| .+ \| ([\w ]+) \| ([\w -]+) \|$", table, re.MULTILINE)

    assert set(rows) == {
        (name, said(kind.keep, "for ever"), said(kind.at_least, "-")) for name, kind in KINDS.items()
    }


def said(time: timedelta, none: str) -> str:
    if not time:
        return none
    return "1 day" if time == timedelta(days=1) else f"{time.days} days"


def test_every_root_file_that_people_look_for_is_there() -> None:
    wanted = (
        *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE"),
        *(".editorconfig", ".pre-commit-config.yaml", ".env.example", ".ci/run"),
        *("Dockerfile", ".dockerignore", "compose.yaml"),
        *("requirements.txt", "requirements-test.txt", "requirements-door.txt"),
    )

    assert [name for name in wanted if not (HOUSE / name).read_text(encoding="utf-8").strip()] == []
