"""The reads of the market: what publishing sums up, and what was published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models.feeds import Feed
from models.orders.rows import BandRow, CellRow
from models.reading import Order, OwnedRows, fetch, moment
from models.states import OrderState

CELLS = Feed("orders", "market_cell", CellRow, Order(CellRow, ("trade", "city", "id")))
BANDS = OwnedRows("orders", "shop_band", "shop_id", BandRow, Order(BandRow, ("month", "id"), descending=True))


async def sales_between(start: datetime, end: datetime) -> list[dict[str, Any]]:
    """What each buyer paid each shop: `shop_id`, `member_id`, `orders`, `refunded` ones of them, `amount` in fen."""
    sql = (
        "SELECT shop_id, member_id, COUNT(*), SUM(payable),"
        " SUM(CASE WHEN state = ? THEN 1 ELSE 0 END)"
        " FROM shop_order WHERE paid_at >= ? AND paid_at < ? GROUP BY shop_id, member_id"
    )
    rows = await fetch("orders", sql, [OrderState.REFUNDED.value, start, end])
    return [
        {"shop_id": shop, "member_id": member, "orders": orders, "amount": int(amount), "refunded": int(refunded)}
        for shop, member, orders, amount, refunded in rows
    ]


async def first_payment() -> datetime | None:
    """When the first order was paid."""
    [(first,)] = await fetch("orders", "SELECT MIN(paid_at) FROM shop_order")
    return moment(first) if first else None


async def published_months() -> set[str]:
    """The months whose sums are published."""
    return {month for (month,) in await fetch("orders", "SELECT month FROM market_month")}
