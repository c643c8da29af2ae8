"""Loads: what a request reads together, and what the cache has brought already."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from models.cached import CACHE, cached, declared
from resolvers.context import Loads
from tests.support.caches import trusted_cache

ASKED: list[list[str]] = []


async def named(ids: Sequence[str]) -> list[str]:
    ASKED.append([*ids])
    return [f"name of {id_}" for id_ in ids]


@pytest.fixture
def read() -> Iterator[Any]:
    """A cached read of the test's own."""
    ASKED.clear()
    cached(by={"product": "id"}, max_age=100.0)(named)
    with trusted_cache():
        yield named
    CACHE.shelves.remove(declared()[named])
    del declared()[named]  # type: ignore[attr-defined]


async def test_what_many_fields_of_a_request_ask_for_is_one_read(read: Any) -> None:
    loads = Loads()
    found = await asyncio.gather(loads.many(read, ["a", "b"]), loads.many(read, ["b", "c"]), loads.one(read, "a"))
    assert found == [["name of a", "name of b"], ["name of b", "name of c"], "name of a"]
    assert ASKED == [["a", "b", "c"]]


async def test_another_request_finds_it_without_waiting(read: Any) -> None:
    await Loads().many(read, ["a", "b"])
    asking = Loads().many(read, ["b", "a"])
    with pytest.raises(StopIteration) as done:
        asking.send(None)  # it never waits
    assert done.value.value == ["name of b", "name of a"]


async def test_what_is_missing_alone_is_read(read: Any) -> None:
    await Loads().many(read, ["a"])
    assert await Loads().many(read, ["b", "a", "b"]) == ["name of b", "name of a", "name of b"]
    assert ASKED == [["a"], ["b"]]


async def test_requests_that_miss_at_once_share_a_read(read: Any) -> None:
    assert await asyncio.gather(*(Loads().one(read, "a") for _ in range(500))) == ["name of a"] * 500
    assert ASKED == [["a"]]


async def test_without_trust_each_request_reads_for_itself_and_once(read: Any) -> None:
    CACHE.distrust()
    for _ in range(2):
        loads = Loads()
        for _ in range(2):
            assert await loads.many(read, ["a"]) == ["name of a"]
    assert ASKED == [["a"], ["a"]]
    assert CACHE.untrusted >= 2
