"""The reads of orders: each is one statement for any number of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kit import clock
from kit.page import Page
from models.feeds import Condition, Feed
from models.orders.rows import CouponRow, GroupRow, LineRow, OfferRow, ShopOrderRow, Standing, StockRow, TradeRow
from models.reading import Order, OwnedRows, by_id, fetch, in_order, marks
from models.states import CouponState, GroupState

STOCK = OwnedRows("orders", "stock", "sku_id", StockRow, Order(StockRow, ("branch_id",)))
LINES = OwnedRows("orders", "order_line", "order_id", LineRow, Order(LineRow, ("id",)))
ORDERS = Feed("orders", "shop_order", ShopOrderRow, Order(ShopOrderRow, ("placed_at", "id"), descending=True))
COUPONS = Feed("orders", "coupon", CouponRow, Order(CouponRow, ("expires_at", "id")))
GROUPS = Feed("orders", "buyer_group", GroupRow, Order(GroupRow, ("expires_at", "id")))
OFFERS_IN_ORDER = Order(OfferRow, ("position", "id"))

_TO_TAKE = "t.starts_at <= ? AND t.ends_at > ? AND t.taken < t.total"
_TAKEN_BY = "(SELECT COUNT(*) FROM coupon c WHERE c.offer_id = t.id AND c.member_id = ?)"


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose orders somebody may see: those that `member_id` placed, and those of `shop_ids`."""

    member_id: str | None
    shop_ids: tuple[str, ...]

    def condition(self) -> Condition:
        shops = f"t.shop_id IN ({marks(self.shop_ids)})" if self.shop_ids else "1 = 0"
        return Condition(f"(t.member_id = ? OR {shops})", (self.member_id, *self.shop_ids))


async def available_of(sku_ids: Sequence[str]) -> list[int | None]:
    """Units of each SKU that all branches together can still sell; None where no branch keeps it."""
    sql = (
        "SELECT t.sku_id, SUM(t.on_hand - t.held) AS available FROM stock t"
        f" WHERE t.sku_id IN ({marks(sku_ids)}) GROUP BY t.sku_id"
    )
    available = {row["sku_id"]: int(row["available"]) for row in await fetch("orders", sql, sku_ids)}
    return [available.get(sku_id) for sku_id in sku_ids]


async def standings_of(item_ids: Sequence[str]) -> list[Standing]:
    """Where each promotion item stands now: its quota, and the open groups that buy it."""
    sql = (
        "SELECT t.id AS item_id, t.total, t.taken, 0 AS open_groups, 0 AS places_left"
        f" FROM quota t WHERE t.id IN ({marks(item_ids)})"
        " UNION ALL SELECT t.item_id, NULL, NULL, COUNT(*), SUM(t.size - t.taken) FROM buyer_group t"
        f" WHERE t.item_id IN ({marks(item_ids)}) AND t.state = ? AND t.expires_at > ? GROUP BY t.item_id"
    )
    quotas, groups = {}, {}
    for row in await fetch("orders", sql, [*item_ids, *item_ids, GroupState.OPEN.value, clock.now()]):
        if row["total"] is None:
            groups[row["item_id"]] = int(row["open_groups"]), int(row["places_left"])
        else:
            quotas[row["item_id"]] = row["total"], row["taken"]
    return [Standing(*quotas.get(item, (None, None)), *groups.get(item, (0, 0))) for item in item_ids]


def open_groups(item_id: str, at: datetime) -> Condition:
    """The groups that buy an item and still take buyers at a moment."""
    return Condition("t.item_id = ? AND t.state = ? AND t.expires_at > ?", (item_id, GroupState.OPEN.value, at))


async def offers_to_take(member_id: str | None, at: datetime, page: Page) -> list[OfferRow]:
    """Offers that still have coupons at a moment, each with how many of them the member has taken."""
    later, start = OFFERS_IN_ORDER.after(OFFERS_IN_ORDER.start(page))
    shown = f"SELECT * FROM coupon_offer t WHERE {_TO_TAKE} AND {later} ORDER BY {OFFERS_IN_ORDER.sql()} LIMIT ?"
    counted = f"SELECT t.*, {_TAKEN_BY} AS taken_by_me FROM ({shown}) t"
    sql = f"SELECT {OfferRow.columns('o')} FROM ({counted}) o ORDER BY o.position, o.id"
    rows = await fetch("orders", sql, [member_id, at, at, *start, page.limit()])
    return [OfferRow.read(row) for row in rows]


async def count_offers(moments: Sequence[datetime]) -> list[int]:
    """How many offers still have coupons at each moment."""
    sql = " UNION ALL ".join(
        f"SELECT {index} AS part, COUNT(*) AS held FROM coupon_offer t WHERE {_TO_TAKE}"
        for index in range(len(moments))
    )
    rows = await fetch("orders", sql, [value for at in moments for value in (at, at)])
    held = {row["part"]: row["held"] for row in rows}
    return [held[index] for index in range(len(moments))]


async def offers_by_id(ids: Sequence[str]) -> list[OfferRow | None]:
    sql = (
        f"SELECT {OfferRow.columns('o')}"
        f" FROM (SELECT t.*, NULL AS taken_by_me FROM coupon_offer t WHERE t.id IN ({marks(ids)})) o"
    )
    return in_order(ids, map(OfferRow.read, await fetch("orders", sql, ids)), lambda row: row.id)


async def taken_counts(asked: Sequence[tuple[str, str]]) -> list[int]:
    """How many coupons of an offer a member has taken, for each (member, offer)."""
    members, offers = ({pair[side] for pair in asked} for side in (0, 1))
    sql = (
        "SELECT c.member_id, c.offer_id, COUNT(*) AS held FROM coupon c"
        f" WHERE c.offer_id IN ({marks([*offers])}) AND c.member_id IN ({marks([*members])})"
        " GROUP BY c.member_id, c.offer_id"
    )
    rows = await fetch("orders", sql, [*offers, *members])
    held = {(row["member_id"], row["offer_id"]): row["held"] for row in rows}
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


async def coupons_by_id(asked: Sequence[tuple[str, str]]) -> list[CouponRow | None]:
    """The coupon of each (member, id); None where there is none, or where it is somebody else's."""
    members, ids = ({pair[side] for pair in asked} for side in (0, 1))
    sql = (
        f"SELECT {CouponRow.columns('t')} FROM coupon t"
        f" WHERE t.id IN ({marks([*ids])}) AND t.member_id IN ({marks([*members])})"
    )
    found = {(row["member_id"], row["id"]): CouponRow.read(row) for row in await fetch("orders", sql, [*ids, *members])}
    return [found.get(pair) for pair in asked]


async def orders_seen(asked: Sequence[tuple[Sight, str]]) -> list[ShopOrderRow | None]:
    """The order of each (sight, id); None where there is none, or where it is out of sight."""
    by_sight: dict[Sight, list[str]] = {}
    for sight, order_id in asked:
        by_sight.setdefault(sight, []).append(order_id)
    found: dict[tuple[Sight, str], ShopOrderRow] = {}
    for sight, ids in by_sight.items():
        seen = sight.condition()
        sql = f"SELECT {ShopOrderRow.columns('t')} FROM shop_order t WHERE t.id IN ({marks(ids)}) AND {seen.sql}"
        for row in await fetch("orders", sql, [*ids, *seen.values]):
            found[sight, row["id"]] = ShopOrderRow.read(row)
    return [found.get(pair) for pair in asked]


async def trades_by_id(ids: Sequence[str]) -> list[TradeRow | None]:
    return await by_id("orders", "trade", TradeRow, ids)
