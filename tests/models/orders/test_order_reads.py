"""Reads of orders that answers do not show whole."""

from __future__ import annotations

import pytest

from kit.errors import Invalid
from kit.page import Page, cursor_of
from models.feeds import MOST_PARTS, equal
from models.orders import reads
from models.scope import Scope, Within
from tests.factories import orders as make
from tests.support.moments import HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")


def of_member(member_id: str) -> Within:
    return reads.ORDERS.within(Scope(member_id), equal(member_id=member_id))


async def test_many_lists_come_back_each_to_its_own() -> None:
    members = [f"mbr_{number}" for number in range(MOST_PARTS + 5)]
    placed = {member: (await make.order(member)).id for member in members[::7]}
    with counted_statements() as statements:
        lists = [of_member(member) for member in members]
        pages = await reads.ORDERS.pages([reads.ORDERS.part(of, Page(3)) for of in lists])
        counts = await reads.ORDERS.counts(lists)
    assert [[row.id for row in rows] for rows in pages] == [
        [placed[member]] if member in placed else [] for member in members
    ]
    assert counts == [int(member in placed) for member in members]
    assert len(statements) == 4


async def test_orders_of_one_moment_follow_one_another_by_id() -> None:
    ids = sorted([(await make.order("mbr_lin", placed_at=NOON)).id for _ in range(5)], reverse=True)
    seen: list[str] = []
    after = None
    while len(seen) < 5:
        [rows] = await reads.ORDERS.pages([reads.ORDERS.part(of_member("mbr_lin"), Page(2, after))])
        seen += [row.id for row in rows[:2]]
        after = cursor_of(reads.ORDERS.order.key_of(rows[:2][-1]))
    assert seen == ids


async def test_a_page_goes_on_where_the_last_one_ended_though_its_last_row_is_gone() -> None:
    first, second, third = [await make.order("mbr_lin", placed_at=NOON - n * HOUR) for n in range(3)]
    after = cursor_of(reads.ORDERS.order.key_of(second))
    await second.delete()
    [rows] = await reads.ORDERS.pages([reads.ORDERS.part(of_member("mbr_lin"), Page(2, after))])
    assert [row.id for row in rows] == [third.id]
    assert first.id != third.id


@pytest.mark.parametrize("after", ["", "x", cursor_of(("text", "ord_a")), cursor_of((1,)), cursor_of((2**62, "ord_a"))])
async def test_a_cursor_of_another_list_is_refused(after: str) -> None:
    with pytest.raises(Invalid) as refused:
        reads.ORDERS.part(of_member("mbr_lin"), Page(2, after))
    assert refused.value.code == "page.after"


LIN, OTHER_SHOP, NOBODY = Scope("mbr_lin"), Scope(shop_id="shp_other"), Scope()


async def test_each_sees_what_is_in_scope_only() -> None:
    mine, theirs = await make.order("mbr_lin"), await make.order("mbr_wang", shop_id="shp_other")
    asked = [(scope, order.id) for scope in (LIN, OTHER_SHOP, NOBODY) for order in (mine, theirs)]
    found = await reads.ORDERS.by_id(asked)
    assert [row and row.id for row in found] == [mine.id, None, None, theirs.id, None, None]


@pytest.mark.parametrize("scope", [LIN, OTHER_SHOP, NOBODY])
async def test_a_list_beyond_the_scope_is_empty_and_counts_nothing(scope: Scope) -> None:
    await make.order("mbr_wang")
    beyond = [reads.ORDERS.within(scope, of) for of in (equal(member_id="mbr_wang"), equal(shop_id="shp_tea"))]
    assert await reads.ORDERS.pages([reads.ORDERS.part(of, Page(3)) for of in beyond]) == [[], []]
    assert await reads.ORDERS.counts(beyond) == [0, 0]


async def test_a_foreign_order_costs_the_same_statement_as_a_missing_one() -> None:
    order, texts = await make.order("mbr_wang"), []
    for key in (order.id, "ord_none"):
        with counted_statements() as statements:
            assert await reads.ORDERS.by_id([(LIN, key)]) == [None]
        texts.append(statements.texts)
    assert texts[0] == texts[1]
    assert len(texts[0]) == 1


async def test_the_lines_of_a_foreign_order_are_none() -> None:
    line = await make.line((await make.order("mbr_wang")).id)
    for scope, found in ((Scope("mbr_wang"), [line.id]), (LIN, []), (Scope(shop_id="shp_tea"), [line.id])):
        of = reads.LINES.within(scope, equal(order_id=line.order_id))
        [rows] = await reads.LINES.pages([reads.LINES.part(of, Page(5))])
        assert [row.id for row in rows] == found


async def test_coupons_and_counts_are_told_apart_by_member() -> None:
    mine, theirs = await make.coupon("mbr_lin"), await make.coupon("mbr_wang")
    scopes = (LIN, Scope("mbr_wang"))
    asked = [(scope, coupon.id) for scope in scopes for coupon in (mine, theirs)]
    assert [row and row.id for row in await reads.COUPONS.by_id(asked)] == [mine.id, None, None, theirs.id]
    pairs = [(scope, coupon.offer_id) for scope in scopes for coupon in (mine, theirs)]
    assert await reads.taken_counts(pairs) == [1, 0, 0, 1]


async def test_an_offer_that_has_not_begun_is_found_by_its_shop_only() -> None:
    planned = await make.offer(starts_at=NOON + HOUR)
    assert await reads.offers_by_id([planned.id]) == [None]
    for scope, found in ((Scope(shop_id="shp_tea"), [planned.id]), (OTHER_SHOP, []), (LIN, [])):
        of = reads.SHOPS_OFFERS.within(scope, equal(shop_id="shp_tea"))
        [rows] = await reads.SHOPS_OFFERS.pages([reads.SHOPS_OFFERS.part(of, Page(5))])
        assert [row.id for row in rows] == found
