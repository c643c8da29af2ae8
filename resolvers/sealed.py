"""Sealed columns, opened for many rows at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.hidden import Hidden
from kit.keychain import PLATFORM, KeyOf
from kit.sealing import DataKey, SealBroken, Spot
from resolvers.context import Loads, Tools

Opened = Hidden | SealBroken | None
"""What was sealed; None where there is nothing, or the person was erased."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A sealed column; `person` and `keeper` name the attributes of its rows that say whose key seals it."""

    table: str
    column: str
    person: str = "member_id"
    keeper: str | None = None
    """None where the platform keeps the key."""

    async def open(self, rows: Sequence[Any], tools: Tools, loads: Loads) -> list[Opened]:
        """The column of each row: one read of keys for all columns of a request."""
        keys = await loads.many(tools.keys().of, [self._name(row) for row in rows])
        return [self._opened(row, key) for row, key in zip(rows, keys, strict=True)]

    async def masked(
        self, mask: Callable[[Hidden], str], rows: Sequence[Any], tools: Tools, loads: Loads
    ) -> list[str | SealBroken | None]:
        """The same as `mask` shows it."""
        return [mask(one) if isinstance(one, Hidden) else one for one in await self.open(rows, tools, loads)]

    def _name(self, row: Any) -> KeyOf:
        return KeyOf(getattr(row, self.person), getattr(row, self.keeper) if self.keeper else PLATFORM)

    def _opened(self, row: Any, key: DataKey | None) -> Opened:
        sealed: str = getattr(row, self.column)
        if key is None or not sealed:
            return None
        try:
            return key.open(sealed, Spot(getattr(row, self.person), self.table, self.column, row.id))
        except SealBroken as broken:
            return broken
