"""The reads of shops: each is one statement for any number of keys."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kit.page import Page
from models.reading import Order, OwnedRows, by_id, fetch
from models.shops.rows import BranchRow, NearbyRow, ShopRow, StaffRow
from models.states import ShopState

MILLIMETRES_PER_STEP = 111
"""North-south length of a millionth of a degree: 111.32 mm, kept whole so that both databases count alike."""

BRANCHES = OwnedRows("shops", "branch", "shop_id", BranchRow, Order(BranchRow, ("id",)))
STAFF = OwnedRows("shops", "staff", "shop_id", StaffRow, Order(StaffRow, ("id",)))
JOBS = OwnedRows("shops", "staff", "member_id", StaffRow, Order(StaffRow, ("id",)))
NEAREST_FIRST = Order(BranchRow, ("b.apart", "b.id"))
BEST_FIRST = Order(ShopRow, ("rating", "id"), descending=True)


async def shops_by_id(ids: Sequence[str]) -> list[ShopRow | None]:
    return await by_id("shops", "shop", ShopRow, ids)


async def branches_by_id(ids: Sequence[str]) -> list[BranchRow | None]:
    return await by_id("shops", "branch", BranchRow, ids)


async def best_shops(trade: str | None, city: str | None, page: Page) -> list[ShopRow]:
    """Open shops, the best rated first."""
    wanted = {"state": ShopState.OPEN.value} | {k: v for k, v in (("trade", trade), ("city", city)) if v is not None}
    later, values = BEST_FIRST.after(BEST_FIRST.start(page))
    where = " AND ".join([*(f"{column} = ?" for column in wanted), later])
    sql = f"SELECT {ShopRow.columns('s')} FROM shop s WHERE {where} ORDER BY {BEST_FIRST.sql()} LIMIT ?"
    return [ShopRow.read(row) for row in await fetch("shops", sql, [*wanted.values(), *values, page.limit()])]


async def count_shops(filters: Sequence[tuple[str | None, str | None]]) -> list[int]:
    """How many open shops there are of each trade and city; None means any."""
    sql = "SELECT trade, city, COUNT(*) AS shops FROM shop WHERE state = ? GROUP BY trade, city"
    rows = await fetch("shops", sql, [ShopState.OPEN.value])

    def counted(trade: str | None, city: str | None) -> int:
        return sum(row["shops"] for row in rows if trade in (None, row["trade"]) and city in (None, row["city"]))

    return [counted(*wanted) for wanted in filters]


async def branches_near(
    latitude: int, longitude: int, page: Page, *, minutes: int, metres_per_minute: int
) -> list[NearbyRow]:
    """For each open shop the nearest branch that delivers to the point within `minutes`, the nearest shop first.

    Distances are straight and flat, which is exact enough within a city: 0.3 % at 20 km.
    """
    east = max(1, round(MILLIMETRES_PER_STEP * math.cos(math.radians(latitude / 1e6))))
    north_metres, east_metres = f"(b.latitude - ?) * {MILLIMETRES_PER_STEP}", f"(b.longitude - ?) * {east}"
    measured = (
        f"SELECT b.*, {north_metres} * ({north_metres}) + {east_metres} * ({east_metres}) AS apart FROM branch b"
        " WHERE b.delivers = ? AND b.latitude BETWEEN ? AND ? AND b.longitude BETWEEN ? AND ?"
    )
    ride = f"({minutes} - b.preparation_minutes) * {metres_per_minute * 1000}"
    reachable = (
        "SELECT b.*, ROW_NUMBER() OVER (PARTITION BY b.shop_id ORDER BY b.apart, b.id) AS place"
        f" FROM ({measured}) b WHERE b.preparation_minutes <= {minutes} AND b.apart <= {ride} * ({ride})"
        " AND b.apart <= b.delivery_metres * 1000 * (b.delivery_metres * 1000)"
    )
    shop = ", ".join(f"s.{name} AS shop_{name}" for name in ShopRow.__struct_fields__)
    later, start = NEAREST_FIRST.after(page.key(int, str))
    sql = (
        f"SELECT {BranchRow.columns('b')}, b.apart, {shop} FROM ({reachable}) b JOIN shop s ON s.id = b.shop_id"
        f" WHERE b.place = 1 AND s.state = ? AND {later} ORDER BY {NEAREST_FIRST.sql()} LIMIT ?"
    )
    reach = minutes * metres_per_minute * 1000
    north_steps, east_steps = reach // MILLIMETRES_PER_STEP + 1, reach // east + 1
    box = [latitude - north_steps, latitude + north_steps, longitude - east_steps, longitude + east_steps]
    point = [latitude, latitude, longitude, longitude]
    rows = await fetch("shops", sql, [*point, True, *box, ShopState.OPEN.value, *start, page.limit()])
    return [_nearby(row) for row in rows]


def _nearby(row: dict[str, Any]) -> NearbyRow:
    shop = ShopRow.read({name: row[f"shop_{name}"] for name in ShopRow.__struct_fields__})
    branch = BranchRow.read({name: row[name] for name in BranchRow.__struct_fields__})
    return NearbyRow(shop, branch, row["apart"])
