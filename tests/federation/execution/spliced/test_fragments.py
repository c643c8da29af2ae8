"""The parts that are kept stay within their bound, and what is used is not forgotten."""

from __future__ import annotations

import orjson

from federation.execution.spliced.fragments import ENTRY_BYTES, VALUE_BYTES, Fragments, Kept


class Record:
    stands = True

    def __len__(self) -> int:
        return 3


def part(text: bytes = b"1") -> Kept:
    return Kept.of({"x": text}, Record())


def test_a_part_is_found_as_it_was_kept() -> None:
    kept, fragments = part(b'{"a":1}'), Fragments(10, 10**6)
    fragments.put("a", kept)
    assert fragments.get("a") is kept
    assert orjson.dumps(kept.json) == b'{"x":{"a":1}}'
    assert fragments.bytes == kept.size == ENTRY_BYTES + 7 + 3 * VALUE_BYTES
    assert fragments.get("b") is None


def test_it_stays_within_its_number_of_entries_and_keeps_what_is_used() -> None:
    fragments = Fragments(20, 10**9)
    for number in range(1_000):
        fragments.put(number, part())
        fragments.get(0)
        assert len(fragments) <= 20
    assert fragments.get(0) is not None
    assert fragments.get(500) is None
    assert fragments.bytes == len(fragments) * part().size


def test_it_stays_within_its_bytes_and_refuses_what_is_too_large() -> None:
    fragments = Fragments(10**6, 100_000)
    for number in range(1_000):
        fragments.put(number % 70, part(b"x" * number))
        assert fragments.bytes <= 100_000
    fragments.put("large", part(b"x" * 60_000))
    assert fragments.get("large") is None


def test_a_part_that_is_made_again_takes_the_place_of_the_one_before() -> None:
    fragments = Fragments(10, 10**6)
    for text in (b"1", b"22", b"333"):
        fragments.put("a", part(text))
    assert len(fragments) == 1
    assert fragments.bytes == part(b"333").size


def test_what_was_not_made_does_not_stand() -> None:
    assert not Kept().stands
