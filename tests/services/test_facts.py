"""Facts are kept whole, and commit with what they tell of."""

from __future__ import annotations

import pytest

from models.base import unit_of_work
from models.members.news import MembersOutbox
from models.orders.news import OrdersOutbox
from services.events import CouponTaken, Fact, OrderPaid, PaidLine, ProductViewed, fact_id, fact_of, publish
from tests.support.moments import NOON
from tests.support.outboxes import facts

LINES = (PaidLine("prd_tea", "cat_tea", 2), PaidLine("prd_cup", "cat_cup", 1))
FACTS: list[Fact] = [
    OrderPaid("fct_1", "ord_1", "shp_tea", "mbr_lin", 9_800, "CNY", LINES, NOON),
    CouponTaken("fct_2", "cpn_1", "cof_1", None, "mbr_lin", NOON),
    ProductViewed("fct_3", "mbr_lin", "prd_tea", NOON),
]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
async def test_a_published_fact_is_read_back_whole(fact: Fact) -> None:
    async with unit_of_work("orders"):
        await publish("orders", fact)
    row = await facts(OrdersOutbox).get()
    assert (row.id, row.kind, row.at, row.sent_at) == (fact.id, type(fact).__name__, NOON, None)
    assert fact_of(row.kind, row.body) == fact


@pytest.mark.usefixtures("database")
async def test_a_fact_goes_with_its_transaction() -> None:
    async def fail_late() -> None:
        async with unit_of_work("members"):
            await publish("members", ProductViewed(fact_id(), "mbr_lin", "prd_tea", NOON))
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        await fail_late()
    assert await MembersOutbox.all().count() == 0


def test_an_unknown_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="ShopBurnt is no fact that we know"):
        fact_of("ShopBurnt", {})
