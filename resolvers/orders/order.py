"""Answers for orders: trades, shop orders and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.errors import NotFound
from kit.page import Connection, Page
from kit.viewer import Viewer
from models.feeds import equal
from models.orders import reads
from models.orders.reads import Sight
from models.orders.rows import LineRow, ShopOrderRow, TradeRow
from resolvers.context import Loads
from resolvers.feeds import listed
from resolvers.keys import ById, found, ids_of
from resolvers.lists import owned
from resolvers.money import money_in
from resolvers.orders.keys import MemberKey, ProductKey, ShopKey, SkuKey, members_by_key, shops_by_key, shops_of

__all__ = [
    "LineRow",
    "MemberKey",
    "ProductKey",
    "ShopKey",
    "ShopOrderRow",
    "members_by_key",
    "money_in",
    "shops_by_key",
    "shops_of",
]


@dataclass(frozen=True, slots=True)
class Option:
    name: str
    value: str


def _sight(viewer: Viewer) -> Sight:
    return Sight(viewer.member_id, tuple(sorted(viewer.shops)))


async def order(roots: Sequence[Any], args: ById, viewer: Viewer, loads: Loads) -> list[ShopOrderRow | NotFound]:
    return [found("order", await loads.one(reads.orders_seen, (_sight(viewer), args.id)))] * len(roots)


async def orders_by_key(keys: Sequence[dict[str, Any]], viewer: Viewer, loads: Loads) -> list[ShopOrderRow | None]:
    sight = _sight(viewer)
    return await loads.many(reads.orders_seen, [(sight, order_id) for order_id in ids_of(keys)])


async def orders_of_members(members: Sequence[MemberKey], args: Page, loads: Loads) -> list[Connection[ShopOrderRow]]:
    return await listed(reads.ORDERS, [equal(member_id=member.id) for member in members], args, loads)


async def orders_of_shops(shops: Sequence[ShopKey], args: Page, loads: Loads) -> list[Connection[ShopOrderRow]]:
    return await listed(reads.ORDERS, [equal(shop_id=shop.id) for shop in shops], args, loads)


async def orders_of_trades(trades: Sequence[TradeRow], args: Page, loads: Loads) -> list[Connection[ShopOrderRow]]:
    return await listed(reads.ORDERS, [equal(trade_id=trade.id) for trade in trades], args, loads)


async def trades_of(orders: Sequence[ShopOrderRow], loads: Loads) -> list[TradeRow | None]:
    return await loads.many(reads.trades_by_id, [order.trade_id for order in orders])


async def buyers_of(orders: Sequence[ShopOrderRow]) -> list[MemberKey]:
    return [MemberKey(order.member_id) for order in orders]


async def lines_of(orders: Sequence[ShopOrderRow], args: Page) -> list[Connection[LineRow]]:
    return await owned(reads.LINES, [order.id for order in orders], args)


async def products_of(lines: Sequence[LineRow]) -> list[ProductKey]:
    return [ProductKey(line.product_id) for line in lines]


async def skus_of(lines: Sequence[LineRow]) -> list[SkuKey]:
    return [SkuKey(line.sku_id) for line in lines]


async def options_of(lines: Sequence[LineRow]) -> list[list[Option]]:
    return [[Option(**option) for option in line.options] for line in lines]
