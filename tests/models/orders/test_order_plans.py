"""How SQLite finds what reads of orders want: along an index, whatever there is of orders and shops."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kit.page import Page, cursor_of
from models.feeds import Condition, equal
from models.orders import reads
from models.reading import cut
from models.scope import PrivateFeed, Scope
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
LIN, SHOP = Scope("mbr_lin"), Scope(shop_id="shp_a")

BY_ID = ["SEARCH t BY INDEX (id=?)"]
# The sorts are of what was found.
PLANS: dict[str, tuple[Callable[[], Awaitable[object]], list[str]]] = {
    "offers": (
        lambda: reads.offers_taken_by(LIN, cut(reads.OFFERS_IN_ORDER, PAGE)),
        ["SCAN t BY INDEX", "SEARCH c BY INDEX (offer_id=? AND member_id=?)", SORTED],
    ),
    "offers, next page": (
        lambda: reads.offers_taken_by(LIN, cut(reads.OFFERS_IN_ORDER, NEXT)),
        ["SEARCH t BY INDEX (position>?)", "SEARCH c BY INDEX (offer_id=? AND member_id=?)", SORTED],
    ),
    "offers, for everybody": (
        lambda: reads.offers_to_take([cut(reads.OFFERS_IN_ORDER, PAGE)]),
        ["SCAN t BY INDEX"],
    ),
    "offers by id": (lambda: reads.offers_by_id(["cof_a", "cof_b"]), BY_ID),
    "own counts": (
        lambda: reads.taken_counts([(LIN, "cof_a")]),
        ["SEARCH c BY INDEX (offer_id=? AND member_id=?)"],
    ),
    "standings": (
        lambda: reads.standings_of(["pit_a", "pit_b"]),
        [*BY_ID, "SEARCH t BY INDEX (item_id=? AND state=? AND expires_at>?)"],
    ),
    "groups": (
        lambda: reads.GROUPS.pages([reads.GROUPS.part(reads.open_groups("pit_a"), PAGE)]),
        ["SEARCH t BY INDEX (item_id=? AND state=? AND expires_at>?)"],
    ),
    "stock": (lambda: reads.available_of(["sku_a", "sku_b"]), ["SEARCH t BY INDEX (sku_id=?)"]),
    "coupons": (
        lambda: page(reads.COUPONS, LIN, reads.wallet_of("mbr_lin", CouponState.USABLE, NOON)),
        ["SEARCH t BY INDEX (member_id=? AND state=? AND expires_at>?)"],
    ),
    "coupons by id": (lambda: reads.COUPONS.by_id([(LIN, "cpn_a")]), BY_ID),
    "orders of a member": (
        lambda: page(reads.ORDERS, LIN, equal(member_id="mbr_lin")),
        ["SEARCH t BY INDEX (member_id=?)"],
    ),
    "orders of a shop": (
        lambda: page(reads.ORDERS, SHOP, equal(shop_id="shp_a")),
        ["SEARCH t BY INDEX (shop_id=?)"],
    ),
    "orders by id": (lambda: reads.ORDERS.by_id([(SHOP, "ord_a"), (SHOP, "ord_b")]), BY_ID),
    "trades by id": (lambda: reads.TRADES.by_id([(LIN, "trd_a")]), BY_ID),
    "lines": (
        lambda: page(reads.LINES, LIN, equal(order_id="ord_a"), equal(order_id="ord_b")),
        ["SEARCH o BY INDEX (id=?)", "SEARCH l BY INDEX (order_id=?)"] * 2 + [SORTED] * 2,
    ),
    "all offers of a shop": (
        lambda: page(reads.SHOPS_OFFERS, SHOP, equal(shop_id="shp_a")),
        ["SEARCH t BY INDEX (shop_id=?)", SORTED],
    ),
}


async def page(feed: PrivateFeed[Any], scope: Scope, *lists: Condition) -> None:
    await feed.pages([feed.part(feed.within(scope, of), PAGE) for of in lists])


@pytest.mark.parametrize("name", PLANS)
async def test_a_read_walks_an_index_in_one_statement(name: str) -> None:
    read, expected = PLANS[name]
    with counted_statements() as statements:
        await read()
    [text] = statements.texts
    assert await walks("orders", text) == expected
