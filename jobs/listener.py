"""Hears facts from the stream, and lets each be followed by its reactions.

A fact that a reaction fails on stays pending and comes again after `RETRY_MILLISECONDS`; after `PATIENCE` tries it goes
to the dead-letter stream, for a person to look at.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from jobs import reactions
from jobs.relay import STREAM

GROUP = "reactions"
DEAD = f"{STREAM}:dead"
BATCH = 100
RETRY_MILLISECONDS = 5_000
PATIENCE = 8
IDLE_SECONDS = 0.1

Message = tuple[bytes, dict[Any, Any]]

_log = logging.getLogger("jishi.listener")


async def listen(redis: Redis, name: str) -> None:
    """Follow facts as they come, until cancelled; `name` tells this listener from others of the group."""
    joined = False
    while True:
        try:
            joined = joined or await join(redis)
            if not await hear(redis, name):
                await asyncio.sleep(IDLE_SECONDS)
        except RedisError as error:
            _log.warning("no facts to hear: %s", error)
            joined = False
            await asyncio.sleep(1)


async def join(redis: Redis) -> bool:
    """Make the group, from the first fact on, where it is not there yet."""
    try:
        await redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
    except ResponseError as error:
        if "BUSYGROUP" not in str(error):
            raise
    return True


async def hear(redis: Redis, name: str) -> int:
    """Follow what waits now, failed facts of long enough ago first; how many facts that were."""
    messages = [*await _again(redis, name), *await _fresh(redis, name)]
    for message in messages:
        await _follow(redis, message)
    return len(messages)


async def _again(redis: Redis, name: str) -> list[Message]:
    answer: Any = await redis.xautoclaim(STREAM, GROUP, name, RETRY_MILLISECONDS, count=BATCH)
    return [message for message in answer[1] if message[1]]


async def _fresh(redis: Redis, name: str) -> list[Message]:
    answer: Any = await redis.xreadgroup(GROUP, name, {STREAM: ">"}, count=BATCH)
    if isinstance(answer, dict):
        return [message for batch in answer.get(STREAM.encode(), []) for message in batch]
    return [message for _, messages in answer for message in messages]


async def _follow(redis: Redis, message: Message) -> None:
    number, entry = message
    try:
        await reactions.react(entry[b"id"].decode(), entry[b"kind"].decode(), orjson.loads(entry[b"body"]))
    except Exception:  # whatever a reaction fails on, the others go on
        _log.exception("reaction to %s failed", entry.get(b"id"))
        if not await _is_hopeless(redis, number):
            return
        await redis.xadd(DEAD, entry, maxlen=10_000)
    await redis.xack(STREAM, GROUP, number)


async def _is_hopeless(redis: Redis, number: bytes) -> bool:
    pending: Any = await redis.xpending_range(STREAM, GROUP, min=number, max=number, count=1)
    return bool(pending) and pending[0]["times_delivered"] >= PATIENCE
