"""A place to run the door in: a chosen PATH, python shims, and settings of pip, apart from this machine's own."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.house.tree import HOUSE

DOOR = HOUSE / "spendbot"
TOOLS = ("bash", "sh", "cat", "cksum", "dirname", "env", "flock", "rm", "mkdir", "chmod", "touch", "uname")
BASE_PYTHON = Path(os.path.realpath(sys._base_executable))  # type: ignore[attr-defined] # the one below .venv


@dataclass(frozen=True, slots=True)
class World:
    """Folders of one run of the door. Only what is put into `bin` is on the PATH."""

    folder: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def bin(self) -> Path:
        """The one folder on the PATH; the tools of a bare Debian are in it, python is not."""
        place = self.folder / "bin"
        if not place.exists():
            place.mkdir(parents=True)
            for tool in TOOLS:
                (place / tool).symlink_to(shutil.which(tool) or tool)
        return place

    @property
    def venv(self) -> Path:
        """Where the door puts the virtual environment."""
        return self.folder / "venv"

    def command(self, name: str, script: str) -> None:
        """Put a shell script on the PATH."""
        write_script(self.bin / name, script)

    def knock(self, *words: str, door: Path = DOOR, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the door with these words and settings, at most two minutes, and return what it said."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("UV_", "SPENDBOT_", "COVERAGE_"))}
        places = {
            "PATH": str(self.bin),
            "SPENDBOT_VENV": str(self.venv),
            "SPENDBOT_UV_DIR": str(self.folder / "uv"),
        }
        kept.pop("VIRTUAL_ENV", None)
        return subprocess.run(
            [str(self.bin / "bash"), str(door), *words],
            env={**kept, **places, **self.extra, **settings},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


def write_script(path: Path, script: str) -> None:
    """Write an executable shell script."""
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def python_without_venv(real: Path = BASE_PYTHON) -> str:
    """Return a python3 as bare Debian has it: `-m venv` and `-m ensurepip` fail, everything else works."""
    return f"""
case "$1 $2" in
  "-m venv" | "-m ensurepip") echo "No module named $2" >&2; exit 1 ;;
esac
exec {real} "$@"
"""


def managed_python(folder: Path) -> dict[str, str]:
    """Return settings that make every python an externally managed one (PEP 668) without venv and ensurepip."""
    folder.mkdir()
    (folder / "EXTERNALLY-MANAGED").write_text("[externally-managed]\nError=Use apt.\n", encoding="utf-8")
    (folder / "sitecustomize.py").write_text(
        f"""
import sys, sysconfig
sys.modules["venv"] = sys.modules["ensurepip"] = None
_real = sysconfig.get_path
def get_path(name, *rest, **named):
    return {str(folder)!r} if name == "stdlib" and not rest and not named else _real(name, *rest, **named)
sysconfig.get_path = get_path
""",
        encoding="utf-8",
    )
    return {"PYTHONPATH": str(folder)}
