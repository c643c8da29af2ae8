"""Entities: each asked for once, those without a key not at all, answers put where they belong."""

from __future__ import annotations

from typing import Any

from tests.federation.testkit import answer_from

SHOPS = {
    "products": """
        type Query { products: [Product!] }
        type Product @key(fields: "id") { id: ID! title: String shop: Shop }
        type Shop @key(fields: "code") { code: ID }
    """,
    "shops": """
        type Shop @key(fields: "code") { code: ID name: String owner: Owner }
        type Owner { name: String }
    """,
    "stock": """
        type Product @key(fields: "id") { id: ID! stock: Int }
    """,
}


def mall(*codes: str | None) -> list[dict[str, Any]]:
    """Products in the shops of these codes."""
    shops: dict[Any, dict[str, Any]] = {
        code: {
            "__typename": "Shop",
            "code": code,
            "name": f"shop {code}",
            "owner": {"__typename": "Owner", "name": "Li"},
        }
        for code in codes
    }
    products = [
        {"__typename": "Product", "id": str(n), "title": f"t{n}", "stock": n, "shop": shops[code]}
        for n, code in enumerate(codes)
    ]
    return [{"__typename": "Query", "products": products}, *shops.values(), *products]


async def test_an_entity_met_often_is_asked_for_once() -> None:
    result, subgraphs = await answer_from(
        SHOPS, mall("a", "b", "a", "a"), "{ products { shop { name owner { name } } } }"
    )
    assert subgraphs["shops"].requests[0].variables["representations"] == [
        {"__typename": "Shop", "code": "a"},
        {"__typename": "Shop", "code": "b"},
    ]
    assert result.errors == []
    assert result.data is not None
    assert [product["shop"]["name"] for product in result.data["products"]] == ["shop a", "shop b", "shop a", "shop a"]


async def test_an_entity_whose_key_is_null_is_not_asked_for() -> None:
    result, subgraphs = await answer_from(SHOPS, mall("a", None), "{ products { shop { name } } }")
    assert subgraphs["shops"].requests[0].variables["representations"] == [{"__typename": "Shop", "code": "a"}]
    assert (result.data, result.errors) == (
        {"products": [{"shop": {"name": "shop a"}}, {"shop": {"name": None}}]},
        [],
    )


async def test_no_entity_no_request() -> None:
    result, subgraphs = await answer_from(SHOPS, mall(), "{ products { stock shop { name } } }")
    assert (result.data, result.errors) == ({"products": []}, [])
    assert [len(subgraph.requests) for subgraph in subgraphs.values()] == [1, 0, 0]


async def test_every_subgraph_is_asked_once_whatever_the_number_of_entities() -> None:
    for count in (1, 30):
        _, subgraphs = await answer_from(SHOPS, mall(*"ab" * count), "{ products { title stock shop { name } } }")
        assert [len(subgraph.requests) for subgraph in subgraphs.values()] == [1, 1, 1]


async def test_keys_come_in_the_order_asked_for_and_nothing_internal_is_shown() -> None:
    result, _ = await answer_from(SHOPS, mall("a"), "{ products { stock kind: __typename shop { name } title } }")
    assert repr(result.data) == repr(
        {"products": [{"stock": 0, "kind": "Product", "shop": {"name": "shop a"}, "title": "t0"}]}
    )


async def test_an_alias_may_even_be_the_name_of_the_type_field() -> None:
    query = "{ products { __typename: title shop { __typename: name } } }"
    result, _ = await answer_from(SHOPS, mall("a"), query)
    assert result.data == {"products": [{"__typename": "t0", "shop": {"__typename": "shop a"}}]}
