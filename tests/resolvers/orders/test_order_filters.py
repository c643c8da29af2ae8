"""Lists of orders, narrowed, sorted and counted: by what the viewer may read, and by nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from kit.viewer import Viewer
from models.orders import reads
from models.states import OrderState
from resolvers.context import Context
from schema.filtering import guarded_fields
from schema.orders.order import ShopOrder, ShopOrderOrder
from subgraphs.orders import subgraph
from tests.factories import orders as make
from tests.support.moments import HOUR, NOON
from tests.support.statements import counted_statements

pytestmark = pytest.mark.usefixtures("database", "noon")

OWNER, CLERK = (Viewer.shop_staff("mbr_x", "shp_tea", role) for role in ("OWNER", "CLERK"))
LIN = Viewer.member("mbr_lin")


async def placed() -> None:
    """Four orders of the tea shop, the newest the cheapest, and one of another shop."""
    for number in range(4):
        await make.order(
            "mbr_lin" if number % 2 else "mbr_wang",
            id=f"ord_{number}",
            placed_at=NOON - (4 - number) * HOUR,
            payable=1_000 * (4 - number),
            state=OrderState.PAID if number < 3 else OrderState.COMPLETED,
        )
    await make.order("mbr_lin", id="ord_other", shop_id="shp_other", payable=99_000)


async def asked(viewer: Viewer, arguments: str, key: str = "Shop", id_: str = "shp_tea") -> Any:
    query = f"""query($keys: [_Any!]!) {{ _entities(representations: $keys) {{ ... on {key} {{
      orders(first: 5, {arguments}) {{ totalCount edges {{ node {{ id }} }} }} }} }} }}"""
    return await subgraph.answer(query, {"keys": [{"__typename": key, "id": id_}]}, Context(viewer))


def ids(answer: Any) -> list[str]:
    assert answer.errors == []
    page = answer.data["_entities"][0]["orders"]
    assert page["totalCount"] == len(page["edges"])
    return [edge["node"]["id"][4:] for edge in page["edges"]]


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ("where: {}", "3210"),
        ("where: { state: { eq: PAID } }", "210"),
        ("where: { state: { in: [PAID, COMPLETED] } }", "3210"),
        ("where: { payable: { min: 2000, max: 3000 } }", "21"),
        ('where: { placedAt: { since: "2026-11-22T02:00:00Z" } }', "32"),
        ('where: { placedAt: { before: "2026-11-22T02:00:00Z" } }', "10"),
        ("where: { state: { eq: PAID }, payable: { max: 2000 } }", "2"),
        ("orderBy: PLACED_AT_ASC", "0123"),
        ("orderBy: PAYABLE_ASC", "3210"),
        ("orderBy: PAYABLE_DESC, where: { state: { eq: PAID } }", "012"),
    ],
)
async def test_an_owner_narrows_and_sorts(arguments: str, found: str) -> None:
    await placed()
    with counted_statements() as statements:
        answer = await asked(OWNER, arguments)
    assert ids(answer) == list(found)
    assert len(statements) == 2


async def test_a_member_narrows_their_own() -> None:
    await placed()
    assert ids(await asked(LIN, "where: { payable: { min: 2000 } }", "Member", "mbr_lin")) == ["1", "other"]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ("where: { payable: { min: 1 } }", "where.payable"),
        ("where: { state: { eq: PAID }, payable: { max: 1 } }", "where.payable"),
        ("where: { payable: {} }", "where.payable"),
        ("orderBy: PAYABLE_ASC", "orderBy"),
        ("orderBy: PAYABLE_DESC", "orderBy"),
    ],
)
@pytest.mark.parametrize("way", ["answer", "answer_by_strawberry"])
async def test_what_a_clerk_may_not_read_a_clerk_may_not_ask_by(arguments: str, argument: str, way: str) -> None:
    await placed()
    query = f"""query($keys: [_Any!]!) {{ _entities(representations: $keys) {{ ... on Shop {{
      orders(first: 5, {arguments}) {{ totalCount edges {{ node {{ id }} }} }} }} }} }}"""
    keys = {"keys": [{"__typename": "Shop", "id": "shp_tea"}]}
    with counted_statements() as statements:
        answer = await getattr(subgraph, way)(query, keys, Context(CLERK))
    assert answer.data == {"_entities": [{"orders": None}]}
    [error] = answer.errors
    assert error["path"] == ["_entities", 0, "orders"]
    assert error["extensions"] == {"code": "FORBIDDEN", "reason": "filter.closed", "argument": argument}
    assert len(statements) == 0


async def test_a_clerk_may_ask_by_what_they_read() -> None:
    await placed()
    assert ids(await asked(CLERK, "where: { state: { eq: PAID }, payable: null }, orderBy: PLACED_AT_ASC")) == [*"012"]


async def test_a_page_goes_on_in_its_order() -> None:
    await placed()
    query = """query($keys: [_Any!]!, $after: String) { _entities(representations: $keys) { ... on Shop {
      orders(first: 3, after: $after, orderBy: PAYABLE_ASC) { edges { node { id } } pageInfo { endCursor } } } } }"""
    seen: list[str] = []
    after = None
    for _ in range(2):
        variables = {"keys": [{"__typename": "Shop", "id": "shp_tea"}], "after": after}
        answer = await subgraph.answer(query, variables, Context(OWNER))
        assert answer.data is not None
        page = answer.data["_entities"][0]["orders"]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == ["ord_3", "ord_2", "ord_1", "ord_0"]


FACETS = """query($keys: [_Any!]!) { _entities(representations: $keys) { ... on Shop {
  orderFacets(by: STATE, where: { placedAt: { since: "2026-11-22T01:00:00Z" } }) { value count } } } }"""


async def test_orders_are_counted_by_value_within_the_scope() -> None:
    await placed()
    keys = {"keys": [{"__typename": "Shop", "id": "shp_tea"}, {"__typename": "Shop", "id": "shp_other"}]}
    answer = await subgraph.answer(FACETS, keys, Context(CLERK))
    assert answer.data == {
        "_entities": [
            {"orderFacets": [{"value": "PAID", "count": 2}, {"value": "COMPLETED", "count": 1}]},
            {"orderFacets": None},
        ]
    }
    assert [error["extensions"]["code"] for error in answer.errors] == ["FORBIDDEN"]


def test_every_sort_order_has_a_list() -> None:
    sorts = {one.sieve.column for one in guarded_fields(ShopOrder) if one.sieve.sorts}
    assert {sorting.column for sorting in reads.ORDERS_BY} == sorts
    assert len(reads.ORDERS_BY) == len(ShopOrderOrder)
