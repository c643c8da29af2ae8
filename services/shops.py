"""The rules of shops: how long a delivery takes, and when a branch is open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from kit import clock
from kit.clock import SHANGHAI
from kit.errors import Invalid
from kit.ids import new_id
from models.base import unit_of_work
from models.outbox import first_time
from models.shops import reads
from models.shops.tables import Notice
from models.states import NoticeKind
from services.events import Fact, ShopDataOpened

REACTION = "notices"
METRES_PER_MINUTE = 190
"""How far a rider comes in a minute, in a straight line: 15 km/h, and streets are 1.3 times longer."""

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
        raise Invalid("nearby.minutes", f"within must be from 1 to {LONGEST_WAIT} minutes, not {minutes}")
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
