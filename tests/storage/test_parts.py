"""A store is put together from parts; parts must not shadow each other."""

from collections import Counter

import pytest

from storage.store import Store, WorkspaceStore


@pytest.mark.parametrize("whole", [Store, WorkspaceStore])
def test_no_two_parts_define_the_same_name(whole: type) -> None:
    parts = [part for part in whole.__mro__ if part.__module__.startswith("storage.") and part is not whole]

    names = Counter(
        name
        for part in parts
        for name in vars(part)
        if not name.startswith("__") and name != "_zone_changed"  # declared by one part, given by the whole
    )

    assert {name for name, times in names.items() if times > 1} == set()
