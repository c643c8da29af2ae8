"""The platform reads published sums and bands, the shop its own bands, and nobody else any."""

from __future__ import annotations

from typing import Any

import pytest

from kit.viewer import GUEST, Viewer
from models.orders.market import MarketCell, ShopBand
from models.states import ShopTier, ShopTrend
from resolvers.context import Context
from subgraphs.orders import subgraph
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

OPERATOR = Viewer.platform_staff("mbr_staff", "OPERATOR")
MARKET = """
query ($month: String!) {
  market(month: $month, first: 10) {
    totalCount
    edges { node { month trade city shops buyers orders amount { amount } } }
  }
}
"""
BANDS = """
query ($shops: [_Any!]!) {
  _entities(representations: $shops) { ... on Shop { bands(first: 5) { edges { node { month tier score trend } } } } }
}
"""


async def asked(query: str, viewer: Viewer, **variables: Any) -> tuple[Any, list[str]]:
    answer = await subgraph.answer(query, variables, Context(viewer))
    return answer.data, [error["extensions"]["reason"] for error in answer.errors]


async def cell(trade: str = "", city: str = "", month: str = "2026-10") -> None:
    sums = {"shops": 6, "buyers": 7, "orders": 8, "amount": 900}
    await MarketCell.create(id=f"mkc_{month}{trade}{city}"[:30], month=month, trade=trade, city=city, **sums)


async def test_cells_of_a_month_come_whole_market_first_in_two_statements() -> None:
    for place in (("FRESH", "上海"), ("FRESH", ""), ("", "")):
        await cell(*place)
    await cell(month="2026-09")
    with counted_statements() as statements:
        data, errors = await asked(MARKET, OPERATOR, month="2026-10")
    assert errors == []
    sums = {"month": "2026-10", "shops": 6, "buyers": 7, "orders": 8, "amount": {"amount": 900}}
    places = [(None, None), ("FRESH", None), ("FRESH", "上海")]
    nodes = [{"trade": trade, "city": city, **sums} for trade, city in places]
    assert data == {"market": {"totalCount": 3, "edges": [{"node": node} for node in nodes]}}
    assert len(statements) == 2


@pytest.mark.parametrize("month", ["", "2026-13", "2026-1", "2026-10-01", "２０２６-10"])
async def test_a_month_that_is_none_is_refused(month: str) -> None:
    data, errors = await asked(MARKET, OPERATOR, month=month)
    assert (data, errors) == ({"market": None}, ["market.month"])


@pytest.mark.parametrize("viewer", [GUEST, Viewer.member("mbr_lin"), Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER")])
async def test_the_market_is_closed_to_all_others(viewer: Viewer) -> None:
    await cell()
    with counted_statements() as statements:
        data, errors = await asked(MARKET, viewer, month="2026-10")
    assert (data, errors, len(statements)) == ({"market": None}, ["field.closed"], 0)


@pytest.mark.parametrize(
    ("viewer", "open_"),
    [
        (OPERATOR, True),
        (Viewer.shop_staff("mbr_lin", "shp_tea", "OWNER"), True),
        (Viewer.shop_staff("mbr_lin", "shp_b", "OWNER"), False),
    ],
)
async def test_bands_are_for_the_platform_and_the_shop_itself(viewer: Viewer, open_: bool) -> None:
    for month in ("2026-09", "2026-10"):
        band = {"tier": ShopTier.SOLID, "score": 90, "trend": ShopTrend.UP}
        await ShopBand.create(id=f"bnd_{month}", shop_id="shp_tea", month=month, **band)
    data, errors = await asked(BANDS, viewer, shops=[{"__typename": "Shop", "id": "shp_tea"}])
    shown = [
        {"node": {"month": month, "tier": "SOLID", "score": 90, "trend": "UP"}} for month in ("2026-10", "2026-09")
    ]
    assert data == {"_entities": [{"bands": {"edges": shown} if open_ else None}]}
    assert errors == ([] if open_ else ["field.closed"])
