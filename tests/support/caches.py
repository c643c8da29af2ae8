"""The cache of this process, believed without a relay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from models.cached import CACHE


@contextmanager
def trusted_cache() -> Iterator[None]:
    """In the block the cache is empty at first, and trusted."""
    CACHE.bound(100_000, 10**9)
    CACHE.trust(monotonic() + 1_000)
    try:
        yield
    finally:
        CACHE.distrust()
