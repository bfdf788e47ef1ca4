"""Providers are found by file name, without loading what is not asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

import providers


def test_a_new_file_on_the_path_is_a_provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "acme.py").write_text('PROVIDER = "the acme provider"\n')
    (tmp_path / "_acme_words.py").write_text("")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, "providers.acme", raising=False)

    assert set(providers.provider_names()) >= {"acme", "anthropic", "openai"}
    assert "_acme_words" not in providers.provider_names()
    assert providers.provider("acme") == "the acme provider"
    del sys.modules["providers.acme"]


def test_an_unknown_provider_is_one_sentence() -> None:
    with pytest.raises(providers.UnknownProviderError) as caught:
        providers.provider("_http")
    assert caught.value.sentence.startswith("There is no provider '_http'; there are ")


def test_listing_names_loads_no_http_library_and_no_prices() -> None:
    code = (
        "import sys, providers; assert 'openai' in providers.provider_names();"
        "print([m for m in ('httpx', 'aiohttp', 'stamina', 'genai_prices', 'providers.openai') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown.strip() == "[]"
