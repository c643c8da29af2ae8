"""What sells: counted from orders' facts, and ranked by."""

from __future__ import annotations

from collections import Counter

from tortoise.expressions import F

from kit import clock
from models.base import unit_of_work
from models.outbox import first_time
from models.products.tables import Category, Product
from services.events import Fact, OrderPaid
from services.products.ranking import score_of

REACTION = "sales"


async def count(fact: Fact) -> None:
    """Count the units of a paid order once, however often it is told, and rank its products anew."""
    if not isinstance(fact, OrderPaid):
        return
    products: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for line in fact.lines:
        products[line.product_id] += line.quantity
        categories[line.category_id] += line.quantity
    async with unit_of_work("products"):
        if not await first_time("products", fact.id, REACTION, clock.now()):
            return
        for product_id, units in sorted(products.items()):
            await _sold(product_id, units)
        for category_id, units in sorted(categories.items()):
            await Category.filter(id=category_id).update(popularity=F("popularity") + units)


async def _sold(product_id: str, units: int) -> None:
    product = await Product.filter(id=product_id).select_for_update().first()
    if product is None:
        return
    sales = product.sales + units
    score = score_of(sales, product.rating, product.rating_count)
    await Product.filter(id=product_id).update(sales=sales, score=score)
