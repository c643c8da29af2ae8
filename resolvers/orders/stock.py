"""Answers for stock: what can still be sold, of a SKU and of a promotion item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.page import Connection, Page
from models.orders import reads
from models.orders.rows import StockRow
from resolvers.context import Loads
from resolvers.keys import ids_of
from resolvers.lists import owned
from resolvers.orders.keys import BranchKey, FlashSaleItemKey, SkuKey

__all__ = ["BranchKey", "FlashSaleItemKey", "SkuKey", "StockRow"]

MOST_TOLD = 200
"""What buyers are told of the stock of a SKU: whoever could count it day by day would know what the shop sells."""


async def skus_by_key(keys: Sequence[dict[str, Any]]) -> list[SkuKey]:
    return [SkuKey(sku_id) for sku_id in ids_of(keys)]


async def flash_items_by_key(keys: Sequence[dict[str, Any]]) -> list[FlashSaleItemKey]:
    return [FlashSaleItemKey(item_id) for item_id in ids_of(keys)]


async def available_of(skus: Sequence[SkuKey], loads: Loads) -> list[int | None]:
    available = await loads.many(reads.available_of, [sku.id for sku in skus])
    return [None if units is None else min(units, MOST_TOLD) for units in available]


async def stock_of(skus: Sequence[SkuKey], args: Page, loads: Loads) -> list[Connection[StockRow]]:
    return await owned(reads.STOCK, [sku.id for sku in skus], args, loads)


async def in_stock_at(rows: Sequence[StockRow]) -> list[bool]:
    return [row.available > 0 for row in rows]


async def branches_of(rows: Sequence[StockRow]) -> list[BranchKey]:
    return [BranchKey(row.branch_id) for row in rows]


async def totals_of(items: Sequence[FlashSaleItemKey], loads: Loads) -> list[int | None]:
    return [standing.total for standing in await loads.many(reads.standings_of, [item.id for item in items])]


async def remaining_of(items: Sequence[FlashSaleItemKey], loads: Loads) -> list[int | None]:
    return [standing.remaining for standing in await loads.many(reads.standings_of, [item.id for item in items])]
