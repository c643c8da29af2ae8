"""Answers for SKUs and what they have cost."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kit.page import Connection, Page
from models.products.reads import skus as reads
from models.products.reads.listings import products_by_id
from models.products.rows import PriceRow, ProductRow, SkuRow
from resolvers.context import Loads
from resolvers.keys import ids_of
from resolvers.lists import owned
from resolvers.products.keys import Representations

__all__ = ["PriceRow", "SkuRow"]


class SkuOption(msgspec.Struct, frozen=True, gc=False):
    name: str
    value: str


async def skus_by_key(keys: Representations, loads: Loads) -> list[SkuRow | None]:
    return await loads.many(reads.skus_by_id, ids_of(keys))


async def skus_of(products: Sequence[ProductRow], args: Page, loads: Loads) -> list[Connection[SkuRow]]:
    return await owned(reads.SKUS, [product.id for product in products], args, loads)


async def products_of(skus: Sequence[SkuRow], loads: Loads) -> list[ProductRow | None]:
    return await loads.many(products_by_id, [sku.product_id for sku in skus])


async def options_of(skus: Sequence[SkuRow]) -> list[list[SkuOption]]:
    return [[SkuOption(**option) for option in sku.options] for sku in skus]


async def history_of(skus: Sequence[SkuRow], args: Page, loads: Loads) -> list[Connection[PriceRow]]:
    return await owned(reads.PRICES, [sku.id for sku in skus], args, loads)
