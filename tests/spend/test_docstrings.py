"""The examples in the docstrings of the domain are true."""

import doctest
import importlib
import pkgutil

import pytest

import spend

MODULES = [f"spend.{module.name}" for module in pkgutil.iter_modules(spend.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_gives_what_it_says(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
