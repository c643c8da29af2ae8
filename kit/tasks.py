"""Tasks in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

CANCEL_SECONDS = 0.5


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: on its way through redis-py a cancellation is lost now and then."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_SECONDS)
    with suppress(asyncio.CancelledError):
        await task


async def together(*work: Coroutine[Any, Any, None]) -> None:
    """Run all until one fails, whose error is raised, or until cancelled; each has ended then."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        ends = await asyncio.gather(*map(ended, tasks), return_exceptions=True)
    for failure in filter(None, ends):
        raise failure
