"""Tests that use canaries as they are meant to be used. tests/house/test_canaries.py runs this file."""

from pathlib import Path

from storage.keybox import encode_master_key
from tests.canaries import ANTHROPIC_KEY, MASTER_KEY, OPENAI_KEY, watch
from tests.house.leaking import send


async def test_a_key_goes_to_its_vendor_in_its_header() -> None:
    await send("openai", headers={"Authorization": f"Bearer {OPENAI_KEY}"})
    await send("anthropic", headers={"x-api-key": ANTHROPIC_KEY})


def test_keys_lie_in_their_files(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text(encode_master_key(MASTER_KEY))
    watch.allow(tmp_path / "mine")
    (tmp_path / "mine").write_text(OPENAI_KEY)
