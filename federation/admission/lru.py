"""A bounded memory that forgets what was not asked for longest."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LRU(Generic[Key, Value]):
    """At most `capacity` values by key; a value may be None only where the caller never asks whether it is there. Safe
    for threads.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: dict[Key, Value] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: Key) -> Value | None:
        """The value, now the youngest; None where it is not known."""
        with self._lock:
            value = self._values.pop(key, None)
            if value is not None:
                self._values[key] = value
            return value

    def put(self, key: Key, value: Value) -> None:
        """Remember a value; the oldest goes when there is no room."""
        with self._lock:
            self._values.pop(key, None)
            if len(self._values) >= self._capacity:
                del self._values[next(iter(self._values))]
            self._values[key] = value
