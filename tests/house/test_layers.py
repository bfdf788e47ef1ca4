"""Rules that import-linter cannot say: a pure domain, a page for everything, nothing private, nothing dangerous."""

import ast
import re
import sys

import pytest

from bot.commands import all_specs
from providers import provider_names
from tests.house.tree import HOUSE, ROOMS, imported_modules, python_files, text_files

# What the domain may import: computing and shaping, nothing that reads a clock, a file, a socket or the environment.
PURE = frozenset(
    {
        *(
            "__future__",
            "types",
            "typing",
            "dataclasses",
            "enum",
            "contextlib",
            "functools",
            "collections",
            "collections.abc",
        ),
        *(
            "decimal",
            "fractions",
            "math",
            "operator",
            "statistics",
            "bisect",
            "heapq",
            "itertools",
            "hashlib",
        ),
        *(
            "collections",
            "collections.abc",
            "calendar",
            "datetime",
            "zoneinfo",
            "difflib",
            "fnmatch",
            "re",
            "string",
            "unicodedata",
        ),
    }
)
IMPURE_CALLS = frozenset({"open", "print", "input", "breakpoint"})
CLOCK_CALLS = frozenset({"now", "today", "utcnow", "fromtimestamp"})
RUNS_DATA = frozenset({"pickle", "shelve", "marshal", "dill", "yaml"})
LONGEST_FILE = 500
FREEZING = "storage/migrations/versions/"  # a migration is one long list of tables that is never edited again
MACHINE_PATHS = re.compile(r"(?<![\w./~$}-])/(?:home|Users|work|root)/[\w.-]+")
REGISTRY_HOSTS = re.compile(
    r"(?:files\.pythonhosted|pypi\.org|registry\.npmjs|jfrog|artifactory|nexus)", re.IGNORECASE
)


def calls(text: str) -> list[str]:
    """Return the last name of everything a source calls: `open`, and `now` of `datetime.now()`."""
    functions = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        f.id if isinstance(f, ast.Name) else f.attr
        for f in functions
        if isinstance(f, ast.Name | ast.Attribute)
    ]


def bare_calls(text: str) -> list[str]:
    """Return the names of the plain functions a source calls, methods left out."""
    functions = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [f.id for f in functions if isinstance(f, ast.Name)]


def test_every_room_is_looked_at() -> None:
    seen = {name.split("/")[0] for name, _ in python_files(*ROOMS)}

    assert seen == set(ROOMS)


def test_the_domain_imports_only_itself_and_pure_modules() -> None:
    strangers = {
        (name, module)
        for name, text in python_files("spend")
        for module in imported_modules(text)
        if module not in PURE and module.split(".")[0] != "spend"
    }

    assert strangers == set()
    assert {module.split(".")[0] for module in PURE} <= sys.stdlib_module_names


def test_the_domain_reads_no_clock_and_does_no_io() -> None:
    found = {
        (name, call) for name, text in python_files("spend") for call in calls(text) if call in CLOCK_CALLS
    }
    found |= {
        (n, call) for n, text in python_files("spend") for call in bare_calls(text) if call in IMPURE_CALLS
    }

    assert found == set()


def test_provider_files_do_not_import_one_another() -> None:
    public = {f"providers.{name}" for name in provider_names()}
    found = {
        (name, module)
        for name, text in python_files("providers")
        for module in imported_modules(text)
        if module in public
    }

    assert found == set()


@pytest.mark.parametrize("name", sorted(provider_names()))
def test_every_provider_has_a_page(name: str) -> None:
    assert (HOUSE / f"docs/providers/{name}.md").is_file()


def test_every_command_has_its_place_in_the_reference() -> None:
    page = (HOUSE / "docs/reference/commands.md").read_text(encoding="utf-8")

    missing = [spec.name for spec in all_specs() if spec.name not in page]

    assert all_specs()
    assert missing == []


def test_nothing_names_a_path_of_a_machine_or_a_registry() -> None:
    found = {
        (name, match[0])
        for name, text in text_files()
        for pattern in (MACHINE_PATHS, REGISTRY_HOSTS)
        for match in pattern.finditer(text)
        if name != "tests/house/test_layers.py"
    }

    assert found == set()


def test_the_patterns_for_paths_and_hosts_find_them() -> None:
    assert MACHINE_PATHS.search("open('/home/ann/notes')")
    assert MACHINE_PATHS.search("see /Users/ann")
    assert not MACHINE_PATHS.search("https://example.org/home/ann")
    assert REGISTRY_HOSTS.search("https://pypi.org/simple")


def test_nothing_runs_data_as_code() -> None:
    """The tests may name pickle: they prove that secrets are not pickled."""
    found: set[tuple[str, str]] = set()
    for name, text in python_files(*ROOMS, "benchmarks"):
        found |= {(name, module) for module in imported_modules(text) if module.split(".")[0] in RUNS_DATA}
        found |= {(name, call) for call in bare_calls(text) if call in ("eval", "exec")}
        found |= {(name, "shell=") for node in ast.walk(ast.parse(text)) if is_shell_argument(node)}

    assert found == set()


def is_shell_argument(node: ast.AST) -> bool:
    """Tell whether a node is `shell=` with anything but False."""
    if not isinstance(node, ast.keyword) or node.arg != "shell":
        return False
    return not (isinstance(node.value, ast.Constant) and node.value.value is False)


def test_no_file_is_too_long() -> None:
    lengths = {name: text.count("\n") for name, text in python_files(*ROOMS, "tests", "benchmarks")}

    too_long = {
        n: length for n, length in lengths.items() if length > LONGEST_FILE and not n.startswith(FREEZING)
    }

    assert too_long == {}


def test_nothing_is_left_for_later_without_a_word_about_when() -> None:
    marks = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b")
    found = {name for name, text in python_files(*ROOMS, "tests", "benchmarks") if marks.search(text)}

    assert found == set()
