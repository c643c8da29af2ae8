"""What the caches cost: a hit, and the wait of a commit until all other workers have dropped what it touched."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from itertools import count

from redis.asyncio import Redis

from bench.processes import cpu_seconds
from bench.results import Result, at_most
from kit.cache import Cache, Shelf
from kit.changes import FOLLOWERS, Announcer, Change, Follower, beat, now_in
from kit.redis import connect
from tests.support.servers import own_redis, process

OTHERS = (0, 1, 2, 4, 8)
COMMITS = 300
HITS = 20_000
HEARTBEAT_SECONDS = 0.2

_numbers = count()


def caches() -> list[Result]:
    """The room."""
    results = asyncio.run(_hits())
    with own_redis() as (url, _):
        for others in OTHERS:
            results += _announced(url, others)
    return results


async def _hits() -> list[Result]:
    cache = Cache(1_000, 10**9)
    cache.trust(time.monotonic() + 1_000)
    shelf: Shelf[str, str] = cache.shelf("rows", by={"product": "id"}, max_age=1_000.0)
    keys = [f"prd_{number}" for number in range(100)]

    async def read(keys: Sequence[str]) -> list[str]:
        return [*keys]

    await shelf.through(read, keys)
    one, many = _seconds(lambda: shelf.found(keys[:1])), _seconds(lambda: shelf.found(keys))
    return [
        at_most("a hit of one key", one * 1e6, "us", 1.0),
        at_most("a hit of a hundred keys, each", many * 1e4, "us", 0.15),
    ]


def _seconds(look: Callable[[], object]) -> float:
    """Of one call, the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(HITS // 10):
            look()
        best = min(best, (time.perf_counter() - start) * 10 / HITS)
    return best


def _announced(url: str, others: int) -> list[Result]:
    """A commit with so many workers beside its own."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(process("-m", "bench.caches", url, f"worker-{number}", environment={}))
            for number in range(others)
        ]
        took, own, theirs = asyncio.run(_commits(url, started))
    name = f"a commit told to {others} other workers"
    ordered = sorted(took)
    return [
        Result(f"{name}: median wait", statistics.median(took) * 1000, "ms"),
        at_most(f"{name}: p99 wait", ordered[len(ordered) * 99 // 100] * 1000, "ms", 100),
        Result(f"{name}: CPU of its process", own * 1000, "ms"),
        Result(f"{name}: CPU of each other", theirs * 1000, "ms"),
    ]


async def _commits(url: str, others: Sequence[subprocess.Popen[bytes]]) -> tuple[list[float], float, float]:
    redis, cache = connect(url), Cache(1_000, 10**9)
    cache.shelf("rows", by={"product": "id"}, max_age=1_000.0)
    follower = Follower(connect(url, timeout=1.0), cache, "writer")
    tasks = [asyncio.create_task(follower.follow()), asyncio.create_task(_relay(url))]
    await asyncio.wait_for(_ready(redis, cache, len(others)), 60)
    announcer = Announcer(redis, cache, "writer")
    spent = [cpu_seconds(other.pid) for other in others]
    own, took = time.process_time(), []
    for _ in range(COMMITS):
        await asyncio.sleep(0.005)
        change = Change(f"chg_{next(_numbers)}", "products", {"product": {"id": ["prd_1"]}})
        start = time.perf_counter()
        await announcer.announce([change])
        took.append(time.perf_counter() - start)
    used = (time.process_time() - own) / COMMITS
    more = [cpu_seconds(other.pid) - before for other, before in zip(others, spent, strict=True)]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await follower.leave()
    await redis.aclose()
    return took, used, statistics.mean(more) / COMMITS if more else 0.0


async def _ready(redis: Redis, cache: Cache, others: int) -> None:
    """Wait until this worker and the others follow."""
    while True:
        now = await now_in(redis)
        if cache.trusted and await redis.zcount(FOLLOWERS, now - 1_000_000, "+inf") > others:
            return
        await asyncio.sleep(0.05)


async def _relay(url: str) -> None:
    async with connect(url) as redis:
        while True:
            await beat(redis, await now_in(redis))
            await asyncio.sleep(HEARTBEAT_SECONDS)


async def _follow(url: str, name: str) -> None:
    """Another worker."""
    cache = Cache(1_000, 10**9)
    cache.shelf("rows", by={"product": "id"}, max_age=1_000.0)
    await Follower(connect(url, timeout=1.0), cache, name).follow()


if __name__ == "__main__":
    asyncio.run(_follow(sys.argv[1], sys.argv[2]))
