"""The reads of orders: each is one statement for any number of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from models.cached import SECOND, cached, cached_lists
from models.feeds import Condition, Feed
from models.filtering import Sorting
from models.orders.rows import (
    CountedOfferRow,
    CouponRow,
    GroupRow,
    LineRow,
    OfferRow,
    ShopOrderRow,
    Standing,
    StockRow,
    TradeRow,
)
from models.reading import NOW, Cut, Now, Order, OwnedRows, fetch, in_order, marks
from models.scope import Owners, PrivateFeed, Scope, grouped_by_scope
from models.states import CouponState, GroupState

STOCK = OwnedRows("orders", "stock", "sku_id", StockRow, Order(StockRow, ("branch_id",)))
TRADES = PrivateFeed("orders", "trade", TradeRow, Order(TradeRow, ("id",)), Owners(member="member_id"))
ORDERS = PrivateFeed(
    "orders",
    "shop_order",
    ShopOrderRow,
    Order(ShopOrderRow, ("placed_at", "id"), descending=True),
    Owners(member="member_id", shop="shop_id"),
)
_BY_PAYABLE = Order(ShopOrderRow, ("payable", "id"), descending=True)
ORDERS_BY = {
    Sorting("placed_at", descending=True): ORDERS,
    Sorting("placed_at", descending=False): replace(ORDERS, order=Order(ShopOrderRow, ("placed_at", "id"))),
    Sorting("payable", descending=True): replace(ORDERS, order=_BY_PAYABLE),
    Sorting("payable", descending=False): replace(ORDERS, order=replace(_BY_PAYABLE, descending=False)),
}
"""Orders in each order that lists of them may have."""
LINES = PrivateFeed(
    "orders",
    "(SELECT l.*, o.member_id FROM order_line l JOIN shop_order o ON o.id = l.order_id)",
    LineRow,
    Order(LineRow, ("id",)),
    Owners(member="member_id", shop="shop_id"),
)
"""Each line with the buyer of its order."""
COUPONS = PrivateFeed("orders", "coupon", CouponRow, Order(CouponRow, ("expires_at", "id")), Owners(member="member_id"))
SHOPS_OFFERS = PrivateFeed(
    "orders", "coupon_offer", OfferRow, Order(OfferRow, ("position", "id")), Owners(shop="shop_id")
)
"""All offers of a shop, those that have not begun and those that are over too."""
GROUPS = Feed("orders", "buyer_group", GroupRow, Order(GroupRow, ("expires_at", "id")))
cached_lists(STOCK, max_age=SECOND)
cached_lists(GROUPS, max_age=SECOND)
OFFERS_IN_ORDER = Order(OfferRow, ("position", "id"))

_TO_TAKE = "t.starts_at <= ? AND t.ends_at > ? AND t.taken < t.total"
_TAKEN_BY = "(SELECT COUNT(*) FROM coupon c WHERE c.offer_id = p.id AND c.member_id = ?)"


@cached(by={"stock": "sku_id"}, max_age=SECOND)
async def available_of(sku_ids: Sequence[str]) -> list[int | None]:
    """Units of each SKU that all branches together can still sell; None where no branch keeps it."""
    sql = (
        f"SELECT t.sku_id, SUM(t.on_hand - t.held) FROM stock t WHERE t.sku_id IN ({marks(sku_ids)}) GROUP BY t.sku_id"
    )
    available = {sku_id: int(units) for sku_id, units in await fetch("orders", sql, sku_ids)}
    return [available.get(sku_id) for sku_id in sku_ids]


@cached(by={"quota": "id", "buyer_group": "item_id"}, max_age=SECOND)
async def standings_of(item_ids: Sequence[str]) -> list[Standing]:
    """Where each promotion item stands now: its quota, and the open groups that buy it."""
    sql = (
        "SELECT t.id AS item_id, t.total, t.taken, 0 AS open_groups, 0 AS places_left"
        f" FROM quota t WHERE t.id IN ({marks(item_ids)})"
        " UNION ALL SELECT t.item_id, NULL, NULL, COUNT(*), SUM(t.size - t.taken) FROM buyer_group t"
        f" WHERE t.item_id IN ({marks(item_ids)}) AND t.state = ? AND t.expires_at > ? GROUP BY t.item_id"
    )
    quotas, groups = {}, {}
    rows = await fetch("orders", sql, [*item_ids, *item_ids, GroupState.OPEN.value, NOW])
    for item_id, total, taken, open_groups, places_left in rows:
        if total is None:
            groups[item_id] = int(open_groups), int(places_left)
        else:
            quotas[item_id] = total, taken
    return [Standing(*quotas.get(item, (None, None)), *groups.get(item, (0, 0))) for item in item_ids]


def open_groups(item_id: str) -> Condition:
    """The groups that buy an item and still take buyers."""
    return Condition("t.item_id = ? AND t.state = ? AND t.expires_at > ?", (item_id, GroupState.OPEN.value, NOW))


@cached(also=("coupon_offer",), max_age=SECOND)
async def offers_to_take(pages: Sequence[Cut]) -> list[list[OfferRow]]:
    """Pages of the offers that still have coupons, as everybody sees them."""
    return [await _offers(page) for page in pages]


async def _offers(page: Cut) -> list[OfferRow]:
    text, values = _page(OfferRow.columns("t"), page)
    return [OfferRow.read(row) for row in await fetch("orders", text, values)]


async def offers_taken_by(scope: Scope, page: Cut) -> list[CountedOfferRow]:
    """The same page, each offer with how many of it the scope's member has taken."""
    text, values = _page("t.*", page)
    counted = f"SELECT p.*, {_TAKEN_BY} AS taken_by_me FROM ({text}) p"
    sql = f"SELECT {CountedOfferRow.columns('o')} FROM ({counted}) o ORDER BY o.position, o.id"
    return [CountedOfferRow.read(row) for row in await fetch("orders", sql, [scope.member_id, *values])]


def _page(columns: str, page: Cut) -> tuple[str, list[Any]]:
    later, start = OFFERS_IN_ORDER.after(page.start)
    where = f"{_TO_TAKE} AND {later} ORDER BY {OFFERS_IN_ORDER.sql()} LIMIT ?"
    return f"SELECT {columns} FROM coupon_offer t WHERE {where}", [NOW, NOW, *start, page.limit]


@cached(also=("coupon_offer",), max_age=SECOND)
async def count_offers(lists: Sequence[Now]) -> list[int]:
    """How many offers still have coupons, for each who asks: it is one list."""
    [(held,)] = await fetch("orders", f"SELECT COUNT(*) FROM coupon_offer t WHERE {_TO_TAKE}", [NOW, NOW])
    return [held] * len(lists)


@cached(by={"coupon_offer": "id"}, max_age=SECOND)
async def offers_by_id(ids: Sequence[str]) -> list[OfferRow | None]:
    """The offer of each id, running or over. One that has not begun is nobody's business yet."""
    sql = f"SELECT {OfferRow.columns('t')} FROM coupon_offer t WHERE t.id IN ({marks(ids)}) AND t.starts_at <= ?"
    return in_order(ids, map(OfferRow.read, await fetch("orders", sql, [*ids, NOW])), attrgetter("id"))


async def taken_counts(asked: Sequence[tuple[Scope, str]]) -> list[int]:
    """How many coupons of each offer the scope's member has taken."""
    held: dict[tuple[Scope, str], int] = {}
    for scope, offers in grouped_by_scope(asked):
        sql = (
            "SELECT c.offer_id, COUNT(*) FROM coupon c"
            f" WHERE c.offer_id IN ({marks(offers)}) AND c.member_id = ? GROUP BY c.offer_id"
        )
        for offer_id, taken in await fetch("orders", sql, [*offers, scope.member_id]):
            held[scope, offer_id] = taken
    return [held.get(pair, 0) for pair in asked]


def wallet_of(member_id: str, state: CouponState, at: datetime) -> Condition:
    """A member's coupons that are in `state` at a moment: what nobody used in time is expired."""
    usable = (member_id, CouponState.USABLE.value, at)
    match state:
        case CouponState.USABLE:
            return Condition("t.member_id = ? AND t.state = ? AND t.expires_at > ?", usable)
        case CouponState.EXPIRED:
            late = "t.member_id = ? AND (t.state = ? AND t.expires_at <= ? OR t.state = ?)"
            return Condition(late, (*usable, state.value))
        case CouponState.USED:
            return Condition("t.member_id = ? AND t.state = ?", (member_id, state.value))
