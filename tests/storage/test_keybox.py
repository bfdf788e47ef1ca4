"""Sealing: only the right key, for the right purpose, opens what was sealed; everything else is refused."""

import base64
import itertools
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import KeyUnreadableError
from storage.keybox import (
    KeyBox,
    encode_master_key,
    fingerprint,
    new_master_key,
    parse_master_key,
    sealed_by,
)

KEY_A = bytes(range(32))
KEY_B = bytes(range(32, 64))
SECRET = "sk-admin-not-a-real-key-q7Xw"
PURPOSE = ("provider key", "openai", "c1")


def box_with_data_key(key: bytes = KEY_A, owner: str = "w1") -> tuple[KeyBox, bytes]:
    box = KeyBox(key)
    return box, box.new_data_key(owner)


def test_a_sealed_text_opens_again() -> None:
    box, data_key = box_with_data_key()

    sealed = box.seal(SECRET, data_key=data_key, owner="w1", purpose=PURPOSE)

    assert box.open(sealed, data_key=data_key, owner="w1", purpose=PURPOSE) == SECRET
    assert SECRET.encode() not in sealed


def test_sealing_twice_never_gives_the_same_bytes() -> None:
    box, data_key = box_with_data_key()

    sealed = {box.seal(SECRET, data_key=data_key, owner="w1", purpose=PURPOSE) for _ in range(200)}

    assert len(sealed) == 200
    assert len({each[9:21] for each in sealed}) == 200  # the nonces


@pytest.mark.parametrize("text", ["w1", "w2"])
def test_each_flipped_bit_is_refused(text: str) -> None:
    box, data_key = box_with_data_key()
    sealed = box.seal(text, data_key=data_key, owner="w1", purpose=PURPOSE)

    for position, bit in itertools.product(range(len(sealed)), range(8)):
        altered = bytearray(sealed)
        altered[position] ^= 1 << bit
        with pytest.raises(KeyUnreadableError):
            box.open(bytes(altered), data_key=data_key, owner="w1", purpose=PURPOSE)


def test_each_flipped_bit_of_a_wrapped_data_key_is_refused() -> None:
    box, data_key = box_with_data_key()
    sealed = box.seal("x", data_key=data_key, owner="w1", purpose=PURPOSE)

    for position, bit in itertools.product(range(len(data_key)), range(8)):
        altered = bytearray(data_key)
        altered[position] ^= 1 << bit
        with pytest.raises(KeyUnreadableError):
            box.open(sealed, data_key=bytes(altered), owner="w1", purpose=PURPOSE)


def test_a_cut_value_is_refused_at_every_length() -> None:
    box, data_key = box_with_data_key()
    sealed = box.seal(SECRET, data_key=data_key, owner="w1", purpose=PURPOSE)

    for length in range(len(sealed)):
        with pytest.raises(KeyUnreadableError):
            box.open(sealed[:length], data_key=data_key, owner="w1", purpose=PURPOSE)


PLACES = st.tuples(
    st.sampled_from(["w1", "w2", "w"]),
    st.lists(st.sampled_from(["openai", "anthropic", "c1", "c2", "1c", ""]), max_size=3).map(tuple),
)


@settings(max_examples=60)
@given(here=PLACES, there=PLACES)
def test_a_value_opens_only_where_it_was_sealed(
    here: tuple[str, tuple[str, ...]], there: tuple[str, tuple[str, ...]]
) -> None:
    """Same data key on purpose: the binding alone must refuse a value moved to another place."""
    box, data_key = box_with_data_key(owner=here[0])
    sealed = box.seal(SECRET, data_key=data_key, owner=here[0], purpose=here[1])

    if here == there:
        assert box.open(sealed, data_key=data_key, owner=there[0], purpose=there[1]) == SECRET
    else:
        with pytest.raises(KeyUnreadableError):
            box.open(sealed, data_key=data_key, owner=there[0], purpose=there[1])


def test_any_two_swapped_ciphertexts_are_refused() -> None:
    box = KeyBox(KEY_A)
    data_keys = {owner: box.new_data_key(owner) for owner in ("w1", "w2")}
    places = list(itertools.product(data_keys, ("openai", "anthropic"), ("c1", "c2")))
    sealed = {
        place: box.seal(SECRET, data_key=data_keys[place[0]], owner=place[0], purpose=place[1:])
        for place in places
    }

    for here, there in itertools.permutations(places, 2):
        with pytest.raises(KeyUnreadableError):
            box.open(sealed[here], data_key=data_keys[there[0]], owner=there[0], purpose=there[1:])
    with pytest.raises(KeyUnreadableError):
        box.open(sealed["w1", "openai", "c1"], data_key=data_keys["w1"], owner="w2", purpose=("openai", "c1"))


def test_a_canary_and_a_data_key_never_stand_for_each_other() -> None:
    box, data_key = box_with_data_key()

    assert not box.fits(data_key)
    with pytest.raises(KeyUnreadableError):
        box.seal("x", data_key=box.canary(), owner="w1", purpose=PURPOSE)


def test_the_canary_recognises_a_wrong_master_key() -> None:
    canary = KeyBox(KEY_A).canary()

    assert KeyBox(KEY_A).fits(canary)
    assert not KeyBox(KEY_B).fits(canary)


def test_a_data_key_wrapped_by_another_master_key_is_named_as_such() -> None:
    box, data_key = box_with_data_key()
    sealed = box.seal(SECRET, data_key=data_key, owner="w1", purpose=PURPOSE)

    with pytest.raises(KeyUnreadableError, match=fingerprint(KEY_A)):
        KeyBox(KEY_B).open(sealed, data_key=data_key, owner="w1", purpose=PURPOSE)


def test_rewrapping_changes_only_the_master_key() -> None:
    old, data_key = box_with_data_key()
    new = KeyBox(KEY_B)
    sealed = old.seal(SECRET, data_key=data_key, owner="w1", purpose=PURPOSE)
    mark = old.mark(SECRET, data_key=data_key, owner="w1")

    again = old.rewrap(data_key, "w1", new)

    assert new.kek_id == sealed_by(again)
    assert new.open(sealed, data_key=again, owner="w1", purpose=PURPOSE) == SECRET
    assert mark == new.mark(SECRET, data_key=again, owner="w1")
    with pytest.raises(KeyUnreadableError):
        old.open(sealed, data_key=again, owner="w1", purpose=PURPOSE)


def test_a_mark_finds_the_same_text_of_one_workspace_only() -> None:
    box = KeyBox(KEY_A)
    one, two = box.new_data_key("w1"), box.new_data_key("w2")

    assert box.mark(SECRET, data_key=one, owner="w1") == box.mark(SECRET, data_key=one, owner="w1")
    assert box.mark(SECRET, data_key=one, owner="w1") != box.mark(SECRET + "x", data_key=one, owner="w1")
    assert box.mark(SECRET, data_key=one, owner="w1") != box.mark(SECRET, data_key=two, owner="w2")


def test_a_master_key_is_read_in_either_alphabet_with_or_without_padding() -> None:
    key = b"\xfb\xff\xfe" * 10 + b"\x01\x02"

    for text in (base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode()):
        assert key == parse_master_key(f"  {text}\n")
        assert key == parse_master_key(text.rstrip("="))


@settings(max_examples=50)
@given(key=st.binary(min_size=32, max_size=32))
def test_an_encoded_master_key_is_read_back(key: bytes) -> None:
    assert key == parse_master_key(encode_master_key(key))


@pytest.mark.parametrize(
    "text", ["", "hunter2!", "\u00e9" * 44, "QUJD", base64.b64encode(b"x" * 31).decode(), "A" * 5000]
)
def test_a_malformed_master_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(KeyUnreadableError) as caught:
        parse_master_key(text)

    assert not text or text not in str(caught.value)
    assert caught.value.__cause__ is None


def test_new_master_keys_differ_and_have_256_bits() -> None:
    first, second = new_master_key(), new_master_key()

    assert first != second
    assert len(first) == 32


def test_a_fingerprint_tells_nothing_of_its_key() -> None:
    assert len(fingerprint(KEY_A)) == 16
    assert fingerprint(KEY_A) != fingerprint(KEY_B)
    assert KEY_A[:8].hex() != fingerprint(KEY_A)


def test_a_key_box_is_neither_shown_nor_pickled() -> None:
    box = KeyBox(KEY_A)

    assert f"KeyBox({fingerprint(KEY_A)})" == repr(box)
    with pytest.raises(TypeError):
        pickle.dumps(box)
