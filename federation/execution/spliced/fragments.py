"""The parts of answers that are kept as JSON, bounded in number and in bytes.

Two generations bound them (hashlru, Tarr 2016): what is used moves to the fresh one; when that is full it becomes the
older one, and what nobody used since is forgotten.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import orjson

from federation.execution.spliced.ledger import Record

ENTRY_BYTES = 500
"""What a part takes beside its JSON,"""
VALUE_BYTES = 100
"""and for each value that its record names."""


@dataclass(slots=True)
class Kept:
    """Root fields that are kept, as JSON by response key, as long as their `record` stands; without both, such that
    were asked for but not made.
    """

    json: Mapping[str, orjson.Fragment] | None = None
    record: Record | None = None
    size: int = ENTRY_BYTES

    @classmethod
    def of(cls, texts: Mapping[str, bytes], record: Record) -> Kept:
        """Root fields whose JSON is in `texts`."""
        size = ENTRY_BYTES + sum(map(len, texts.values())) + VALUE_BYTES * len(record)
        return cls({key: orjson.Fragment(text) for key, text in texts.items()}, record, size)

    @property
    def stands(self) -> bool:
        return self.record is not None and self.record.stands


class Fragments:
    """At most so many `entries` of about so many `bytes` together."""

    def __init__(self, entries: int, size: int) -> None:
        self._entries, self._size = entries, size
        self._fresh: dict[Hashable, Kept] = {}
        self._older: dict[Hashable, Kept] = {}
        self._fresh_bytes = self._older_bytes = 0

    def __len__(self) -> int:
        return len(self._fresh) + len(self._older)

    @property
    def bytes(self) -> int:
        """About how much they take."""
        return self._fresh_bytes + self._older_bytes

    def get(self, key: Hashable) -> Kept | None:
        """What is kept under `key`, standing or not."""
        found = self._fresh.get(key)
        if found is None:
            found = self._older.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep a part. One that is too large for the bound is not kept."""
        if (older := self._older.pop(key, None)) is not None:
            self._older_bytes -= older.size
        if (known := self._fresh.pop(key, None)) is not None:
            self._fresh_bytes -= known.size
        if kept.size * 2 > self._size:
            return
        if (len(self._fresh) + 1) * 2 > self._entries or (self._fresh_bytes + kept.size) * 2 > self._size:
            self._older, self._older_bytes = self._fresh, self._fresh_bytes
            self._fresh, self._fresh_bytes = {}, 0
        self._fresh[key] = kept
        self._fresh_bytes += kept.size
