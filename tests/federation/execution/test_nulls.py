"""Nulls rise to the nearest place that allows them, with one error each."""

from __future__ import annotations

from typing import Any

import pytest

from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from tests.federation.testkit import answer, answer_from, supergraph_of

SDL = {
    "a": """
        type Query { top: Top list: [Top] strict: [Top!] must: Top! }
        type Top @key(fields: "id") { id: ID! inner: Inner name: String! }
        type Inner { leaf: String! kind: Kind }
        enum Kind { SEEN HIDDEN @inaccessible }
    """,
    "b": """
        type Top @key(fields: "id") { id: ID! needed: String! }
    """,
}


def top(number: int, **changed: Any) -> dict[str, Any]:
    inner = {"__typename": "Inner", "leaf": "x", "kind": "SEEN"}
    return {"__typename": "Top", "id": str(number), "inner": inner, "name": "n", "needed": "yes", **changed}


def rows(first: dict[str, Any], second: dict[str, Any]) -> list[dict[str, Any]]:
    both = [first, second]
    return [{"__typename": "Query", "top": first, "list": both, "strict": both, "must": first}, first, second]


@pytest.mark.parametrize(
    ("query", "data", "path"),
    [
        ("{ top { id needed } }", {"top": None}, ["top", "needed"]),
        ("{ list { id needed } }", {"list": [None, {"id": "2", "needed": "yes"}]}, ["list", 0, "needed"]),
        ("{ strict { id needed } }", {"strict": None}, ["strict", 0, "needed"]),
        ("{ must { id needed } }", None, ["must", "needed"]),
        ("{ must { here: needed } list { id } }", None, ["must", "here"]),
    ],
)
async def test_a_null_from_another_subgraph_rises(query: str, data: Any, path: list[str | int]) -> None:
    result, _ = await answer_from(SDL, rows(top(1, needed=None), top(2)), query)
    assert result.data == data
    assert [error["path"] for error in result.errors] == [path]
    assert [error["extensions"] for error in result.errors] == [{"code": "SUBGRAPH_ERROR", "service": "b"}]


async def test_an_entity_that_is_not_found_leaves_nulls_and_one_error_where_none_may_be() -> None:
    missing = {"__typename": "Top", "id": "9", "inner": None, "name": "n"}
    data = [{"__typename": "Query", "top": missing, "list": [missing]}]
    result, _ = await answer_from(SDL, data, "{ list { id needed } }")
    assert result.data == {"list": [None]}
    assert result.errors == [
        {
            "message": "Cannot return null for non-nullable field Top.needed.",
            "path": ["list", 0, "needed"],
            "extensions": {"code": "NULL_NOT_ALLOWED"},
        }
    ]


async def test_an_enum_value_that_clients_may_not_see_is_null() -> None:
    inner = {"__typename": "Inner", "leaf": "x", "kind": "HIDDEN"}
    result, _ = await answer_from(SDL, rows(top(1, inner=inner), top(2)), "{ list { inner { leaf kind } } }")
    assert result.errors == []
    assert result.data == {"list": [{"inner": {"leaf": "x", "kind": None}}, {"inner": {"leaf": "x", "kind": "SEEN"}}]}


STRICTER = {
    "a": """
        type Query { nodes: [Node] }
        interface Node { id: ID! name: String below: Node tags: [String] }
        type Strict implements Node @key(fields: "id") { id: ID! name: String! below: Strict tags: [String!] }
        type Loose implements Node @key(fields: "id") { id: ID! name: String below: Node tags: [String] }
    """,
}


async def test_an_object_read_as_its_interface_has_the_nulls_of_its_own_type() -> None:
    loose = {"__typename": "Loose", "id": "1", "name": None, "tags": [None], "below": None}
    data = [{"__typename": "Query", "nodes": [loose, {**loose, "id": "2", "below": loose}]}]
    result, subgraphs = await answer_from(STRICTER, data, "{ nodes { name tags below { name } } }")
    assert result.errors == []
    assert result.data == {
        "nodes": [
            {"name": None, "tags": [None], "below": None},
            {"name": None, "tags": [None], "below": {"name": None}},
        ]
    }
    assert [one.query for one in subgraphs["a"].requests] == ["{nodes{name tags below{name __typename} __typename}}"]


class Careless:
    """A subgraph that breaks its own promises."""

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        nodes = [
            {"__typename": "Strict", "name": None, "tags": ["x"], "below": None},
            {"__typename": "Strict", "name": "n", "tags": [None], "below": {"__typename": "Strict", "name": None}},
        ]
        return SubgraphResponse({"nodes": nodes}, [])


async def test_a_null_that_only_the_objects_type_forbids_rises_as_well() -> None:
    query = "{ nodes { name tags below { name } } }"
    result = await answer(supergraph_of(STRICTER), {"a": Careless()}, query)
    assert result.data == {"nodes": [None, {"name": "n", "tags": None, "below": None}]}
    assert [(error["message"], error["path"]) for error in result.errors] == [
        ("Cannot return null for non-nullable field Strict.name.", ["nodes", 0, "name"]),
        ("Cannot return null for non-nullable field Strict.tags.", ["nodes", 1, "tags", 0]),
        ("Cannot return null for non-nullable field Strict.name.", ["nodes", 1, "below", "name"]),
    ]


async def test_an_interface_whose_types_agree_is_read_without_asking_for_types() -> None:
    data = [{"__typename": "Query", "nodes": []}]
    _, subgraphs = await answer_from(STRICTER, data, "{ nodes { id } }")
    assert [one.query for one in subgraphs["a"].requests] == ["{nodes{id}}"]
