"""The reads of shops: each is one statement for any number of keys."""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec

from models.cached import MINUTE, cached, cached_lists
from models.feeds import Condition, Feed, equal
from models.reading import Columns, Cut, Order, OwnedRows, by_id, fetch
from models.scope import Owners, PrivateFeed
from models.shops.rows import BranchRow, NearbyRow, NoticeRow, ShopRow, StaffRow
from models.states import ShopState

MILLIMETRES_PER_STEP = 111
"""North-south length of a millionth of a degree: 111.32 mm, kept whole so that both databases count alike."""

BRANCHES = OwnedRows("shops", "branch", "shop_id", BranchRow, Order(BranchRow, ("id",)))
STAFF = PrivateFeed("shops", "staff", StaffRow, Order(StaffRow, ("id",)), Owners(person="member_id", shop="shop_id"))
NOTICES = PrivateFeed(
    "shops", "notice", NoticeRow, Order(NoticeRow, ("at", "id"), descending=True), Owners(shop="shop_id")
)
NEAREST_FIRST = Order(BranchRow, ("b.apart", "b.id"))
BEST_FIRST = Order(ShopRow, ("rating", "id"), descending=True)
SHOPS = Feed("shops", "shop", ShopRow, BEST_FIRST)
cached_lists(BRANCHES, max_age=MINUTE)
cached_lists(SHOPS, max_age=MINUTE)


@cached(by={"shop": "id"}, max_age=MINUTE)
async def shops_by_id(ids: Sequence[str]) -> list[ShopRow | None]:
    return await by_id("shops", "shop", ShopRow, ids)


@cached(by={"branch": "id"}, max_age=MINUTE)
async def branches_by_id(ids: Sequence[str]) -> list[BranchRow | None]:
    return await by_id("shops", "branch", BranchRow, ids)


def open_shops(trade: str | None, city: str | None) -> Condition:
    """The open shops of a trade and a city; None means any."""
    wanted = {"state": ShopState.OPEN.value, "trade": trade, "city": city}
    return equal(**{column: value for column, value in wanted.items() if value is not None})


class Near(msgspec.Struct, frozen=True, gc=False):
    """A page of the shops that deliver to a point (millionths of a degree) within `minutes`."""

    latitude: int
    longitude: int
    minutes: int
    metres_per_minute: int
    cut: Cut


@cached(also=("branch", "shop"), max_age=MINUTE)
async def branches_near(asked: Sequence[Near]) -> list[list[NearbyRow]]:
    """For each open shop the nearest branch that delivers to the point in time, the nearest shop first."""
    return [await _near(one) for one in asked]


async def _near(asked: Near) -> list[NearbyRow]:
    """Distances are straight and flat, which is exact enough within a city: 0.3 % at 20 km.

    An index alone tells which branches are in reach; only those of the page are then looked up.
    """
    reached = _in_reach(asked)
    later, start = NEAREST_FIRST.after(asked.cut.start)
    page = (
        f"SELECT b.id, b.shop_id, b.apart FROM ({reached.sql}) b JOIN shop s ON s.id = b.shop_id"
        f" WHERE b.place = 1 AND s.state = ? AND {later} ORDER BY {NEAREST_FIRST.sql()} LIMIT ?"
    )
    sql = (
        f"SELECT {ShopRow.columns('s')}, {BranchRow.columns('b')}, n.apart"
        f" FROM ({page}) n JOIN branch b ON b.id = n.id JOIN shop s ON s.id = n.shop_id ORDER BY n.apart, n.id"
    )
    rows = await fetch("shops", sql, [*reached.values, ShopState.OPEN.value, *start, asked.cut.limit])
    return [_nearby(row) for row in rows]


def _in_reach(asked: Near) -> Condition:
    """Selects the branches that deliver to the point in time, with their `place` among those of their shop."""
    latitude, longitude, minutes = asked.latitude, asked.longitude, asked.minutes
    east = max(1, round(MILLIMETRES_PER_STEP * math.cos(math.radians(latitude / 1e6))))
    north_metres, east_metres = f"(b.latitude - ?) * {MILLIMETRES_PER_STEP}", f"(b.longitude - ?) * {east}"
    apart = f"{north_metres} * ({north_metres}) + {east_metres} * ({east_metres})"
    boxed = (
        f"SELECT b.id, b.shop_id, b.preparation_minutes, b.delivery_metres, {apart} AS apart FROM branch b"
        " WHERE b.delivers = ? AND b.latitude BETWEEN ? AND ? AND b.longitude BETWEEN ? AND ?"
    )
    ride = f"({minutes} - b.preparation_minutes) * {asked.metres_per_minute * 1000}"
    sql = (
        "SELECT b.id, b.shop_id, b.apart, ROW_NUMBER() OVER (PARTITION BY b.shop_id ORDER BY b.apart, b.id) AS place"
        f" FROM ({boxed}) b WHERE b.preparation_minutes <= {minutes} AND b.apart <= {ride} * ({ride})"
        " AND b.apart <= b.delivery_metres * 1000 * (b.delivery_metres * 1000)"
    )
    reach = minutes * asked.metres_per_minute * 1000
    north_steps, east_steps = reach // MILLIMETRES_PER_STEP + 1, reach // east + 1
    box = [latitude - north_steps, latitude + north_steps, longitude - east_steps, longitude + east_steps]
    return Condition(sql, (latitude, latitude, longitude, longitude, True, *box))


def _nearby(row: Columns) -> NearbyRow:
    shop = len(ShopRow.__struct_fields__)
    return NearbyRow(ShopRow.read(row[:shop]), BranchRow.read(row[shop:-1]), row[-1])


async def trade_and_city() -> dict[str, tuple[str, str]]:
    """Of every shop, by id."""
    rows = await fetch("shops", "SELECT id, trade, city FROM shop")
    return {shop_id: (trade, city) for shop_id, trade, city in rows}
