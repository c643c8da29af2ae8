"""Ids grow with time, carry their type, and are UUIDv7 underneath."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kit import clock
from kit.ids import ID_LENGTH, new_id, prefix_of
from tests.support.moments import NOON

MS = timedelta(milliseconds=1)

moments = some.integers(0, 180 * 365 * 24 * 3600 * 1000).map(lambda ms: datetime(2020, 1, 1, tzinfo=UTC) + ms * MS)


def uuid_of(id_: str) -> UUID:
    text = id_.partition("_")[2].upper()
    return UUID(bytes=base64.b32hexdecode(text + "=" * (-len(text) % 8)))


@given(at=moments)
def test_an_id_is_a_uuid_of_version_7_behind_its_prefix(at: datetime) -> None:
    made = new_id("prd", at=at)
    uuid = uuid_of(made)
    assert (len(made), made[:4], made) == (ID_LENGTH, "prd_", made.lower())
    assert (uuid.version, uuid.variant) == (7, "specified in RFC 4122")
    assert (uuid.int >> 80) == int(at.timestamp() * 1000)


@given(at=moments, later=some.timedeltas(timedelta(milliseconds=2), timedelta(days=9_000)))
def test_a_later_id_sorts_later(at: datetime, later: timedelta) -> None:
    assert new_id("prd", at=at) < new_id("prd", at=at + later)


def test_ids_are_unlike_in_the_same_moment_and_alike_with_the_same_bits() -> None:
    assert len({new_id("ord", at=NOON) for _ in range(1_000)}) == 1_000
    assert len({new_id("ord", at=NOON, random_bits=lambda bits: 2**bits - 1) for _ in range(9)}) == 1


def test_an_id_is_of_the_moment_that_the_clock_shows() -> None:
    with clock.at(NOON):
        made = new_id("mbr")
    assert uuid_of(made).int >> 80 == NOON.timestamp() * 1000


@given(prefix=some.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=3), at=moments)
def test_an_id_tells_its_type(prefix: str, at: datetime) -> None:
    assert prefix_of(new_id(prefix, at=at)) == prefix


@pytest.mark.parametrize(
    "text",
    [
        "",
        "prd",
        "prd_",
        "prd_123",
        "prd_" + "0" * 25,
        "prd_" + "0" * 27,
        "prd_" + "0" * 25 + " ",
        "0" * 30,
        "prd_" + "茶" * 26,
    ],
)
def test_what_is_no_id_has_no_type(text: str) -> None:
    assert prefix_of(text) == ""
