"""The stream of changes: how every process that caches hears what to drop, and knows that it has heard all.

Whoever commits a change adds it to the stream at once; the relay adds what somebody could not (a change may come
twice). When the relay has found all outboxes empty it adds a heartbeat with the moment before it looked (`as_of`): by
then all that was committed before stands in the stream. A follower reads the stream in its order. So a cache whose
newest heartbeat is of a second ago misses nothing that is older than a second, and is trusted; else it is off.

All moments are Redis's own, so that no two clocks are compared. A follower notes how far it is before it trusts; who
commits waits until all that may be trusted have come as far as his change. Whoever loses his connection begins empty:
a Redis that comes back may have lost what nobody had read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import orjson
from redis.asyncio import Redis
from redis.exceptions import RedisError

from kit.cache import Cache, Changed
from kit.tasks import ended

STREAM = "jishi:changes"
FOLLOWERS = "jishi:changes:followers"
TRUST_SECONDS = 1.0
"""Nothing that a cache serves is older than that, as far as writes go."""
KEPT_MILLISECONDS = 60_000
"""How long the stream keeps its entries. Who is as far behind as that is not trusted any more since long."""
LENGTH = 100_000
"""Most entries of the stream, for the time that no relay is there to trim it."""
BATCH = 1_000
WAIT_MILLISECONDS = 100
"""How long a follower waits for news in Redis."""
POSITION_MICROSECONDS = 1_000
"""How much earlier than its moment an entry's position may be: it is in milliseconds."""
PAUSE_SECONDS = 0.002
GATHER_SECONDS = 0.002
"""Between two looks at the stream, so that many changes in a row cost a follower little."""
RETRY_SECONDS = 0.1

_log = logging.getLogger("jishi.changes")


@dataclass(frozen=True, slots=True)
class Change:
    """What one transaction changed in a domain."""

    id: str
    domain: str
    changed: Changed


def place_of(position: bytes) -> int:
    """A position in the stream as a number that ascends: microseconds, the last three digits being a count."""
    milliseconds, number = position.split(b"-")
    return int(milliseconds) * 1000 + min(int(number), 999)


async def now_in(redis: Redis) -> int:
    """Redis's own time in microseconds."""
    seconds, microseconds = await redis.time()
    return int(seconds) * 1_000_000 + int(microseconds)


async def add(redis: Redis, changes: Sequence[Change]) -> bytes:
    """Add changes; the position of the last. Raises RedisError."""
    async with redis.pipeline(transaction=False) as pipeline:
        for one in changes:
            entry: Any = {"id": one.id, "body": orjson.dumps(one.changed)}
            pipeline.xadd(STREAM, entry, maxlen=LENGTH, approximate=True)
        positions: list[bytes] = await pipeline.execute()
    return positions[-1]


async def beat(redis: Redis, as_of: int) -> None:
    """Add the heartbeat that all changes before `as_of` stand in the stream, and trim it. Raises RedisError."""
    forgotten = as_of // 1000 - KEPT_MILLISECONDS
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.xadd(STREAM, {"as_of": as_of}, minid=f"{forgotten}-0", approximate=True)
        pipeline.zremrangebyscore(FOLLOWERS, 0, forgotten * 1000)
        await pipeline.execute()


async def followed(redis: Redis, position: bytes, *, by_others_than: str) -> None:
    """Wait until every other cache that may be trusted has come to `position`: a second at most, after which none is
    trusted that has not. Raises RedisError.
    """
    place, began = place_of(position), monotonic()
    trusted = place - round(TRUST_SECONDS * 1_000_000) - POSITION_MICROSECONDS
    while True:
        gone = round((monotonic() - began) * 1_000_000)
        behind: Any = await redis.zrangebyscore(FOLLOWERS, trusted + gone, f"({place}", start=0, num=2)
        if set(behind) <= {by_others_than.encode()}:
            return
        await asyncio.sleep(PAUSE_SECONDS)


class Follower:
    """Drops from a cache what changes, and says how long the cache may be trusted."""

    def __init__(self, redis: Redis, cache: Cache, name: str) -> None:
        self._redis = redis.client()  # one connection of its own, whose loss it is told of
        self._cache, self._name = cache, name
        self._position = b"0-0"
        self._as_of: int | None = None

    async def follow(self) -> None:
        """Until cancelled. While Redis is away the cache is off."""
        failing = False
        while True:
            try:
                await self.join()
                while True:
                    await self.step()
                    failing = False
            except Exception as error:  # a stream that cannot be read is no reason to go without a cache for ever
                if not failing:
                    _log.warning("caches are off: %s", error, exc_info=not isinstance(error, RedisError))
                failing = True
            self._cache.distrust()
            await asyncio.sleep(RETRY_SECONDS)

    async def join(self) -> None:
        """Begin behind what is there: whatever it tells of is in the rows that are read from now on."""
        last: Any = await self._redis.xrevrange(STREAM, count=1)
        self._position = last[0][0] if last else b"0-0"
        self._as_of = None

    async def step(self) -> None:
        """Follow what is there, or comes soon. Raises RedisError."""
        answer: Any = await self._redis.xread({STREAM: self._position}, count=BATCH, block=WAIT_MILLISECONDS)
        entries = [entry for batch in _batches(answer) for entry in batch]
        if not entries:
            return
        for position, entry in entries:
            self._position = position
            if b"as_of" in entry:
                self._as_of = max(self._as_of or 0, int(entry[b"as_of"]))
            else:
                self._cache.apply(entry[b"id"].decode(), orjson.loads(entry[b"body"]))
        await self._note()
        await asyncio.sleep(GATHER_SECONDS)

    async def _note(self) -> None:
        """Say how far it is, and only then trust."""
        asked = monotonic()
        async with self._redis.pipeline(transaction=False) as pipeline:
            pipeline.zadd(FOLLOWERS, {self._name: place_of(self._position)})
            pipeline.time()
            _, (seconds, microseconds) = await pipeline.execute()
        if self._as_of is not None:
            age = (int(seconds) * 1_000_000 + int(microseconds) - self._as_of) / 1_000_000
            if age < TRUST_SECONDS:
                self._cache.trust(asked + TRUST_SECONDS - age)

    async def leave(self) -> None:
        """Nobody needs to wait for this one any more."""
        self._cache.distrust()
        try:
            await self._redis.zrem(FOLLOWERS, self._name)
        except RedisError as error:
            _log.warning("could not leave: %s", error)
        await self._redis.aclose()


def _batches(answer: Any) -> list[Any]:
    return [*answer.values()] if isinstance(answer, dict) else [batch for _, batch in answer or ()]


class Announcer:
    """Tells of committed changes at once, and waits until every cache has dropped what they touch.

    What is committed while a group of changes is on its way becomes the next group: the cost does not grow with it.
    """

    def __init__(self, redis: Redis, cache: Cache, name: str) -> None:
        self._redis, self._cache, self._name = redis, cache, name
        self._changes: list[Change] = []
        self._group: asyncio.Future[None] | None = None
        self._task: asyncio.Task[None] | None = None

    async def announce(self, changes: Sequence[Change]) -> None:
        """Return when no cache shows what was before; at most about a second late.

        A cache that is off here is off everywhere, or nobody is there to be asked: then nothing is waited for.
        """
        if not changes or not self._cache.trusted:
            return
        self._changes += changes
        if self._group is None:
            self._group = asyncio.get_running_loop().create_future()
        group = self._group
        if self._task is None:
            self._task = asyncio.create_task(self._tell_all())
        await asyncio.shield(group)

    async def _tell_all(self) -> None:
        while self._group is not None:
            group, changes = self._group, self._changes
            self._group, self._changes = None, []
            try:
                await self._tell(changes)
            finally:
                group.set_result(None)
        self._task = None

    async def _tell(self, changes: Sequence[Change]) -> None:
        try:
            await followed(self._redis, await add(self._redis, changes), by_others_than=self._name)
        except RedisError as error:
            _log.warning("caches were not told at once: %s", error)
            await asyncio.sleep(TRUST_SECONDS)


class _Process:
    announcer: Announcer | None = None


async def announce(changes: Sequence[Change]) -> None:
    """Tell of committed changes as this process does, if it does."""
    if changes and _Process.announcer is not None:
        await _Process.announcer.announce(changes)


@asynccontextmanager
async def following(redis: Redis, cache: Cache, name: str, *, told_by: Redis) -> AsyncIterator[None]:
    """For the time of the block the cache follows the stream, and what is committed here is told at once.

    `redis` must be patient for twice WAIT_MILLISECONDS at least: Redis looks ten times a second who has waited enough.
    """
    follower = Follower(redis, cache, name)
    task = asyncio.create_task(follower.follow())
    _Process.announcer = Announcer(told_by, cache, name)
    try:
        yield
    finally:
        _Process.announcer = None
        await ended(task)
        await follower.leave()
