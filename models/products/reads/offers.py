"""Reads of promotions: their items with the products, and a shop's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from kit import clock
from models.feeds import Condition, Feed
from models.products.reads.listings import product_columns, promotion_joins
from models.products.reads.parts import Cut, Sql, by_chunks, by_part, counts, page_of, together
from models.products.rows import FlashItemRow, GroupBuyRow, OfferRow, ProductRow, PromotionRow
from models.reading import Order, fetch, in_order, marks
from models.states import ProductState, PromotionKind

SOONEST_FIRST = Order(OfferRow, ("ends_at", "position", "id"))
PROMOTIONS = Feed("products", "promotion", PromotionRow, Order(PromotionRow, ("ends_at", "id")))

_ROWS: Mapping[str, type[OfferRow]] = {
    PromotionKind.FLASH_SALE.value: FlashItemRow,
    PromotionKind.GROUP_BUY.value: GroupBuyRow,
}

_STORED = tuple(name for name in OfferRow.__struct_fields__ if name != "product")
_PREFIX = "joined_"
_COLUMNS = f"{', '.join(f'o.{name}' for name in _STORED)}, {product_columns(_PREFIX)}"
_LISTED = "EXISTS (SELECT 1 FROM product p WHERE p.id = o.product_id AND p.state = ?)"


@dataclass(frozen=True, slots=True)
class Running:
    """Items of a kind that are on at the moment `at`; of one session where `ends_at` says when that ends."""

    kind: PromotionKind
    at: datetime
    ends_at: datetime | None = None

    def source(self) -> Sql:
        ends, moment = ("o.ends_at > ?", self.at) if self.ends_at is None else ("o.ends_at = ?", self.ends_at)
        text = f"promotion_item o WHERE o.kind = ? AND {ends} AND o.starts_at <= ? AND {_LISTED}"
        return Sql(text, (self.kind.value, moment, self.at, ProductState.LISTED.value))


async def offer_pages(keys: Sequence[tuple[Running, Cut]]) -> list[list[OfferRow]]:
    """A page of each list of items, each with its product."""
    return await by_chunks(_pages, keys)


async def _pages(keys: Sequence[tuple[Running, Cut]]) -> list[list[OfferRow]]:
    columns = "o.id, o.ends_at, o.position"
    pages = together(page_of(columns, running.source(), SOONEST_FIRST, cut) for running, cut in keys)
    joins = promotion_joins(clock.now())
    sql = (
        f"SELECT m.part, {_COLUMNS} FROM ({pages.text}) m JOIN promotion_item o ON o.id = m.id"
        f" JOIN product p ON p.id = o.product_id{joins.text}"
    )
    rows = await fetch("products", sql, [*pages.values, *joins.values])
    return by_part(rows, [SOONEST_FIRST] * len(keys), _offer)


async def count_offers(lists: Sequence[Running]) -> list[int]:
    return await counts([running.source() for running in lists])


async def offers_by_id(ids: Sequence[str]) -> list[OfferRow | None]:
    """The flash-sale item or group-buy of each id, running or not, where its product is listed."""
    kinds, joins = list(_ROWS), promotion_joins(clock.now())
    sql = (
        f"SELECT {_COLUMNS} FROM promotion_item o JOIN product p ON p.id = o.product_id{joins.text}"
        f" WHERE o.id IN ({marks(ids)}) AND o.kind IN ({marks(kinds)}) AND p.state = ?"
    )
    rows = await fetch("products", sql, [*joins.values, *ids, *kinds, ProductState.LISTED.value])
    return in_order(ids, map(_offer, rows), attrgetter("id"))


def _offer(row: dict[str, Any]) -> OfferRow:
    product = ProductRow.read({name: row[f"{_PREFIX}{name}"] for name in ProductRow.__struct_fields__})
    return _ROWS[row["kind"]].read({name: row[name] for name in _STORED} | {"product": product})


def promotions_of(shop_id: str, at: datetime) -> Condition:
    """What a shop promotes at a moment."""
    return Condition("t.shop_id = ? AND t.ends_at > ? AND t.starts_at <= ?", (shop_id, at, at))
