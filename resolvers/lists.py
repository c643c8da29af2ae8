"""What every list can say of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kit.cache import Kept
from kit.page import Connection, Page, connection
from models.reading import Order, OwnedRows, cut
from resolvers.context import Loads

Row = TypeVar("Row")
Count = Callable[[list[Any]], Awaitable[Sequence[int]]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What `totalCount` counts: `read` counts for many keys at once, `key` is this list's."""

    read: Count
    key: Hashable


async def known_count(counts: Sequence[int]) -> Sequence[int]:
    """Counts what was counted already."""
    return counts


async def total_counts(lists: Sequence[Connection[Any]], loads: Loads) -> list[int | None]:
    """How many rows each list has in all; None where it does not count."""

    async def count(of: Counted | None) -> int | None:
        return await loads.one(of.read, of.key) if of else None

    return list(await asyncio.gather(*(count(item.of) for item in lists)))


def made_once(rows: Sequence[Row], make: Callable[[Sequence[Row]], Connection[Any]]) -> Connection[Any]:
    """What `make` makes of the rows. Of a list from the cache it is made once: the same list, the same page."""
    if not isinstance(rows, Kept):
        return make(rows)
    if rows.shown is None:
        rows.shown = make(rows)
    made: Connection[Any] = rows.shown
    return made


def shown(rows: Sequence[Row], page: Page, order: Order, read: Count, key: Hashable) -> Connection[Row]:
    """The page that a list shows; `read` counts the list, whose key there is `key`."""
    return made_once(rows, lambda rows: connection(rows, page, key=order.key_of, of=Counted(read, key)))


async def owned(of: OwnedRows[Any], owners: Sequence[str], page: Page, loads: Loads) -> list[Connection[Any]]:
    """A page of each owner's rows."""
    wanted = cut(of.order, page)
    found = await loads.many(of.pages, [(wanted, owner) for owner in owners])
    return [shown(rows, page, of.order, of.counts, owner) for owner, rows in zip(owners, found, strict=True)]
