"""Long work gives the loop back, and long works take turns."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strawberry.dataloader import DataLoader

from federation.execution import pace, pieces
from federation.execution.pace import BEGINNINGS, PART, Pace, beginning, in_parts
from federation.execution.pieces import long_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=5), inner, max_size=6),
    max_leaves=60,
)


@pytest.fixture
def tireless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any work is long work."""
    monkeypatch.setattr(pace, "SLICE_SECONDS", 0)


async def test_work_is_late_after_a_slice_and_not_after_it_has_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(pace, "perf_counter", lambda: now)
    work = Pace()
    assert not work.late
    now = pace.SLICE_SECONDS
    assert work.late
    await asyncio.sleep(0)  # others have had the loop
    assert not work.late
    now *= 2
    assert work.late
    await work.pause()
    assert not work.late


@pytest.mark.usefixtures("tireless")
async def test_each_turn_of_the_loop_belongs_to_one_long_work() -> None:
    seen: list[str] = []

    async def work(name: str) -> None:
        for _ in range(3):
            await Pace().pause()
            seen.append(name)

    async def turns() -> None:
        for _ in range(12):
            await asyncio.sleep(0)
            seen.append("|")

    await asyncio.gather(work("a"), work("b"), work("c"), turns())
    text = "".join(seen)
    assert sorted(text.replace("|", "")) == sorted("abcabcabc")
    assert max(map(len, text.split("|"))) == 1


async def order_of_turns(spent: dict[str, float], turns: int) -> str:
    """Works that have spent so many seconds each, and pause at once: who goes on, one turn after the other."""
    seen: list[str] = []

    async def work(name: str) -> None:
        while len(seen) < turns:
            await Pace(spent[name]).pause()
            seen.append(name)

    await asyncio.gather(*map(work, spent))
    return "".join(seen)[:turns]


async def test_who_has_had_least_goes_on_first() -> None:
    assert (await order_of_turns({"a": 3, "b": 1, "c": 2}, 6)).startswith("bbbbbb")


async def test_now_and_then_it_is_the_turn_of_who_waits_longest() -> None:
    assert set(await order_of_turns({"a": 3, "b": 1, "c": 2}, 4 * pace.FIRST_COME)) == {"a", "b", "c"}


@pytest.mark.usefixtures("tireless")
async def test_what_a_work_has_spent_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(pace, "perf_counter", lambda: now)
    work = Pace()
    for _ in range(2):
        now += 0.5
        await work.pause()
    assert work.spent == 1.0


@pytest.mark.usefixtures("tireless")
async def test_a_work_that_is_cancelled_while_it_waits_loses_its_turn_alone() -> None:
    seen: list[str] = []

    async def work(name: str) -> None:
        await Pace().pause()
        seen.append(name)

    tasks = [asyncio.create_task(work(name)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[1].cancel()
    await asyncio.wait(tasks)
    assert seen == ["c"]


async def test_many_rows_are_given_part_by_part() -> None:
    calls: list[int] = []

    async def double(rows: Sequence[int]) -> list[int]:
        calls.append(len(rows))
        return [2 * row for row in rows]

    rows = list(range(2 * PART + 1))
    assert await in_parts(rows, double, Pace()) == [2 * row for row in rows]
    assert calls == [PART, PART, 1]
    assert await in_parts(rows[:PART], double, Pace()) == [2 * row for row in rows[:PART]]
    assert calls[3:] == [PART]


@pytest.mark.usefixtures("tireless")
async def test_parts_that_wait_share_what_they_read() -> None:
    reads: list[int] = []

    async def read(keys: list[int]) -> list[int]:
        reads.append(len(keys))
        return [-key for key in keys]

    loader: DataLoader[int, int] = DataLoader(read)
    rows = list(range(3 * PART))
    assert await in_parts(rows, loader.load_many, Pace()) == [-row for row in rows]
    assert reads == [3 * PART]


@pytest.mark.usefixtures("tireless")
async def test_parts_that_do_not_wait_let_others_have_the_loop() -> None:
    seen: list[Any] = []

    async def note(rows: Sequence[int]) -> Sequence[int]:
        seen.append(rows[0] // PART)
        return rows

    async def other() -> None:
        for _ in range(4):
            await asyncio.sleep(0)
            seen.append("other")

    task = asyncio.create_task(other())
    await in_parts(list(range(3 * PART)), note, Pace())
    await task
    assert seen.index(2) > seen.index("other")


@pytest.mark.parametrize("broken", ["raises", "answers too few"])
async def test_a_part_that_fails_fails_the_whole(broken: str) -> None:
    async def call(rows: Sequence[int]) -> Sequence[int]:
        if rows[0] == PART and broken == "raises":
            raise ValueError("no")
        return rows[1:] if rows[0] == PART else rows

    with pytest.raises((ValueError, RuntimeError), match=r"no|249 values for 250 rows"):
        await in_parts(list(range(3 * PART)), call, Pace())


@given(value=JSON, smallest=st.sampled_from((0.0, 0.02, 0.3)))
def test_a_long_answer_is_the_same_json(value: Any, smallest: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "SMALLEST", smallest)
        assert asyncio.run(long_json(value)) == orjson.dumps(value)


@pytest.mark.usefixtures("tireless")
async def test_others_have_the_loop_while_a_long_answer_is_written() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(other())
    await long_json({"data": {"things": [{"id": number} for number in range(40)]}})
    task.cancel()
    assert turns > 30


async def test_only_some_begin_at_each_turn_of_the_loop_and_who_came_first_begins_first() -> None:
    begun: list[int] = []

    async def work(number: int) -> None:
        await beginning()
        begun.append(number)

    works = [asyncio.create_task(work(number)) for number in range(3 * BEGINNINGS + 1)]
    works[BEGINNINGS].cancel()
    seen = []
    while len(begun) < len(works) - 1:
        before = len(begun)
        await asyncio.sleep(0)
        seen.append(len(begun) - before)
    assert max(seen) == BEGINNINGS
    assert begun == [number for number in range(len(works)) if number != BEGINNINGS]


async def test_one_alone_begins_at_once() -> None:
    for _ in range(3):
        begins = beginning()
        with pytest.raises(StopIteration):
            begins.send(None)  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        await asyncio.sleep(0)


async def test_who_gives_up_before_it_begins_holds_up_nobody() -> None:
    works = [asyncio.create_task(beginning()) for _ in range(4 * BEGINNINGS)]
    await asyncio.sleep(0)
    for work in works[BEGINNINGS : 3 * BEGINNINGS]:
        work.cancel()
    await asyncio.wait(works, timeout=1)
    assert all(work.done() for work in works)
