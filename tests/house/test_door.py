"""The door: `./spendbot` sets up what it needs wherever python3 and pip are, and says one sentence where it cannot."""

import json
import os
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.canaries import watch
from tests.house.tree import HOUSE
from tests.house.world import BASE_PYTHON, DOOR, World, managed_python, python_without_venv, write_script

# Notes what it was told, and makes a virtual environment that does as much.
NOTING_UV = """
env >>"$NOTES"; echo "uv $*" >>"$NOTES"
if [ "$1" = venv ]; then
  for place; do :; done
  mkdir -p "$place/bin"; touch "$place/pyvenv.cfg" "$place/bin/python"; chmod +x "$place/bin/python"
  printf '#!/bin/sh\\nenv\\n' >"$place/bin/spendbot"; chmod +x "$place/bin/spendbot"
fi
"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    watch.allow(tmp_path / "notes")  # the stand-in writes down its whole environment
    return World(tmp_path / "world", {"NOTES": str(tmp_path / "notes")})


def notes(world: World) -> str:
    return Path(world.extra["NOTES"]).read_text(encoding="utf-8")


def test_bare_debian_is_set_up_once_with_exactly_the_lock_and_healed_when_its_python_is_gone(
    world: World,
) -> None:
    """Really sets up: no uv, a python3 that is externally managed and has neither venv nor ensurepip."""
    world.command("python3", python_without_venv())
    managed = managed_python(world.folder / "managed")
    plain_pip = subprocess.run(
        [BASE_PYTHON, "-m", "pip", "install", "--no-index", "spendbot"],
        env={**os.environ, **managed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "externally" in plain_pip.stderr
    for module in ("venv", "ensurepip"):
        assert subprocess.run(
            [world.bin / "python3", "-m", module, "x"], capture_output=True, check=False
        ).returncode

    first = world.knock("setup", SPENDBOT_OWN_UV="1", **managed)

    assert first.returncode == 0, first.stderr
    assert installed_in(world.venv) == locked("requirements.txt") | {("spendbot", version("spendbot"))}

    (world.bin / "python3").unlink()
    second = world.knock("setup", **managed)

    assert (second.returncode, second.stderr) == (0, ""), "a second call needs neither python nor uv"

    world.command("python3", python_without_venv())
    (world.venv / "bin/python").unlink()
    (world.venv / "bin/python").symlink_to(world.folder / "gone")
    third = world.knock("setup", SPENDBOT_OWN_UV="1", **managed)

    assert third.returncode == 0, third.stderr
    assert installed_in(world.venv) == locked("requirements.txt") | {("spendbot", version("spendbot"))}


def test_no_python_at_all_is_one_sentence(world: World) -> None:
    done = world.knock("demo")

    assert done.returncode == 1
    assert done.stderr == (
        "spendbot: Python 3.11 or newer is needed, and none was found. Install it, or name it in SPENDBOT_PYTHON.\n"
    )


def test_a_python_that_is_too_old_is_one_sentence(world: World) -> None:
    world.command("python3", "echo 3 9 /usr/bin/python3.9")

    done = world.knock("demo")

    assert done.returncode == 1
    assert done.stderr == (
        "spendbot: Python 3.11 or newer is needed, and python3 is 3.9. Install it, or name it in SPENDBOT_PYTHON.\n"
    )


def test_a_python_without_pip_is_one_sentence_with_the_next_step(world: World) -> None:
    world.command("real-python", f'case "$1 $2" in "-m pip") exit 1 ;; esac; exec {BASE_PYTHON} "$@"')
    world.command("python3", f"echo 3 12 {world.bin / 'real-python'}")

    done = world.knock("setup", SPENDBOT_OWN_UV="1")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"spendbot: pip is needed to fetch uv, and {world.bin / 'real-python'} has none. "
        "On Debian: apt-get install python3-pip"
    ]


def test_a_shim_without_an_interpreter_is_passed_over(world: World) -> None:
    world.command("python3", "echo 'python3: command not found' >&2; exit 127")
    world.command("python3.12", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV)

    assert world.knock("setup").returncode == 0
    assert f"--python {BASE_PYTHON}" in notes(world)


def test_the_settings_of_pip_are_handed_to_uv_and_to_nothing_else(world: World) -> None:
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV)
    settings = world.folder / "pip.conf"
    settings.write_text(
        "[global]\nindex-url = https://one.example/simple\nfind-links = /a\n  /b\ncert = /certs.pem\n"
        "extra-index-url = https://two.example/simple https://three.example/simple\n"
        "[install]\ntrusted-host = one.example\n",
        encoding="utf-8",
    )
    apart = dict.fromkeys(("PIP_INDEX_URL", "PIP_CERT", "PIP_FIND_LINKS", "SSL_CERT_FILE"), "")

    done = world.knock("status", PIP_CONFIG_FILE=str(settings), **apart)

    told = dict(line.split("=", 1) for line in notes(world).splitlines() if "=" in line)
    assert told["UV_DEFAULT_INDEX"] == "https://one.example/simple"
    assert told["UV_INDEX"] == "https://two.example/simple https://three.example/simple"
    assert told["UV_FIND_LINKS"] == "/a,/b"
    assert told["UV_INSECURE_HOST"] == "one.example"
    assert told["SSL_CERT_FILE"] == "/certs.pem"
    assert done.returncode == 0
    assert "PATH=" in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith("UV_") or "/certs.pem" in line]


def test_the_settings_of_uv_win_and_the_environment_wins_over_the_file_of_pip(world: World) -> None:
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV)
    settings = world.folder / "pip.conf"
    settings.write_text("[global]\nindex-url = https://file.example\ncert = /file.pem\n", encoding="utf-8")

    world.knock(
        "setup",
        PIP_CONFIG_FILE=str(settings),
        PIP_INDEX_URL="https://environment.example",
        PIP_CERT="/environment.pem",
        SSL_CERT_FILE="/own.pem",
    )

    assert "UV_DEFAULT_INDEX=https://environment.example\n" in notes(world)
    assert "SSL_CERT_FILE=/own.pem\n" in notes(world)


def test_a_folder_that_is_no_virtual_environment_is_never_emptied(world: World) -> None:
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV)
    world.venv.mkdir(parents=True)
    (world.venv / "letters").write_text("keep me", encoding="utf-8")

    world.knock("setup")

    assert (world.venv / "letters").read_text(encoding="utf-8") == "keep me"


def test_a_changed_lock_and_a_moved_house_are_set_up_again(world: World) -> None:
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV)
    door = copy_of_the_door(world.folder / "house")

    world.knock("setup", door=door)
    world.knock("setup", door=door)
    assert notes(world).count("uv pip sync") == 1

    with (door.parent / "requirements.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    world.knock("setup", door=door)
    assert notes(world).count("uv pip sync") == 2

    moved = door.parent.rename(world.folder / "moved") / "spendbot"
    world.knock("setup", door=moved)
    assert notes(world).count("uv pip sync") == 3


def test_two_doors_at_once_set_up_once(world: World) -> None:
    """uv opens the second door while the first one is still setting up."""
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", f'[ "$1" != venv ] || {DOOR} setup 9>&- &\n{NOTING_UV}')

    done = world.knock("setup")

    assert (done.returncode, done.stderr.count("setting up")) == (0, 1), done.stderr
    assert notes(world).count("uv pip sync") == 1


def test_a_set_up_that_failed_is_not_taken_for_done(world: World) -> None:
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV + '[ "$2" != sync ] || exit 7')

    assert world.knock("setup").returncode == 7
    assert world.knock("setup").returncode == 7


def test_the_readme_begins_with_the_two_commands() -> None:
    first_block = (
        (HOUSE / "README.md").read_text(encoding="utf-8").partition("```sh\n")[2].partition("```")[0]
    )

    commands = [line.partition("#")[0].strip() for line in first_block.splitlines()]

    assert commands == ["./spendbot demo", "./spendbot test"]


def test_ci_runs_the_second_command_of_the_readme(world: World) -> None:
    folder = world.folder / "house"
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(HOUSE / ".ci/run", folder / ".ci/run")
    write_script(folder / "spendbot", 'echo "ran: $*"')

    done = world.knock(door=folder / ".ci/run")

    assert done.stdout == "ran: test\n"


@pytest.mark.parametrize(
    "lock",
    ["requirements.txt", "requirements-test.txt", "requirements-previews.txt", "requirements-door.txt"],
)
def test_locks_pin_and_hash_every_package_and_name_no_address(lock: str) -> None:
    text = (HOUSE / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert entries
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_what_a_run_needs_is_locked_to_the_same_versions_as_in_the_tests() -> None:
    assert locked("requirements.txt") <= locked("requirements-test.txt")


def test_what_draws_the_previews_is_locked_to_the_same_versions_as_in_the_tests() -> None:
    tested = dict(locked("requirements-test.txt"))
    drawing = dict(locked("requirements-previews.txt"))

    assert locked("requirements.txt") <= drawing.items()
    assert {name: tested.get(name, number) for name, number in drawing.items()} == drawing


def test_previews_are_drawn_in_an_environment_of_their_own(world: World) -> None:
    world.command("python3", f'exec {BASE_PYTHON} "$@"')
    world.command("uv", NOTING_UV)

    world.knock("previews", "--dir", "elsewhere")

    place = f"{world.venv}-previews"
    assert f"{HOUSE / 'requirements-previews.txt'}" in notes(world)
    assert f"uv pip sync --quiet --require-hashes --python {place}/bin/python" in notes(world)


def copy_of_the_door(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("spendbot", "pyproject.toml", "requirements.txt", "requirements-test.txt"):
        shutil.copy(HOUSE / name, folder / name)
    return folder / "spendbot"


def locked(lock: str) -> set[tuple[str, str]]:
    """Return (name, version) of every package of a lock that belongs on this python and platform."""
    text = (HOUSE / lock).read_text(encoding="utf-8")
    requirements = [
        Requirement(line.rstrip(" \\")) for line in text.splitlines() if re.match(r"[a-z0-9]", line)
    ]
    return {
        (canonicalize_name(each.name), str(each.specifier).removeprefix("=="))
        for each in requirements
        if each.marker is None or each.marker.evaluate()
    }


def installed_in(venv: Path) -> set[tuple[str, str]]:
    script = (
        "import importlib.metadata as m, json; "
        "print(json.dumps([(d.metadata['Name'], d.version) for d in m.distributions()]))"
    )
    done = subprocess.run(
        [venv / "bin/python", "-I", "-c", script], capture_output=True, text=True, check=True
    )
    return {(canonicalize_name(name), number) for name, number in json.loads(done.stdout)}
