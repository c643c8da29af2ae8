"""A subgraph that fails takes down its own fields only, with one coded error that says nothing of its insides."""

from __future__ import annotations

import asyncio
from typing import Any

from federation.errors import SubgraphError
from federation.execution import ExecutionResult
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse, Transport
from tests.federation.testkit import answer, subgraphs_of, supergraph_of

SDL = {
    "products": """
        type Query { products: [Product!] first: Product }
        type Product @key(fields: "id") { id: ID! title: String }
    """,
    "stock": """
        type Query { warehouses: [String!] }
        type Product @key(fields: "id") { id: ID! stock: Int shelf: Shelf }
        type Shelf @key(fields: "id") { id: ID! }
    """,
    "shelves": """
        type Shelf @key(fields: "id") { id: ID! aisle: Int }
    """,
}
PRODUCTS = [
    {
        "__typename": "Product",
        "id": str(n),
        "title": f"t{n}",
        "stock": n,
        "shelf": {"__typename": "Shelf", "id": f"s{n}", "aisle": n},
    }
    for n in range(3)
]
ROWS: list[dict[str, Any]] = [
    {"__typename": "Query", "products": PRODUCTS, "first": PRODUCTS[0], "warehouses": ["w"]},
    *PRODUCTS,
    *(product["shelf"] for product in PRODUCTS),  # type: ignore[list-item]
]


class Down:
    """A subgraph that does not answer."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        raise self.failure


class Says:
    """A subgraph that always gives the same answer."""

    def __init__(self, data: Any, *errors: dict[str, Any]) -> None:
        self.response = SubgraphResponse(data, list(errors))

    async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        return self.response


async def ask(query: str, **replaced: Transport) -> ExecutionResult:
    return await answer(supergraph_of(SDL), {**subgraphs_of(SDL, ROWS), **replaced}, query)


async def test_a_failed_fetch_is_one_error_however_many_entities_it_was_for() -> None:
    down = Down(SubgraphError("SUBGRAPH_TIMEOUT", "Subgraph stock did not answer", "stock"))
    result = await ask("{ products { title stock shelf { aisle } } }", stock=down)
    assert result.data == {"products": [{"title": f"t{n}", "stock": None, "shelf": None} for n in range(3)]}
    assert result.errors == [
        {
            "message": "Subgraph stock did not answer",
            "path": ["products"],
            "extensions": {"code": "SUBGRAPH_TIMEOUT", "service": "stock"},
        }
    ]


async def test_other_root_fields_are_unharmed() -> None:
    down = Down(SubgraphError("SUBGRAPH_UNREACHABLE", "Subgraph products is away", "products"))
    result = await ask("{ products { title } warehouses }", products=down)
    assert result.data == {"products": None, "warehouses": ["w"]}
    assert result.errors == [
        {
            "message": "Subgraph products is away",
            "path": ["products"],
            "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "products"},
        }
    ]


async def test_a_fetch_for_several_places_has_one_error_for_each() -> None:
    result = await ask("{ products { stock } first { stock } }", stock=Down(SubgraphError(None, "away", "stock")))
    assert result.data == {"products": [{"stock": None}] * 3, "first": {"stock": None}}
    shared = {"message": "away", "extensions": {"code": "SUBGRAPH_UNREACHABLE", "service": "stock"}}
    assert result.errors == [{**shared, "path": ["products"]}, {**shared, "path": ["first"]}]


async def test_an_unexpected_exception_does_not_show() -> None:
    result = await ask("{ first { title stock } }", stock=Down(RuntimeError("http://10.0.0.7:4001 refused")))
    assert result.data == {"first": {"title": "t0", "stock": None}}
    assert result.errors == [
        {
            "message": "Subgraph stock failed",
            "path": ["first"],
            "extensions": {"code": "SUBGRAPH_FAILED", "service": "stock"},
        }
    ]


async def test_an_error_of_one_entity_stands_at_its_place_for_the_client() -> None:
    entities = [{"left": 0}, {"left": None}, {"left": 2}]
    error = {
        "message": "counted wrong",
        "path": ["_entities", 1, "left"],
        "extensions": {"code": "MISCOUNT", "exception": {"stacktrace": ["at /srv/stock.py:3"]}},
    }
    result = await ask("{ all: products { left: stock } }", stock=Says({"_entities": entities}, error))
    assert result.data == {"all": [{"left": 0}, {"left": None}, {"left": 2}]}
    assert result.errors == [
        {
            "message": "counted wrong",
            "path": ["all", 1, "left"],
            "extensions": {"code": "MISCOUNT", "service": "stock"},
        }
    ]


async def test_an_answer_without_data_leaves_nulls() -> None:
    result = await ask("{ products { title stock } }", stock=Says(None, {"message": "no"}))
    assert result.data == {"products": [{"title": f"t{n}", "stock": None} for n in range(3)]}
    assert result.errors == [
        {"message": "no", "path": ["products"], "extensions": {"code": "SUBGRAPH_ERROR", "service": "stock"}}
    ]


async def test_an_answer_of_the_wrong_form_is_as_good_as_none() -> None:
    result = await ask("{ products { title stock } }", stock=Says({"_entities": "what?"}))
    assert result.data == {"products": [{"title": f"t{n}", "stock": None} for n in range(3)]}


async def test_what_does_not_depend_on_each_other_runs_at_the_same_time() -> None:
    arrived: list[str] = []
    both = asyncio.Event()

    class Meets:
        """Answers only when another request is under way."""

        def __init__(self, name: str, inner: Transport) -> None:
            self.name, self.inner = name, inner

        async def send(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
            arrived.append(self.name)
            if len(arrived) == 2:
                both.set()
            await asyncio.wait_for(both.wait(), 5)
            return await self.inner.send(request, context)

    inner = subgraphs_of(SDL, ROWS)
    meeting = {name: Meets(name, inner[name]) for name in ("products", "stock")}
    result = await answer(supergraph_of(SDL), {**inner, **meeting}, "{ warehouses first { title } }")
    assert result.data == {"warehouses": ["w"], "first": {"title": "t0"}}
    assert sorted(arrived) == ["products", "stock"]
