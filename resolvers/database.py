"""The database, for floors above that may not see the tables."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from kit.redis import IN_PROCESS, connect
from kit.settings import Settings
from models.base import open_database
from models.cached import CACHE, cache_follows

__all__ = ["CACHE", "open_tables"]


@asynccontextmanager
async def open_tables(settings: Settings, domains: Iterable[str]) -> AsyncIterator[None]:
    """Connect the tables of `domains` for the time of the block, and cache what is read of them.

    A Redis of this process alone brings no news of others: then nothing is cached.
    """
    async with open_database(settings, domains):
        if settings.redis_url == IN_PROCESS:
            yield
            return
        async with connect(settings.redis_url) as redis, cache_follows(settings, redis):
            yield
