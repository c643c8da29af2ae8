"""Coroutines side by side: at once, without tasks where nothing waits, with all rights of a task where one does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any

import pytest
from strawberry.dataloader import DataLoader

from federation.execution.eager import together


async def at_once(value: Any) -> Any:
    return value


async def later(value: Any, turns: int = 1) -> Any:
    for _ in range(turns):
        await asyncio.sleep(0)
    return value


async def failing(turns: int = 0) -> None:
    await later(None, turns)
    raise ValueError("no")


def turns_taken() -> Any:
    """Says, when called, whether the loop has gone round since."""
    went = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(went.set_result, None)
    return went.done


async def test_what_does_not_wait_is_done_within_the_turn() -> None:
    turned = turns_taken()
    assert await together(at_once(1), at_once(2), at_once(3)) == [1, 2, 3]
    assert not turned()


async def test_results_stand_in_the_order_of_the_coroutines() -> None:
    assert await together(later(1, 5), at_once(2), later(3), later(4, 2), at_once(5)) == [1, 2, 3, 4, 5]


async def test_all_start_before_any_goes_on() -> None:
    seen = []

    async def steps(name: str) -> None:
        seen.append(f"{name} starts")
        await asyncio.sleep(0)
        seen.append(f"{name} ends")

    await together(steps("a"), steps("b"))
    assert seen == ["a starts", "b starts", "a ends", "b ends"]


async def test_loads_of_one_turn_share_a_statement() -> None:
    calls: list[list[int]] = []

    async def load(keys: list[int]) -> Sequence[int]:
        calls.append(keys)
        return keys

    loader: DataLoader[int, int] = DataLoader(load)

    async def loaded(key: int) -> int:
        return await loader.load(key)

    assert await together(loaded(1), together(loaded(2), at_once(0)), loaded(3)) == [1, [2, 0], 3]
    assert calls == [[1, 2, 3]]


async def test_a_timeout_ends_the_coroutine_that_set_it_and_no_other() -> None:
    async def impatient() -> str:
        try:
            async with asyncio.timeout(0.001):
                await asyncio.sleep(60)
        except TimeoutError:
            return "late"
        return "in time"

    assert await together(impatient(), later("fine"), impatient()) == ["late", "fine", "late"]


async def test_a_task_group_works_in_a_coroutine_that_has_started() -> None:
    async def grouped() -> int:
        async with asyncio.TaskGroup() as group:
            one, two = group.create_task(later(1)), group.create_task(later(2, 3))
        return one.result() + two.result()

    assert await together(grouped(), at_once(0)) == [3, 0]


async def test_each_has_a_context_of_its_own_from_the_first_wait_on() -> None:
    name: ContextVar[str] = ContextVar("name", default="nobody")

    async def named(value: str) -> str:
        token = name.set(value)
        await asyncio.sleep(0)
        found = name.get()
        name.reset(token)
        return found

    assert await together(named("a"), named("b")) == ["a", "b"]
    assert name.get() == "nobody"


async def test_they_are_tasks_of_their_own() -> None:
    async def me() -> Any:
        before = asyncio.current_task()
        await asyncio.sleep(0)
        return before, asyncio.current_task()

    (one, other), caller = await together(me(), me()), asyncio.current_task()
    assert one[0] is one[1]
    assert other[0] is other[1]
    assert len({one[0], other[0], caller}) == 3


@pytest.mark.parametrize("turns", [0, 2])
async def test_a_failure_is_raised_and_cancels_the_others(turns: int) -> None:
    cancelled = []

    async def long() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    with pytest.raises(ValueError, match="no"):
        await together(long(), failing(turns), long())
    assert len(cancelled) == (1 if turns == 0 else 2)  # what has not started never does


async def test_who_waits_for_them_is_cancelled_with_them() -> None:
    cleaned = []

    async def long() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    caller = asyncio.ensure_future(together(long(), at_once(1), long()))
    await asyncio.sleep(0.001)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert cleaned == [True, True]


async def test_cancelling_one_from_within_reaches_it_alone() -> None:
    async def cancels_itself() -> str:
        task = asyncio.current_task()
        assert task
        await asyncio.sleep(0)
        task.cancel()
        assert task.cancelling() == 1
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return f"{task.uncancel()} left"
        return "not cancelled"

    assert await together(cancels_itself(), later(1, 4)) == ["0 left", 1]


async def test_a_future_of_a_thread_wakes_them() -> None:
    loop = asyncio.get_running_loop()

    async def threaded() -> int:
        return await loop.run_in_executor(None, sum, (1, 2))

    assert await together(threaded(), threaded()) == [3, 3]


async def test_awaiting_nonsense_is_an_error() -> None:
    class Nonsense:
        def __await__(self) -> Any:
            yield 7

    async def odd() -> None:
        await Nonsense()

    with pytest.raises(RuntimeError, match="awaits something"):
        await together(odd(), later(1))
