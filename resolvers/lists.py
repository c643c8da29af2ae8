"""What every list can say of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.page import Connection, Page, connection
from models.reading import OwnedRows
from resolvers.context import Loads


@dataclass(frozen=True, slots=True)
class Counted:
    """What `totalCount` counts: `read` counts for many keys at once, `key` is this list's."""

    read: Callable[[list[Any]], Awaitable[Sequence[int]]]
    key: Hashable


async def total_counts(lists: Sequence[Connection[Any]], loads: Loads) -> list[int | None]:
    """How many rows each list has in all; None where it does not count."""

    async def count(of: Counted | None) -> int | None:
        return await loads.one(of.read, of.key) if of else None

    return list(await asyncio.gather(*(count(item.of) for item in lists)))


async def owned(of: OwnedRows[Any], owners: Sequence[str], page: Page) -> list[Connection[Any]]:
    """A page of each owner's rows."""
    found = await of.page(owners, page)
    return [
        connection(rows, page, key=of.order.key_of, of=Counted(of.count, owner))
        for owner, rows in zip(owners, found, strict=True)
    ]
