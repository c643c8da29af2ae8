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


async def skus_by_key(keys: Sequence[dict[str, Any]]) -> list[SkuKey]:
    return [SkuKey(sku_id) for sku_id in ids_of(keys)]


async def flash_items_by_key(keys: Sequence[dict[str, Any]]) -> list[FlashSaleItemKey]:
    return [FlashSaleItemKey(item_id) for item_id in ids_of(keys)]


async def available_of(skus: Sequence[SkuKey], loads: Loads) -> list[int | None]:
    return await loads.many(reads.available_of, [sku.id for sku in skus])


async def stock_of(skus: Sequence[SkuKey], args: Page) -> list[Connection[StockRow]]:
    return await owned(reads.STOCK, [sku.id for sku in skus], args)


async def branches_of(rows: Sequence[StockRow]) -> list[BranchKey]:
    return [BranchKey(row.branch_id) for row in rows]


async def totals_of(items: Sequence[FlashSaleItemKey], loads: Loads) -> list[int | None]:
    return [standing.total for standing in await loads.many(reads.standings_of, [item.id for item in items])]


async def remaining_of(items: Sequence[FlashSaleItemKey], loads: Loads) -> list[int | None]:
    return [standing.remaining for standing in await loads.many(reads.standings_of, [item.id for item in items])]
