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

SMALLEST_RING = 250_000
"""Millimetres: in a dense city that many shops are so near that a page is full."""

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

    The page is filled ring by ring around the point, so that what is read does not grow with the city. An index alone
    tells which branches are in a ring; only those of the page are then looked up.
    """
    start = asked.cut.start
    rings = [_ring(asked, inner, outer) for inner, outer in _rings(asked) if start is None or start[0] <= outer**2]
    page = " UNION ALL ".join(f"SELECT * FROM ({ring.sql}) r" for ring in rings)
    sql = (
        f"SELECT {ShopRow.columns('s')}, {BranchRow.columns('b')}, n.apart FROM ({page} LIMIT ?) n"
        " JOIN branch b ON b.id = n.id JOIN shop s ON s.id = n.shop_id ORDER BY n.apart, n.id"
    )
    rows = await fetch("shops", sql, [*(value for ring in rings for value in ring.values), asked.cut.limit])
    return [_nearby(row) for row in rows]


def _rings(asked: Near) -> list[tuple[int, int]]:
    """The inner and outer radius of each ring, in millimetres: how far a rider comes in time, half of that, and on."""
    radii = [asked.minutes * asked.metres_per_minute * 1000]
    while radii[0] > 2 * SMALLEST_RING:
        radii.insert(0, radii[0] // 2)
    return list(zip([0, *radii], radii, strict=False))


def _ring(asked: Near, inner: int, outer: int) -> Condition:
    """Selects a page of the open shops whose nearest branch that delivers to the point in time is in a ring."""
    later, start = NEAREST_FIRST.after(asked.cut.start)
    east = _east(asked)
    north_steps, east_steps = outer // MILLIMETRES_PER_STEP + 1, outer // east + 1
    box = _delivering(asked, "x.latitude BETWEEN ? AND ? AND x.longitude BETWEEN ? AND ?")
    others = _delivering(asked, "1 = 1")
    sql = (
        f"SELECT b.id, b.shop_id, b.apart FROM ({box.sql}) b JOIN shop s ON s.id = b.shop_id"
        f" WHERE b.apart > ? AND b.apart <= ? AND {_in_time(asked, 'b')} AND s.state = ? AND {later} AND NOT EXISTS"
        f" (SELECT 1 FROM ({others.sql}) o WHERE o.shop_id = b.shop_id AND {_in_time(asked, 'o')}"
        " AND (o.apart < b.apart OR (o.apart = b.apart AND o.id < b.id)))"
        f" ORDER BY {NEAREST_FIRST.sql()} LIMIT ?"
    )
    latitude, longitude = asked.latitude, asked.longitude
    sides = (latitude - north_steps, latitude + north_steps, longitude - east_steps, longitude + east_steps)
    further = -1 if inner == 0 else inner**2
    ends = (further, outer**2, ShopState.OPEN.value, *start)
    return Condition(sql, (*box.values, *sides, *ends, *others.values, asked.cut.limit))


def _delivering(asked: Near, where: str) -> Condition:
    """Selects the branches `x` that deliver, and the square of how many millimetres each is `apart` from the point."""
    north_metres, east_metres = f"(x.latitude - ?) * {MILLIMETRES_PER_STEP}", f"(x.longitude - ?) * {_east(asked)}"
    apart = f"{north_metres} * ({north_metres}) + {east_metres} * ({east_metres})"
    sql = (
        f"SELECT x.id, x.shop_id, x.preparation_minutes, x.delivery_metres, {apart} AS apart FROM branch x"
        f" WHERE x.delivers = ? AND {where}"
    )
    return Condition(sql, (asked.latitude, asked.latitude, asked.longitude, asked.longitude, True))


def _in_time(asked: Near, branch: str) -> str:
    """Whether a rider of the branch comes that far, and in time."""
    ride = f"({asked.minutes} - {branch}.preparation_minutes) * {asked.metres_per_minute * 1000}"
    return (
        f"{branch}.preparation_minutes <= {asked.minutes} AND {branch}.apart <= {ride} * ({ride})"
        f" AND {branch}.apart <= {branch}.delivery_metres * 1000 * ({branch}.delivery_metres * 1000)"
    )


def _east(asked: Near) -> int:
    """East-west length of a millionth of a degree at the point, in millimetres."""
    return max(1, round(MILLIMETRES_PER_STEP * math.cos(math.radians(asked.latitude / 1e6))))


def _nearby(row: Columns) -> NearbyRow:
    shop = len(ShopRow.__struct_fields__)
    return NearbyRow(ShopRow.read(row[:shop]), BranchRow.read(row[shop:-1]), row[-1])


async def trade_and_city() -> dict[str, tuple[str, str]]:
    """Of every shop, by id."""
    rows = await fetch("shops", "SELECT id, trade, city FROM shop")
    return {shop_id: (trade, city) for shop_id, trade, city in rows}
