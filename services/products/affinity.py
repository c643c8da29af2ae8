"""What members like, learned from what they buy and look at."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from kit import clock
from kit.ids import new_id
from models.base import unit_of_work
from models.outbox import first_time
from models.products.tables import Affinity, Product
from services.events import Fact, OrderPaid, ProductViewed
from services.products.ranking import Interest, learned

REACTION = "affinity"


async def learn(fact: Fact) -> None:
    """Follow `fact` once, however often it is told: each line of a paid order counts, and each look at a product."""
    if not isinstance(fact, OrderPaid | ProductViewed):
        return
    interest = Interest.BOUGHT if isinstance(fact, OrderPaid) else Interest.VIEWED
    async with unit_of_work("products"):
        if not await first_time("products", fact.id, REACTION, clock.now()):
            return
        for category_id, times in sorted((await _categories_of(fact)).items()):
            await _like(fact.member_id, category_id, interest, fact.at, times=times)


async def _categories_of(fact: OrderPaid | ProductViewed) -> Counter[str]:
    """How often the fact speaks of each category."""
    if isinstance(fact, OrderPaid):
        return Counter(line.category_id for line in fact.lines)
    product = await Product.get_or_none(id=fact.product_id)
    return Counter([product.category_id] if product else [])


async def _like(member_id: str, category_id: str, interest: Interest, at: datetime, *, times: int) -> None:
    known = await Affinity.filter(member_id=member_id, category_id=category_id).select_for_update().first()
    weight = known.weight if known else 0
    for _ in range(times):
        weight = learned(weight, interest, at)
    if known:
        await Affinity.filter(id=known.id).update(weight=weight)
    else:
        await Affinity.create(id=new_id("aff"), member_id=member_id, category_id=category_id, weight=weight)
