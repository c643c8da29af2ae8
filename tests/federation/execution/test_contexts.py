"""Contextual arguments get what the nearest ancestor of each entity says."""

from __future__ import annotations

from typing import Any

from federation.errors import SubgraphError
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from tests.federation.emulator import Row
from tests.federation.testkit import answer, answer_from, subgraphs_of, supergraph_of

SHOPS = {
    "a": """
        type Query { shop: Shop shops: [Shop!]! }
        type Shop @key(fields: "id") @context(name: "shop") {
          id: ID! currency: String land: Land inner: Shop all: [Product!]! }
        type Land { code: String }
        type Product @key(fields: "id") {
          id: ID!
          price(in: String @fromContext(field: "$shop { currency }"), tax: Int): String
          duty(to: String @fromContext(field: "$shop { land { code } }"),
               in: String @fromContext(field: "$shop { currency }")): String }
    """,
    "b": """
        type Product @key(fields: "id") { id: ID! part: Part }
        type Part @key(fields: "id") { id: ID! of: Product }
    """,
}


def price(given: Row, arguments: Row) -> str:
    return f"{arguments.get('in')} {arguments.get('tax', 0)}"


def duty(given: Row, arguments: Row) -> str:
    return f"{arguments.get('to')} {arguments.get('in')}"


def product(number: int) -> Row:
    one: Row = {"__typename": "Product", "id": f"p{number}", "price": price, "duty": duty}
    one["part"] = {"__typename": "Part", "id": f"part{number}", "of": one}
    return one


ONE, TWO = product(1), product(2)


def shop(number: int, currency: str | None, products: list[Row], inner: Row | None = None) -> Row:
    land = {"__typename": "Land", "code": f"L{number}"}
    basic = {"__typename": "Shop", "id": f"s{number}", "currency": currency, "land": land}
    return {**basic, "all": products, "inner": inner}


def rows(shops: list[Row]) -> list[Row]:
    return [{"__typename": "Query", "shops": shops, "shop": shops[0]}, *shops, ONE, TWO, ONE["part"], TWO["part"]]


THREE = rows([shop(1, "CNY", [ONE, TWO]), shop(2, "EUR", [ONE]), shop(3, "CNY", [TWO])])


async def test_each_group_of_equal_contexts_is_one_call_of_one_request() -> None:
    result, subgraphs = await answer_from(SHOPS, THREE, "{ shops { all { id price } } }")
    assert result.errors == []
    assert [[item["price"] for item in one["all"]] for one in result.data["shops"]] == [  # type: ignore[index]
        ["CNY 0", "CNY 0"],
        ["EUR 0"],
        ["CNY 0"],
    ]
    second = subgraphs["a"].requests[1]
    assert second.query == (
        "query($representations: [_Any!]!, $context1: String, $representations_1: [_Any!]!, $context1_1: String)"
        "{_entities(representations: $representations){...on Product{price(in: $context1)}} "
        "_entities_1: _entities(representations: $representations_1){...on Product{price(in: $context1_1)}}}"
    )
    assert second.variables == {
        "representations": [{"__typename": "Product", "id": "p1"}, {"__typename": "Product", "id": "p2"}],
        "context1": "CNY",
        "representations_1": [{"__typename": "Product", "id": "p1"}],
        "context1_1": "EUR",
    }


async def test_several_contextual_arguments_stand_beside_the_clients() -> None:
    query = "query($tax: Int!) { shops { all { a: price(tax: $tax) b: price(tax: 7) duty } } }"
    result, subgraphs = await answer_from(SHOPS, THREE, query, {"tax": 3})
    assert result.errors == []
    assert [one["all"][0] for one in result.data["shops"]] == [  # type: ignore[index]
        {"a": "CNY 3", "b": "CNY 7", "duty": "L1 CNY"},
        {"a": "EUR 3", "b": "EUR 7", "duty": "L2 EUR"},
        {"a": "CNY 3", "b": "CNY 7", "duty": "L3 CNY"},
    ]
    assert len(subgraphs["a"].requests) == 2


async def test_the_nearest_ancestor_counts() -> None:
    nested = rows([shop(1, "CNY", [ONE], shop(2, "EUR", [TWO]))])
    result, _ = await answer_from(SHOPS, nested, "{ shop { all { price } inner { all { price } } } }")
    assert result.errors == []
    assert result.data == {"shop": {"all": [{"price": "CNY 0"}], "inner": {"all": [{"price": "EUR 0"}]}}}


async def test_one_entity_at_two_places_has_the_context_of_each() -> None:
    """The entity's part comes in one answer for both places, but what stands below it must not be shared."""
    result, _ = await answer_from(SHOPS, THREE, "{ shops { all { part { of { price } } } } }")
    assert result.errors == []
    found = [[item["part"]["of"]["price"] for item in one["all"]] for one in result.data["shops"]]  # type: ignore[index]
    assert found == [["CNY 0", "CNY 0"], ["EUR 0"], ["CNY 0"]]


async def test_a_context_that_is_null_is_passed_as_null() -> None:
    result, subgraphs = await answer_from(SHOPS, rows([shop(1, None, [ONE])]), "{ shop { all { price } } }")
    assert result.data == {"shop": {"all": [{"price": "None 0"}]}}
    assert subgraphs["a"].requests[1].variables["context1"] is None


KINDS = {
    "a": """
        type Query { places: [Place!]! areas: [Area!]! }
        interface Area @context(name: "area") { id: ID! name: String town: Town }
        type Region implements Area @key(fields: "id") { id: ID! name: String town: Town }
        type Country implements Area @key(fields: "id") { id: ID! code: String name: String town: Town }
        union Place @context(name: "place") = Region | Country
        type Town @key(fields: "id") {
          id: ID!
          title(area: String @fromContext(field: "$area { name }")): String
          label(by: String @fromContext(field: "$place ... on Region { name } ... on Country { code }")): String }
    """,
}
TOWN: Row = {
    "__typename": "Town",
    "id": "t",
    "title": lambda given, arguments: arguments["area"],
    "label": lambda given, arguments: arguments["by"],
}
REGION: Row = {"__typename": "Region", "id": "r", "name": "the region", "town": TOWN}
COUNTRY: Row = {"__typename": "Country", "id": "c", "name": "the country", "code": "CC", "town": TOWN}
PLACES: list[Row] = [
    {"__typename": "Query", "places": [REGION, COUNTRY], "areas": [COUNTRY, REGION]},
    REGION,
    COUNTRY,
    TOWN,
]


async def test_each_type_says_its_own() -> None:
    query = """{
      areas { town { title label } }
      places { ... on Region { town { title label } } ... on Country { town { title label } } }
    }"""
    result, _ = await answer_from(KINDS, PLACES, query)
    region = {"town": {"title": "the region", "label": "the region"}}
    country = {"town": {"title": "the country", "label": "CC"}}
    assert result.errors == []
    assert result.data == {"areas": [country, region], "places": [region, country]}


AWAY = {
    "a": """
        type Query { shop: Shop }
        type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String @external all: [Product!]! }
        type Product @key(fields: "id") { id: ID! price(in: String @fromContext(field: "$shop { currency }")): String }
    """,
    "b": 'type Shop @key(fields: "id") { id: ID! currency: String }',
}


class Failing:
    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        raise SubgraphError("SUBGRAPH_TIMEOUT", "Subgraph b took too long", "b")


async def test_a_context_comes_from_where_it_is_resolved() -> None:
    result, _ = await answer_from(AWAY, THREE, "{ shop { all { id price } } }")
    assert result.errors == []
    assert result.data == {"shop": {"all": [{"id": "p1", "price": "CNY 0"}, {"id": "p2", "price": "CNY 0"}]}}


async def test_without_the_context_the_field_is_null_and_nobody_is_asked() -> None:
    transports: dict[str, Any] = {**subgraphs_of(AWAY, THREE), "b": Failing()}
    result = await answer(supergraph_of(AWAY), transports, "{ shop { all { id price } } }")
    assert result.data == {"shop": {"all": [{"id": "p1", "price": None}, {"id": "p2", "price": None}]}}
    assert [error["extensions"] for error in result.errors] == [{"code": "SUBGRAPH_TIMEOUT", "service": "b"}]
    assert len(transports["a"].requests) == 1
