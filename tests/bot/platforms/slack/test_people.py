"""Who somebody is on Slack: what each sign of Slack's makes of a person."""

from typing import Any

import pytest

from bot.platforms.slack.people import Person, read_person

MEMBER: dict[str, Any] = {"team_id": "T1", "name": "dana", "real_name": "Dana Weiss"}


def test_a_member_is_one_and_no_admin() -> None:
    assert read_person(MEMBER, "T1", "U1") == Person("Dana Weiss", is_admin=False, is_member=True)


@pytest.mark.parametrize("sign", ["is_admin", "is_owner", "is_primary_owner"])
def test_admins_and_owners_are_admins(sign: str) -> None:
    assert read_person(MEMBER | {sign: True}, "T1", "U1").is_admin


@pytest.mark.parametrize(
    "sign",
    [
        {"is_restricted": True},
        {"is_ultra_restricted": True},
        {"is_stranger": True},
        {"deleted": True},
        {"is_bot": True},
        {"team_id": "T2"},
        {"team_id": None},
    ],
)
def test_guests_outsiders_bots_and_the_gone_are_nothing_whatever_else_they_are(sign: dict[str, Any]) -> None:
    person = read_person(MEMBER | {"is_admin": True, "is_owner": True} | sign, "T1", "U1")

    assert (person.is_member, person.is_admin) == (False, False)


def test_in_an_organization_whoever_is_in_the_team_too_is_a_member() -> None:
    both = MEMBER | {"team_id": "T2", "enterprise_user": {"teams": ["T2", "T1"]}}

    assert read_person(both, "T1", "U1").is_member
    assert not read_person(both, "T3", "U1").is_member


def test_of_nothing_known_the_name_that_came_with_the_act_is_left() -> None:
    assert read_person({}, "T1", "dana") == Person("dana")
    assert read_person({"profile": None, "enterprise_user": None}, "T1", "U1") == Person("U1")
