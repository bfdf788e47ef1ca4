"""Where a connection may lead: the rules for base URLs, and for the address that is really connected to.

The rule to remember: a name proves nothing. A base URL is checked when it is set, and every connected address again,
so that a name that answers with a public address first and a private one later leads nowhere.
"""

import re
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
# What resolvers may take for an address.
_NUMBER_LIKE = re.compile(r"(0x[0-9a-f]*|[0-9]+)(\.(0x[0-9a-f]*|[0-9]+))*")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_NAT64 = IPv6Network("64:ff9b::/96")
# Addresses of cloud metadata services that lie in private ranges (link-local ones are refused as a whole).
_METADATA = frozenset({ip_address("fd00:ec2::254"), ip_address("100.100.100.200")})


class BadBaseUrlError(ValueError):
    """A base URL that is refused; `sentence` says why, for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Reach(Enum):
    """Which addresses a connection may lead to."""

    PUBLIC = "public"
    LOOPBACK = "loopback"
    PRIVATE = "private"  # public ones too


@dataclass(frozen=True, slots=True)
class BaseUrl:
    """A base URL that passed the rules, without a trailing slash, and what may be reached through it."""

    text: str
    reach: Reach


def check_base_url(url: str, allow_private: bool = False) -> str:
    """Return the base URL in its one normal form, without a trailing slash.

    https only; plain http for loopback only (127.x.y.z, ::1, localhost). A private address needs `allow_private`;
    link-local, multicast and metadata addresses are refused always. Raises BadBaseUrlError with a sentence.
    """
    return read_base_url(url, allow_private).text


def read_base_url(url: str, allow_private: bool) -> BaseUrl:
    """Return the checked base URL together with what may be reached through it. Raises BadBaseUrlError."""
    parts = _split(url)
    host = (parts.hostname or "").lower()
    address = _literal(host)
    is_loopback = address.is_loopback if address else host == "localhost"
    if parts.scheme == "http" and not is_loopback:
        raise BadBaseUrlError("A base URL starts with https://; plain http is taken for this machine only.")
    named = Reach.PRIVATE if allow_private else Reach.PUBLIC
    reach = Reach.LOOPBACK if is_loopback else named
    if address and not may_reach(str(address), reach):
        raise BadBaseUrlError(
            "This address may not be reached."
            if allow_private
            else "This address is private; whoever runs the bot may allow that with --allow-private."
        )
    shown_host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None else ""
    return BaseUrl(f"{parts.scheme}://{shown_host}{port}{parts.path.rstrip('/')}", reach)


def may_reach(address: str, reach: Reach) -> bool:
    """Tell whether an address that a connection leads to is allowed; IPv4 hidden in IPv6 counts as what it is."""
    ip = _plain(ip_address(address.partition("%")[0]))
    if reach is Reach.LOOPBACK:
        return ip.is_loopback
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip in _METADATA:
        return False
    return ip.is_global or reach is Reach.PRIVATE


def _split(url: str) -> SplitResult:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise BadBaseUrlError("A base URL has no spaces and plain ASCII letters only.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadBaseUrlError("This is not a URL.") from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadBaseUrlError("A base URL looks like https://api.example.com/v1.")
    if "@" in parts.netloc:
        raise BadBaseUrlError("A base URL holds no user name and no password.")
    if "?" in url or "#" in url:
        raise BadBaseUrlError("A base URL ends after its path: no ? and no #.")
    if port == 0 or parts.netloc.endswith(":"):
        raise BadBaseUrlError("The port of this base URL is not one that can be reached.")
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or any(piece in (".", "..") for piece in path.split("/")):
        raise BadBaseUrlError("The path of this base URL holds more than plain words.")
    return parts


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address a host spells out, None for a name; refuse every unusual spelling of an address."""
    if ":" in host:
        try:
            address = ip_address(host)
        except ValueError:
            raise BadBaseUrlError("This is not an address.") from None
        if "%" in host or _plain(address) is not address:
            raise BadBaseUrlError("Write an IPv4 address as four plain numbers.")
        return address
    if _NUMBER_LIKE.fullmatch(host):
        try:
            return IPv4Address(host)
        except ValueError:
            raise BadBaseUrlError("Write an IPv4 address as four plain numbers.") from None
    if not _HOST.fullmatch(host):
        raise BadBaseUrlError("The host of this base URL is not a plain name.")
    return None


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address inside an IPv6 one (mapped, 6to4, NAT64), else the address itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip.ipv4_mapped or ip.sixtofour:
        return ip.ipv4_mapped or ip.sixtofour or ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
