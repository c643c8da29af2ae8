"""Rows of orders with sensible values, for tests that care about a few of them."""

from __future__ import annotations

from typing import Any

from models.orders.group import Group
from models.orders.order import OrderLine, ShopOrder, Trade
from models.orders.stock import Quota, Stock
from models.orders.wallet import Coupon, CouponOffer
from models.states import CouponState, GroupState, OrderState
from tests.factories.ids import fresh
from tests.support.moments import DAY, HOUR, NOON


async def stock(sku_id: str, *, on_hand: int, held: int = 0, **columns: Any) -> Stock:
    defaults = {"id": fresh("stk"), "branch_id": fresh("brn"), "shop_id": "shp_tea"}
    return await Stock.create(sku_id=sku_id, on_hand=on_hand, held=held, **defaults | columns)


async def quota(item_id: str, *, total: int, taken: int, shop_id: str = "shp_tea") -> Quota:
    return await Quota.create(id=item_id, shop_id=shop_id, total=total, taken=taken)


async def group(item_id: str, **columns: Any) -> Group:
    """A group of three that has one buyer and waits for an hour more."""
    defaults = {
        "id": fresh("grp"),
        "shop_id": "shp_tea",
        "size": 3,
        "taken": 1,
        "state": GroupState.OPEN,
        "opened_at": NOON - HOUR,
        "expires_at": NOON + HOUR,
    }
    return await Group.create(item_id=item_id, **defaults | columns)


async def offer(**columns: Any) -> CouponOffer:
    """A hundred coupons of 满100减30, one for each member, to be taken at NOON."""
    defaults = {
        "id": fresh("cof"),
        "shop_id": "shp_tea",
        "title": "满100减30",
        "amount": 3_000,
        "threshold": 10_000,
        "total": 100,
        "taken": 0,
        "per_member": 1,
        "starts_at": NOON - DAY,
        "ends_at": NOON + DAY,
        "valid_days": 7,
        "position": 1,
    }
    return await CouponOffer.create(**defaults | columns)


async def coupon(member_id: str, **columns: Any) -> Coupon:
    defaults = {
        "id": fresh("cpn"),
        "offer_id": fresh("cof"),
        "number": 1,
        "shop_id": "shp_tea",
        "title": "满100减30",
        "amount": 3_000,
        "threshold": 10_000,
        "state": CouponState.USABLE,
        "taken_at": NOON - DAY,
        "expires_at": NOON + DAY,
    }
    return await Coupon.create(member_id=member_id, **defaults | columns)


async def trade(member_id: str, **columns: Any) -> Trade:
    defaults = {"id": fresh("trd"), "payable": 9_800, "placed_at": NOON - DAY}
    return await Trade.create(member_id=member_id, **defaults | columns)


async def order(member_id: str, *, shop_id: str = "shp_tea", **columns: Any) -> ShopOrder:
    """A completed order of 98 yuan."""
    defaults = {
        "id": fresh("ord"),
        "trade_id": fresh("trd"),
        "state": OrderState.COMPLETED,
        "goods": 12_000,
        "discount": 3_000,
        "freight": 800,
        "payable": 9_800,
        "placed_at": NOON - DAY,
        "paid_at": NOON - DAY,
        "completed_at": NOON - HOUR,
    }
    return await ShopOrder.create(member_id=member_id, shop_id=shop_id, **defaults | columns)


async def line(order_id: str, **columns: Any) -> OrderLine:
    defaults = {
        "id": fresh("lin"),
        "shop_id": "shp_tea",
        "product_id": "prd_tea",
        "sku_id": "sku_tea",
        "category_id": "cat_tea",
        "name": "明前龙井",
        "image": "https://img.example/tea.jpg",
        "options": [{"name": "规格", "value": "250g"}],
        "quantity": 2,
        "unit_price": 6_000,
        "payable": 9_000,
    }
    return await OrderLine.create(order_id=order_id, **defaults | columns)
