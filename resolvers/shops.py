"""Answers for shops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from kit import clock
from kit.errors import NotFound
from kit.money import Money
from kit.page import Connection, Edge, Page, connection
from models.shops import reads
from models.shops.rows import BranchRow, NearbyRow, ShopRow, StaffRow
from models.states import Trade
from resolvers.context import Loads
from resolvers.keys import ById, found, ids_of
from resolvers.lists import Counted, owned
from services import shops as rules

__all__ = ["BranchRow", "ShopRow", "StaffRow"]


@dataclass(frozen=True, slots=True)
class ShopsPage(Page):
    trade: Trade | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member of whom only the id is known here."""

    id: str

    @property
    def member_id(self) -> str:
        return self.id


class Point(Protocol):
    """A point in degrees, GCJ-02."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class NearbyPage:
    at: Point
    first: int
    after: str | None = None
    within: int = 30


@dataclass(frozen=True, slots=True)
class Nearby:
    """How far a shop is: what belongs to the edge of a list of nearby shops."""

    branch: BranchRow
    distance_metres: int
    delivery_minutes: int


@dataclass(frozen=True, slots=True)
class DeliveryZone:
    metres: int
    minimum: Money
    fee: Money
    preparation_minutes: int


@dataclass(frozen=True, slots=True)
class OpeningHours:
    days: list[int]
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Decoration:
    theme_color: str
    cover: str
    notice: str
    template: str


@dataclass(frozen=True, slots=True)
class PlaceRow:
    latitude: float
    longitude: float


async def shops_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[ShopRow | None]:
    return await loads.many(reads.shops_by_id, ids_of(keys))


async def branches_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[BranchRow | None]:
    return await loads.many(reads.branches_by_id, ids_of(keys))


async def shop(roots: Sequence[Any], args: ById, loads: Loads) -> list[ShopRow | NotFound]:
    return [found("shop", await loads.one(reads.shops_by_id, args.id))] * len(roots)


async def shops(roots: Sequence[Any], args: ShopsPage) -> list[Connection[ShopRow]]:
    trade = args.trade.value if args.trade else None
    found = await reads.best_shops(trade, args.city, args)
    counted = Counted(reads.count_shops, (trade, args.city))
    return [connection(found, args, key=reads.BEST_FIRST.key_of, of=counted)] * len(roots)


async def nearby_shops(roots: Sequence[Any], args: NearbyPage) -> list[Connection[ShopRow]]:
    latitude, longitude = rules.steps_of(args.at.latitude, args.at.longitude)
    page, minutes = Page(args.first, args.after), rules.check_wait(args.within)
    found = await reads.branches_near(
        latitude, longitude, page, minutes=minutes, metres_per_minute=rules.METRES_PER_MINUTE
    )
    listed = connection(found, page, key=lambda near: (near.millimetres_squared, near.branch.id), facts=_how_near)
    edges = [Edge(edge.node.shop, edge.cursor, edge.facts) for edge in listed.edges]
    return [Connection(edges, listed.page_info)] * len(roots)


def _how_near(row: NearbyRow) -> Nearby:
    metres = math.isqrt(row.millimetres_squared) // 1000
    return Nearby(row.branch, metres, rules.delivery_minutes(row.branch.preparation_minutes, metres))


async def branches_of(shops: Sequence[ShopRow], args: Page) -> list[Connection[BranchRow]]:
    return await owned(reads.BRANCHES, [shop.id for shop in shops], args)


async def staff_of(shops: Sequence[ShopRow], args: Page) -> list[Connection[StaffRow]]:
    return await owned(reads.STAFF, [shop.id for shop in shops], args)


async def shops_of(rows: Sequence[BranchRow | StaffRow], loads: Loads) -> list[ShopRow | None]:
    return await loads.many(reads.shops_by_id, [row.shop_id for row in rows])


async def members_by_key(keys: Sequence[dict[str, Any]]) -> list[MemberRef]:
    return [MemberRef(member_id) for member_id in ids_of(keys)]


async def jobs_of(members: Sequence[MemberRef], args: Page) -> list[Connection[StaffRow]]:
    return await owned(reads.JOBS, [member.id for member in members], args)


async def places_of(branches: Sequence[BranchRow]) -> list[PlaceRow]:
    return [PlaceRow(branch.latitude / 1e6, branch.longitude / 1e6) for branch in branches]


async def open_now(branches: Sequence[BranchRow]) -> list[bool]:
    now: datetime = clock.now()
    return [rules.is_open(branch.opening_hours, now) for branch in branches]


async def zones_of(branches: Sequence[BranchRow]) -> list[DeliveryZone | None]:
    return [
        DeliveryZone(
            branch.delivery_metres,
            Money(branch.delivery_minimum),
            Money(branch.delivery_fee),
            branch.preparation_minutes,
        )
        if branch.delivers
        else None
        for branch in branches
    ]


async def hours_of(branches: Sequence[BranchRow]) -> list[list[OpeningHours]]:
    return [[OpeningHours(**hours) for hours in branch.opening_hours] for branch in branches]


async def decorations_of(shops: Sequence[ShopRow]) -> list[Decoration]:
    return [Decoration(**shop.decoration) for shop in shops]


async def branch_nearby(edges: Sequence[Edge[ShopRow]]) -> list[BranchRow]:
    return [edge.facts.branch for edge in edges]


async def distance_nearby(edges: Sequence[Edge[ShopRow]]) -> list[int]:
    return [edge.facts.distance_metres for edge in edges]


async def minutes_nearby(edges: Sequence[Edge[ShopRow]]) -> list[int]:
    return [edge.facts.delivery_minutes for edge in edges]
