"""The keys that a process has opened: remembered for seconds, never more than so many, and dropped on erasure."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from kit import clock
from kit.errors import Unavailable
from kit.master_keys import MasterKeys
from kit.ports import Keys, WrappedKeeperKey, WrappedKey
from kit.sealing import DataKey, HashKey, unwrap

PLATFORM = "platform"
"""The keeper of what members tell the platform. Any other keeper is a shop, by its id."""
HASHES = "hashes"
"""The keeper's name under which the keys of equality search are kept."""

LIFE_SECONDS = 5.0
"""How long an opened key is remembered: as long, a person erased by another process may still be read here."""
KEEPER_LIFE_SECONDS = 60.0
"""The same of a keeper's key, which costs a call to the key management service."""
MOST = 10_000

Name = TypeVar("Name", bound=Hashable)
Value = TypeVar("Value")


class KeyOf(NamedTuple):
    """Names a data key: whose data it seals, and whose customer the person is there."""

    person_id: str
    keeper: str = PLATFORM


@dataclass(frozen=True, slots=True)
class KeeperKey:
    """A keeper's key, opened: it wraps data keys."""

    id: str
    keeper: str
    version: int
    secret: bytes = field(repr=False)


class Memory(Generic[Name, Value]):
    """What is remembered for `life` seconds, the latest `most` of it."""

    def __init__(self, life: float, most: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._life, self._most, self._monotonic = life, most, monotonic
        self._held: OrderedDict[Name, tuple[float, Value]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, name: Name) -> Value | None:
        until, value = self._held.get(name, (0.0, None))
        if value is not None and self._monotonic() < until:
            return value
        self._held.pop(name, None)
        return None

    def put(self, name: Name, value: Value) -> None:
        self._held.pop(name, None)
        self._held[name] = self._monotonic() + self._life, value
        while len(self._held) > self._most:
            self._held.popitem(last=False)

    def drop(self, name: Name) -> None:
        self._held.pop(name, None)

    def clear(self) -> None:
        self._held.clear()


class Keychain:
    """Opens data keys for whoever seals and opens fields in this process. `keys` knows them wrapped."""

    def __init__(self, keys: Keys, masters: MasterKeys, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self.masters = masters
        self._persons: Memory[str, dict[str, DataKey]] = Memory(LIFE_SECONDS, MOST, monotonic)
        self._opened: Memory[str, KeeperKey] = Memory(KEEPER_LIFE_SECONDS, MOST, monotonic)
        self._kept: Memory[str, Sequence[WrappedKeeperKey]] = Memory(LIFE_SECONDS, MOST, monotonic)
        self._erasures = 0

    async def of(self, names: Sequence[KeyOf]) -> list[DataKey | None]:
        """The data key of each name; None where there is none, or none any more. One call for all that are not known.

        Raises MasterKeyUnknown, SealBroken, and Unavailable where members do not answer.
        """
        found = {name.person_id: self._persons.get(name.person_id) for name in names}
        if missing := [person_id for person_id, held in found.items() if held is None]:
            found |= await self._fetched(missing)
        return [(found[name.person_id] or {}).get(name.keeper) for name in names]

    async def _fetched(self, person_ids: Sequence[str]) -> dict[str, dict[str, DataKey]]:
        erasures = self._erasures
        fetched: dict[str, dict[str, DataKey]] = {}
        for wrapped in await self._keys.wrapped(person_ids):
            opened = fetched.setdefault(wrapped.person_id, {})
            opened[wrapped.keeper] = DataKey(wrapped.id, await self._unwrapped(wrapped))
        if erasures == self._erasures:  # else one of them may have been erased while they were fetched
            for person_id, held in fetched.items():
                self._persons.put(person_id, held)
        return fetched

    async def _unwrapped(self, wrapped: WrappedKey) -> bytes:
        keeper = await self.opened(wrapped.under)
        return unwrap(wrapped.wrapped, under=keeper.secret, bound_to=wrapped.context)

    async def opened(self, wrapped: WrappedKeeperKey) -> KeeperKey:
        """A keeper's key, by a call to the master keys where it is not remembered."""
        known = self._opened.get(wrapped.id)
        if known is None:
            secret = await self.masters.unwrap(wrapped.wrapped, master_id=wrapped.master_id, context=wrapped.context)
            known = KeeperKey(wrapped.id, wrapped.keeper, wrapped.version, secret)
            self._opened.put(wrapped.id, known)
        return known

    async def keeper(self, keeper: str) -> KeeperKey | None:
        """The key under which the keeper's new data keys are wrapped; None where it has none yet."""
        in_use = [key for key in await self._versions(keeper) if key.since <= clock.now()]
        return await self.opened(in_use[0]) if in_use else None

    async def hash_keys(self) -> list[HashKey]:
        """Every key of equality search under which something may stand: the one to write with first.

        Raises Unavailable where there is none.
        """
        versions = await self._versions(HASHES)
        if not versions:
            raise Unavailable("keys.missing", "there are no keys yet: run `python -m jobs migrate`")
        ready = sorted(versions, key=lambda key: (key.since > clock.now(), -key.version))
        opened = [await self.opened(key) for key in ready]
        return [HashKey(key.version, key.secret) for key in opened]

    async def _versions(self, keeper: str) -> Sequence[WrappedKeeperKey]:
        """All versions of a keeper's key that are in use, newest first."""
        known = self._kept.get(keeper)
        if known is None:
            known = sorted(await self._keys.keeper_keys(keeper), key=lambda key: -key.version)
            if known:
                self._kept.put(keeper, known)
        return known

    def forget(self, person_id: str) -> None:
        """The person was erased."""
        self._erasures += 1
        self._persons.drop(person_id)

    def forget_keeper(self, keeper: str) -> None:
        """The keeper has another key now."""
        self._kept.drop(keeper)
