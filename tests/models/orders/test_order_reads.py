"""Reads of orders that answers do not show whole."""

from __future__ import annotations

import pytest

from kit.errors import Invalid
from kit.page import Page, cursor_of
from models.feeds import MOST_PARTS, equal
from models.orders import reads
from tests.factories import orders as make
from tests.support.moments import HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")


async def test_many_lists_come_back_each_to_its_own() -> None:
    members = [f"mbr_{number}" for number in range(MOST_PARTS + 5)]
    placed = {member: (await make.order(member)).id for member in members[::7]}
    with counted_statements() as statements:
        pages = await reads.ORDERS.pages([reads.ORDERS.part(equal(member_id=member), Page(3)) for member in members])
        counts = await reads.ORDERS.counts([equal(member_id=member) for member in members])
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
        [rows] = await reads.ORDERS.pages([reads.ORDERS.part(equal(member_id="mbr_lin"), Page(2, after))])
        seen += [row.id for row in rows[:2]]
        after = cursor_of(reads.ORDERS.order.key_of(rows[:2][-1]))
    assert seen == ids


async def test_a_page_goes_on_where_the_last_one_ended_though_its_last_row_is_gone() -> None:
    first, second, third = [await make.order("mbr_lin", placed_at=NOON - n * HOUR) for n in range(3)]
    after = cursor_of(reads.ORDERS.order.key_of(second))
    await second.delete()
    [rows] = await reads.ORDERS.pages([reads.ORDERS.part(equal(member_id="mbr_lin"), Page(2, after))])
    assert [row.id for row in rows] == [third.id]
    assert first.id != third.id


@pytest.mark.parametrize("after", ["", "x", cursor_of(("text", "ord_a")), cursor_of((1,)), cursor_of((2**62, "ord_a"))])
async def test_a_cursor_of_another_list_is_refused(after: str) -> None:
    with pytest.raises(Invalid) as refused:
        reads.ORDERS.part(equal(member_id="mbr_lin"), Page(2, after))
    assert refused.value.code == "page.after"


async def test_each_sees_what_is_in_sight_only() -> None:
    mine, theirs = await make.order("mbr_lin"), await make.order("mbr_wang", shop_id="shp_other")
    lin, owner = reads.Sight("mbr_lin", ()), reads.Sight(None, ("shp_other",))
    asked = [(sight, order.id) for sight in (lin, owner) for order in (mine, theirs)]
    found = await reads.orders_seen(asked)
    assert [row and row.id for row in found] == [mine.id, None, None, theirs.id]


async def test_coupons_and_counts_are_told_apart_by_member() -> None:
    mine, theirs = await make.coupon("mbr_lin"), await make.coupon("mbr_wang")
    asked = [(member, coupon.id) for member in ("mbr_lin", "mbr_wang") for coupon in (mine, theirs)]
    assert [row and row.id for row in await reads.coupons_by_id(asked)] == [mine.id, None, None, theirs.id]
    pairs = [(member, coupon.offer_id) for member in ("mbr_lin", "mbr_wang") for coupon in (mine, theirs)]
    assert await reads.taken_counts(pairs) == [1, 0, 0, 1]
