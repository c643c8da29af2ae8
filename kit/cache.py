"""A bounded cache in this process of what reads bring. It never serves what it cannot vouch for.

A `Shelf` keeps what one read found, by its keys. Its values are dropped when rows change that they were made of, and
after `max_age` in any case. The cache answers only while it is trusted, which is while it is known that all changes up
to a moment ago were heard of; when that lapses it is empty, and reads go to the database.

It is bounded in entries and in bytes by two generations: what is used moves to the fresh one; when that is full it
becomes the older one, and what nobody used since is forgotten (hashlru, Tarr 2016). A hit costs a look into a dict and
no bookkeeping, which an exact LRU would double.
"""

from __future__ import annotations

import asyncio
import sys
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from time import monotonic
from typing import Any, Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Read = Callable[[list[Any]], Awaitable[Sequence[Any]]]
Changed = Mapping[str, Mapping[str, Sequence[Any] | None]]
"""Table -> column -> the values that changed rows had or have there; None, or no such column, says any."""

Entry = tuple[Any, float]
"""A value, and the moment (monotonic) until which it may be served."""

Drop = tuple["Shelf[Any, Any]", frozenset[Any] | None]
"""Keys that were dropped from a shelf; None for all."""

MISSING: Final = object()
WEIGHED: Final = 16
"""Of so many values one is weighed; the others are believed to weigh as much as those before them."""
REMEMBERED: Final = 10_000
"""Changes that are recognized when they are told again."""
LOGGED: Final = 1_000
"""Drops that records are compared with; a record that is further behind does not stand."""

_apart: ContextVar[bool] = ContextVar("apart", default=False)


@contextmanager
def apart() -> Iterator[None]:
    """Inside the block reads go to the database, and leave nothing in the cache: they see what is not committed."""
    token = _apart.set(True)
    try:
        yield
    finally:
        _apart.reset(token)


class Kept(list[Any]):
    """A list that a shelf keeps, and what somebody made of it (`shown`), which lives as long as it."""

    __slots__ = ("shown",)
    shown: Any

    def __init__(self, items: Iterable[Any]) -> None:
        super().__init__(items)
        self.shown = None


class _Reading:
    """A read under way: `values` by key once it is `done`; None where it failed."""

    __slots__ = ("done", "stale", "values", "void")

    def __init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.stale: set[Any] = set()
        self.void = False
        self.values: dict[Any, Any] | None = None


class Shelf(Generic[Key, Value]):
    """What one read found, by its keys, for at most `max_age` seconds after the read began.

    `by` says which column of a table the keys are: a change of rows drops the keys that they have there. `also` are
    further tables of which any change drops all. A key that `accepts` refuses is never kept: its answer is somebody's
    own.
    """

    def __init__(
        self,
        cache: Cache,
        name: str,
        *,
        by: Mapping[str, str],
        also: frozenset[str],
        max_age: float,
        accepts: Callable[[Key], bool] | None = None,
    ) -> None:
        self.name, self.by, self.also, self.max_age = name, by, also, max_age
        self.hits = self.misses = self.dropped = 0
        self._cache = cache
        self._accepts = accepts
        self._fresh: dict[Any, Entry] = {}
        self._older: dict[Any, Entry] = {}
        self._pending: dict[Any, _Reading] = {}
        self._readings: set[_Reading] = set()
        self._weight, self._weighed = 0.0, 0

    def __len__(self) -> int:
        return len(self._fresh) + len(self._older)

    @property
    def bytes(self) -> float:
        """About how much it holds."""
        return len(self) * self._weight

    def found(self, keys: Sequence[Key]) -> list[Value] | None:
        """The values of all `keys`; None where one of them has to be read."""
        now = monotonic()
        if now >= self._cache.trusted_until or _apart.get():
            return None
        fresh = self._fresh
        try:
            values = [entry[0] for key in keys if (entry := fresh[key])[1] > now]
        except KeyError:
            values = [value for key in keys if (value := self._look(key, now)) is not MISSING]
        if len(values) != len(keys):
            return None
        self.hits += len(values)
        return values

    def look(self, keys: Sequence[Key]) -> list[Any]:
        """The value of each of `keys`, MISSING where it has to be read."""
        now = monotonic()
        if now >= self._cache.trusted_until or _apart.get():
            return [MISSING] * len(keys)
        values = [self._look(key, now) for key in keys]
        self.hits += sum(value is not MISSING for value in values)
        return values

    def until(self, key: Key) -> float | None:
        """The moment (monotonic) until which the value of `key` may be served; None where there is none."""
        entry = self._fresh.get(key) or self._older.get(key)
        return None if entry is None else entry[1]

    def _look(self, key: Key, now: float) -> Any:
        entry = self._fresh.get(key)
        if entry is None:
            entry = self._older.pop(key, None)
            if entry is None:
                return MISSING
            self._set(key, entry)
        return entry[0] if entry[1] > now else MISSING

    async def through(self, read: Read, keys: Sequence[Key]) -> list[Value]:
        """What `read` finds for `keys`. What somebody else has read meanwhile, or is reading, is not read again."""
        if not self._cache.trusted:
            self._cache.untrusted += len(keys)
            return list(await read(list(keys)))
        now = monotonic()
        values = {key: value for key in keys if (value := self._look(key, now)) is not MISSING}
        others = {key: self._pending[key] for key in keys if key in self._pending and key not in values}
        own = [key for key in keys if key not in values and key not in others]
        self.misses += len(own)
        values |= await self._read(read, own)
        for key, reading in others.items():
            await asyncio.shield(reading.done)
            if reading.values is not None:
                values[key] = reading.values[key]
        if failed := [key for key in others if key not in values]:
            values |= await self._read(read, failed)
        return [values[key] for key in keys]

    async def _read(self, read: Read, keys: list[Key]) -> dict[Key, Any]:
        if not keys:
            return {}
        began, reading = monotonic(), _Reading()
        kept = [key for key in keys if self._accepts is None or self._accepts(key)]
        self._readings.add(reading)
        self._pending |= dict.fromkeys(kept, reading)
        try:
            values = dict(zip(keys, await read(keys), strict=True))
            self._keep(reading, kept, values, began + self.max_age)
            reading.values = values
            return values
        finally:
            self._readings.discard(reading)
            for key in kept:
                if self._pending.get(key) is reading:
                    del self._pending[key]
            reading.done.set_result(None)

    def _keep(self, reading: _Reading, keys: Iterable[Key], values: dict[Key, Any], until: float) -> None:
        """Put what was not changed meanwhile. What is equal to what was here stays the very same object."""
        for key in keys:
            if reading.void or key in reading.stale or isinstance(values[key], Exception):
                continue
            known = self._fresh.get(key) or self._older.pop(key, None)
            values[key] = value = _settled(known[0], values[key]) if known else _kept(values[key])
            self._weigh(value)
            self._set(key, (value, until))
        self._cache.tidy(len(values))

    def _set(self, key: Key, entry: Entry) -> None:
        if key not in self._fresh:
            self._cache.grown(1, self._weight)
        self._fresh[key] = entry

    def _weigh(self, value: Any) -> None:
        self._weighed += 1
        if self._weighed % WEIGHED == 1:
            share = min(self._weighed // WEIGHED, WEIGHED) + 1
            self._weight += (weight_of(value) + 200 - self._weight) / share

    def change(self, table: str, columns: Mapping[str, Sequence[Any] | None]) -> None:
        """Drop what was made of rows of `table` that changed."""
        keys = columns.get(self.by.get(table, ""))
        if keys is None or table in self.also:
            self.clear()
        else:
            self._drop(keys)

    def _drop(self, keys: Sequence[Any]) -> None:
        self._cache.logged(self, frozenset(keys))
        for key in keys:
            in_fresh, in_older = self._fresh.pop(key, None), self._older.pop(key, None)
            if in_fresh:
                self._cache.grown(-1, self._weight)
            self.dropped += bool(in_fresh or in_older)
            self._pending.pop(key, None)
            for reading in self._readings:
                reading.stale.add(key)

    def clear(self) -> None:
        """Drop everything, and keep nothing of what is being read."""
        self._cache.logged(self, None)
        self.dropped += len(self)
        self._cache.grown(-len(self._fresh), self._weight)
        self._cache.discard(self._fresh, self._older)
        self._fresh, self._older = {}, {}
        self._pending = {}
        for reading in self._readings:
            reading.void = True

    def turn(self) -> int:
        """What is fresh is the older generation from now on; how many values of the one before went."""
        gone = self._older
        self._fresh, self._older = {}, self._fresh
        self._cache.discard(gone)
        return len(gone)


class Cache:
    """All shelves of the process, their common bound and whether they may be believed.

    `untrusted` counts keys that were read past a cache which was not, `evicted` values that had no room. `version`
    counts drops.
    """

    def __init__(self, entries: int = 0, size: int = 0) -> None:
        self.shelves: list[Shelf[Any, Any]] = []
        self.trusted_until = 0.0
        self.untrusted = self.evicted = self.lapses = 0
        self._by_table: dict[str, list[Shelf[Any, Any]]] = {}
        self._entries, self._size = entries, size
        self._count, self._bytes = 0, 0.0
        self._trash: list[dict[Any, Entry]] = []
        self._applied: OrderedDict[str, None] = OrderedDict()
        self.version = 0
        self._log: deque[Drop] = deque(maxlen=LOGGED)

    def bound(self, entries: int, size: int) -> None:
        """Hold at most so many values, of about so many bytes, from now on."""
        self._entries, self._size = entries, size
        self.clear()

    def shelf(
        self,
        name: str,
        *,
        by: Mapping[str, str],
        also: Iterable[str] = (),
        max_age: float,
        accepts: Callable[[Any], bool] | None = None,
    ) -> Shelf[Any, Any]:
        """A new shelf; see there."""
        made: Shelf[Any, Any] = Shelf(self, name, by=by, also=frozenset(also), max_age=max_age, accepts=accepts)
        self.shelves.append(made)
        for table in {*by, *made.also}:
            self._by_table.setdefault(table, []).append(made)
        return made

    @property
    def trusted(self) -> bool:
        """Whether shelves may answer here and now."""
        return monotonic() < self.trusted_until and not _apart.get()

    def trust(self, until: float) -> None:
        """It is vouched for until a moment (monotonic). After a time in which it was not, it begins empty."""
        if monotonic() >= self.trusted_until:
            self.lapses += 1
            self.clear()
        self.trusted_until = until

    def distrust(self) -> None:
        """Nobody vouches for it any more."""
        self.trusted_until = 0.0
        self.clear()

    def clear(self) -> None:
        """Drop everything."""
        for shelf in self.shelves:
            shelf.clear()

    def apply(self, change_id: str, changed: Changed) -> None:
        """Drop what a change touches; the same change may be told again."""
        if change_id in self._applied:
            return
        self._applied[change_id] = None
        if len(self._applied) > REMEMBERED:
            self._applied.popitem(last=False)
        for table, columns in changed.items():
            for shelf in self._by_table.get(table, ()):
                shelf.change(table, columns)

    def logged(self, shelf: Shelf[Any, Any], keys: frozenset[Any] | None) -> None:
        """Keys of a shelf are dropped, or would be; None for all."""
        self.version += 1
        self._log.append((shelf, keys))

    def drops_since(self, version: int) -> list[Drop] | None:
        """What was dropped since the cache had this version; None where that is not known any more."""
        count = self.version - version
        return None if count > len(self._log) else list(islice(self._log, len(self._log) - count, None))

    def grown(self, count: int, weight: float) -> None:
        """The fresh generation has `count` values more, each of about `weight` bytes."""
        self._count += count
        self._bytes += count * weight

    def tidy(self, added: int) -> None:
        """Keep within the bound, and free some of what was forgotten: never so much at once that requests wait.

        A third each for the fresh, the older and the forgotten.
        """
        if self._count * 3 > self._entries or self._bytes * 3 > self._size:
            self.evicted += sum(shelf.turn() for shelf in self.shelves)
            self._count, self._bytes = 0, 0.0
        left = 2 * added + 2
        while self._trash and left > 0:
            while self._trash[-1] and left > 0:
                self._trash[-1].popitem()
                left -= 1
            if not self._trash[-1]:
                self._trash.pop()

    def discard(self, *generations: dict[Any, Entry]) -> None:
        """What is in them is not served any more, and is freed bit by bit."""
        self._trash += (generation for generation in generations if generation)


def _kept(value: Any) -> Any:
    return Kept(value) if type(value) is list else value


def _settled(known: Any, value: Any) -> Any:
    """`known` where `value` is equal to it; a list's items likewise, each beside the one of its id."""
    if type(value) is not list or type(known) is not Kept:
        return known if type(known) is type(value) and known == value else _kept(value)
    by_id = {getattr(item, "id", None): item for item in known}
    items = [old if (old := by_id.get(getattr(item, "id", None))) == item else item for item in value]
    same = len(items) == len(known) and all(one is other for one, other in zip(items, known, strict=True))
    return known if same else Kept(items)


def weight_of(value: Any) -> int:
    """About how many bytes a value takes, with what it holds."""
    size = sys.getsizeof(value)
    if isinstance(value, dict):
        return size + sum(weight_of(key) + weight_of(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return size + sum(map(weight_of, value))
    fields: tuple[str, ...] = getattr(value, "__struct_fields__", ())
    return size + sum(weight_of(getattr(value, name)) for name in fields)
