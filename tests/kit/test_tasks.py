"""Tasks end when they are told to, even those that lose a cancellation."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from kit.tasks import ended, together


class Deaf:
    """Work that loses its first cancellation, as redis-py's does now and then."""

    def __init__(self) -> None:
        self.cancelled = 0

    async def work(self) -> None:
        while True:
            try:
                await asyncio.sleep(3_600)
            except asyncio.CancelledError:
                self.cancelled += 1
                if self.cancelled == 2:
                    raise


async def fails() -> None:
    await asyncio.sleep(0)
    raise ValueError("broken")


async def test_a_task_that_loses_its_cancellation_ends() -> None:
    deaf = Deaf()
    task = asyncio.create_task(deaf.work())
    await asyncio.sleep(0)
    await ended(task)
    assert (task.cancelled(), deaf.cancelled) == (True, 2)


async def test_a_failure_ends_the_others_and_is_raised() -> None:
    deaf = Deaf()
    with pytest.raises(ValueError, match="broken"):
        await together(deaf.work(), fails())
    assert deaf.cancelled == 2


async def test_a_cancellation_ends_all_even_the_deaf() -> None:
    deaf = Deaf()
    task = asyncio.create_task(together(deaf.work(), asyncio.sleep(3_600)))
    await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert (task.cancelled(), deaf.cancelled) == (True, 2)


async def test_work_that_is_done_ends_nothing_else() -> None:
    done: list[int] = []

    async def short(number: int) -> None:
        await asyncio.sleep(0.001 * number)
        done.append(number)

    await together(short(1), short(2))
    assert done == [1, 2]
