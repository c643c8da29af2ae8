"""What something was made of, as far as a cache brought it: whether it may still be shown.

Whoever keeps what he has made of many cached values keeps their `Record` beside it. It stands until the first of the
values grows too old, until one of them is dropped, and only while the cache itself is trusted: so what is made of
values is never older than they may be.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from time import monotonic
from typing import Any

from kit.cache import Cache, Shelf

MAX_AGE = 1.0
"""Seconds that anything made of cached values is kept: whoever made it may have looked at the clock."""


class Vouched:
    """What other processes say, each of which vouches for it for some time; from the moment when this is begun.

    It stands for a second at most, since nobody tells of what changes meanwhile; and not before anything was said.
    """

    __slots__ = ("_began", "_until")

    def __init__(self) -> None:
        self._began = monotonic()
        self._until: float | None = None

    def say(self, seconds: float) -> None:
        """Somebody vouches for what he has just said for so many seconds; 0 where he does not. They count from the
        beginning, since nobody knows how long what he said was under way."""
        until = self._began + min(seconds, MAX_AGE)
        self._until = until if self._until is None else min(until, self._until)

    def __len__(self) -> int:
        return 0

    @property
    def stands(self) -> bool:
        """Whether what was made of it may be shown now."""
        return self._until is not None and monotonic() < self._until


class Record:
    """The values of which something is made, noted as they are read from the moment when the record is begun.

    Something read past the cache cannot be vouched for: then the record never stands.
    """

    __slots__ = ("_cache", "_keys", "_until", "_version")

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._version = cache.version
        self._until = monotonic() + MAX_AGE
        self._keys: dict[Shelf[Any, Any], set[Hashable]] = {}

    def note(self, shelf: Shelf[Any, Any] | None, keys: Iterable[Hashable]) -> None:
        """The values of `keys` have just been read through `shelf`; None where the read has none."""
        if shelf is None:
            self._until = 0.0
            return
        known = self._keys.setdefault(shelf, set())
        for key in keys:
            until = shelf.until(key)
            self._until = min(self._until, 0.0 if until is None else until)
            known.add(key)

    def __len__(self) -> int:
        return sum(map(len, self._keys.values()))

    @property
    def stands(self) -> bool:
        """Whether what was made of the values may be shown here and now."""
        cache = self._cache
        if monotonic() >= self._until or not cache.trusted:
            return False
        if cache.version != self._version:
            self._catch_up()
        return self._until > 0.0

    @property
    def left(self) -> float:
        """Seconds for which it stands from now on, unless something is dropped meanwhile; 0 where it does not.

        No longer than the cache is trusted so far: who is told of them does not hear when it no longer is.
        """
        return min(self._until, self._cache.trusted_until) - monotonic() if self.stands else 0.0

    def _catch_up(self) -> None:
        """Look at what was dropped since the last time."""
        drops = self._cache.drops_since(self._version)
        self._version = self._cache.version
        if drops is None or any(self._has(shelf, keys) for shelf, keys in drops):
            self._until = 0.0

    def _has(self, shelf: Shelf[Any, Any], keys: frozenset[Any] | None) -> bool:
        known = self._keys.get(shelf)
        return known is not None and (keys is None or not known.isdisjoint(keys))
