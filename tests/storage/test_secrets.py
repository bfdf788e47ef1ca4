"""A provider key is nowhere in the database's bytes, in whatever spelling (SEC-01)."""

import base64
from pathlib import Path
from urllib.parse import quote

import pytest

from storage.keybox import fingerprint
from storage.store import Store
from storage.values import ConnectionState
from tests.canaries import MASTER_KEY
from tests.storage.cast import NOW, by_mira, harbor_anthropic, harbor_openai

CANARY = "sk-admin-canary+/=ZqWx8vJt2LmNpRs4uYb6"
LATER_CANARY = "sk-admin-second+/=Hd7kFg3hTqVcXw9zMnBv"
MARKER = "a label that must be found, or the search finds nothing"


def spellings(secret: bytes) -> dict[str, bytes]:
    """Every way the secret could lie in a file; base64 at each of its three alignments, without the edges."""
    aligned = [base64.b64encode(b"\0" * shift + secret)[4:-4] for shift in range(3)]
    return {
        "plain": secret,
        "reversed": secret[::-1],
        "hex": secret.hex().encode(),
        "HEX": secret.hex().upper().encode(),
        **{f"base64 at {shift}": each for shift, each in enumerate(aligned)},
        **{
            f"urlsafe at {shift}": each.translate(bytes.maketrans(b"+/", b"-_"))
            for shift, each in enumerate(aligned)
        },
    }


def text_spellings(secret: str) -> dict[str, bytes]:
    return spellings(secret.encode()) | {
        "url-encoded": quote(secret, safe="").encode(),
        "utf-16": secret.encode("utf-16-le"),
        "utf-16 big": secret.encode("utf-16-be"),
    }


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def through_a_life_of_keys(store: Store) -> None:
    """Connect, use, refuse twice, replace, break, revive, disconnect: all that ever touches a key."""
    workspace = store.workspace("home")
    kept = await workspace.add_connection(harbor_openai(key=CANARY, label=MARKER), NOW, by_mira())
    assert await workspace.open_key(kept.id, NOW, by_mira()) == CANARY
    with pytest.raises(Exception, match="already") as refused:
        await workspace.add_connection(harbor_openai(key=CANARY, label="twice"), NOW, by_mira())
    assert CANARY not in repr(refused.value)
    await workspace.replace_key(kept.id, LATER_CANARY, NOW, by_mira())
    await workspace.set_state(kept.id, ConnectionState.BROKEN, "refused (401)", NOW)
    await workspace.add_connection(harbor_openai(key=CANARY, label=MARKER), NOW, by_mira())
    await workspace.add_connection(harbor_anthropic(key=LATER_CANARY), NOW, by_mira())
    await workspace.disconnect(kept.id, NOW, by_mira())
    await store.rotate(bytes(range(1, 33)), NOW)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_spelling_of_a_key_is_in_the_files_of_the_database(store, tmp_path: Path) -> None:
    await through_a_life_of_keys(store)

    files = contents_of(tmp_path)

    assert {"spendbot.db", "spendbot.db-wal"} <= set(files)
    assert any(MARKER.encode() in content for content in files.values())
    for secret in (CANARY, LATER_CANARY):
        for spelling, needle in text_spellings(secret).items():
            assert [name for name, content in files.items() if needle in content] == [], spelling
    for spelling, needle in spellings(MASTER_KEY).items():
        assert [name for name, content in files.items() if needle in content] == [], spelling


async def test_no_spelling_of_a_key_is_in_any_column(store) -> None:
    """The same on either database, through every value of every row."""
    from storage.tables._all import all_tables

    await through_a_life_of_keys(store)

    found = bytearray()
    async with store._engines.reader.connect() as tx:
        for table in all_tables().sorted_tables:
            for row in await tx.execute(table.select()):
                for value in row:
                    found += (value if isinstance(value, bytes) else str(value).encode()) + b"\n"

    assert MARKER.encode() in found
    assert fingerprint(bytes(range(1, 33))).encode() in found
    for secret in (CANARY, LATER_CANARY):
        assert [spelling for spelling, needle in text_spellings(secret).items() if needle in found] == []
