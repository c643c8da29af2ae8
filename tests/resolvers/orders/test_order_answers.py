"""Orders, to those who may see them."""

from __future__ import annotations

from typing import Any

import pytest

from kit.viewer import GUEST, Viewer
from models.orders.order import ShopOrder
from resolvers.context import Context
from subgraphs.orders import subgraph
from tests.factories import orders as make
from tests.support.moments import DAY, HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

LIN = Viewer.member("mbr_lin")
CLERK = Viewer.shop_staff("mbr_clerk", "shp_tea", "CLERK")
STRANGERS = (Viewer.member("mbr_wang"), Viewer.shop_staff("mbr_owner", "shp_other", "OWNER"))
OUTSIDERS = (GUEST, Viewer.platform_staff("mbr_staff", "OPERATOR"), Viewer.partner("prt_a"))

ORDER = """
query ($id: ID!) {
  order(id: $id) {
    id state shop { id } buyer { id } trade { id payable { amount } orders(first: 5) { edges { node { id } } } }
    goods { amount } discount { amount } freight { amount } payable { amount currency } completedAt
    lines(first: 5) {
      edges {
        node {
          product { id } sku { id } name image options { name value } quantity unitPrice { amount } payable { amount }
        }
      }
    }
  }
}
"""


async def placed() -> ShopOrder:
    """An order of two shops in one trade; that of the tea shop."""
    trade = await make.trade("mbr_lin", payable=19_600)
    order = await make.order("mbr_lin", trade_id=trade.id)
    await make.order("mbr_lin", trade_id=trade.id, shop_id="shp_other", placed_at=NOON - 2 * DAY)
    await make.line(order.id)
    return order


async def test_the_buyer_sees_the_whole_order() -> None:
    order = await placed()
    with counted_statements() as statements:
        answer = await subgraph.answer(ORDER, {"id": order.id}, Context(LIN))
    assert answer.errors == []
    assert answer.data is not None
    shown = answer.data["order"]
    other = await ShopOrder.get(shop_id="shp_other")
    assert shown.pop("trade") == {
        "id": order.trade_id,
        "payable": {"amount": 19600},
        "orders": {"edges": [{"node": {"id": order.id}}, {"node": {"id": other.id}}]},
    }
    assert shown.pop("completedAt") == "2026-11-22T03:00:00+00:00"
    assert shown == {
        "id": order.id,
        "state": "COMPLETED",
        "shop": {"id": "shp_tea"},
        "buyer": {"id": "mbr_lin"},
        "goods": {"amount": 12000},
        "discount": {"amount": 3000},
        "freight": {"amount": 800},
        "payable": {"amount": 9800, "currency": "CNY"},
        "lines": {
            "edges": [
                {
                    "node": {
                        "product": {"id": "prd_tea"},
                        "sku": {"id": "sku_tea"},
                        "name": "明前龙井",
                        "image": "https://img.example/tea.jpg",
                        "options": [{"name": "规格", "value": "250g"}],
                        "quantity": 2,
                        "unitPrice": {"amount": 6000},
                        "payable": {"amount": 9000},
                    }
                }
            ]
        },
    }
    assert len(statements) == 4  # the order, its trade, the trade's orders, the lines


BUYER, SUMS = {"buyer", "trade"}, {"goods", "discount", "freight", "payable", "unitPrice"}


@pytest.mark.parametrize(
    ("role", "closed"),
    [("OWNER", BUYER), ("MANAGER", BUYER), ("FINANCE", BUYER), ("CLERK", BUYER | SUMS)],
)
async def test_the_shops_staff_see_of_an_order_what_their_role_needs(role: str, closed: set[str]) -> None:
    """Nobody who bought, nor the rest of the trade; the sums where their work is about money."""
    order = await placed()
    answer = await subgraph.answer(ORDER, {"id": order.id}, Context(Viewer.shop_staff("mbr_x", "shp_tea", role)))
    assert answer.data is not None
    assert answer.data["order"]["id"] == order.id
    assert {error["path"][-1] for error in answer.errors} == closed
    assert {error["extensions"]["code"] for error in answer.errors} == {"FORBIDDEN"}


@pytest.mark.parametrize("role", ["REDEEMER", "OPERATOR", "HOST"])
async def test_other_roles_have_no_orders(role: str) -> None:
    order = await placed()
    answer = await subgraph.answer(ORDER, {"id": order.id}, Context(Viewer.shop_staff("mbr_x", "shp_tea", role)))
    assert answer.data == {"order": None}
    assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]


@pytest.mark.parametrize("viewer", STRANGERS)
async def test_a_foreign_order_answers_as_a_missing_one(viewer: Viewer) -> None:
    order = await placed()
    foreign = await subgraph.answer(ORDER, {"id": order.id}, Context(viewer))
    missing = await subgraph.answer(ORDER, {"id": "ord_none"}, Context(viewer))
    assert foreign == missing
    assert foreign.data == {"order": None}
    assert [(error["extensions"]["code"], error["path"]) for error in foreign.errors] == [("NOT_FOUND", ["order"])]


@pytest.mark.parametrize("viewer", OUTSIDERS)
async def test_who_can_have_no_order_is_refused_before_any_statement(viewer: Viewer) -> None:
    order = await placed()
    with counted_statements() as statements:
        answers = [await subgraph.answer(ORDER, {"id": id_}, Context(viewer)) for id_ in (order.id, "ord_none")]
    assert answers[0] == answers[1]
    assert [(error["extensions"]["code"], error["path"]) for error in answers[0].errors] == [("FORBIDDEN", ["order"])]
    assert len(statements) == 0


async def test_an_order_found_by_key_is_scoped_alike() -> None:
    order = await placed()
    query = "query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on ShopOrder { id } } }"
    variables = {"keys": [{"__typename": "ShopOrder", "id": key} for key in (order.id, "ord_none")]}
    for viewer in (LIN, CLERK):
        answer = await subgraph.answer(query, variables, Context(viewer))
        assert answer.data == {"_entities": [{"id": order.id}, None]}
    for viewer in STRANGERS:
        answer = await subgraph.answer(query, variables, Context(viewer))
        assert answer.data == {"_entities": [None, None]}


async def test_orders_come_newest_first_page_by_page_and_all_lists_are_one_statement() -> None:
    mine = [await make.order("mbr_lin", placed_at=NOON - n * HOUR) for n in range(3)]
    theirs = await make.order("mbr_wang", placed_at=NOON - 5 * HOUR)
    query = """
    query ($both: [_Any!]!, $after: String) {
      _entities(representations: $both) {
        ... on Member { orders(first: 2, after: $after) { edges { node { id } } pageInfo { endCursor hasNextPage } } }
        ... on Shop { orders(first: 5) { edges { node { id } } } }
      }
    }
    """
    both = [{"__typename": "Member", "id": "mbr_lin"}, {"__typename": "Shop", "id": "shp_tea"}]

    def ids(connection: Any) -> list[str]:
        return [edge["node"]["id"] for edge in connection["edges"]]

    async def asked(viewer: Viewer, after: str | None = None) -> list[Any]:
        with counted_statements() as statements:
            answer = await subgraph.answer(query, {"both": both, "after": after}, Context(viewer))
        assert len(statements) == 1
        assert answer.data is not None
        return [entity["orders"] for entity in answer.data["_entities"]]

    member, closed = await asked(LIN)
    assert (ids(member), closed) == ([order.id for order in mine[:2]], None)
    closed, shop = await asked(CLERK)
    assert (closed, ids(shop)) == (None, [order.id for order in [*mine, theirs]])
    rest, _ = await asked(LIN, member["pageInfo"]["endCursor"])
    assert (ids(rest), rest["pageInfo"]["hasNextPage"]) == ([mine[2].id], False)


async def test_lists_of_orders_are_closed_to_others() -> None:
    await placed()
    query = """
    query ($both: [_Any!]!) {
      _entities(representations: $both) {
        ... on Member { id orders(first: 2) { totalCount } }
        ... on Shop { id orders(first: 2) { totalCount } }
      }
    }
    """
    both = [{"__typename": "Member", "id": "mbr_lin"}, {"__typename": "Shop", "id": "shp_tea"}]
    for viewer in STRANGERS:
        answer = await subgraph.answer(query, {"both": both}, Context(viewer))
        assert answer.data == {"_entities": [{"id": "mbr_lin", "orders": None}, {"id": "shp_tea", "orders": None}]}
        assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN", "FORBIDDEN"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [("first: 0", "page.first"), ("first: 51", "page.first"), ('first: 2, after: "nonsense"', "page.after")],
)
async def test_a_bad_page_is_refused_and_does_no_harm_beside_a_good_one(page: str, reason: str) -> None:
    query = """
    query ($keys: [_Any!]!) {
      _entities(representations: $keys) {
        ... on Member { good: orders(first: 1) { totalCount } bad: orders(PAGE) { totalCount } }
      }
    }
    """.replace("PAGE", page)
    await placed()
    keys = [{"__typename": "Member", "id": "mbr_lin"}]
    answer = await subgraph.answer(query, {"keys": keys}, Context(LIN))
    assert answer.data == {"_entities": [{"good": {"totalCount": 2}, "bad": None}]}
    assert [(error["extensions"]["reason"], error["path"]) for error in answer.errors] == [
        (reason, ["_entities", 0, "bad"])
    ]
