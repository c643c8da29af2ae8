"""Stock, flash sales and group-buys, as other subgraphs' entities show them."""

from __future__ import annotations

import pytest

from kit.viewer import GUEST, Viewer
from models.states import GroupState
from resolvers.context import Context
from subgraphs.orders import subgraph
from tests.factories import orders as make
from tests.support.moments import HOUR, MINUTE, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

STANDINGS = """
query ($items: [_Any!]!) {
  _entities(representations: $items) {
    __typename
    ... on FlashSaleItem { id total remaining }
    ... on GroupBuy { id openGroups placesLeft }
  }
}
"""


def flash(item_id: str) -> dict[str, str]:
    return {"__typename": "FlashSaleItem", "id": item_id}


def group_buy(item_id: str) -> dict[str, str]:
    return {"__typename": "GroupBuy", "id": item_id}


async def test_flash_items_and_group_buys_stand_in_one_statement() -> None:
    await make.quota("pit_flash", total=100, taken=63)
    await make.group("pit_group")
    await make.group("pit_group", size=5, taken=4)
    await make.group("pit_group", state=GroupState.FULL, taken=3)
    await make.group("pit_group", expires_at=NOON)
    items = [flash("pit_flash"), group_buy("pit_group"), flash("pit_nobody"), group_buy("pit_nobody")]
    with counted_statements() as statements:
        answer = await subgraph.answer(STANDINGS, {"items": items}, Context(GUEST))
    assert answer.errors == []
    assert answer.data == {
        "_entities": [
            {"__typename": "FlashSaleItem", "id": "pit_flash", "total": 100, "remaining": 37},
            {"__typename": "GroupBuy", "id": "pit_group", "openGroups": 2, "placesLeft": 3},
            {"__typename": "FlashSaleItem", "id": "pit_nobody", "total": None, "remaining": None},
            {"__typename": "GroupBuy", "id": "pit_nobody", "openGroups": 0, "placesLeft": 0},
        ]
    }
    assert len(statements) == 1


async def test_a_representation_without_a_key_is_refused() -> None:
    answer = await subgraph.answer(STANDINGS, {"items": [{"__typename": "GroupBuy", "id": 7}]}, Context(GUEST))
    assert answer.data == {"_entities": [None]}
    assert [error["extensions"] for error in answer.errors] == [{"code": "BAD_USER_INPUT", "reason": "entity.key"}]


async def test_open_groups_come_soonest_first_page_by_page() -> None:
    late = await make.group("pit_group", expires_at=NOON + HOUR)
    soon = await make.group("pit_group", expires_at=NOON + MINUTE, size=2)
    await make.group("pit_group", expires_at=NOON - MINUTE)
    await make.group("pit_other")
    query = """
    query ($items: [_Any!]!, $after: String) {
      _entities(representations: $items) {
        ... on GroupBuy {
          groups(first: 1, after: $after) {
            totalCount edges { node { id size taken expiresAt } } pageInfo { endCursor hasNextPage }
          }
        }
      }
    }
    """
    variables = {"items": [group_buy("pit_group")]}
    first = await subgraph.answer(query, variables, Context(GUEST))
    assert first.errors == []
    assert first.data is not None
    page = first.data["_entities"][0]["groups"]
    assert page["totalCount"] == 2
    assert page["pageInfo"]["hasNextPage"] is True
    assert page["edges"] == [{"node": {"id": soon.id, "size": 2, "taken": 1, "expiresAt": "2026-11-22T04:01:00+00:00"}}]
    second = await subgraph.answer(query, variables | {"after": page["pageInfo"]["endCursor"]}, Context(GUEST))
    assert second.data is not None
    page = second.data["_entities"][0]["groups"]
    assert [edge["node"]["id"] for edge in page["edges"]] == [late.id]
    assert page["pageInfo"]["hasNextPage"] is False


async def test_a_sku_is_available_over_all_branches() -> None:
    await make.stock("sku_tea", on_hand=10, held=4, branch_id="brn_a")
    await make.stock("sku_tea", on_hand=7, branch_id="brn_b")
    query = """
    query ($skus: [_Any!]!) {
      _entities(representations: $skus) {
        ... on Sku { available stock(first: 5) { edges { node { branch { id } inStock } } } }
      }
    }
    """
    skus = [{"__typename": "Sku", "id": sku_id} for sku_id in ("sku_tea", "sku_nowhere")]
    with counted_statements() as statements:
        answer = await subgraph.answer(query, {"skus": skus}, Context(GUEST))
    assert answer.errors == []
    assert answer.data == {
        "_entities": [
            {
                "available": 13,
                "stock": {
                    "edges": [
                        {"node": {"branch": {"id": "brn_a"}, "inStock": True}},
                        {"node": {"branch": {"id": "brn_b"}, "inStock": True}},
                    ]
                },
            },
            {"available": None, "stock": {"edges": []}},
        ]
    }
    assert len(statements) == 2


STOCK = """
query ($skus: [_Any!]!) {
  _entities(representations: $skus) {
    ... on Sku { available stock(first: 5) { edges { node { available onHand held } } } }
  }
}
"""


async def test_its_shop_knows_the_stock_exactly_and_buyers_only_so_much() -> None:
    await make.stock("sku_tea", on_hand=1_000, held=4)
    skus = [{"__typename": "Sku", "id": "sku_tea"}]
    clerk = Viewer.shop_staff("mbr_clerk", "shp_tea", "CLERK")
    answer = await subgraph.answer(STOCK, {"skus": skus}, Context(clerk))
    own = {"available": 996, "onHand": 1_000, "held": 4}
    assert (answer.data, answer.errors) == (
        {"_entities": [{"available": 200, "stock": {"edges": [{"node": own}]}}]},
        [],
    )
    for viewer in (GUEST, Viewer.member("mbr_lin"), Viewer.shop_staff("mbr_x", "shp_other", "OWNER")):
        refused = await subgraph.answer(STOCK, {"skus": skus}, Context(viewer))
        nothing = dict.fromkeys(own)
        assert refused.data == {"_entities": [{"available": 200, "stock": {"edges": [{"node": nothing}]}}]}
        assert {error["extensions"]["code"] for error in refused.errors} == {"FORBIDDEN"}
