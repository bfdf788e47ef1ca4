"""Base URLs and connected addresses: what is let through, and the many spellings that are not."""

import pytest

from providers._address import BadBaseUrlError, Reach, check_base_url, may_reach, read_base_url

REFUSED = [
    "",
    "api.example.com",
    "//api.example.com",
    "file:///etc/passwd",
    "gopher://api.example.com",
    "ftp://api.example.com",
    "javascript:alert(1)",
    "http://api.example.com",
    "http://10.0.0.1",
    "http://169.254.169.254",
    "http://metadata.google.internal",
    "https://",
    "https:///v1",
    "https://user@api.example.com",
    "https://user:secret@api.example.com",
    "https://api.example.com@evil.example",
    "https://api.example.com/v1?x=1",
    "https://api.example.com/v1#x",
    "https://api.example.com/v1?",
    "https://api.example.com:0",
    "https://api.example.com:99999",
    "https://api.example.com:port",
    "https://api.example.com:",
    "https://api.example.com/../admin",
    "https://api.example.com/./v1",
    "https://api.example.com//v1",
    "https://api.example.com/%2e%2e",
    "https://api.example.com\\@evil.example",
    "https://api example.com",
    " https://api.example.com",
    "https://api.example.com\n",
    "https://api.example.com\x00",
    "https://bücher.example",
    "https://ⓔxample.com",
    "https://api.example.com.",
    "https://localhost.",
    "https://-bad.example",
    "https://a..b",
    "https://10.0.0.1",
    "https://172.16.0.1",
    "https://192.168.1.1",
    "https://100.64.0.1",
    "https://100.100.100.200",
    "https://169.254.169.254",
    "https://0.0.0.0",
    "https://255.255.255.255",
    "https://224.0.0.1",
    "https://2130706433",
    "https://0x7f000001",
    "https://0x7f.0.0.1",
    "https://0177.0.0.1",
    "https://017700000001",
    "https://127.1",
    "https://10.1",
    "https://1.2.3.4.5",
    "https://[::]",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:10.0.0.1]",
    "https://[64:ff9b::a00:1]",
    "https://[2002:a00:1::]",
    "https://[fe80::1]",
    "https://[fe80::1%25eth0]",
    "https://[fc00::1]",
    "https://[fd00:ec2::254]",
    "https://[::1",
    "http://[::ffff:127.0.0.1]:80",
    "http://0.0.0.0:80",
    "http://localhost.:80",
    "http://localhost.evil.example",
]


@pytest.mark.parametrize("url", REFUSED)
def test_is_refused_by_default_with_a_sentence(url: str) -> None:
    with pytest.raises(BadBaseUrlError) as caught:
        check_base_url(url)
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("HTTPS://API.Anthropic.com", "https://api.anthropic.com"),
        ("https://proxy.example:8443/openai/v1", "https://proxy.example:8443/openai/v1"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://8.8.8.8", "https://8.8.8.8"),
        ("https://[2606:4700::1]:444/v1", "https://[2606:4700::1]:444/v1"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_has_one_normal_form(url: str, normal: str) -> None:
    assert check_base_url(url) == normal
    assert check_base_url(normal) == normal


def test_private_addresses_need_the_operators_flag_and_tls() -> None:
    assert check_base_url("https://10.0.0.1/v1", allow_private=True) == "https://10.0.0.1/v1"
    for always in (
        "http://10.0.0.1",
        "https://169.254.169.254",
        "https://[fd00:ec2::254]",
        "https://0.0.0.0",
    ):
        with pytest.raises(BadBaseUrlError):
            check_base_url(always, allow_private=True)


def test_a_loopback_url_reaches_loopback_only() -> None:
    reach = read_base_url("http://localhost:8080", allow_private=True).reach

    assert reach is Reach.LOOPBACK
    assert may_reach("127.0.0.1", reach)
    assert may_reach("::1", reach)
    assert not may_reach("10.0.0.1", reach)
    assert not may_reach("8.8.8.8", reach)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "fc00::1",
    ],
)
def test_a_public_name_never_leads_to_a_private_address(address: str) -> None:
    assert not may_reach(address, Reach.PUBLIC)
    assert may_reach("8.8.8.8", Reach.PUBLIC)
    assert may_reach("2606:4700::1", Reach.PUBLIC)


def test_with_the_flag_private_addresses_are_reached_but_metadata_never() -> None:
    assert may_reach("10.0.0.1", Reach.PRIVATE)
    assert may_reach("8.8.8.8", Reach.PRIVATE)
    for never in (
        "169.254.169.254",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
    ):
        assert not may_reach(never, Reach.PRIVATE)
