"""Keys asked for apart are read together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from resolvers.gathering import Gathering


class Names:
    """A read that notes its calls; it fails for the key `bad`, and waits where it is told to."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, keys: Sequence[str]) -> list[str]:
        self.calls.append([*keys])
        await self.gate.wait()
        if "bad" in keys:
            raise KeyError("bad")
        return [key.upper() for key in keys]


async def test_what_is_asked_for_in_one_turn_is_one_call_and_each_key_once() -> None:
    read = Names()
    gathering = Gathering(read)
    found = await asyncio.gather(gathering.many(["a", "b", "a"]), gathering.many(iter("bc")), gathering.many([]))
    assert found == [["A", "B", "A"], ["B", "C"], []]
    assert read.calls == [["a", "b", "c"]]


async def test_what_was_found_or_is_on_its_way_is_not_read_again() -> None:
    read = Names()
    gathering = Gathering(read)
    assert await gathering.many(["a"]) == ["A"]
    read.gate.clear()
    first = asyncio.ensure_future(gathering.many(["a", "b"]))
    while len(read.calls) < 2:
        await asyncio.sleep(0)
    second = asyncio.ensure_future(gathering.many(["b", "c", "a"]))
    while len(read.calls) < 3:
        await asyncio.sleep(0)
    read.gate.set()
    assert await asyncio.gather(first, second) == [["A", "B"], ["B", "C", "A"]]
    assert read.calls == [["a"], ["b"], ["c"]]


async def test_those_woken_together_ask_together() -> None:
    read, bell = Names(), asyncio.Event()
    gathering = Gathering(read)

    async def ask(key: str, turns: int) -> list[str]:
        await bell.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        return await gathering.many([key])

    asking = [asyncio.ensure_future(ask(key, turns)) for key, turns in (("a", 0), ("b", 1), ("c", 0))]
    await asyncio.sleep(0)
    bell.set()
    assert await asyncio.gather(*asking) == [["A"], ["B"], ["C"]]
    assert len(read.calls) == 1
    assert sorted(read.calls[0]) == ["a", "b", "c"]


async def test_a_failed_read_fails_all_who_asked_and_is_not_tried_again() -> None:
    read = Names()
    gathering = Gathering(read)
    failed = await asyncio.gather(gathering.many(["a", "bad"]), gathering.many(["b"]), return_exceptions=True)
    assert [type(error) for error in failed] == [KeyError, KeyError]
    with pytest.raises(KeyError):
        await gathering.many(["c", "a"])
    assert await gathering.many(["c"]) == ["C"]
    assert read.calls == [["a", "bad", "b"], ["c"]]


async def test_an_answer_that_does_not_fit_the_keys_is_a_failure() -> None:
    async def short(keys: Sequence[str]) -> list[str]:
        return [*keys][1:]

    with pytest.raises(ValueError, match="1 values for 2 keys"):
        await Gathering(short).many(["a", "b"])


async def test_who_is_cancelled_takes_nothing_from_the_others() -> None:
    read = Names()
    read.gate.clear()
    gathering = Gathering(read)
    leaves, stays = (asyncio.ensure_future(gathering.many([key])) for key in "ab")
    while not read.calls:
        await asyncio.sleep(0)
    leaves.cancel()
    await asyncio.sleep(0)
    read.gate.set()
    assert await stays == ["B"]
    assert leaves.cancelled()
    assert await gathering.many(["a"]) == ["A"]
    assert read.calls == [["a", "b"]]


async def test_nobody_reads_what_nobody_waits_for_any_more() -> None:
    read = Names()
    gathering = Gathering(read)
    asking = asyncio.ensure_future(gathering.many(["a"]))
    await asyncio.sleep(0)
    asking.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert (asking.cancelled(), read.calls) == (True, [])
