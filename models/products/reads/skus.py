"""Reads of SKUs and of what they have cost."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from models.cached import MINUTE, SECOND, cached, cached_lists
from models.products.rows import PriceRow, SkuRow
from models.reading import Order, OwnedRows, fetch, in_order, marks
from models.states import ProductState

SKUS = OwnedRows("products", "sku", "product_id", SkuRow, Order(SkuRow, ("position", "id")))
PRICES = OwnedRows("products", "price_change", "sku_id", PriceRow, Order(PriceRow, ("at", "id"), descending=True))
cached_lists(SKUS, max_age=SECOND)
cached_lists(PRICES, max_age=MINUTE)


@cached(by={"sku": "id"}, also=("product",), max_age=SECOND)
async def skus_by_id(ids: Sequence[str]) -> list[SkuRow | None]:
    """The SKU of each id, where its product is listed."""
    sql = (
        f"SELECT {SkuRow.columns('k')} FROM sku k JOIN product p ON p.id = k.product_id"
        f" WHERE k.id IN ({marks(ids)}) AND p.state = ?"
    )
    rows = await fetch("products", sql, [*ids, ProductState.LISTED.value])
    return in_order(ids, map(SkuRow.read, rows), attrgetter("id"))
