"""The estimate bounds what subgraphs can be made to resolve, and is known before any of them is asked."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import build_schema, graphql_sync, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.admission import Limits
from federation.admission.cost import CostReader
from federation.admission.declared import Declared
from tests.federation.admission.gate import DIRECTIVES, admission, admitted, refused

MALL = """
type Query {
  now: String
  shops(first: Int = 10, last: Int): ShopConnection
  all: [Shop]
  byIds(ids: [ID!]!): [Shop]
  found: [Result]
  dear: Int @cost(weight: 7)
  guessed: [Shop] @listSize(assumedSize: 3)
  sliced(limit: Int, page: Page): [Shop] @listSize(slicingArguments: ["limit", "page.size"])
  loose(limit: Int): [Shop] @listSize(assumedSize: 5, slicingArguments: ["limit"], requireOneSlicingArgument: false)
  paged(limit: Int): ShopPage @listSize(slicingArguments: ["limit"], sizedFields: ["rows"])
  asked(filter: Filter, deep: Boolean @cost(weight: 4)): Int
  boxes(first: Int): [Box]
}
input Page { size: Int }
input Filter { name: String @cost(weight: 2), near: Boolean @cost(weight: 3) }
type Box @cost(weight: 5) { id: ID }
type ShopPage { rows: [Shop] total: Int tags: [Tag] }
type ShopConnection { edges: [ShopEdge] nodes: [Shop] total: Int }
type ShopEdge { node: Shop cursor: String }
type Shop { id: ID name: String products(first: Int = 10): [Product] peers: ShopConnection }
type Tag { id: ID }
union Result = Shop | Product
interface Named { name: String }
type Product implements Named { id: ID name: String tags: [Tag] }
type Mutation { rename(id: ID): Shop }
"""
SCHEMA = build_schema(DIRECTIVES + MALL)
READER = CostReader(SCHEMA, Declared(parse(MALL), SCHEMA), list_size=10)


def cost(query: str, variables: dict[str, Any] | None = None) -> float:
    document = parse(query)
    fragments = {node.name.value: node for node in document.definitions[1:]}  # type: ignore[attr-defined]
    return READER.read(document.definitions[0], fragments).estimate(variables or {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ now __typename }", 1),
        ("{ all { id name } }", 1 + 10 * 2),
        ("{ all { products(first: 5) { id } } }", 1 + 10 * (1 + 5)),
        ("{ all { products { id } } }", 1 + 10 * (1 + 10)),
        ("{ shops { total } }", 2),
        ("{ shops(first: 50) { edges { cursor node { id } } } }", 1 + 1 + 50 * (1 + 1 + 1)),
        ("{ shops(first: 2, last: 7) { nodes { id } } }", 1 + 1 + 7),
        ("{ shops(first: 0) { nodes { id } } }", 2),
        ("{ byIds(ids: [1, 2]) { id } }", 1 + 10),
        ("{ byIds(ids: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) { id } }", 1 + 12),
        ("{ found { ... on Shop { id name } ... on Product { id } __typename } }", 1 + 10 * 2),
        ("{ found { ... on Named { name } ... on Product { id } ... on Shop { id } } }", 1 + 10 * 2),
        ("{ ...F } fragment F on Query { now all { ...G } } fragment G on Shop { id }", 1 + 1 + 10),
        ("mutation { rename(id: 1) { id } }", 10 + 1),
        ("{ dear }", 7),
        ("{ guessed { id } }", 1 + 3),
        ("{ sliced(limit: 4) { id } }", 1 + 4),
        ("{ sliced(page: {size: 6}) { id } }", 1 + 6),
        ("{ loose { id } }", 1 + 5),
        ("{ loose(limit: 40) { id } }", 1 + 40),
        ("{ paged(limit: 8) { rows { id } total tags { id } } }", 1 + (1 + 8) + 1 + (1 + 10)),
        ("{ asked }", 1),
        ('{ asked(filter: {name: "x"}) }', 1 + 5),
        ("{ asked(deep: true) }", 1 + 4),
        ("{ boxes(first: 3) { id } }", 1 + 3 * (5 + 1)),
    ],
)
def test_the_cost_of(query: str, expected: float) -> None:
    assert cost(query) == expected


def test_sizes_come_from_variables_and_their_absence() -> None:
    query = "query ($n: Int, $ids: [ID!]!) { shops(first: $n) { nodes { id } } byIds(ids: $ids) { id } }"
    assert cost(query, {"n": 30, "ids": ["1"]}) == (1 + 1 + 30) + (1 + 10)
    assert cost(query, {"ids": ["1"] * 20}) == (1 + 1 + 10) + (1 + 20)


def test_a_remembered_estimate_is_told_apart_by_what_decides_it() -> None:
    document = parse("query ($n: Int, $id: ID) { shops(first: $n) { nodes { id } } }")
    found = READER.read(document.definitions[0], {})  # type: ignore[arg-type]
    assert found.variables == ("n",)
    assert [found.estimate({"n": n, "id": "x"}) for n in (1, 2, 1)] == [3, 4, 3]


BOMB = "{ shops(first: 50) { nodes { peers: products(first: 50) { tags { id } } } } }"


async def test_a_width_bomb_is_refused_with_its_price() -> None:
    assert await refused(admission(MALL), BOMB) == [
        {
            "message": "The operation is estimated to cost 27552, over the limit of 8000",
            "extensions": {
                "code": "COST_ESTIMATED_TOO_EXPENSIVE",
                "cost": {"estimated": 27552, "limit": 8000},
            },
        }
    ]


async def test_a_bomb_in_the_variables_is_refused_too() -> None:
    query = "query ($n: Int) { shops(first: $n) { nodes { id } } }"
    gate = admission(MALL, Limits(cost=100))
    assert (await admitted(gate, query, n=98)).variables == {"n": 98}
    assert (await refused(gate, query, n=99))[0]["extensions"]["code"] == "COST_ESTIMATED_TOO_EXPENSIVE"


async def test_one_slicing_argument_has_to_be_given_where_the_schema_says_so() -> None:
    gate = admission(MALL)
    for query in ("{ x: sliced { id } }", "{ x: sliced(limit: 1, page: {size: 1}) { id } }"):
        assert await refused(gate, query) == [
            {
                "message": "Give exactly one of the arguments limit, page.size",
                "path": ["x"],
                "extensions": {"code": "COST_QUERY_PARSE_FAILURE"},
            }
        ]


@st.composite
def operations(draw: st.DrawFn) -> str:
    """Nested selections over shops, with and without sizes."""

    def shop(depth: int) -> str:
        parts = draw(
            st.lists(st.sampled_from(["id", "name", "products", "peers"]), min_size=1, max_size=4, unique=True)
        )
        return " ".join(field(name, depth) for name in parts)

    def field(name: str, depth: int) -> str:
        size = draw(st.integers(0, 4))
        if name == "products":
            return f"products(first: {size}) {{ id ... on Named {{ name }} tags {{ id }} }}"
        if name == "peers":
            return "peers { total }" if depth == 0 else f"peers {{ nodes {{ {shop(depth - 1)} }} }}"
        return name

    shops = f"shops(first: {draw(st.integers(0, 4))}) {{ edges {{ node {{ {shop(2)} }} }} }}"
    return f"{{ {shops} found {{ ... on Shop {{ {shop(1)} }} ... on Product {{ id tags {{ id }} }} }} }}"


@given(operations())
@settings(max_examples=60, deadline=None)
def test_no_more_is_resolved_than_was_estimated(query: str) -> None:
    calls = 0

    def resolve(source: Any, info: Any, **arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        kind = str(info.return_type)
        length = arguments.get("first", source.get("first", 3) if info.field_name in ("edges", "nodes") else 3)
        if kind.startswith("["):
            return [{"__typename": "Product" if number % 2 else "Shop"} for number in range(length)]
        return {"first": length} if "Connection" in kind else {} if kind in ("Shop", "ShopEdge") else "1"

    schema = build_schema(DIRECTIVES + MALL.replace("total: Int", "total: ID"))
    result = graphql_sync(schema, query, field_resolver=resolve)
    assert result.errors is None
    assert calls <= cost(query)
