"""Background work inside the process of the embedded topology."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from jobs.listener import listen
from jobs.relay import relay
from jobs.schedule import run_schedule
from kit.redis import connect
from kit.settings import DOMAINS, Settings
from models.base import open_database

CANCEL_SECONDS = 0.5


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    """Open the database and work in the background for the time of the block."""
    redis = connect(settings.redis_url)
    async with open_database(settings):
        tasks = [
            asyncio.create_task(relay(redis, DOMAINS)),
            asyncio.create_task(listen(redis, "embedded")),
            asyncio.create_task(run_schedule(settings)),
        ]
        try:
            yield
        finally:
            await asyncio.gather(*map(_end, tasks))
            await redis.aclose()


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it has ended: on its way through redis-py a cancellation is lost now and then."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_SECONDS)
    with suppress(asyncio.CancelledError):
        await task
