"""What follows from what: the one page of news between domains."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from jobs.erasures import follow_in, write_down
from jobs.exports import make_copy
from services import shops
from services.events import (
    CouponTaken,
    ExportAsked,
    Fact,
    OrderPaid,
    PersonErased,
    ProductViewed,
    ShopDataOpened,
    fact_of,
)
from services.products import affinity, sales

Reaction = Callable[[Fact], Awaitable[None]]

REACTIONS: Mapping[type[Fact], tuple[Reaction, ...]] = {
    OrderPaid: (affinity.learn, sales.count),
    ProductViewed: (affinity.learn,),
    CouponTaken: (),
    ShopDataOpened: (shops.tell,),
    PersonErased: (
        write_down,
        *(partial(follow_in, domain) for domain in ("shops", "products", "orders", "content")),
    ),
    ExportAsked: (make_copy,),
}


async def react(fact_id: str, kind: str, body: dict[str, Any]) -> None:
    """Let every reaction follow the fact. A reaction remembers what it has followed, so a fact may come twice."""
    fact = fact_of(kind, body)
    for reaction in REACTIONS[type(fact)]:
        await reaction(fact)
