"""A month of the market is published once, in sums and bands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from jobs.market import publish_months
from kit import clock
from kit.clock import SHANGHAI
from models.base import unit_of_work
from models.orders.market import MarketCell, MarketMonth, ShopBand
from models.states import OrderState, ShopTier, ShopTrend
from services.orders import market
from tests.factories import orders as make
from tests.factories import shops
from tests.support.moments import NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database")

OCTOBER, NOVEMBER = datetime(2026, 10, 15, tzinfo=SHANGHAI), datetime(2026, 11, 15, tzinfo=SHANGHAI)
SALES = {"shp_a": 900, "shp_b": 800, "shp_c": 700, "shp_d": 600, "shp_e": 500, "shp_f": 400}
PLACES = dict.fromkeys(SALES, ("FRESH", "上海"))


async def bought(shop_id: str, amount: int, *, buyers: int = 6, at: datetime = OCTOBER, **columns: Any) -> None:
    for buyer in range(buyers):
        await make.order(f"mbr_{buyer}", shop_id=shop_id, payable=amount, placed_at=at, paid_at=at, **columns)


async def a_month(at: datetime = OCTOBER) -> None:
    """Six shops of one trade and city, six buyers."""
    for shop_id, amount in SALES.items():
        await bought(shop_id, amount, at=at)


async def published(month: str = "2026-10") -> None:
    async with unit_of_work("orders"):
        await market.publish(month, PLACES)


async def test_sums_of_a_month_are_published() -> None:
    await a_month()
    await published()
    cells = (
        await MarketCell.all().order_by("trade", "city").values("trade", "city", "shops", "buyers", "orders", "amount")
    )
    sums = {"shops": 6, "buyers": 6, "orders": 36, "amount": 6 * 3_900}
    assert cells == [
        {"trade": trade, "city": city, **sums} for trade, city in (("", ""), ("FRESH", ""), ("FRESH", "上海"))
    ]


async def test_what_was_not_paid_in_the_month_does_not_count() -> None:
    await a_month()
    await bought("shp_a", 1_000, at=NOVEMBER)
    await make.order("mbr_7", shop_id="shp_a", state=OrderState.PLACED, paid_at=None, placed_at=OCTOBER)
    await published()
    assert (await MarketCell.get(trade="")).orders == 36


async def test_a_month_too_thin_publishes_bands_without_score_and_no_sums() -> None:
    await bought("shp_a", 900, buyers=4)
    await published()
    assert await MarketCell.all().count() == 0
    assert await ShopBand.all().values("shop_id", "tier", "score", "trend") == [
        {"shop_id": "shp_a", "tier": ShopTier.NEW, "score": None, "trend": None}
    ]


async def test_bands_rank_the_shops_of_a_trade_and_compare_with_the_month_before() -> None:
    await a_month()
    await bought("shp_a", 900, at=datetime(2026, 9, 15, tzinfo=SHANGHAI))
    await bought("shp_b", 400, at=datetime(2026, 9, 15, tzinfo=SHANGHAI))
    await bought("shp_c", 900, at=datetime(2026, 9, 15, tzinfo=SHANGHAI))
    await bought("shp_f", 1, buyers=1, state=OrderState.REFUNDED)
    await published()
    bands = await ShopBand.all().order_by("shop_id").values_list("tier", "score", "trend")
    assert bands == [
        (ShopTier.LEADING, 100, ShopTrend.FLAT),
        (ShopTier.LEADING, 100, ShopTrend.UP),
        (ShopTier.SOLID, 100, ShopTrend.DOWN),
        (ShopTier.SMALL, 100, None),
        (ShopTier.SMALL, 100, None),
        (ShopTier.SMALL, 80, None),
    ]


async def test_a_published_month_is_never_published_again() -> None:
    await a_month()
    await published()
    with pytest.raises(IntegrityError):
        await published()
    assert await MarketMonth.all().count() == 1


async def test_the_job_publishes_every_closed_month_once() -> None:
    for shop_id in SALES:
        await shops.shop(id=shop_id)
    await a_month(datetime(2026, 8, 31, 23, 59, tzinfo=SHANGHAI))
    await a_month()
    with clock.at(datetime(2026, 11, 1, tzinfo=SHANGHAI)):
        assert await publish_months() == 3
        assert await publish_months() == 0
    assert await MarketMonth.all().order_by("month").values_list("month", flat=True) == [
        "2026-08",
        "2026-09",
        "2026-10",
    ]
    assert await MarketCell.filter(trade="").order_by("month").values_list("month", flat=True) == ["2026-08", "2026-10"]


async def test_the_running_month_waits() -> None:
    await a_month(NOON)
    with clock.at(NOON):
        assert await market.due_months() == []


async def test_nothing_to_publish_asks_for_no_shops() -> None:
    with counted_statements() as statements:
        assert await publish_months() == 0
    assert statements.by_domain == {"orders": 2}
