"""Entities: each asked for once, those without a key not at all, answers put where they belong."""

from __future__ import annotations

from typing import Any

import orjson

from federation.execution.entities import collect
from federation.planning.nodes import EntityCall, Part, Segment, Source
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


async def test_equal_values_of_different_keys_are_different_entities() -> None:
    subgraphs = {
        "lists": """
            type Query { byId: [Item!] byCode: [Item!] }
            type Item @key(fields: "id") @key(fields: "code") { id: ID code: ID }
        """,
        "items": """
            type Item @key(fields: "id") @key(fields: "code") { id: ID code: ID name: String }
        """,
    }
    one = {"__typename": "Item", "id": "7", "code": None, "name": "by id"}
    other = {"__typename": "Item", "id": None, "code": "7", "name": "by code"}
    rows = [{"__typename": "Query", "byId": [one, other], "byCode": [other]}, one, other]
    result, _ = await answer_from(subgraphs, rows, "{ byId { name } byCode { name } }")
    assert result.data == {"byId": [{"name": "by id"}, {"name": None}], "byCode": [{"name": None}]}


SOURCES = tuple(Source((Segment(None, "items"),), None, "Item", (Part(key, key),)) for key in ("id", "code"))


def test_sources_of_one_call_share_what_is_the_same_and_nothing_else() -> None:
    items: list[dict[str, Any]] = [
        *({"id": 1}, {"code": 1}, {"id": 1}, {"id": True}),
        *({"id": {"a": [1]}}, {"id": {"a": [1]}}),
    ]
    batch = collect({"items": items}, EntityCall("_entities", "representations", SOURCES, ""))
    found = [tuple(item.items())[1] for item in batch.representations]
    assert found == [("id", 1), ("id", True), ("id", {"a": [1]}), ("code", 1)]
    assert batch.targets == [[items[0], items[2]], [items[3]], [items[4], items[5]], [items[1]]]


def test_entities_of_several_values_are_asked_for_once_and_only_with_all_of_them() -> None:
    parts = (Part("size", "size"), Part("spec", "spec"))
    source = Source((Segment(None, "items"),), None, "Item", (Part("id", "id"),), parts)
    items = [
        {"id": "1", "size": 1, "spec": None},  # null may be required
        {"id": "1", "size": 1, "spec": None},
        {"id": "1", "size": True, "spec": None},
        {"id": None, "size": 1, "spec": None},  # a null key is no entity's
        {"id": "2", "size": 1},  # not answered
        {"id": "3", "size": 1, "spec": {"any": "value"}},
        {"id": "3", "size": 1, "spec": {"any": "value"}},
    ]
    batch = collect({"items": items}, EntityCall("_entities", "representations", (source,), "{x}"))
    assert orjson.dumps(batch.representations) == orjson.dumps(
        [
            {"__typename": "Item", "id": "1", "size": 1, "spec": None},
            {"__typename": "Item", "id": "1", "size": True, "spec": None},
            {"__typename": "Item", "id": "3", "size": 1, "spec": {"any": "value"}},
        ]
    )
    assert [[id(target) for target in targets] for targets in batch.targets] == [
        [id(items[0]), id(items[1])],
        [id(items[2])],
        [id(items[5]), id(items[6])],
    ]
