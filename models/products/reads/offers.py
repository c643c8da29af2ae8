"""Reads of promotions: their items with the products, and a shop's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter

import msgspec

from models.cached import SECOND, cached, cached_lists
from models.feeds import Condition, Feed
from models.products.reads.listings import PRODUCT_COLUMNS, PROMOTION_JOINS
from models.products.reads.parts import Sql, by_chunks, by_part, counts, page_of, together
from models.products.rows import FlashItemRow, GroupBuyRow, OfferRow, ProductRow, PromotionRow
from models.reading import NOW, Columns, Cut, Order, fetch, in_order, marks
from models.states import ProductState, PromotionKind

SOONEST_FIRST = Order(OfferRow, ("ends_at", "position", "id"))
PROMOTIONS = Feed("products", "promotion", PromotionRow, Order(PromotionRow, ("ends_at", "id")))
cached_lists(PROMOTIONS, max_age=SECOND)

_ROWS: Mapping[str, type[OfferRow]] = {
    PromotionKind.FLASH_SALE.value: FlashItemRow,
    PromotionKind.GROUP_BUY.value: GroupBuyRow,
}

_STORED = OfferRow.__struct_fields__[:-1]
_COLUMNS = f"{', '.join(f'o.{name}' for name in _STORED)}, {PRODUCT_COLUMNS}"
_KIND = _STORED.index("kind")
_LISTED = "EXISTS (SELECT 1 FROM product p WHERE p.id = o.product_id AND p.state = ?)"


class Running(msgspec.Struct, frozen=True, gc=False):
    """Items of a kind that are on now; of one session where `ends_at` says when that ends."""

    kind: PromotionKind
    ends_at: datetime | None = None

    def source(self) -> Sql:
        ends, moment = ("o.ends_at > ?", NOW) if self.ends_at is None else ("o.ends_at = ?", self.ends_at)
        text = f"promotion_item o WHERE o.kind = ? AND {ends} AND o.starts_at <= ? AND {_LISTED}"
        return Sql(text, (self.kind.value, moment, NOW, ProductState.LISTED.value))


@cached(also=("promotion_item", "product", "promotion"), max_age=SECOND)
async def offer_pages(keys: Sequence[tuple[Running, Cut]]) -> list[list[OfferRow]]:
    """A page of each list of items, each with its product."""
    return await by_chunks(_pages, keys)


async def _pages(keys: Sequence[tuple[Running, Cut]]) -> list[list[OfferRow]]:
    columns = "o.id, o.ends_at, o.position"
    pages = together(page_of(columns, running.source(), SOONEST_FIRST, cut) for running, cut in keys)
    joins = PROMOTION_JOINS
    sql = (
        f"SELECT m.part, {_COLUMNS} FROM ({pages.text}) m JOIN promotion_item o ON o.id = m.id"
        f" JOIN product p ON p.id = o.product_id{joins.text}"
    )
    rows = await fetch("products", sql, [*pages.values, *joins.values])
    return by_part(rows, [SOONEST_FIRST] * len(keys), _offer)


@cached(also=("promotion_item", "product"), max_age=SECOND)
async def count_offers(lists: Sequence[Running]) -> list[int]:
    return await counts([running.source() for running in lists])


@cached(by={"promotion_item": "id"}, also=("product", "promotion"), max_age=SECOND)
async def offers_by_id(ids: Sequence[str]) -> list[OfferRow | None]:
    """The flash-sale item or group-buy of each id, running or not, where its product is listed."""
    kinds, joins = list(_ROWS), PROMOTION_JOINS
    sql = (
        f"SELECT {_COLUMNS} FROM promotion_item o JOIN product p ON p.id = o.product_id{joins.text}"
        f" WHERE o.id IN ({marks(ids)}) AND o.kind IN ({marks(kinds)}) AND p.state = ?"
    )
    rows = await fetch("products", sql, [*joins.values, *ids, *kinds, ProductState.LISTED.value])
    return in_order(ids, map(_offer, rows), attrgetter("id"))


def _offer(row: Columns) -> OfferRow:
    stored, product = row[: len(_STORED)], row[len(_STORED) :]
    return _ROWS[row[_KIND]].read((*stored, ProductRow.read(product)))


def promotions_of(shop_id: str) -> Condition:
    """What a shop promotes now."""
    return Condition("t.shop_id = ? AND t.ends_at > ? AND t.starts_at <= ?", (shop_id, NOW, NOW))
