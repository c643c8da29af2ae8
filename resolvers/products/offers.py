"""Answers for promotions: the flash sale of the hour, group-buys, what a shop promotes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from kit import clock
from kit.page import Connection, Page
from models.products.reads import offers as reads
from models.products.reads.skus import skus_by_id
from models.products.rows import FlashItemRow, GroupBuyRow, OfferRow, ProductRow, PromotionRow, SkuRow
from models.reading import cut
from models.states import PromotionKind
from resolvers.context import Loads
from resolvers.feeds import listed
from resolvers.keys import ids_of
from resolvers.lists import shown
from resolvers.products.keys import Representations, ShopKey
from services.products import promotions as rules

__all__ = ["FlashItemRow", "GroupBuyRow", "PromotionRow"]


class FlashSale(msgspec.Struct, frozen=True, gc=False):
    """A session of the flash sale."""

    starts_at: datetime
    ends_at: datetime


async def flash_items_by_key(keys: Representations, loads: Loads) -> list[OfferRow | None]:
    found = await loads.many(reads.offers_by_id, ids_of(keys))
    return [offer if isinstance(offer, FlashItemRow) else None for offer in found]


async def group_buys_by_key(keys: Representations, loads: Loads) -> list[OfferRow | None]:
    found = await loads.many(reads.offers_by_id, ids_of(keys))
    return [offer if isinstance(offer, GroupBuyRow) else None for offer in found]


def flash_sale() -> FlashSale:
    """The session of this hour. It is there at once, so that its items are read together with the group-buys."""
    return FlashSale(*rules.session_at(clock.now()))


async def items_of(sales: Sequence[FlashSale], args: Page, loads: Loads) -> list[Connection[OfferRow]]:
    return await _lists([reads.Running(PromotionKind.FLASH_SALE, sale.ends_at) for sale in sales], args, loads)


async def group_buys(roots: Sequence[Any], args: Page, loads: Loads) -> list[Connection[OfferRow]]:
    return await _lists([reads.Running(PromotionKind.GROUP_BUY)], args, loads) * len(roots)


async def _lists(lists: Sequence[reads.Running], page: Page, loads: Loads) -> list[Connection[OfferRow]]:
    wanted = cut(reads.SOONEST_FIRST, page)
    pages = await loads.many(reads.offer_pages, [(running, wanted) for running in lists])
    return [
        shown(rows, page, reads.SOONEST_FIRST, reads.count_offers, running)
        for running, rows in zip(lists, pages, strict=True)
    ]


async def products_of(offers: Sequence[OfferRow]) -> list[ProductRow]:
    return [offer.product for offer in offers]


async def skus_of(offers: Sequence[OfferRow], loads: Loads) -> list[SkuRow | None]:
    return await loads.many(skus_by_id, [offer.sku_id for offer in offers])


async def promotions_of_shops(shops: Sequence[ShopKey], args: Page, loads: Loads) -> list[Connection[PromotionRow]]:
    return await listed(reads.PROMOTIONS, [reads.promotions_of(shop.id) for shop in shops], args, loads)
