"""What the platform is told of the market: sums of closed months, and each shop's band, published once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kit import clock
from kit.clock import SHANGHAI
from kit.ids import new_id
from models.orders import market_reads as reads
from models.orders.market import MarketCell, MarketMonth, ShopBand
from models.states import ShopTier, ShopTrend
from services.orders.disclosure import FEWEST, Contribution, Path, publishable

LEADING, SOLID = 20, 50
"""Percent of a trade's shops, from the largest on, down to the end of each tier."""
TREND = 15
"""Percent that sales must change by."""


@dataclass(frozen=True, slots=True)
class Sales:
    """A shop's month."""

    buyers: int
    orders: int
    refunded: int
    amount: int


async def due_months() -> list[str]:
    """The closed months that are not published yet, oldest first."""
    first = await reads.first_payment()
    published = await reads.published_months()
    return [month for month in _closed_months(first) if month not in published] if first else []


def _closed_months(first: datetime) -> Iterator[str]:
    """The months of Shanghai's calendar from the one of `first` to the last that is over."""
    start, now = first.astimezone(SHANGHAI), clock.now().astimezone(SHANGHAI)
    for month in range(start.year * 12 + start.month - 1, now.year * 12 + now.month - 1):
        yield f"{month // 12:04}-{month % 12 + 1:02}"


async def publish(month: str, places: Mapping[str, Path]) -> None:
    """Publish a month's sums and bands. `places` has each shop's trade and city. Runs in the caller's transaction.

    Whoever publishes a month that is published fails on its uniqueness: a second look at the same orders, some of them
    refunded since, would tell the difference.
    """
    sales = [row for row in await reads.sales_between(*_bounds(month)) if row["shop_id"] in places]
    await MarketMonth.create(id=new_id("mkm"), month=month, published_at=clock.now())
    cells = publishable(
        Contribution(places[row["shop_id"]], row["shop_id"], row["member_id"], row["orders"], row["amount"])
        for row in sales
    )
    await MarketCell.bulk_create([MarketCell(**_columns(month, *cell.path), **_sums(cell)) for cell in cells])
    before = _by_shop(await reads.sales_between(*_bounds(_month_before(month))))
    await ShopBand.bulk_create(list(_bands(month, _by_shop(sales), before, places)))


def _bounds(month: str) -> tuple[datetime, datetime]:
    """The first moment of a month, and that of the next."""
    year, number = map(int, month.split("-"))
    start = datetime(year, number, 1, tzinfo=SHANGHAI)
    return start, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=SHANGHAI)


def _month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"


def _columns(month: str, trade: str = "", city: str = "") -> dict[str, Any]:
    return {"id": new_id("mkc"), "month": month, "trade": trade, "city": city}


def _sums(cell: Any) -> dict[str, int]:
    return {name: getattr(cell, name) for name in ("shops", "buyers", "orders", "amount")}


def _by_shop(sales: list[dict[str, Any]]) -> dict[str, Sales]:
    found: dict[str, Sales] = {}
    for row in sales:
        known = found.get(row["shop_id"], Sales(0, 0, 0, 0))
        found[row["shop_id"]] = Sales(
            known.buyers + 1,
            known.orders + row["orders"],
            known.refunded + row["refunded"],
            known.amount + row["amount"],
        )
    return found


def _bands(
    month: str, sales: Mapping[str, Sales], before: Mapping[str, Sales], places: Mapping[str, Path]
) -> Iterator[ShopBand]:
    tiers = _tiers(sales, places)
    for shop_id, sold in sorted(sales.items()):
        enough = sold.buyers >= FEWEST
        yield ShopBand(
            id=new_id("bnd"),
            shop_id=shop_id,
            month=month,
            tier=tiers.get(shop_id, ShopTier.NEW),
            score=(sold.orders - sold.refunded) * 10 // sold.orders * 10 if enough else None,
            trend=trend_of(sold, before.get(shop_id)) if enough else None,
        )


def _tiers(sales: Mapping[str, Sales], places: Mapping[str, Path]) -> dict[str, ShopTier]:
    """The tiers of those with buyers enough, trade by trade."""
    trades: dict[str, list[str]] = {}
    for shop_id, sold in sales.items():
        if sold.buyers >= FEWEST:
            trades.setdefault(places[shop_id][0], []).append(shop_id)
    found = {}
    for shops in trades.values():
        ranked = sorted(shops, key=lambda shop_id: (-sales[shop_id].amount, shop_id))
        for rank, shop_id in enumerate(ranked):
            found[shop_id] = _tier(rank * 100 // len(ranked))
    return found


def _tier(percent: int) -> ShopTier:
    if percent < LEADING:
        return ShopTier.LEADING
    return ShopTier.SOLID if percent < SOLID else ShopTier.SMALL


def trend_of(sold: Sales, before: Sales | None) -> ShopTrend | None:
    """Sales beside those of the month before; None where that one had too few buyers."""
    if before is None or before.buyers < FEWEST:
        return None
    change = (sold.amount - before.amount) * 100
    if abs(change) < TREND * before.amount:
        return ShopTrend.FLAT
    return ShopTrend.UP if change > 0 else ShopTrend.DOWN
