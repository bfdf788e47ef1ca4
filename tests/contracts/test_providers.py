"""What every provider file must say of itself and of a key; nothing in these suites names a vendor.

A provider's own facts are in `tests/providers/<name>/cases.py`. Its pages, troubles and rows: the files beside this.
"""

from datetime import timedelta

import pytest

import providers
from providers import FetchOptions, HttpPool, ProviderAuthError, ProviderRequestError
from tests.contracts.case import ROOT, case_of
from tests.contracts.reading import NOW, client_of, each_provider
from tests.contracts.vendor import Answer, Vendor


@each_provider
def test_has_a_case_and_a_page(name: str) -> None:
    assert (ROOT / name / "cases.py").is_file(), f"tests/providers/{name}/cases.py is missing"
    assert (ROOT.parents[1] / "docs" / "providers" / f"{name}.md").is_file(), (
        f"docs/providers/{name}.md is missing"
    )


@each_provider
def test_says_what_it_is(name: str) -> None:
    info = providers.provider(name).info

    assert info.key == name
    assert info.streams
    assert len({stream.name for stream in info.streams}) == len(info.streams)
    assert info.min_interval >= timedelta(seconds=60)
    assert providers.check_base_url(info.default_base_url) == info.default_base_url
    assert {case.stream for case in case_of(name).streams} == {stream.name for stream in info.streams}


@each_provider
def test_recognises_its_own_key_and_explains_others(name: str) -> None:
    provider, case = providers.provider(name), case_of(name)

    assert provider.recognise(case.key) == ""
    for key, sentence in case.wrong_keys.items():
        assert provider.recognise(key) == sentence


@each_provider
async def test_check_says_what_a_good_key_reads(name: str, vendor: Vendor, pool: HttpPool) -> None:
    case = case_of(name)
    for path, body in case.check_paths.items():
        vendor.will_answer(path, Answer(body))

    result = await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)

    assert result.can_read == {stream.name for stream in providers.provider(name).info.streams}
    assert result.sentence == case.good_sentence
    assert result.lacks == ""
    assert result.powers.endswith(".")
    assert {request.path for request in vendor.asked} == set(case.check_paths)


@each_provider
async def test_check_goes_on_without_names(name: str, vendor: Vendor, pool: HttpPool) -> None:
    case = case_of(name)
    for path, body in case.check_paths.items():
        denied = path in case.denied_names
        vendor.will_answer(path, Answer(case.errors[403], status=403) if denied else Answer(body))

    result = await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)

    assert result.sentence == "It reads usage and bills, but no names."
    assert "names" in result.lacks


@each_provider
@pytest.mark.parametrize("status", [401, 403])
async def test_check_refuses_a_key_that_reads_nothing(
    name: str, status: int, vendor: Vendor, pool: HttpPool
) -> None:
    case = case_of(name)
    for path in case.check_paths:
        vendor.will_answer(path, Answer(case.errors[status], status=status))

    with pytest.raises(ProviderAuthError, match=rf"\({status}\)"):
        await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)
    if status == 401:
        assert len(vendor.asked) == 1


@each_provider
async def test_check_repeats_429_and_5xx_like_any_poll(name: str, vendor: Vendor, pool: HttpPool) -> None:
    case = case_of(name)
    for path, body in case.check_paths.items():
        vendor.will_answer(path, Answer({}, status=429), Answer({}, status=503), Answer(body))

    result = await providers.provider(name).check(client_of(name, vendor, pool), now=NOW)

    assert result.sentence == case.good_sentence


@each_provider
async def test_names_are_empty_where_none_may_be_read(name: str, vendor: Vendor, pool: HttpPool) -> None:
    names = await providers.provider(name).names(client_of(name, vendor, pool), FetchOptions(user_names=True))

    assert [found for found in names if not found.id.startswith("(")] == []


@each_provider
async def test_only_documented_paths_can_be_asked(name: str, vendor: Vendor, pool: HttpPool) -> None:
    client = client_of(name, vendor, pool)

    for path in (
        "",
        "admin",
        "../x",
        "v1/organizations/invites",
        "organization/admin_api_keys",
        "organization/costs?x=1",
    ):
        with pytest.raises(ProviderRequestError):
            await client.get_json(path)
    assert vendor.asked == []
