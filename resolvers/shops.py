"""Answers for shops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import msgspec

from kit import clock
from kit.errors import NotFound
from kit.hidden import Hidden
from kit.money import Money
from kit.page import Connection, Edge, Page, connection
from kit.ports import Recall
from kit.sealing import SealBroken
from kit.viewer import Viewer
from models.feeds import equal
from models.reading import Cut
from models.scope import Scope
from models.shops import reads
from models.shops.rows import BranchRow, NearbyRow, NoticeRow, ShopRow, StaffRow
from models.states import Trade
from resolvers.context import Loads, Tools
from resolvers.feeds import listed, listed_within
from resolvers.keys import ById, Since, found, ids_of
from resolvers.lists import made_once, owned
from resolvers.sealed import SealedColumn
from services import shops as rules
from services.shops import ShopHat

__all__ = ["BranchRow", "NoticeRow", "ShopHat", "ShopRow", "StaffRow"]

_NAME = SealedColumn("staff", "name_sealed", keeper="shop_id")


@dataclass(frozen=True, slots=True)
class ShopsPage(Page):
    trade: Trade | None = None
    city: str | None = None


class MemberRef(msgspec.Struct, frozen=True, gc=False):
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
class OfMember:
    """The argument of a field about one member."""

    member_id: str


class Nearby(msgspec.Struct, frozen=True, gc=False):
    """How far a shop is: what belongs to the edge of a list of nearby shops."""

    branch: BranchRow
    distance_metres: int
    delivery_minutes: int


class DeliveryZone(msgspec.Struct, frozen=True, gc=False):
    metres: int
    minimum: Money
    fee: Money
    preparation_minutes: int


class OpeningHours(msgspec.Struct, frozen=True, gc=False):
    days: list[int]
    opens: str
    closes: str


class Decoration(msgspec.Struct, frozen=True, gc=False):
    theme_color: str
    cover: str
    notice: str
    template: str


class PlaceRow(msgspec.Struct, frozen=True, gc=False):
    latitude: float
    longitude: float


async def shops_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[ShopRow | None]:
    return await loads.many(reads.shops_by_id, ids_of(keys))


async def branches_by_key(keys: Sequence[dict[str, Any]], loads: Loads) -> list[BranchRow | None]:
    return await loads.many(reads.branches_by_id, ids_of(keys))


async def shop(roots: Sequence[Any], args: ById, loads: Loads) -> list[ShopRow | NotFound]:
    return [found("shop", await loads.one(reads.shops_by_id, args.id))] * len(roots)


async def shops(roots: Sequence[Any], args: ShopsPage, loads: Loads) -> list[Connection[ShopRow]]:
    wanted = reads.open_shops(args.trade.value if args.trade else None, args.city)
    return await listed(reads.SHOPS, [wanted], args, loads) * len(roots)


async def nearby_shops(roots: Sequence[Any], args: NearbyPage, loads: Loads) -> list[Connection[ShopRow]]:
    latitude, longitude = rules.steps_of(args.at.latitude, args.at.longitude)
    page, minutes = Page(args.first, args.after), rules.check_wait(args.within)
    start = page.key(int, str)
    near = reads.Near(latitude, longitude, minutes, rules.METRES_PER_MINUTE, Cut(start, page.limit()))
    found = await loads.one(reads.branches_near, near)
    return [made_once(found, lambda rows: _nearby(rows, page))] * len(roots)


def _nearby(found: Sequence[NearbyRow], page: Page) -> Connection[ShopRow]:
    near = connection(found, page, key=lambda row: (row.millimetres_squared, row.branch.id), facts=_how_near)
    return Connection([edge.showing(edge.node.shop) for edge in near.edges], near.page_info)


def _how_near(row: NearbyRow) -> Nearby:
    metres = math.isqrt(row.millimetres_squared) // 1000
    return Nearby(row.branch, metres, rules.delivery_minutes(row.branch.preparation_minutes, metres))


async def branches_of(shops: Sequence[ShopRow], args: Page, loads: Loads) -> list[Connection[BranchRow]]:
    return await owned(reads.BRANCHES, [shop.id for shop in shops], args, loads)


async def staff_of(shops: Sequence[ShopRow], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[StaffRow]]:
    lists = [equal(shop_id=shop.id) for shop in shops]
    return await listed_within(Scope.of(viewer), reads.STAFF, lists, args, loads)


async def names_of(staff: Sequence[StaffRow], tools: Tools, loads: Loads) -> list[str | SealBroken | None]:
    """In full: who works together knows each other's names."""
    return await _NAME.masked(Hidden.reveal, staff, tools, loads)


async def notices_of(shops: Sequence[ShopRow], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[NoticeRow]]:
    lists = [equal(shop_id=shop.id) for shop in shops]
    return await listed_within(Scope.of(viewer), reads.NOTICES, lists, args, loads)


async def shops_of(rows: Sequence[BranchRow | StaffRow], loads: Loads) -> list[ShopRow | None]:
    return await loads.many(reads.shops_by_id, [row.shop_id for row in rows])


async def members_by_key(keys: Sequence[dict[str, Any]]) -> list[MemberRef]:
    return [MemberRef(member_id) for member_id in ids_of(keys)]


async def jobs_of(members: Sequence[MemberRef], args: Page, viewer: Viewer, loads: Loads) -> list[Connection[StaffRow]]:
    lists = [equal(member_id=member.id) for member in members]
    return await listed_within(Scope.of(viewer), reads.STAFF, lists, args, loads)


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


async def hats(roots: Sequence[Any], args: OfMember) -> list[list[ShopHat]]:
    return [await rules.hats_of(args.member_id)] * len(roots)


async def staff_recalls(roots: Sequence[Any], args: Since) -> list[list[Recall]]:
    return [await rules.recalls(args.since)] * len(roots)
