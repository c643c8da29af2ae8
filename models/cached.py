"""Which reads are cached. A read is declared beside itself; it gets keys only, never a viewer.

Rows that belong to a person are never cached: `tests/models/test_cached_reads.py` goes through all declarations.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar

from redis.asyncio import Redis

from kit.cache import Cache, Read, Shelf
from kit.changes import TRUST_SECONDS, following
from kit.ids import new_id
from kit.redis import IN_PROCESS, connect
from kit.settings import Settings

SECOND = 1.0
"""For what depends on the clock, on stock or on a price."""
MINUTE = 60.0
"""For what changes by being written only: invalidation drops it long before."""

CACHE = Cache()
"""The cache of this process. It is trusted, and so used, within `cache_follows` only."""

_SHELVES: dict[Any, Shelf[Any, Any]] = {}

Declared = TypeVar("Declared", bound=Read)


def cached(
    *, by: Mapping[str, str] | None = None, also: tuple[str, ...] = (), max_age: float, accepts: Any = None
) -> Callable[[Declared], Declared]:
    """Declare that what the read brings may be kept.

    `by`: of each table whose rows are looked up by the read's keys, the column that the keys are. `also`: all other
    tables that the read looks at. Both must be told of when they change (`Row.told_by`). `accepts` refuses the keys
    whose answer is somebody's own.
    """

    def declare(read: Declared) -> Declared:
        _SHELVES[read] = CACHE.shelf(_name_of(read), by=by or {}, also=also, max_age=max_age, accepts=accepts)
        return read

    return declare


def _name_of(read: Any) -> str:
    lists = getattr(read, "__self__", None)
    place = f"{lists.domain}.{lists.table}" if lists else str(read.__module__).removeprefix("models.")
    return f"{place}.{read.__name__}"


class Lists(Protocol):
    """The lists of one table, such as a Feed or OwnedRows."""

    @property
    def table(self) -> str: ...
    @property
    def pages(self) -> Read: ...
    @property
    def counts(self) -> Read: ...


def cached_lists(lists: Lists, *, max_age: float) -> None:
    """Declare that pages of the lists, and how long they are, may be kept."""
    for read in (lists.pages, lists.counts):
        cached(also=(lists.table,), max_age=max_age)(read)


shelf_of = _SHELVES.get
"""The shelf of a read; None where it is not cached."""


def declared() -> Mapping[Any, Shelf[Any, Any]]:
    """Every cached read with its shelf."""
    return _SHELVES


@asynccontextmanager
async def cache_follows(settings: Settings, redis: Redis) -> AsyncIterator[None]:
    """For the time of the block the cache is used as far as `settings` allow."""
    if not settings.cache_entries:
        yield
        return
    CACHE.bound(settings.cache_entries, settings.cache_bytes)
    if settings.redis_url == IN_PROCESS:
        async with following(redis, CACHE, new_id("fol"), told_by=redis):
            yield
        return
    async with (
        connect(settings.redis_url, timeout=TRUST_SECONDS) as patient,
        following(patient, CACHE, new_id("fol"), told_by=redis),
    ):
        yield
