"""How big a mall is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.states import Trade


@dataclass(frozen=True, slots=True)
class Stock:
    """How many shops a trade has, and how many products each of them sells."""

    shops: int
    products: int


@dataclass(frozen=True, slots=True)
class Size:
    """What there is of everything."""

    trades: Mapping[Trade, Stock]
    cities: tuple[str, ...]
    """The shops of a trade take these cities in turn."""
    members: int
    orders: int
    notes: int
    videos: int
    live: int
    """Live rooms on air; one more is planned for every two, and as many have ended."""
    flash_items: int
    """Items of each hour's flash sale."""
    group_items: int


def _trades(retail: Stock, fresh: Stock, restaurant: Stock, service: Stock, hotel: Stock) -> dict[Trade, Stock]:
    return dict(zip(Trade, (retail, fresh, restaurant, service, hotel), strict=True))


def _wide(shops: int) -> Size:
    """Many small shops: what is to cost the same however many there are."""
    tenth = shops // 10
    return Size(
        trades=_trades(
            Stock(4 * tenth, 20), Stock(2 * tenth, 20), Stock(2 * tenth, 20), Stock(tenth, 12), Stock(tenth, 12)
        ),
        cities=_CITIES,
        members=2_000,
        orders=4_000,
        notes=300,
        videos=40,
        live=6,
        flash_items=20,
        group_items=shops,
    )


_CITIES = ("上海", "北京", "上海", "广州", "深圳", "上海", "杭州", "成都")

SIZES: dict[str, Size] = {
    "tiny": Size(
        trades=_trades(Stock(3, 78), Stock(2, 42), Stock(1, 26), Stock(1, 18), Stock(1, 14)),
        cities=("上海",),
        members=60,
        orders=600,
        notes=30,
        videos=6,
        live=4,
        flash_items=10,
        group_items=24,
    ),
    "demo": Size(
        trades=_trades(Stock(22, 66), Stock(12, 64), Stock(14, 42), Stock(6, 18), Stock(6, 14)),
        cities=_CITIES,
        members=2_000,
        orders=20_000,
        notes=300,
        videos=40,
        live=4,
        flash_items=20,
        group_items=120,
    ),
    "bench": Size(
        trades=_trades(Stock(420, 130), Stock(180, 110), Stock(220, 60), Stock(90, 36), Stock(90, 20)),
        cities=_CITIES,
        members=100_000,
        orders=150_000,
        notes=5_000,
        videos=500,
        live=60,
        flash_items=60,
        group_items=2_000,
    ),
    "wide-50": _wide(50),
    "wide-500": _wide(500),
    "wide-5000": _wide(5_000),
}
"""tiny is for tests: every section of the home feed has rows. demo is what a newcomer sees. bench and wide are for
measuring."""
