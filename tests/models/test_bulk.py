"""Bulk loading writes what Tortoise writes, whole chunks or nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tortoise import connections

from kit.clock import SHANGHAI
from kit.settings import Settings
from models import bulk
from models.base import connection_name, unit_of_work
from models.orders.order import ShopOrder
from models.products.tables import Promotion
from models.shops.tables import Shop
from models.states import OrderState, PromotionKind
from tests.support.moments import NOON

MOMENTS = (NOON, NOON.astimezone(UTC) + timedelta(microseconds=7), datetime(2026, 2, 3, 4, 5, 6, tzinfo=SHANGHAI))


def promotion(number: int, **columns: Any) -> dict[str, Any]:
    return {
        "id": f"prm_{number}",
        "kind": PromotionKind.SPEND_AND_SAVE,
        "shop_id": None,
        "title": "满减 ' \\ % 😀",
        "label": "满200减30",
        "rules": {"tiers": [{"spend": 20_000, "save": 3_000}], "说明": "100% 'quoted'"},
        "shop_wide": True,
        "starts_at": MOMENTS[number % 3],
        "ends_at": MOMENTS[(number + 1) % 3],
        **columns,
    }


async def stored() -> list[dict[str, Any]]:
    """The rows as the driver brings them."""
    connection = connections.get(connection_name("products"))
    return list(await connection.execute_query_dict("SELECT * FROM promotion ORDER BY id"))


async def insert_and_fail(rows: list[dict[str, Any]]) -> None:
    async with unit_of_work("products"):
        await bulk.insert(Promotion, rows)
        raise ZeroDivisionError


async def test_rows_are_stored_as_tortoise_stores_them(database: Settings) -> None:
    rows = [promotion(number) for number in range(3)]
    for row in rows:
        moments = {name: row[name].astimezone(UTC) for name in ("starts_at", "ends_at")}
        await Promotion.create(**row | moments)
    written = await stored()
    await Promotion.all().delete()
    assert await bulk.insert(Promotion, iter(rows)) == 3
    assert await stored() == written


async def test_columns_with_a_default_may_be_left_out_and_json_may_come_as_text(database: Settings) -> None:
    order = {
        "id": "ord_1", "trade_id": "trd_1", "member_id": "mbr_1", "shop_id": "shp_1", "branch_id": None,
        "state": "PAID", "goods": 1, "discount": 0, "freight": 2, "payable": 3, "placed_at": NOON, "paid_at": None,
        "completed_at": None,
    }  # fmt: skip
    await bulk.insert(ShopOrder, [order])
    await bulk.insert(Promotion, [promotion(1, rules='{"percent": 88}')])
    found = await ShopOrder.get(id="ord_1")
    assert (found.currency, found.state, found.placed_at, found.paid_at) == ("CNY", OrderState.PAID, NOON, None)
    assert (await Promotion.get(id="prm_1")).rules == {"percent": 88}


@pytest.mark.parametrize("change", [{"colour": "red"}, {"title": ...}])
async def test_a_row_with_other_columns_is_refused(database: Settings, change: dict[str, Any]) -> None:
    row = {name: value for name, value in (promotion(1) | change).items() if value is not ...}
    with pytest.raises(ValueError, match=re.escape(f"promotion: wrong columns {list(change)}")):
        await bulk.insert(Promotion, [row])
    assert await bulk.is_empty(Promotion)


async def test_chunks_commit_one_by_one_but_not_in_a_unit_that_fails(
    database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)
    broken = [promotion(1), promotion(2), promotion(3), promotion(4, title=None)]
    with pytest.raises(Exception, match="title"):
        await bulk.insert(Promotion, broken)
    assert [row["id"] for row in await stored()] == ["prm_1", "prm_2"]
    with pytest.raises(ZeroDivisionError):
        await insert_and_fail([promotion(5), promotion(6), promotion(7)])
    assert len(await stored()) == 2


async def test_clearing_empties_and_loading_leaves_the_database_as_it_was(database: Settings) -> None:
    async with bulk.loading([Promotion]):
        await bulk.insert(Promotion, [promotion(1)])
    await bulk.analyze([Promotion])
    connection = connections.get(connection_name("products"))
    if connection.capabilities.dialect == "sqlite":
        found = [await connection.execute_query_dict(f"PRAGMA {name}") for name in ("synchronous", "cache_size")]
        assert found == [[{"synchronous": 1}], [{"cache_size": -2_000}]]
    assert not await bulk.is_empty(Promotion)
    await bulk.clear([Promotion])
    assert await bulk.is_empty(Promotion)
    assert {Promotion, Shop, ShopOrder} <= set(bulk.tables())
