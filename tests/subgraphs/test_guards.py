"""A row that comes without a scope is refused where it would come out: planted reads that forget one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kit.viewer import Viewer
from models.feeds import Condition
from models.orders.rows import CouponRow
from models.reading import by_id
from models.scope import Owners, PrivateFeed, Scope, Within
from resolvers.context import Context
from subgraphs.orders import subgraph
from tests.factories import orders as make

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN, WANG = Viewer.member("mbr_lin"), Viewer.member("mbr_wang")
BY_KEY = (
    "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on ShopOrder { id } ... on Coupon { id } } }"
)


@pytest.fixture
def unscoped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every read forgets whose rows it reads."""
    monkeypatch.setattr(Owners, "within", lambda self, scope, of: Within(of))


@pytest.mark.parametrize("way", ["answer", "answer_by_strawberry"])
async def test_a_foreign_row_is_refused_at_a_field(way: str, unscoped: None) -> None:
    order = await make.order("mbr_lin")
    ask = getattr(subgraph, way)
    query, variables = "query ($id: ID!) { order(id: $id) { id } }", {"id": order.id}
    assert (await ask(query, variables, Context(LIN))).data == {"order": {"id": order.id}}
    refused = await ask(query, variables, Context(WANG))
    assert refused.data == {"order": None}
    assert [error["extensions"]["code"] for error in refused.errors] == ["FORBIDDEN"]


@pytest.mark.parametrize("way", ["answer", "answer_by_strawberry"])
async def test_a_foreign_row_is_refused_as_an_entity(way: str, unscoped: None) -> None:
    order, coupon = await make.order("mbr_lin"), await make.coupon("mbr_lin")
    keys = [{"__typename": "ShopOrder", "id": order.id}, {"__typename": "Coupon", "id": coupon.id}]
    ask = getattr(subgraph, way)
    assert (await ask(BY_KEY, {"keys": keys}, Context(LIN))).data == {
        "_entities": [{"id": order.id}, {"id": coupon.id}]
    }
    foreign = await ask(BY_KEY, {"keys": keys}, Context(WANG))
    missing = await ask(BY_KEY, {"keys": [{**key, "id": "ord_none"} for key in keys]}, Context(WANG))
    assert foreign == missing
    assert foreign.data == {"_entities": [None, None]}


@pytest.mark.parametrize("way", ["answer", "answer_by_strawberry"])
async def test_a_foreign_row_is_refused_in_a_page(way: str, unscoped: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """With it goes the whole page: rather nothing than how many there are."""
    monkeypatch.setattr("resolvers.orders.order.equal", lambda **columns: Condition("1 = 1", ()))
    await make.order("mbr_lin")
    keys = [{"__typename": "Member", "id": "mbr_wang"}]
    query = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on Member { orders(first: 5) {"
    query += " edges { node { id } } } } } }"
    refused = await getattr(subgraph, way)(query, {"keys": keys}, Context(WANG))
    assert refused.data == {"_entities": [{"orders": None}]}
    assert {error["extensions"]["code"] for error in refused.errors} == {"FORBIDDEN"}


@pytest.mark.parametrize("way", ["answer", "answer_by_strawberry"])
async def test_a_foreign_row_is_refused_in_a_payload(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offer, theirs = await make.offer(), await make.coupon("mbr_lin")

    async def another(feed: PrivateFeed[Any], asked: Sequence[tuple[Scope, str]]) -> list[Any]:
        return await by_id("orders", "coupon", CouponRow, [theirs.id])

    monkeypatch.setattr(PrivateFeed, "by_id", another)
    query = 'mutation ($id: ID!) { takeCoupon(input: {offerId: $id}, idempotencyKey: "k") { result { id } } }'
    refused = await getattr(subgraph, way)(query, {"id": offer.id}, Context(WANG))
    assert refused.data == {"takeCoupon": {"result": None}}
    assert [(error["extensions"]["code"], error["path"]) for error in refused.errors] == [
        ("FORBIDDEN", ["takeCoupon", "result"])
    ]
