"""How fast Discord may be asked, by what it said."""

import pytest

from bot.platforms.discord.pace import MOST_INVALID, IdentifyPace, Pace, asked_wait_s, bucket_of

BUCKET = "POST /channels/1/messages"


def test_nobody_waits_before_discord_says_so() -> None:
    assert Pace().wait_s(BUCKET, 100.0) == 0


def test_a_429_closes_its_bucket_for_as_long_as_it_says() -> None:
    pace = Pace()

    assert pace.learn(BUCKET, 429, {"Retry-After": "8"}, {"retry_after": 7.25}, 100.0) == 7.25
    assert pace.wait_s(BUCKET, 101.0) == 6.25
    assert pace.wait_s("POST /channels/2/messages", 101.0) == 0
    assert pace.wait_s(BUCKET, 107.25) == 0


def test_a_global_429_closes_everything() -> None:
    pace = Pace()
    pace.learn(BUCKET, 429, {"X-RateLimit-Global": "true"}, {"retry_after": 3}, 100.0)

    assert pace.wait_s("GET /users/@me", 101.0) == 2


def test_an_empty_bucket_is_closed_until_it_is_full_again() -> None:
    pace = Pace()
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset-After": "0.75"}

    assert pace.learn(BUCKET, 200, headers, {}, 100.0) is None
    assert pace.wait_s(BUCKET, 100.25) == 0.5


@pytest.mark.parametrize(
    ("headers", "body", "wait_s"),
    [
        ({"Retry-After": "9"}, None, 9.0),
        ({}, {"retry_after": 1.5}, 1.5),
        ({}, None, 5.0),
        ({"Retry-After": "soon"}, {"retry_after": "nan"}, 5.0),
        ({"Retry-After": "-3"}, {"retry_after": 10**9}, 5.0),
    ],
)
def test_a_wait_is_read_from_the_body_then_the_header_else_assumed(
    headers: dict[str, str], body: object, wait_s: float
) -> None:
    assert asked_wait_s(headers, body) == wait_s


def test_long_before_discord_bans_an_address_nothing_is_asked_any_more() -> None:
    pace = Pace()
    for number in range(MOST_INVALID):
        pace.learn(f"POST /channels/{number}/messages", 403, {}, {}, 100.0)

    assert pace.wait_s("GET /users/@me", 130.0) == 570
    assert pace.wait_s("GET /users/@me", 701.0) == 0


def test_messages_of_one_channel_share_a_bucket_by_method() -> None:
    assert bucket_of("PATCH", "/channels/1/messages/2") == "PATCH /channels/1/messages"
    assert bucket_of("GET", "/channels/1/messages?limit=100") == "GET /channels/1/messages"
    assert bucket_of("POST", "/channels/1/messages") != bucket_of("POST", "/channels/2/messages")


def test_a_first_session_starts_at_once_and_further_ones_wait_longer_each_time() -> None:
    pace, now, waits = IdentifyPace(), 1000.0, []
    for _ in range(9):
        waits.append(pace.wait_s(now))
        now += waits[-1]
        pace.identified(now)

    assert waits == [0, 5, 10, 20, 40, 80, 160, 320, 600]


def test_sessions_that_end_at_once_stay_far_below_a_thousand_a_day() -> None:
    pace, now, count = IdentifyPace(), 0.0, 0
    while now < 86_400:
        now += pace.wait_s(now)
        pace.identified(now)
        count += 1

    assert count < 300


def test_an_hour_without_a_new_session_is_forgiven() -> None:
    pace = IdentifyPace()
    for _ in range(5):
        pace.identified(1000.0)

    assert pace.wait_s(4601.0) == 0
