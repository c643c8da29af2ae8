"""The rules of shops: how long a delivery takes, and when a branch is open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from kit import clock
from kit.clock import SHANGHAI
from kit.errors import Invalid, NotFound
from kit.ids import new_id
from kit.ports import Recall
from models.base import unit_of_work
from models.outbox import first_time
from models.recalls import recall, recalls_since
from models.shops import reads
from models.shops.tables import Notice, ShopsRecall, Staff
from models.states import NoticeKind, StaffRole
from services.events import Fact, ShopDataOpened

REACTION = "notices"
METRES_PER_MINUTE = 190
"""How far a rider comes in a minute, in a straight line: 15 km/h, and streets are 1.3 times longer."""

MOST_HATS = 50
"""Shops in which a person may act by one token."""

LONGEST_WAIT = 120
"""Minutes; whatever takes longer is not called delivery nearby."""


async def places() -> dict[str, tuple[str, str]]:
    """Every shop's trade and city, by its id."""
    return await reads.trade_and_city()


async def tell(fact: Fact) -> None:
    """Put what the platform has opened of a shop among its notices, once, however often it is told."""
    if not isinstance(fact, ShopDataOpened):
        return
    async with unit_of_work("shops"):
        if await first_time("shops", fact.id, REACTION, clock.now()):
            await Notice.create(
                id=new_id("ntc"),
                shop_id=fact.shop_id,
                kind=NoticeKind.ORDERS_OPENED,
                about_id=fact.case_id,
                until=fact.until,
                at=fact.at,
            )


def delivery_minutes(preparation_minutes: int, metres: int) -> int:
    """Minutes from the order to the buyer's door."""
    return preparation_minutes + math.ceil(metres / METRES_PER_MINUTE)


def steps_of(latitude: float, longitude: float) -> tuple[int, int]:
    """A point in millionths of a degree. Raises Invalid where it is off the globe."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Invalid("coordinate.off_globe", "latitude is from -90 to 90 and longitude from -180 to 180")
    return round(latitude * 1_000_000), round(longitude * 1_000_000)


def check_wait(minutes: int) -> int:
    """`minutes` as asked for. Raises Invalid where nobody delivers so."""
    if not 1 <= minutes <= LONGEST_WAIT:
        raise Invalid("nearby.minutes", f"within must be from 1 to {LONGEST_WAIT} minutes")
    return minutes


@lru_cache(maxsize=1)
def _day_and_time(at: datetime) -> tuple[int, str]:
    """The day of the week and the time of day in the mall, the same for all branches that are asked about at once."""
    local = at.astimezone(SHANGHAI)
    return local.isoweekday(), local.strftime("%H:%M")


def is_open(opening_hours: Sequence[dict[str, Any]], at: datetime) -> bool:
    """Whether a branch is open at `at`; hours past midnight belong to the day on which they began."""
    today, clock = _day_and_time(at)
    yesterday = (today - 2) % 7 + 1
    for hours in opening_hours:
        opens, closes = hours["opens"], hours["closes"]
        if opens < closes and today in hours["days"] and opens <= clock < closes:
            return True
        if opens >= closes and (
            (today in hours["days"] and clock >= opens) or (yesterday in hours["days"] and clock < closes)
        ):
            return True
    return False


@dataclass(frozen=True, slots=True)
class ShopHat:
    """What a person does in a shop."""

    shop_id: str
    role: StaffRole


async def hats_of(member_id: str) -> list[ShopHat]:
    """Where a person works, and as what."""
    jobs = await Staff.filter(member_id=member_id).order_by("id").limit(MOST_HATS).values_list("shop_id", "role")
    return [ShopHat(shop_id, role) for shop_id, role in jobs]


async def recalls(since: datetime) -> list[Recall]:
    """Persons whose work in a shop changed since a moment: their tokens of before do not hold for shops."""
    return await recalls_since(ShopsRecall, since)


async def change_role(staff_id: str, role: StaffRole, *, shop_id: str) -> None:
    """Let a person of the shop do something else there. Raises NotFound. Runs in the caller's transaction."""
    person = await _at_work(staff_id, shop_id)
    if person.role is not role:
        await person.update_from_dict({"role": role}).save()
        await call_back([person.member_id])


async def dismiss(staff_id: str, *, shop_id: str) -> None:
    """A person does not work in the shop any more. Raises NotFound. Runs in the caller's transaction."""
    person = await _at_work(staff_id, shop_id)
    await person.delete()
    await call_back([person.member_id])


async def _at_work(staff_id: str, shop_id: str) -> Staff:
    person = await Staff.filter(shop_id=shop_id).select_for_update().get_or_none(id=staff_id)
    if person is None:
        raise NotFound("staff.unknown", "there is no such person in the shop")
    return person


async def call_back(member_ids: Iterable[str]) -> None:
    """Tokens of persons whose work in a shop was changed do not hold any more. Runs in the caller's transaction."""
    for member_id in member_ids:
        await recall(ShopsRecall, member_id)
