"""What follows from what: the one page of news between domains."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from services import shops
from services.events import CouponTaken, Fact, OrderPaid, ProductViewed, ShopDataOpened, fact_of
from services.products import affinity, sales

Reaction = Callable[[Fact], Awaitable[None]]

REACTIONS: Mapping[type[Fact], tuple[Reaction, ...]] = {
    OrderPaid: (affinity.learn, sales.count),
    ProductViewed: (affinity.learn,),
    CouponTaken: (),
    ShopDataOpened: (shops.tell,),
}


async def react(fact_id: str, kind: str, body: dict[str, Any]) -> None:
    """Let every reaction follow the fact. A reaction remembers what it has followed, so a fact may come twice."""
    fact = fact_of(kind, body)
    for reaction in REACTIONS[type(fact)]:
        await reaction(fact)
