"""The cache: what it keeps, what it drops, what it refuses to keep, and that it stays within its bound."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Sequence
from time import monotonic
from typing import Any

import msgspec
import pytest

from kit import cache as module
from kit.cache import MISSING, Cache, Kept, Shelf, apart, weight_of


class Row(msgspec.Struct, frozen=True, gc=False):
    id: str
    price: int = 1


class Table:
    """Rows by id, read as a statement would; `asked` is what was read. A read waits while it is `held`."""

    def __init__(self, **prices: int) -> None:
        self.prices = prices
        self.asked: list[list[str]] = []
        self.held: asyncio.Event | None = None

    async def read(self, ids: Sequence[str]) -> list[Row | None]:
        self.asked.append([*ids])
        found = [Row(id_, self.prices[id_]) if id_ in self.prices else None for id_ in ids]
        if self.held:
            await self.held.wait()
        return found

    async def lists(self, keys: Sequence[tuple[str, ...]]) -> list[list[Row]]:
        self.asked.append([",".join(key) for key in keys])
        return [[Row(id_, self.prices[id_]) for id_ in key] for key in keys]


def trusted(entries: int = 1_000, size: int = 10**9) -> Cache:
    cache = Cache(entries, size)
    cache.trust(monotonic() + 1_000)
    return cache


def by_id(cache: Cache, **options: Any) -> Shelf[str, Row | None]:
    return cache.shelf("products", **{"by": {"product": "id"}, "also": ("promotion",), "max_age": 100.0, **options})


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets time pass: `later(seconds)`."""
    passed = 0.0

    def pass_by(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(module, "monotonic", lambda: monotonic() + passed)
    return pass_by


async def test_what_was_read_is_found_without_reading_again() -> None:
    shelf, table = by_id(trusted()), Table(a=1, b=2)
    assert shelf.found(["a"]) is None
    rows = await shelf.through(table.read, ["a", "b", "none"])
    assert rows == [Row("a", 1), Row("b", 2), None]
    assert shelf.found(["b", "none", "a"]) == [Row("b", 2), None, Row("a", 1)]
    assert shelf.look(["b", "c"]) == [Row("b", 2), MISSING]
    assert (table.asked, shelf.hits, shelf.misses) == ([["a", "b", "none"]], 4, 3)


async def test_a_value_ages_from_the_moment_its_read_began(later: Any) -> None:
    shelf, table = by_id(trusted(), max_age=1.0), Table(a=1)
    table.held = asyncio.Event()
    reading = asyncio.ensure_future(shelf.through(table.read, ["a"]))
    await asyncio.sleep(0)
    later(0.7)
    table.held.set()
    await reading
    assert shelf.found(["a"]) == [Row("a", 1)]
    later(0.4)
    assert shelf.found(["a"]) is None


async def test_a_change_drops_what_was_made_of_the_rows_and_nothing_else() -> None:
    cache = trusted()
    shelf, other, table = by_id(cache), cache.shelf("shops", by={"shop": "id"}, max_age=9.0), Table(a=1, b=2)
    for one in (shelf, other):
        await one.through(table.read, ["a", "b"])
    cache.apply("chg_1", {"product": {"id": ["a"]}})
    assert (shelf.found(["a"]), shelf.found(["b"]), other.found(["a"])) == (None, [Row("b", 2)], [Row("a", 1)])
    assert (shelf.dropped, other.dropped) == (1, 0)


@pytest.mark.parametrize("changed", [{"product": {"id": None}}, {"product": {}}, {"promotion": {"id": ["prm_1"]}}])
async def test_a_change_of_nobody_knows_which_rows_drops_all(changed: dict[str, Any]) -> None:
    cache = trusted()
    shelf, table = by_id(cache), Table(a=1, b=2)
    await shelf.through(table.read, ["a", "b"])
    cache.apply("chg_1", changed)
    assert (len(shelf), shelf.found(["b"])) == (0, None)


async def test_a_change_that_is_told_twice_is_applied_once() -> None:
    cache = trusted()
    shelf, table = by_id(cache), Table(a=1)
    cache.apply("chg_1", {"product": {"id": ["a"]}})
    await shelf.through(table.read, ["a"])
    cache.apply("chg_1", {"product": {"id": ["a"]}})
    assert shelf.found(["a"]) == [Row("a", 1)]


@pytest.mark.parametrize("again", [True, False])
@pytest.mark.parametrize("changed", [{"product": {"id": ["a"]}}, {"promotion": {}}])
async def test_a_read_that_began_before_a_change_puts_nothing_stale_back(changed: dict[str, Any], again: bool) -> None:
    cache = trusted()
    shelf, table = by_id(cache), Table(a=1)
    table.held = held = asyncio.Event()
    before = asyncio.ensure_future(shelf.through(table.read, ["a"]))
    await asyncio.sleep(0)
    table.prices["a"], table.held = 2, None
    cache.apply("chg_1", changed)
    if again:
        assert await shelf.through(table.read, ["a"]) == [Row("a", 2)]  # it does not wait for what is stale
    held.set()
    assert await before == [Row("a", 1)]
    assert shelf.found(["a"]) == ([Row("a", 2)] if again else None)


async def test_what_somebody_reads_already_is_waited_for() -> None:
    shelf, table = by_id(trusted()), Table(a=1, b=2)
    table.held = asyncio.Event()
    asking = [asyncio.ensure_future(shelf.through(table.read, keys)) for keys in (["a"], ["a", "b"], ["b"])]
    await asyncio.sleep(0)
    table.held.set()
    assert await asyncio.gather(*asking) == [[Row("a", 1)], [Row("a", 1), Row("b", 2)], [Row("b", 2)]]
    assert table.asked == [["a"], ["b"]]


async def test_who_waits_for_a_read_that_is_cancelled_reads_itself() -> None:
    shelf, table = by_id(trusted()), Table(a=1)
    table.held = asyncio.Event()
    first, second, third = (asyncio.ensure_future(shelf.through(table.read, ["a"])) for _ in range(3))
    await asyncio.sleep(0)
    third.cancel()  # who only waits takes nobody along
    first.cancel()
    await asyncio.sleep(0)
    table.held.set()
    assert await second == [Row("a", 1)]
    assert table.asked == [["a"], ["a"]]


async def test_a_read_that_fails_keeps_nothing_and_fails_for_its_asker() -> None:
    shelf, table = by_id(trusted()), Table(a=1)

    async def fail(keys: Sequence[str]) -> list[Any]:
        raise OSError("gone")

    async def partly(keys: Sequence[str]) -> list[Any]:
        return [Row("a"), ValueError("b")]

    with pytest.raises(OSError, match="gone"):
        await shelf.through(fail, ["a"])
    row, error = await shelf.through(partly, ["a", "b"])
    assert (row, str(error)) == (Row("a"), "b")
    assert (shelf.found(["a"]), shelf.found(["b"])) == ([Row("a")], None)
    assert await shelf.through(table.read, ["b"]) == [None]


async def test_a_key_that_is_somebodys_own_is_read_along_and_never_kept() -> None:
    shelf, table = by_id(trusted(), accepts=lambda key: not key.startswith("own")), Table(a=1, own_b=2)
    assert await shelf.through(table.read, ["a", "own_b"]) == [Row("a", 1), Row("own_b", 2)]
    assert table.asked == [["a", "own_b"]]
    assert (shelf.found(["a"]), shelf.found(["own_b"]), len(shelf)) == ([Row("a", 1)], None, 1)


async def test_without_trust_nothing_is_kept_or_found(later: Any) -> None:
    cache = Cache(1_000, 10**9)
    shelf, table = by_id(cache), Table(a=1)
    await shelf.through(table.read, ["a"])
    assert (shelf.found(["a"]), len(shelf), cache.untrusted) == (None, 0, 1)
    cache.trust(module.monotonic() + 1.0)
    await shelf.through(table.read, ["a"])
    assert shelf.found(["a"]) == [Row("a", 1)]
    later(1.1)
    assert (shelf.found(["a"]), shelf.look(["a"]), cache.trusted) == (None, [MISSING], False)


async def test_after_a_time_without_trust_the_cache_begins_empty(later: Any) -> None:
    cache = Cache(1_000, 10**9)
    shelf, table = by_id(cache), Table(a=1)
    cache.trust(module.monotonic() + 1.0)
    await shelf.through(table.read, ["a"])
    later(0.9)
    cache.trust(module.monotonic() + 1.0)
    assert shelf.found(["a"]) == [Row("a", 1)]
    later(1.1)
    cache.trust(module.monotonic() + 1.0)
    assert (shelf.found(["a"]), len(shelf), cache.lapses) == (None, 0, 2)


async def test_a_read_from_before_a_lapse_is_not_kept_after_it() -> None:
    cache = trusted()
    shelf, table = by_id(cache), Table(a=1)
    table.held = asyncio.Event()
    reading = asyncio.ensure_future(shelf.through(table.read, ["a"]))
    await asyncio.sleep(0)
    cache.distrust()
    cache.trust(monotonic() + 100)
    table.held.set()
    assert await reading == [Row("a", 1)]
    assert shelf.found(["a"]) is None


async def test_apart_from_the_cache_nothing_is_found_or_kept() -> None:
    shelf, table = by_id(trusted()), Table(a=1)
    await shelf.through(table.read, ["a"])
    with apart():
        assert shelf.found(["a"]) is None
        table.prices["a"] = 2  # not committed
        assert await shelf.through(table.read, ["a"]) == [Row("a", 2)]
    assert shelf.found(["a"]) == [Row("a", 1)]


async def test_equal_data_stays_the_very_same_object(later: Any) -> None:
    shelf, table = by_id(trusted(), max_age=1.0), Table(a=1)
    (before,) = await shelf.through(table.read, ["a"])
    later(1.1)
    (same,) = await shelf.through(table.read, ["a"])
    assert same is before
    later(1.1)
    table.prices["a"] = 2
    assert await shelf.through(table.read, ["a"]) == [Row("a", 2)]


async def test_a_list_stays_the_same_while_its_rows_do_and_keeps_the_rows_that_did(later: Any) -> None:
    shelf, table = by_id(trusted(), by={}, also=("product",), max_age=1.0), Table(a=1, b=2)
    (before,) = await shelf.through(table.lists, [("a", "b")])
    assert type(before) is Kept
    before.shown = "its page"
    later(1.1)
    assert (await shelf.through(table.lists, [("a", "b")]))[0] is before
    later(1.1)
    table.prices["b"] = 3
    (after,) = await shelf.through(table.lists, [("a", "b")])
    assert (after, after.shown, after[0] is before[0]) == ([Row("a", 1), Row("b", 3)], None, True)


async def test_what_is_used_stays_within_the_bound_and_what_is_not_goes() -> None:
    cache = trusted(entries=300)
    shelf, table = by_id(cache), Table(often=1, **{str(number): number for number in range(2_000)})
    await shelf.through(table.read, ["often"])
    for number in range(2_000):
        await shelf.through(table.read, [str(number)])
        assert shelf.found(["often"]) == [Row("often", 1)]
        assert len(shelf) <= 202
    assert cache.evicted >= 1_700


async def filled(shelf: Shelf[str, Any], first: int, last: int) -> int:
    """The memory that Python holds once so many more rows, each of about 600 bytes, were read."""

    async def read(ids: Sequence[str]) -> list[Row]:
        return [Row(f"{id_}{'x' * 500}") for id_ in ids]

    for start in range(first, last, 100):
        await shelf.through(read, [str(number) for number in range(start, start + 100)])
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.parametrize(
    ("rows", "limits"),
    [
        (20_000, (10**9, 3_000_000)),
        (20_000, (3_000, 10**9)),
        pytest.param(1_000_000, (100_000, 128_000_000), marks=pytest.mark.soak),
        pytest.param(1_000_000, (10**9, 64_000_000), marks=pytest.mark.soak),
    ],
)
async def test_memory_is_bounded_after_many_distinct_rows(rows: int, limits: tuple[int, int]) -> None:
    entries, size = limits
    shelf = by_id(trusted(entries, size))
    tracemalloc.start()
    try:
        before, after = await filled(shelf, 0, rows // 3), await filled(shelf, rows // 3, rows)
    finally:
        tracemalloc.stop()
    bound = min(size, entries * 900)
    assert before < bound * 1.2
    assert after < before * 1.2


def test_a_weight_counts_what_a_value_holds() -> None:
    assert weight_of(Row("x" * 1_000)) > 1_000
    assert weight_of([Row("x" * 1_000)] * 3) > 3_000
    assert weight_of({"a": "x" * 1_000}) > 1_000
