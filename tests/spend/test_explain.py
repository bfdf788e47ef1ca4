"""Why money changed: splits worked out by hand on small cases, and what holds for any two windows."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spend.explain import Cause, Part, Split, Thing, Use, explain
from spend.usage import Basis

DOLLAR = 1_000_000_000


def use(
    model: str = "mini",
    *,
    key: str = "search",
    project: str = "Search",
    requests: int | None = None,
    tier: str = "standard",
    currency: str = "USD",
    **classes: tuple[int, int],
) -> Use:
    """Return a slice by its token classes, each (tokens, nano-units)."""
    return Use(
        connection_id="one",
        project=project,
        api_key=key,
        model=model,
        kind="completions",
        tier=tier,
        currency=currency,
        estimated_nanos=sum(nanos for _, nanos in classes.values()),
        tokens={name: tokens for name, (tokens, _) in classes.items()},
        parts={name: nanos for name, (_, nanos) in classes.items()},
        requests=requests,
    )


def split(before: list[Use], after: list[Use]) -> Split:
    (found,) = explain(before, after)
    return found


def causes(found: Split) -> dict[str, int]:
    return {part.cause.value: part.nanos for part in found.parts}


def test_more_of_the_same_at_the_same_price_is_volume() -> None:
    """100 tokens at 2 become 150 at 2: 50 x 2."""
    found = split([use(uncached_in=(100, 200))], [use(uncached_in=(150, 300))])

    assert causes(found) == {"volume": 100}


def test_a_price_that_changed_alone_is_price() -> None:
    """100 tokens, 2 each then 5 each: 100 x 3."""
    found = split([use(uncached_in=(100, 200))], [use(uncached_in=(100, 500))])

    assert causes(found) == {"price": 300}


def test_volume_and_price_together_each_count_at_the_mean_of_the_other() -> None:
    """100 at 2 become 150 at 4: volume 50 x (2 + 4) / 2 = 150, price 2 x (100 + 150) / 2 = 250; 600 - 200 = 400."""
    found = split([use(uncached_in=(100, 200))], [use(uncached_in=(150, 600))])

    assert causes(found) == {"volume": 150, "price": 250}


def test_requests_and_tokens_per_request_are_told_apart() -> None:
    """10 requests of 10 tokens become 20 of 15, at 1: requests 10 x 12.5 = 125, size 5 x 15 = 75; 300 - 100 = 200."""
    found = split([use(requests=10, uncached_in=(100, 100))], [use(requests=20, uncached_in=(300, 300))])

    assert causes(found) == {"volume": 125, "size": 75}


def test_where_requests_are_not_counted_tokens_stand_for_them() -> None:
    found = split([use(requests=10, uncached_in=(100, 100))], [use(uncached_in=(300, 300))])

    assert causes(found) == {"volume": 200}


def test_a_key_that_moves_between_models_shows_as_models() -> None:
    """100 tokens stay 100; those at 10 go from 20 to 60, those at 1 from 80 to 40: 40 x 10 - 40 x 1 = 360."""
    found = split(
        [use("large", uncached_in=(20, 200)), use("mini", uncached_in=(80, 80))],
        [use("large", uncached_in=(60, 600)), use("mini", uncached_in=(40, 40))],
    )

    assert causes(found) == {"models": 360}


def test_a_cache_that_is_hit_less_shows_as_cache() -> None:
    """Of 100 input tokens 80 were read from the cache at 1, then 30; the rest at 10: 50 x (10 - 1) = 450."""
    found = split(
        [use(uncached_in=(20, 200), cache_read=(80, 80))], [use(uncached_in=(70, 700), cache_read=(30, 30))]
    )

    assert causes(found) == {"cache": 450}
    assert (found.parts[0].before.cached_tokens, found.parts[0].before.input_tokens) == (80, 100)
    assert (found.parts[0].after.cached_tokens, found.parts[0].after.input_tokens) == (30, 100)


def test_more_output_of_the_same_tokens_shows_as_output() -> None:
    """Of 100 tokens 10 were output at 8, then 20; input at 2: 10 x (8 - 2) = 60."""
    found = split([use(uncached_in=(90, 180), out=(10, 80))], [use(uncached_in=(80, 160), out=(20, 160))])

    assert causes(found) == {"output": 60}


def test_leaving_the_batch_shows_as_tier() -> None:
    """100 tokens leave the batch at 1 for the standard tier at 2."""
    found = split([use(tier="batch", uncached_in=(100, 100))], [use(tier="standard", uncached_in=(100, 200))])

    assert causes(found) == {"tier": 100}
    assert [(part.tier_from, part.tier) for part in found.parts] == [("batch", "standard")]


def test_the_tier_that_more_went_to_is_named() -> None:
    """Of 100 tokens 10, then 60 go through the batch, which costs half; priority stays at 20."""
    was = [
        use(tier="", uncached_in=(70, 140)),
        use(tier="batch", uncached_in=(10, 10)),
        use(tier="priority", uncached_in=(20, 80)),
    ]
    now = [
        use(tier="", uncached_in=(20, 40)),
        use(tier="batch", uncached_in=(60, 60)),
        use(tier="priority", uncached_in=(20, 80)),
    ]

    assert [(part.cause.value, part.tier, part.nanos) for part in split(was, now).parts] == [
        ("tier", "batch", -50)
    ]
    assert [part.tier for part in split(now, was).parts] == ["standard"]


def test_a_tier_that_costs_the_same_has_no_part_whatever_goes_through_it() -> None:
    """Input at 1 and output at 5 on both; half of the input moves to long requests without output: nothing changed."""
    found = split(
        [use(tier="short", uncached_in=(80, 80), out=(20, 100))],
        [use(tier="short", uncached_in=(40, 40), out=(20, 100)), use(tier="long", uncached_in=(40, 40))],
    )

    assert causes(found) == {}


def test_more_output_through_the_batch_is_output_and_the_batch_is_only_its_discount() -> None:
    """Of 100 tokens 20 more are output, all output leaves the standard tier at 8 for the batch at 4; input stays at 2.

    Output share x tier: 20 more at the mean price 6 = 120, less 20 of input at 2 = 80; half price on a mean of 20
    tokens (10, then 30): -80. From 90 x 2 + 10 x 8 = 260 to 70 x 2 + 30 x 4 = 260.
    """
    found = split(
        [use(tier="standard", uncached_in=(90, 180), out=(10, 80))],
        [use(tier="standard", uncached_in=(70, 140)), use(tier="batch", out=(30, 120))],
    )

    assert causes(found) == {"output": 80, "tier": -80}


def test_a_bill_that_differs_from_its_estimate_is_no_change_of_price() -> None:
    """100 tokens at 2 were billed at 210; the same of today is estimated at 200."""
    billed = replace(use(uncached_in=(100, 210)), billed_nanos=210, estimated_nanos=0, estimate_nanos=200)
    estimated = replace(use(uncached_in=(100, 200)), estimate_nanos=200)

    assert causes(split([billed], [estimated])) == {"bill": -10}
    assert causes(split([estimated], [billed])) == {"bill": 10}


def test_a_price_that_changed_before_the_bill_is_in_is_told_apart_from_the_bill() -> None:
    """200 tokens at 2, billed 5 % above; then at 3, estimated. Bill: -5 % of 200 x 2.5; price: 200 x 1.025."""
    billed = replace(use(uncached_in=(200, 420)), billed_nanos=420, estimated_nanos=0, estimate_nanos=400)
    estimated = replace(use(uncached_in=(200, 600)), estimate_nanos=600)

    assert causes(split([billed], [estimated])) == {"bill": -25, "price": 205}


def test_two_bills_are_compared_as_they_are() -> None:
    """A discount that the price list does not know: 100 tokens, billed 200, then 170 of 200."""
    full = replace(use(uncached_in=(100, 200)), billed_nanos=200, estimated_nanos=0, estimate_nanos=200)
    less = replace(use(uncached_in=(100, 170)), billed_nanos=170, estimated_nanos=0, estimate_nanos=200)

    assert causes(split([full], [less])) == {"price": -30}


def test_a_new_key_is_named_with_all_its_money() -> None:
    found = split(
        [use(uncached_in=(100, 200))],
        [use(uncached_in=(100, 200)), use("opus", key="nightly", project="Agents", out=(10, 900))],
    )

    (part,) = found.parts
    assert (part.cause, part.thing, part.api_key, part.model, part.nanos) == (
        Cause.NEW,
        Thing.KEY,
        "nightly",
        "opus",
        900,
    )


def test_a_key_that_is_gone_is_named_with_all_its_money() -> None:
    found = split(
        [use(uncached_in=(100, 200)), use(key="old", uncached_in=(7, 70))], [use(uncached_in=(100, 200))]
    )

    (part,) = found.parts
    assert (part.cause, part.thing, part.api_key, part.nanos) == (Cause.GONE, Thing.KEY, "old", -70)


def test_a_model_that_is_new_everywhere_and_one_that_is_new_on_a_key_are_told_apart() -> None:
    before = [use("mini", uncached_in=(10, 10)), use("opus", key="agents", out=(1, 50))]
    after = [
        use("mini", uncached_in=(10, 10)),
        use("opus", out=(2, 100)),
        use("opus", key="agents", out=(1, 50)),
        use("sonnet", key="agents", out=(3, 30)),
    ]

    things = {(part.api_key, part.model): (part.thing, part.nanos) for part in split(before, after).parts}

    assert things == {("search", "opus"): (Thing.USE, 100), ("agents", "sonnet"): (Thing.MODEL, 30)}


def test_what_is_new_is_judged_by_all_that_was_used_and_not_by_what_was_asked_for() -> None:
    """Asked for opus alone: its key used mini before, so neither the connection nor the key is new on it."""
    mini, opus = use(uncached_in=(10, 10)), use("opus", out=(2, 100))

    def thing(before: list[Use], after: list[Use]) -> tuple[Thing | None, int]:
        (found,) = explain([], [opus], beside=(before, after))
        (part,) = found.parts
        return part.thing, part.nanos

    assert thing([mini], [mini, opus]) == (Thing.MODEL, 100)
    assert thing([replace(mini, api_key="other")], [opus]) == (Thing.KEY, 100)
    assert thing([], [opus]) == (Thing.CONNECTION, 100)


def test_everything_new_and_everything_gone() -> None:
    only = [use(uncached_in=(10, 100))]

    (new,), (gone,) = split([], only).parts, split(only, []).parts

    assert (new.cause, new.thing, new.nanos) == (Cause.NEW, Thing.CONNECTION, 100)
    assert (gone.cause, gone.thing, gone.nanos) == (Cause.GONE, Thing.CONNECTION, -100)


def test_nothing_changed_has_no_parts_and_nothing_at_all_has_no_split() -> None:
    same = [use(requests=3, uncached_in=(10, 100), out=(5, 55))]

    found = split(same, same)

    assert (found.change_nanos, found.parts) == (0, ())
    assert explain([], []) == ()


def test_what_was_free_and_now_costs_is_price_and_not_new() -> None:
    assert causes(split([use(uncached_in=(10, 0))], [use(uncached_in=(10, 50))])) == {"price": 50}


def test_what_is_not_counted_in_tokens_is_a_charge() -> None:
    """Web searches rose from 30 to 100 beside the same tokens."""
    plain = use(uncached_in=(10, 100))
    before = replace(plain, estimated_nanos=130, parts={**plain.parts, "units": 30})
    after = replace(plain, estimated_nanos=200, parts={**plain.parts, "units": 100})

    assert causes(split([before], [after])) == {"charges": 70}


def test_a_credit_is_a_negative_charge() -> None:
    credit = Use(connection_id="one", kind="fee", billed_nanos=-500)

    (part,) = split([], [credit]).parts

    assert (part.cause, part.nanos) == (Cause.NEW, -500)


def test_tokens_without_a_price_are_named_apart_and_never_counted_as_zero() -> None:
    unpriced = replace(
        use("tuned", key="lab"), tokens={"out": 12_000}, unpriced_rows=1, unpriced_tokens=12_000
    )

    found = split([use(uncached_in=(10, 100))], [use(uncached_in=(10, 150)), unpriced])

    assert causes(found) == {"price": 50}
    assert [(each.model, each.before_tokens, each.after_tokens) for each in found.unpriced] == [
        ("tuned", 0, 12_000)
    ]


def test_a_price_that_became_known_is_neither_new_nor_a_change_of_price() -> None:
    unknown = replace(use("tuned"), tokens={"out": 10}, unpriced_rows=1, unpriced_tokens=10)

    assert causes(split([unknown], [use("tuned", out=(10, 90))])) == {"priced": 90}


def test_currencies_are_split_apart_dollars_first() -> None:
    found = explain(
        [use(currency="EUR", uncached_in=(1, 5))],
        [use(currency="EUR", uncached_in=(1, 8)), use(uncached_in=(1, 100))],
    )

    assert [(each.currency, each.change_nanos, causes(each)) for each in found] == [
        ("USD", 100, {"new": 100}),
        ("EUR", 3, {"price": 3}),
    ]


def test_the_basis_of_both_windows_is_carried() -> None:
    billed = replace(use(uncached_in=(1, 5)), billed_nanos=5, estimated_nanos=0)
    estimated = use(uncached_in=(1, 8))

    found = split([billed], [billed, estimated])

    assert (found.before_basis, found.after_basis) == (Basis.BILLED, Basis.MIXED)


def test_parts_that_do_not_come_out_even_still_make_the_change() -> None:
    """Requests 1 to 2, tokens per request 1 to 3/2, price 1 to 2: from 1 to 6.

    All in straight lines at once, requests and price each come to the integral of (1 + t/2)(1 + t), 23/12, and size to
    half that of (1 + t)(1 + t), 14/12: 1 + 1 + 1 whole ones, and the two that are missing go to the largest remainders.
    """
    found = split([use(requests=1, uncached_in=(1, 1))], [use(requests=2, uncached_in=(3, 6))])

    assert causes(found) == {"volume": 2, "price": 2, "size": 1}


classes = st.sampled_from(["uncached_in", "cache_read", "cache_write_1h", "out", "audio_in", "image_out"])
amounts = st.integers(0, 3 * DOLLAR) | st.integers(0, 9)


@st.composite
def uses(draw: st.DrawFn) -> Use:
    found: dict[str, Any] = draw(st.dictionaries(classes, st.tuples(amounts, amounts), max_size=4))
    made = use(
        draw(st.sampled_from(["mini", "large"])),
        key=draw(st.sampled_from(["search", "nightly", ""])),
        tier=draw(st.sampled_from(["standard", "batch"])),
        currency=draw(st.sampled_from(["USD", "EUR"])),
        requests=draw(st.none() | st.integers(0, 50)),
        **found,
    )
    extra = draw(st.sampled_from([0, 0, 7, -90]))
    said = draw(st.sampled_from([0, made.nanos, made.nanos // 2, 3 * made.nanos + 1]))
    is_unpriced = draw(st.sampled_from([False, False, False, True]))
    return replace(
        made,
        billed_nanos=extra,
        estimate_nanos=said,
        unpriced_rows=int(is_unpriced),
        unpriced_tokens=5 if is_unpriced else 0,
    )


windows = st.lists(uses(), max_size=6)


@given(windows, windows)
def test_the_parts_make_the_change_to_the_nano_unit(before: list[Use], after: list[Use]) -> None:
    for found in explain(before, after):
        assert sum(part.nanos for part in found.parts) == found.change_nanos
        assert found.before_nanos == sum(each.nanos for each in before if each.currency == found.currency)
        assert all(part.nanos for part in found.parts)


@given(windows)
def test_a_window_against_itself_changes_nothing(window: list[Use]) -> None:
    assert all(found.parts == () and found.change_nanos == 0 for found in explain(window, window))


@given(windows, windows)
def test_the_way_back_is_the_way_there_with_the_other_sign(before: list[Use], after: list[Use]) -> None:
    """To the nano-unit, but for the one that largest remainders give to a part."""
    there = {found.currency: _by_name(found) for found in explain(before, after)}
    back = {found.currency: _by_name(found) for found in explain(after, before)}

    for currency, parts in there.items():
        for name in parts.keys() | back[currency].keys():
            assert abs(parts.get(name, 0) + back[currency].get(name, 0)) <= 1


def _by_name(found: Split) -> dict[tuple[str, ...], int]:
    swap = {Cause.NEW: "one window", Cause.GONE: "one window"}
    return {
        (part.api_key, part.model, part.kind, swap.get(part.cause, part.cause.value)): part.nanos
        for part in found.parts
    }


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_what_is_given_does_not_matter(order: tuple[int, ...]) -> None:
    before = [use(uncached_in=(3, 10)), use("large", out=(7, 11)), use(key="nightly", out=(1, 5))]
    after = [use(uncached_in=(5, 17)), use("large", out=(2, 13)), use(key="nightly", out=(3, 8))]

    assert explain([before[i] for i in order], [after[i] for i in order]) == explain(before, after)


def test_rises_come_before_falls_each_by_size() -> None:
    found = split(
        [use(key="a", out=(1, 5)), use(key="b", out=(1, 50))],
        [use(key="c", out=(1, 9)), use(key="d", out=(1, 90))],
    )

    def name(part: Part) -> tuple[str, int]:
        return part.api_key, part.nanos

    assert [name(part) for part in found.parts] == [("d", 90), ("c", 9), ("b", -50), ("a", -5)]
