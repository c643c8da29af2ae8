"""Answers for orders: trades, shop orders and their lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from kit.errors import NotFound
from kit.page import Connection, Page
from kit.viewer import Viewer
from models.feeds import Condition, equal
from models.filtering import Matches, Sorting, narrowed
from models.orders import reads
from models.orders.rows import LineRow, ShopOrderRow, TradeRow
from models.scope import Scope
from resolvers.context import Loads
from resolvers.feeds import listed_within
from resolvers.keys import ById, found, ids_of
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


class Option(msgspec.Struct, frozen=True, gc=False):
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class OrdersPage(Page):
    where: Matches | None = None
    order_by: Sorting | None = None


@dataclass(frozen=True, slots=True)
class OrderFacets:
    by: str
    """The column."""
    where: Matches | None = None


class Facet(msgspec.Struct, frozen=True, gc=False):
    value: str
    count: int


async def order(roots: Sequence[Any], args: ById, viewer: Viewer, loads: Loads) -> list[ShopOrderRow | NotFound]:
    return [found("order", await loads.one(reads.ORDERS.by_id, (Scope.of(viewer), args.id)))] * len(roots)


async def orders_by_key(keys: Sequence[dict[str, Any]], viewer: Viewer, loads: Loads) -> list[ShopOrderRow | None]:
    scope = Scope.of(viewer)
    return await loads.many(reads.ORDERS.by_id, [(scope, order_id) for order_id in ids_of(keys)])


async def orders_of_members(
    members: Sequence[MemberKey], args: OrdersPage, viewer: Viewer, loads: Loads
) -> list[Connection[ShopOrderRow]]:
    return await _orders([equal(member_id=member.id) for member in members], args, viewer, loads)


async def orders_of_shops(
    shops: Sequence[ShopKey], args: OrdersPage, viewer: Viewer, loads: Loads
) -> list[Connection[ShopOrderRow]]:
    return await _orders([equal(shop_id=shop.id) for shop in shops], args, viewer, loads)


async def _orders(
    lists: Sequence[Condition], args: OrdersPage, viewer: Viewer, loads: Loads
) -> list[Connection[ShopOrderRow]]:
    feed = reads.ORDERS_BY[args.order_by] if args.order_by else reads.ORDERS
    return await listed_within(Scope.of(viewer), feed, [narrowed(of, args.where) for of in lists], args, loads)


async def facets_of_orders(shops: Sequence[ShopKey], args: OrderFacets, viewer: Viewer) -> list[list[Facet]]:
    scope = Scope.of(viewer)
    lists = [reads.ORDERS.within(scope, narrowed(equal(shop_id=shop.id), args.where)) for shop in shops]
    counted = await reads.ORDERS.facets([(of, args.by) for of in lists])
    return [[Facet(value, count) for value, count in values] for values in counted]


async def orders_of_trades(
    trades: Sequence[TradeRow], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[ShopOrderRow]]:
    lists = [equal(trade_id=trade.id) for trade in trades]
    return await listed_within(Scope.of(viewer), reads.ORDERS, lists, args, loads)


async def trades_of(orders: Sequence[ShopOrderRow], viewer: Viewer, loads: Loads) -> list[TradeRow | None]:
    scope = Scope.of(viewer)
    return await loads.many(reads.TRADES.by_id, [(scope, order.trade_id) for order in orders])


async def buyers_of(orders: Sequence[ShopOrderRow]) -> list[MemberKey]:
    return [MemberKey(order.member_id) for order in orders]


async def lines_of(
    orders: Sequence[ShopOrderRow], args: Page, viewer: Viewer, loads: Loads
) -> list[Connection[LineRow]]:
    lists = [equal(order_id=order.id) for order in orders]
    return await listed_within(Scope.of(viewer), reads.LINES, lists, args, loads)


async def products_of(lines: Sequence[LineRow]) -> list[ProductKey]:
    return [ProductKey(line.product_id) for line in lines]


async def skus_of(lines: Sequence[LineRow]) -> list[SkuKey]:
    return [SkuKey(line.sku_id) for line in lines]


async def options_of(lines: Sequence[LineRow]) -> list[list[Option]]:
    return [[Option(**option) for option in line.options] for line in lines]
