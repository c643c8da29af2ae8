"""Tells what waits in the outboxes of the domains, at least once and in the order of each domain.

Facts go to one Redis stream, changes for caches to another (`kit.changes`), with heartbeats whenever all outboxes were
found empty.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit import changes, clock
from models.changes import KIND
from models.outbox import Untold, forget, mark_told, untold

STREAM = "jishi:facts"
STREAM_LENGTH = 100_000
BATCH = 500
IDLE_SECONDS = 0.2

Entry = dict[Any, Any]  # what redis-py takes: bytes, text or numbers

_log = logging.getLogger("jishi.relay")


async def relay(redis: Redis, domains: Sequence[str]) -> None:
    """Tell what waits as it comes, until cancelled. While Redis or the database is away, it waits in the tables.

    One round that fails is tried again soon enough for caches to stay trusted.
    """
    failing = False
    while True:
        told = 0
        try:
            told = await round_of(redis, domains)
            failing = False
        except Exception as error:  # whatever ails them, it is tried again; said once
            if not failing:
                _log.warning("facts wait: %s", error, exc_info=not isinstance(error, RedisError))
            failing = True
        if not told:
            await asyncio.sleep(IDLE_SECONDS)


async def round_of(redis: Redis, domains: Sequence[str]) -> int:
    """Tell what waits in all outboxes, and that they are empty if they are; how much it was. Raises RedisError.

    All are looked into at once: where the database is busy, five waits in a row would let caches lose their trust.
    """
    as_of = await changes.now_in(redis)
    told = await asyncio.gather(*(tell(redis, domain) for domain in domains), return_exceptions=True)
    if failed := next((one for one in told if isinstance(one, BaseException)), None):
        raise failed
    counts = [one for one in told if isinstance(one, int)]
    if max(counts) < BATCH:
        await changes.beat(redis, as_of)
    return sum(counts)


async def tell(redis: Redis, domain: str) -> int:
    """Tell what waits in a domain's outbox now; how much that was. Raises RedisError."""
    waiting = await untold(domain, BATCH)
    if not waiting:
        return 0
    async with redis.pipeline(transaction=False) as pipeline:
        for one in waiting:
            _add(pipeline, one)
        await pipeline.execute()
    if facts := [one.id for one in waiting if one.kind != KIND]:
        await mark_told(domain, facts, clock.now())
    if changed := [one.id for one in waiting if one.kind == KIND]:
        await forget(domain, changed)
    return len(waiting)


def _add(pipeline: Redis, one: Untold) -> None:
    if one.kind == KIND:
        pipeline.xadd(changes.STREAM, {"id": one.id, "body": one.body}, maxlen=changes.LENGTH, approximate=True)
    else:
        entry: Entry = {"id": one.id, "kind": one.kind, "body": one.body}
        pipeline.xadd(STREAM, entry, maxlen=STREAM_LENGTH, approximate=True)
