"""Answers for group-buys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.page import Connection, Page
from models.orders import reads
from models.orders.rows import GroupRow
from resolvers.context import Loads
from resolvers.feeds import listed
from resolvers.keys import ids_of
from resolvers.orders.keys import GroupBuyKey

__all__ = ["GroupBuyKey", "GroupRow"]


async def group_buys_by_key(keys: Sequence[dict[str, Any]]) -> list[GroupBuyKey]:
    return [GroupBuyKey(item_id) for item_id in ids_of(keys)]


async def open_groups_of(items: Sequence[GroupBuyKey], loads: Loads) -> list[int]:
    return [standing.open_groups for standing in await loads.many(reads.standings_of, [item.id for item in items])]


async def places_left_of(items: Sequence[GroupBuyKey], loads: Loads) -> list[int]:
    return [standing.places_left for standing in await loads.many(reads.standings_of, [item.id for item in items])]


async def groups_of(items: Sequence[GroupBuyKey], args: Page, loads: Loads) -> list[Connection[GroupRow]]:
    return await listed(reads.GROUPS, [reads.open_groups(item.id) for item in items], args, loads)
