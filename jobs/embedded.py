"""Background work inside the process of the embedded topology."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from jobs.listener import listen
from jobs.relay import relay
from jobs.schedule import run_schedule
from jobs.trail.anchors import Anchors
from jobs.trail.sealer import keep_sealing, notary_of
from jobs.worker import equip
from kit.redis import connect
from kit.settings import DOMAINS, Settings
from kit.tasks import ended
from models.base import open_database
from models.cached import cache_follows


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    """Open the database and work in the background for the time of the block."""
    equip(settings)
    notary = notary_of(settings)
    async with connect(settings.redis_url) as redis, open_database(settings), cache_follows(settings, redis):
        tasks = [
            asyncio.create_task(relay(redis, DOMAINS)),
            asyncio.create_task(listen(redis, "embedded")),
            asyncio.create_task(run_schedule(settings)),
            asyncio.create_task(keep_sealing(notary, Anchors(settings.audit_anchors), DOMAINS)),
        ]
        try:
            yield
        finally:
            await asyncio.gather(*map(ended, tasks))
