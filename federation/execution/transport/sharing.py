"""Identical reads under way at the same time share one call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class SharedCalls(Generic[Answer]):
    """Calls under way by key. The first asker makes the call, the others wait for its answer or its exception.

    An asker that is cancelled (its client left, its deadline passed) takes nobody with it: the next one calls anew.
    """

    def __init__(self) -> None:
        self._under_way: dict[Hashable, asyncio.Future[Answer]] = {}

    def __contains__(self, key: Hashable) -> bool:
        """Whether such a call is under way: the next asker joins it."""
        return key in self._under_way

    async def run(self, key: Hashable, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of `call`, or that of an identical call already under way; answers must not be changed."""
        while (shared := self._under_way.get(key)) is not None:
            try:
                return await asyncio.shield(shared)
            except asyncio.CancelledError:
                if _cancelled_itself() or not shared.cancelled():
                    raise
        return await self._lead(key, call)

    async def _lead(self, key: Hashable, call: Callable[[], Awaitable[Answer]]) -> Answer:
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._under_way[key] = future
        try:
            answer = await call()
        except asyncio.CancelledError:
            future.cancel()
            raise
        except Exception as error:
            future.set_exception(error)
            future.exception()  # seen, even when nobody else waits
            raise
        else:
            future.set_result(answer)
            return answer
        finally:
            del self._under_way[key]


def _cancelled_itself() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
