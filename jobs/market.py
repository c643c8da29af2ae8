"""Publishes what the platform may know of the market, month by month."""

from __future__ import annotations

from models.base import unit_of_work
from services import shops
from services.orders import market


async def publish_months() -> int:
    """Publish every month that is over and not published; how many those were."""
    months = await market.due_months()
    places = await shops.places() if months else {}
    for month in months:
        async with unit_of_work("orders"):
            await market.publish(month, places)
    return len(months)
