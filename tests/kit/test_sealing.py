"""Sealed fields tell nothing without the key, and open in their own row only."""

from __future__ import annotations

import base64
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit.hidden import Hidden
from kit.sealing import (
    DataKey,
    HashKey,
    SealBroken,
    Spot,
    hashes,
    unwrap,
    wrap,
)

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
texts = some.text(some.characters(codec="utf-8"))


SPOT = Spot("mbr_1", "address", "street_sealed", "adr_1")
DATA_KEY = DataKey("pky_1", KEY)


@given(text=texts, secret=some.binary(min_size=32, max_size=32), parts=some.tuples(texts, texts, texts, texts))
def test_a_field_opens_again(text: str, secret: bytes, parts: tuple[str, str, str, str]) -> None:
    key, spot = DataKey("pky_1", secret), Spot(*parts)
    assert key.open(key.seal(Hidden(text), spot), spot) == Hidden(text)


def test_an_envelope_names_its_version_and_key_and_starts_with_its_nonce() -> None:
    sealed = DATA_KEY.seal(Hidden("13812345678"), SPOT, random_bytes=lambda count: b"n" * count)
    version, key_id, body = sealed.split(".")
    assert (version, key_id) == ("1", "pky_1")
    assert base64.urlsafe_b64decode(body)[:12] == b"n" * 12
    assert len(base64.urlsafe_b64decode(body)) == 12 + 11 + 16


def test_a_field_is_sealed_differently_each_time() -> None:
    assert len({DATA_KEY.seal(Hidden("13812345678"), SPOT) for _ in range(100)}) == 100


@pytest.mark.parametrize("part", ["person_id", "table", "column", "row_id"])
def test_an_envelope_moved_to_another_person_table_column_or_row_is_broken(part: str) -> None:
    sealed = DATA_KEY.seal(Hidden("13812345678"), SPOT)
    with pytest.raises(SealBroken):
        DATA_KEY.open(sealed, dataclasses.replace(SPOT, **{part: "other"}))


def test_no_two_spots_are_bound_alike() -> None:
    assert Spot("a", "bc", "d", "e").bound() != Spot("ab", "c", "d", "e").bound()


def test_another_key_breaks_the_seal_even_under_the_same_id() -> None:
    sealed = DATA_KEY.seal(Hidden("13812345678"), SPOT)
    for other in (DataKey("pky_1", OTHER_KEY), DataKey("pky_2", KEY)):
        with pytest.raises(SealBroken):
            other.open(sealed, SPOT)


@given(place=some.integers(0, 200), change=some.characters(codec="ascii"))
def test_a_changed_character_anywhere_breaks_the_seal(place: int, change: str) -> None:
    sealed = DATA_KEY.seal(Hidden("13812345678"), SPOT, random_bytes=lambda count: b"n" * count)
    at = place % len(sealed)
    changed = sealed[:at] + change + sealed[at + 1 :]
    if changed == sealed:
        return
    with pytest.raises(SealBroken) as broken:
        DATA_KEY.open(changed, SPOT)
    assert "1381234" not in str(broken.value)


@pytest.mark.parametrize("text", ["", "1", "1.pky_1", "1.pky_1.", "1.pky_1.AAAA", "2.pky_1.AAAA", "13812345678", "密"])
def test_what_was_never_sealed_does_not_open(text: str) -> None:
    with pytest.raises(SealBroken):
        DATA_KEY.open(text, SPOT)


def test_a_key_shows_its_id_only() -> None:
    assert repr(DATA_KEY) == str(DATA_KEY) == "DataKey(pky_1)"
    assert repr(HashKey(1, KEY)) == "HashKey(version=1)"


def test_a_key_is_unwrapped_by_the_key_and_for_the_thing_it_was_wrapped_for() -> None:
    wrapped = wrap(KEY, under=OTHER_KEY, bound_to="data-key/pky_1/mbr_1/platform")
    assert unwrap(wrapped, under=OTHER_KEY, bound_to="data-key/pky_1/mbr_1/platform") == KEY
    for under, bound_to in ((OTHER_KEY, "data-key/pky_1/mbr_2/platform"), (KEY, "data-key/pky_1/mbr_1/platform")):
        with pytest.raises(SealBroken):
            unwrap(wrapped, under=under, bound_to=bound_to)


@given(one=texts, other=texts)
def test_a_hash_names_a_text_under_a_key_and_for_a_purpose(one: str, other: str) -> None:
    key = HashKey(3, KEY)
    named = key.hash(Hidden(one), purpose="login")
    assert (named == key.hash(Hidden(other), purpose="login")) is (one == other)
    assert named != key.hash(Hidden(one), purpose="device")
    assert named != HashKey(3, OTHER_KEY).hash(Hidden(one), purpose="login")
    assert named.startswith("3.")
    assert len(named) == 2 + 64


def test_a_search_asks_for_every_hash_in_use() -> None:
    keys = [HashKey(2, OTHER_KEY), HashKey(1, KEY)]
    assert hashes(Hidden("1"), keys, purpose="login") == [key.hash(Hidden("1"), purpose="login") for key in keys]
