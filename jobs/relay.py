"""Tells facts: from the outboxes of the domains to one Redis stream, at least once and in the order of each domain."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import clock
from models.outbox import mark_told, untold

STREAM = "jishi:facts"
STREAM_LENGTH = 100_000
BATCH = 500
IDLE_SECONDS = 0.2

Entry = dict[Any, Any]  # what redis-py takes: bytes, text or numbers

_log = logging.getLogger("jishi.relay")


async def relay(redis: Redis, domains: Sequence[str]) -> None:
    """Tell facts as they come, until cancelled. While Redis is away, they wait in the tables."""
    while True:
        told = 0
        try:
            for domain in domains:
                told += await tell(redis, domain)
        except RedisError as error:
            _log.warning("facts wait: %s", error)
            await asyncio.sleep(1)
        if not told:
            await asyncio.sleep(IDLE_SECONDS)


async def tell(redis: Redis, domain: str) -> int:
    """Tell what waits in a domain's outbox now; how many facts that were. Raises RedisError."""
    facts = await untold(domain, BATCH)
    if not facts:
        return 0
    async with redis.pipeline(transaction=False) as pipeline:
        for fact in facts:
            entry: Entry = {"id": fact.id, "kind": fact.kind, "body": fact.body}
            pipeline.xadd(STREAM, entry, maxlen=STREAM_LENGTH, approximate=True)
        await pipeline.execute()
    await mark_told(domain, [fact.id for fact in facts], clock.now())
    return len(facts)
