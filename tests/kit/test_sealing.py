"""Sealed fields tell nothing without the key, and open in their own row only."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.sealing import SealBroken, keyed_hash, mask_phone, seal, unseal

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
texts = some.text(some.characters(codec="utf-8"))


@given(text=texts, row_id=texts, key=some.binary(min_size=32, max_size=32))
def test_what_was_sealed_opens_again(text: str, row_id: str, key: bytes) -> None:
    assert unseal(seal(text, key=key, row_id=row_id), key=key, row_id=row_id) == text


def test_the_same_text_is_sealed_differently_each_time() -> None:
    sealed = {seal("13812345678", key=KEY, row_id="mbr_1") for _ in range(100)}
    assert len(sealed) == 100
    assert not any("1381234" in text for text in sealed)


def test_a_nonce_comes_from_the_given_source() -> None:
    sealed = seal("x", key=KEY, row_id="mbr_1", random_bytes=lambda count: b"n" * count)
    assert base64.b64decode(sealed)[:12] == b"n" * 12


def test_another_row_and_another_key_break_the_seal() -> None:
    sealed = seal("13812345678", key=KEY, row_id="mbr_1")
    for key, row_id in ((KEY, "mbr_2"), (OTHER_KEY, "mbr_1")):
        with pytest.raises(SealBroken):
            unseal(sealed, key=key, row_id=row_id)


@given(place=some.integers(0, 38), change=some.integers(1, 255))
def test_a_changed_byte_anywhere_breaks_the_seal(place: int, change: int) -> None:
    raw = bytearray(base64.b64decode(seal("13812345678", key=KEY, row_id="mbr_1")))
    raw[place] ^= change
    with pytest.raises(SealBroken):
        unseal(base64.b64encode(raw).decode(), key=KEY, row_id="mbr_1")


@pytest.mark.parametrize("text", ["", "abc", "AAAA", "not base64 at all", "13812345678", "密文", "A" * 20])
def test_what_was_never_sealed_breaks_the_seal(text: str) -> None:
    with pytest.raises(SealBroken):
        unseal(text, key=KEY, row_id="mbr_1")


@given(one=texts, other=texts)
def test_a_keyed_hash_names_a_text_under_a_key(one: str, other: str) -> None:
    assert (keyed_hash(one, key=KEY) == keyed_hash(other, key=KEY)) is (one == other)
    assert keyed_hash(one, key=KEY) != keyed_hash(one, key=OTHER_KEY)
    assert len(keyed_hash(one, key=KEY)) == 64


def test_a_phone_number_shows_its_first_three_and_last_four_digits() -> None:
    assert mask_phone("13812345678") == "138****5678"
