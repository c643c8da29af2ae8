"""How SQLite finds what reads of orders want: along an index, whatever there is of orders and shops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from kit.page import Page, cursor_of
from models.feeds import equal
from models.orders import reads
from models.states import CouponState
from tests.support.databases import mysql_url
from tests.support.moments import NOON
from tests.support.plans import SORTED, walks
from tests.support.statements import counted_statements

pytestmark = [
    pytest.mark.usefixtures("database", "noon"),
    pytest.mark.skipif(mysql_url() is not None, reason="the plans are SQLite's"),
]

PAGE = Page(10)
NEXT = Page(10, cursor_of((7, "cof_x")))
SIGHT = reads.Sight("mbr_lin", ("shp_a", "shp_b"))

BY_ID = ["SEARCH t BY INDEX (id=?)"]
# The one sort is of the page that was found.
PLANS: dict[str, tuple[Callable[[], Awaitable[object]], list[str]]] = {
    "offers": (
        lambda: reads.offers_to_take("mbr_lin", NOON, PAGE),
        ["SCAN t BY INDEX", "SEARCH c BY INDEX (offer_id=? AND member_id=?)", SORTED],
    ),
    "offers, next page": (
        lambda: reads.offers_to_take("mbr_lin", NOON, NEXT),
        ["SEARCH t BY INDEX (position>?)", "SEARCH c BY INDEX (offer_id=? AND member_id=?)", SORTED],
    ),
    "offers by id": (lambda: reads.offers_by_id(["cof_a", "cof_b"]), BY_ID),
    "own counts": (
        lambda: reads.taken_counts([("mbr_lin", "cof_a")]),
        ["SEARCH c BY INDEX (offer_id=? AND member_id=?)"],
    ),
    "standings": (
        lambda: reads.standings_of(["pit_a", "pit_b"]),
        [*BY_ID, "SEARCH t BY INDEX (item_id=? AND state=? AND expires_at>?)"],
    ),
    "groups": (
        lambda: reads.GROUPS.pages([reads.GROUPS.part(reads.open_groups("pit_a", NOON), PAGE)]),
        ["SEARCH t BY INDEX (item_id=? AND state=? AND expires_at>?)"],
    ),
    "stock": (lambda: reads.available_of(["sku_a", "sku_b"]), ["SEARCH t BY INDEX (sku_id=?)"]),
    "coupons": (
        lambda: reads.COUPONS.pages([reads.COUPONS.part(reads.wallet_of("mbr_lin", CouponState.USABLE, NOON), PAGE)]),
        ["SEARCH t BY INDEX (member_id=? AND state=? AND expires_at>?)"],
    ),
    "coupons by id": (lambda: reads.coupons_by_id([("mbr_lin", "cpn_a")]), BY_ID),
    "orders of a member": (
        lambda: reads.ORDERS.pages([reads.ORDERS.part(equal(member_id="mbr_lin"), PAGE)]),
        ["SEARCH t BY INDEX (member_id=?)"],
    ),
    "orders of two shops": (
        lambda: reads.ORDERS.pages([reads.ORDERS.part(equal(shop_id=shop), PAGE) for shop in ("shp_a", "shp_b")]),
        ["SEARCH t BY INDEX (shop_id=?)", "SEARCH t BY INDEX (shop_id=?)"],
    ),
    "orders by id": (lambda: reads.orders_seen([(SIGHT, "ord_a"), (SIGHT, "ord_b")]), BY_ID),
}


@pytest.mark.parametrize("name", PLANS)
async def test_a_read_walks_an_index_in_one_statement(name: str) -> None:
    read, expected = PLANS[name]
    with counted_statements() as statements:
        await read()
    [text] = statements.texts
    assert await walks("orders", text) == expected
