"""The guard of HTTP mode lets in what Slack signed, once, and says why it does not let in the rest."""

import json
from urllib.parse import urlencode

import pytest

from bot.platforms.slack.guard import (
    LONGEST_BODY,
    Refusal,
    Replays,
    Signed,
    read_body,
    refuse,
    refuse_unread,
    seconds_ahead,
    signature_of,
)

SECRET, NOW = "8f742231b10e8888abcd99yyyzzz85a5", 1_795_000_000
FORM = "application/x-www-form-urlencoded"
SLASH = urlencode({"command": "/spend", "text": "today", "team_id": "T1"}).encode()


def signed(body: bytes = SLASH, *, at: int | str = NOW, kind: str = FORM, secret: str = SECRET) -> Signed:
    return Signed(
        {
            "content-type": kind,
            "x-slack-request-timestamp": str(at),
            "x-slack-signature": signature_of(secret, str(at), body),
        },
        body,
    )


def judged(request: Signed, *, now: float = NOW, replays: Replays | None = None) -> Refusal | None:
    head = refuse_unread("POST", request.headers)
    return head or refuse(request, secret=SECRET, now=now, replays=replays or Replays())


def test_slacks_own_example_of_a_signature() -> None:
    """The worked example of "Verifying requests from Slack"."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    assert signature_of("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body) == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


def test_a_command_a_press_and_an_event_are_let_in() -> None:
    press = urlencode({"payload": json.dumps({"type": "block_actions", "team": {"id": "T1"}})}).encode()
    event = json.dumps({"type": "event_callback", "event_id": "Ev1"}).encode()

    assert judged(signed()) is None
    assert judged(signed(press)) is None
    assert judged(signed(event, kind="application/json; charset=utf-8")) is None


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_five_minutes_of_difference_are_let_in(age: int) -> None:
    assert judged(signed(at=NOW - age)) is None


@pytest.mark.parametrize("age", [-301, 301, 86400])
def test_a_good_signature_further_away_says_how_far_the_clock_is_off(age: int) -> None:
    request = signed(at=NOW - age)

    assert judged(request) is Refusal.OLD
    assert seconds_ahead(request.headers, NOW) == age


def test_the_same_request_is_let_in_once_while_its_time_is_good() -> None:
    replays = Replays()
    assert judged(signed(at=NOW + 300), replays=replays) is None

    assert judged(signed(at=NOW + 300), replays=replays, now=NOW + 599) is Refusal.REPLAYED
    assert judged(signed(at=NOW + 300), replays=replays, now=NOW + 601) is Refusal.OLD
    assert judged(signed(b"command=%2Fspend&text=b", at=NOW + 599), replays=replays, now=NOW + 601) is None
    assert len(replays._until) == 1, "what is too old to be let in is forgotten"


def test_a_strangers_request_is_never_remembered() -> None:
    replays = Replays()

    assert judged(signed(secret="another"), replays=replays) is Refusal.BAD_SIGNATURE
    assert judged(signed(b"neither=form"), replays=replays) is Refusal.MALFORMED
    assert replays._until == {}


@pytest.mark.parametrize(
    "time",
    ["", "abc", "1e9", "-1795000000", " 1795000000", "9" * 5000, "１７９５００００００", "1795000000\n"],
)
def test_a_time_in_any_other_form_is_unsigned(time: str) -> None:
    request = signed()

    assert judged(Signed({**request.headers, "x-slack-request-timestamp": time}, SLASH)) is Refusal.UNSIGNED


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v1=" + "a" * 64, "v0=" + "A" * 64, "v0=" + "é" * 64, "v0=" + "a" * 65]
)
def test_a_signature_in_any_other_form_is_unsigned(signature: str) -> None:
    request = signed()

    assert judged(Signed({**request.headers, "x-slack-signature": signature}, SLASH)) is Refusal.UNSIGNED


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b""),
        ("application/json", b"[1]"),
        ("application/json", b'{"type": 7}'),
        ("application/json", b'{"type": "event_callback"'),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"a":' * 100_000),
        ("application/json", b"\xff\xfe"),
        (FORM, b""),
        (FORM, b'{"type": "event_callback"}'),
        (FORM, b"payload=nothing"),
        (FORM, b"payload=%7B%22a%22%3A1%7D"),
        (FORM, b"command"),
        (FORM, b"&".join(b"a%d=1" % n for n in range(200)) + b"&command=x"),
    ],
)
def test_a_signed_body_of_no_known_form_is_malformed(kind: str, body: bytes) -> None:
    assert judged(signed(body, kind=kind)) is Refusal.MALFORMED


def test_the_head_alone_refuses_before_a_body_is_read() -> None:
    head = dict(signed().headers)

    assert refuse_unread("GET", head) is Refusal.METHOD
    assert refuse_unread("POST", head | {"content-type": "text/plain"}) is Refusal.CONTENT_TYPE
    assert refuse_unread("POST", head | {"content-encoding": "gzip"}) is Refusal.ENCODED
    assert refuse_unread("POST", head | {"content-length": str(LONGEST_BODY + 1)}) is Refusal.TOO_LONG
    assert refuse_unread("POST", head | {"content-length": "9" * 400}) is Refusal.TOO_LONG
    assert refuse_unread("POST", {}) is Refusal.CONTENT_TYPE
    assert refuse_unread("POST", head) is None


def test_a_body_that_says_less_than_it_sends_is_too_long() -> None:
    assert judged(signed(b"command=" + b"a" * LONGEST_BODY)) is Refusal.TOO_LONG


def test_a_forms_payload_is_read_as_json() -> None:
    assert read_body(FORM, b"payload=%7B%22type%22%3A%22x%22%7D") == {"type": "x"}


def test_every_refusal_is_a_4xx() -> None:
    assert all(400 <= each.status < 500 for each in Refusal)
