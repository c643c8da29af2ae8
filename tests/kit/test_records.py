"""A record stands while all that it names may be shown, and falls for good with the first value that may not."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

import pytest

from kit import cache as cache_module
from kit import records
from kit.cache import LOGGED, Cache, Shelf, apart
from kit.records import Record, Vouched


async def read(keys: Sequence[str]) -> list[str]:
    return [key.upper() for key in keys]


@pytest.fixture
def cache() -> Cache:
    made = Cache(1_000, 10**9)
    made.trust(monotonic() + 1_000)
    return made


@pytest.fixture
def shelf(cache: Cache) -> Shelf[str, str]:
    return cache.shelf("goods", by={"good": "id"}, also=("sale",), max_age=100.0)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets time pass: `later(seconds)`."""
    passed = 0.0

    def pass_by(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    for module in (cache_module, records):
        monkeypatch.setattr(module, "monotonic", lambda: monotonic() + passed)
    return pass_by


async def noted(cache: Cache, shelf: Shelf[str, str], *keys: str) -> Record:
    record = Record(cache)
    await shelf.through(read, keys)
    record.note(shelf, keys)
    return record


async def test_it_stands_until_one_of_its_values_is_dropped(cache: Cache, shelf: Shelf[str, str]) -> None:
    record, other = await noted(cache, shelf, "a", "b"), await noted(cache, shelf, "c")
    assert (len(record), len(other)) == (2, 1)
    cache.apply("chg_1", {"good": {"id": ["b"]}})
    assert (record.stands, other.stands) == (False, True)
    await shelf.through(read, ["b"])
    assert not record.stands


@pytest.mark.parametrize("changed", [{"good": {"id": None}}, {"good": {}}, {"sale": {"id": ["x"]}}], ids=str)
async def test_it_falls_when_anything_may_have_changed(cache: Cache, shelf: Shelf[str, str], changed: Any) -> None:
    record = await noted(cache, shelf, "a")
    cache.apply("chg_1", changed)
    assert not record.stands


async def test_changes_of_what_it_was_not_made_of_do_not_touch_it(cache: Cache, shelf: Shelf[str, str]) -> None:
    cache.shelf("shops", by={"shop": "id"}, max_age=100.0)
    record = await noted(cache, shelf, "a")
    cache.apply("chg_1", {"shop": {"id": None}, "good": {"id": ["z"]}})
    assert record.stands


async def test_it_falls_when_the_value_is_dropped_between_its_begin_and_its_note(
    cache: Cache, shelf: Shelf[str, str]
) -> None:
    record = Record(cache)
    await shelf.through(read, ["a"])
    cache.apply("chg_1", {"good": {"id": ["a"]}})
    await shelf.through(read, ["a"])
    record.note(shelf, ["a"])
    assert not record.stands


async def test_it_stands_no_longer_than_the_youngest_of_its_values_may_be_shown(cache: Cache, later: Any) -> None:
    young, old = (cache.shelf(name, by={}, max_age=age) for name, age in (("young", 100.0), ("old", 0.5)))
    await old.through(read, ["a"])
    later(0.3)
    record = await noted(cache, young, "b")
    record.note(old, ["a"])
    assert record.stands
    later(0.3)
    assert not record.stands


async def test_it_stands_for_a_second_at_most(cache: Cache, shelf: Shelf[str, str], later: Any) -> None:
    record = await noted(cache, shelf, "a")
    later(0.9)
    assert record.stands
    later(0.2)
    assert not record.stands


async def test_it_stands_only_while_the_cache_is_trusted(cache: Cache, shelf: Shelf[str, str]) -> None:
    record = await noted(cache, shelf, "a")
    with apart():
        assert not record.stands
    assert record.stands
    cache.distrust()
    assert not record.stands
    cache.trust(monotonic() + 1_000)
    assert not record.stands


async def test_what_is_read_past_the_cache_is_never_vouched_for(cache: Cache, shelf: Shelf[str, str]) -> None:
    record = await noted(cache, shelf, "a")
    record.note(None, ["b"])
    assert not record.stands


async def test_a_value_that_the_cache_did_not_keep_is_never_vouched_for(cache: Cache) -> None:
    own = cache.shelf("own", by={}, max_age=100.0, accepts=lambda key: key != "mine")
    assert not (await noted(cache, own, "a", "mine")).stands
    assert (await noted(cache, own, "a")).stands


async def test_it_falls_when_it_is_asked_too_late_to_know(cache: Cache, shelf: Shelf[str, str]) -> None:
    near, far = await noted(cache, shelf, "a"), await noted(cache, shelf, "a")
    for number in range(LOGGED):
        cache.apply(f"chg_{number}", {"good": {"id": ["z"]}})
    assert near.stands
    cache.apply("chg_last", {"good": {"id": ["z"]}})
    assert near.stands
    assert not far.stands


@pytest.mark.parametrize(
    "test",
    [
        test_it_stands_until_one_of_its_values_is_dropped,
        test_it_falls_when_the_value_is_dropped_between_its_begin_and_its_note,
    ],
)
async def test_a_planted_bug_is_caught_that_forgets_drops(
    test: Any, cache: Cache, shelf: Shelf[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Record, "_catch_up", lambda self: None)
    with pytest.raises(AssertionError):
        await test(cache, shelf)


async def test_what_is_left_of_it_is_told_in_seconds(cache: Cache, later: Any) -> None:
    record = await noted(cache, cache.shelf("brief", by={}, max_age=0.5), "a")
    later(0.2)
    assert 0.2 < record.left < 0.31
    later(0.4)
    assert record.left == 0.0


async def test_what_is_left_of_it_ends_with_the_trust_in_the_cache(cache: Cache, shelf: Shelf[str, str]) -> None:
    record = await noted(cache, shelf, "a")
    assert record.left > 0.9
    cache.trust(monotonic() + 0.3)
    assert 0.0 < record.left <= 0.3


@pytest.mark.parametrize(("said", "stands"), [((0.9, 0.5), 0.5), ((9.0,), 1.0), ((0.8, 0.0), 0.0), ((), 0.0)], ids=str)
def test_what_others_vouch_for_stands_as_long_as_each_of_them_says_and_a_second_at_most(
    said: tuple[float, ...], stands: float, later: Any
) -> None:
    vouched = Vouched()
    for seconds in said:
        vouched.say(seconds)
    later(max(0.0, stands - 0.05))
    assert vouched.stands == (stands > 0)
    later(0.06)
    assert not vouched.stands


def test_what_others_said_late_counts_from_when_they_were_asked(later: Any) -> None:
    vouched = Vouched()
    later(0.4)
    vouched.say(0.5)
    later(0.2)
    assert not vouched.stands
