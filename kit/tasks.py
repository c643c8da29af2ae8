"""Tasks in the background."""

from __future__ import annotations

import asyncio
from contextlib import suppress

CANCEL_SECONDS = 0.5


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: on its way through redis-py a cancellation is lost now and then."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_SECONDS)
    with suppress(asyncio.CancelledError):
        await task
