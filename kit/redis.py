"""The way to Redis: short timeouts and no retries, so that a frozen Redis costs a moment and not a request.

`memory://` is the in-process Redis of the embedded topology.
"""

from __future__ import annotations

from fakeredis import FakeAsyncRedis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

TIMEOUT_SECONDS = 0.2
IN_PROCESS = "memory://"


def connect(url: str, *, timeout: float = TIMEOUT_SECONDS) -> Redis:
    """A client of the Redis at `url`; it connects when first used. Its calls raise redis.RedisError.

    `timeout` is how long an answer may take, in seconds.
    """
    if url == IN_PROCESS:
        return FakeAsyncRedis()
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
