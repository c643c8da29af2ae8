"""Fingerprints compare values and give none away."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from kit import fingerprint as module
from kit.fingerprint import fingerprint, use

KEY = b"k" * 32


@pytest.fixture(autouse=True)
def _key() -> None:
    use(KEY)


def test_it_is_a_keyed_hash_of_canonical_json() -> None:
    expected = hmac.new(KEY, b'["shp_tea",{"at":"2026-11-22T00:00:00Z","name":"\xe8\x8c\xb6"}]', hashlib.sha256)
    value = {"name": "茶", "at": datetime(2026, 11, 22, tzinfo=UTC)}
    assert fingerprint(value, of="shp_tea") == expected.hexdigest()


def test_the_order_of_keys_says_nothing() -> None:
    assert fingerprint({"a": 1, "b": 2}, of="x") == fingerprint({"b": 2, "a": 1}, of="x")


def test_equal_values_of_two_objects_differ_and_so_do_those_of_two_keys() -> None:
    first = fingerprint("13812345678", of="mbr_lin")
    assert fingerprint("13812345678", of="mbr_wang") != first
    use(b"other" * 8)
    assert fingerprint("13812345678", of="mbr_lin") != first


def test_nothing_is_fingerprinted_without_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module._Running, "key", None)
    with pytest.raises(RuntimeError, match="open the database first"):
        fingerprint(1, of="x")
