"""Fail points: each has a name in one list and a place in the program, and nothing is armed unless a test does it."""

import ast
from collections.abc import Iterator

from bot import failpoints
from storage import failpoints as mechanism
from tests.house.tree import ROOMS, python_files


def marked() -> Iterator[str]:
    """Return the constant that is named in each call of `failpoint`, a choice of two as two."""
    for _name, text in python_files(*ROOMS):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "failpoint":
                yield from (
                    each.id
                    for each in ast.walk(node.args[0])
                    if isinstance(each, ast.Name) and each.id.isupper()
                )


def test_every_boundary_in_the_list_stands_in_the_program_and_none_is_missing_in_the_list() -> None:
    listed = [name for names in failpoints.BOUNDARIES.values() for name in names]

    assert {getattr(failpoints, constant) for constant in marked()} == set(listed)
    assert len(listed) == len(set(listed))


def test_nothing_is_armed_in_production() -> None:
    assert mechanism._armed == []


def test_what_is_armed_is_told_every_boundary_until_it_is_disarmed() -> None:
    passed: list[str] = []
    disarm = failpoints.arm(passed.append)
    failpoints.failpoint(failpoints.FOUND)
    disarm()
    failpoints.failpoint(failpoints.QUEUED)

    assert passed == ["found"]
