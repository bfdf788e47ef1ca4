"""Made-up secrets that every test works with, and the search for one that got out.

Each carries MARKER twice, near its beginning and its end, so one search finds all of them in any spelling, and most of
a cut one. The plugin (tests/canary_plugin.py) plants them and looks; a fake that is no aiohttp server calls `saw`.
"""

import base64
import gzip
import os
import stat
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

MARKER = "cAn4ryT5vB3k"  # 12 characters of base64: nine bytes of a master key are spelled like this
RAW_MARKER = base64.b64decode(MARKER)

OPENAI_KEY = f"sk-admin-{MARKER}OpenAi7GsXa5JoQf1Vi9HtCq6{MARKER}-q7Xw"
ANTHROPIC_KEY = f"sk-ant-admin01-{MARKER}Anthropic0FoXi3GtVq6CkWzB_yMrE{MARKER}-r2Fp"
SLACK_BOT_TOKEN = f"xoxb-1180000000001-{MARKER}SlackBot{MARKER}"
SLACK_APP_TOKEN = f"xapp-1-A0TEST00001-{MARKER}SlackApp{MARKER}"
SLACK_SIGNING_SECRET = f"{MARKER}SlackSigning{MARKER}"
DISCORD_TOKEN = f"MTE4MDAwMDAwMDAwMDAwMDAx.Gc4n4r.{MARKER}Discord{MARKER}"
MASTER_KEY = base64.b64decode(f"Ma5t{MARKER}7JoQ9HtCMb0a{MARKER}Zk0=")
BYSTANDER = f"{MARKER}Bystander{MARKER}"

OWNERS: Mapping[str, str] = {
    OPENAI_KEY: "openai",
    ANTHROPIC_KEY: "anthropic",
    SLACK_BOT_TOKEN: "slack",
    SLACK_APP_TOKEN: "slack",
    SLACK_SIGNING_SECRET: "slack",
    DISCORD_TOKEN: "discord",
}
# What lies in every environment, as on many people's machines: nobody may read, keep or pass on any of it.
ENVIRONMENT = ("OPENAI_ADMIN_KEY", "ANTHROPIC_ADMIN_KEY", "AWS_SECRET_ACCESS_KEY", "SPENDBOTS_NEIGHBOUR")

KEY_FILES = frozenset(
    {"master.key", "master.new"}
)  # the one place of a master key, and the one that replaces it
KEY_HEADERS = frozenset(
    {"authorization", "x-api-key"}
)  # the one place of a key in a request, at its own host
LARGEST_FILE = 32 * 2**20  # larger ones are counted as not looked at
_SHOWN = 60


def make_master_key() -> bytes:
    """Return a random master key whose text holds the marker."""
    watch.counts["used"] += 1
    return os.urandom(9) + RAW_MARKER + os.urandom(14)


@cache
def spellings() -> Mapping[str, bytes]:
    """Return what is searched for: the marker as text and as bytes of a master key, however they may be written."""
    plain = MARKER.encode()
    found = {
        "plain": plain,
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "reversed": plain[::-1],
        "percent": "".join(f"%{byte:02X}" for byte in plain).encode(),
        "utf-16": MARKER.encode("utf-16-le")[:-1],  # a needle that ends in zero is slow to look for
        "JSON": "".join(f"\\u{byte:04x}" for byte in plain).encode(),
        "bytes": RAW_MARKER,
        "bytes as hex": RAW_MARKER.hex().encode(),
        "bytes as repr": repr(RAW_MARKER)[2:-1].encode(),
    }
    for offset in range(3):
        found[f"base64+{offset}"] = _inside_base64(plain, offset)
    for offset in (1, 2):  # at offset 0 it is the plain marker again
        found[f"bytes as base64+{offset}"] = _inside_base64(RAW_MARKER, offset)
    return found


def _inside_base64(plain: bytes, offset: int) -> bytes:
    """Return what stands in base64 whatever stands before and after, some bytes off the next group of three."""
    return base64.b64encode(b"\0" * offset + plain)[4 if offset else 0 : -4]


def hits(content: bytes) -> list[str]:
    """Name every spelling of the marker that stands in some bytes; what gzip or zlib packed is unpacked first."""
    if content[:2] == b"\x1f\x8b":
        content += gzip.decompress(content)
    elif content[:2] in (b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
        content += zlib.decompressobj().decompress(content, LARGEST_FILE)
    return [name for name, needle in spellings().items() if needle in content]


def _around(content: bytes) -> str:
    at = max(0, min(found for needle in spellings().values() if (found := content.find(needle)) >= 0))
    return repr(content[max(0, at - _SHOWN) : at + _SHOWN].decode("utf-8", "replace"))


@dataclass
class Watch:
    """What was looked at and what was found. `hosts`: who listens on a loopback port."""

    leaks: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    hosts: dict[int, str] = field(default_factory=dict)
    _places: set[Path] = field(default_factory=set)
    _looked_below: set[Path] = field(default_factory=set)

    def look(self, where: str, what: str | bytes) -> None:
        """Look for canaries in something that may hold none."""
        content = what.encode("utf-8", "surrogatepass") if isinstance(what, str) else what
        self.counts["bytes"] += len(content)
        if found := hits(content):
            self.leaks.append(f"{where} ({', '.join(found)}): {_around(content)}")

    def saw(self, host: str, headers: Mapping[str, str], rest: str | bytes) -> None:
        """Judge a request that arrived: a key may travel in its header, to its owner. `host` '' = a stranger."""
        self.counts["requests"] += 1
        for name, value in headers.items():
            mine = [key for key, owner in OWNERS.items() if owner == host and key in value]
            if name.lower() in KEY_HEADERS and mine:
                self.counts["used"] += 1
                value = value.replace(mine[0], "")
            self.look(f"header {name} of a request to {host or 'a stranger'}", value)
        self.look(f"a request to {host or 'a stranger'}", rest)

    def belongs(self, url: str, owner: str) -> None:
        """Say whose server listens at a URL of the loopback: `openai`, `anthropic`, `slack`, `discord`."""
        self.hosts[urlsplit(url).port or 0] = owner

    def allow(self, path: Path) -> None:
        """Say that a file is a place for a key: whoever runs the bot put it there."""
        self._places.add(path)

    def look_below(self, folder: Path, *, changed_after: float = 0.0) -> None:
        """Look into every file below a folder, but for key files, older files and folders that were looked at."""
        for parent, folders, names in os.walk(folder):
            folders[:] = [name for name in folders if Path(parent, name) not in self._looked_below]
            for path in (Path(parent, name) for name in names):
                if path.name not in KEY_FILES and path not in self._places and not path.is_symlink():
                    self._look_into(path, changed_after)
        self._looked_below.add(folder)

    def _look_into(self, path: Path, changed_after: float) -> None:
        try:
            about = path.stat()
            if not stat.S_ISREG(about.st_mode) or about.st_mtime < changed_after:
                return
            if about.st_size > LARGEST_FILE:
                self.counts["files too large"] += 1
                return
            content = path.read_bytes()
        except OSError:  # it went away, or nobody may read it
            return
        self.counts["files"] += 1
        self.look(f"file {path}", content)


watch = Watch()
