"""Rows of shops with sensible values, for tests that care about a few of them."""

from __future__ import annotations

from typing import Any

from kit.sealing import Spot
from models.shops.tables import Branch, Shop, Staff
from models.states import ShopState, StaffRole, Trade
from tests.factories import keys
from tests.factories.ids import fresh
from tests.support.moments import DAY, NOON

PEOPLES_SQUARE = (31_230_400, 121_473_700)
"""Millionths of a degree: the middle of Shanghai."""
ALWAYS = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "00:00"}]


async def shop(**columns: Any) -> Shop:
    """An open shop in Shanghai."""
    defaults = {
        "id": fresh("shp"),
        "name": "一叶茶铺",
        "slogan": "好茶，慢慢喝",
        "trade": Trade.RETAIL,
        "city": "上海",
        "logo": "https://img.example/logo.png",
        "state": ShopState.OPEN,
        "rating": 480,
        "rating_count": 120,
        "followers": 900,
        "decoration": {
            "theme_color": "#1d6b3a",
            "cover": "https://img.example/cover.jpg",
            "notice": "满 99 元包邮",
            "template": "plain",
        },
        "opened_at": NOON - 400 * DAY,
    }
    return await Shop.create(**defaults | columns)


async def branch(shop_id: str, **columns: Any) -> Branch:
    """A branch at People's Square that delivers three kilometres around, ten minutes after the order."""
    latitude, longitude = PEOPLES_SQUARE
    defaults = {
        "id": fresh("brn"),
        "shop_id": shop_id,
        "name": "人民广场店",
        "city": "上海",
        "district": "黄浦",
        "address": "西藏中路 268 号",
        "phone": "021-63500000",
        "latitude": latitude,
        "longitude": longitude,
        "opening_hours": ALWAYS,
        "delivers": True,
        "delivery_metres": 3_000,
        "delivery_minimum": 2_000,
        "delivery_fee": 500,
        "preparation_minutes": 10,
    }
    return await Branch.create(**defaults | columns)


async def staff(shop_id: str, *, name: str = "林叶", **columns: Any) -> Staff:
    """The owner."""
    id_, member_id = columns.pop("id", fresh("stf")), columns.pop("member_id", fresh("mbr"))
    defaults = {
        "id": id_,
        "shop_id": shop_id,
        "member_id": member_id,
        "role": StaffRole.OWNER,
        "name_sealed": await keys.sealed(name, Spot(member_id, "staff", "name_sealed", id_), shop_id),
        "since": NOON - 400 * DAY,
    }
    return await Staff.create(**defaults | columns)
