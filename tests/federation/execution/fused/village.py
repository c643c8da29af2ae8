"""A small federated graph in this process, whose runs can be watched: shops here, their goods' prices and owners there.

A price needs to know what a good weighs, which only `shops` knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLError, build_schema, parse, validate

from federation import planning
from federation.composition import SubgraphSource, compose
from federation.execution import ExecutionResult, execute
from federation.execution.compiled import Answer, Answers, Attribute, BatchCall, Compiled, CompiledOperations
from federation.execution.fused import FusedPlan, FusedPlans, fuse
from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from federation.planning.nodes import QueryPlan
from federation.supergraph import Supergraph

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])\n'
)
SHOPS = """
type Query { shops(first: Int! = 2): [Shop] }
type Mutation { open(name: String!): Shop }
type Shop @key(fields: "id") { id: ID! name: String! goods: [Good!]! keeper: Person }
type Good @key(fields: "id") { id: ID! weight: Int }
type Person @key(fields: "id") { id: ID! }
"""
PRICES = """
type Query { currency: String }
type Good @key(fields: "id") { id: ID! weight: Int @external price: Int! @requires(fields: "weight") label: String }
type Person @key(fields: "id") { id: ID! name: String! }
"""
MACHINERY = "scalar _Any union _Entity = "


@dataclass
class Row:
    """A row of the subgraphs: what it is, and its attributes."""

    kind: str
    id: str
    name: Any = ""
    weight: Any = 1
    keeper: Any = None
    price: Any = 0
    label: Any = None


@dataclass(slots=True)
class House:
    """A subgraph of the village. `calls` has each call with its rows' ids; `cells` says what a field answers, `waits`
    for what it waits before."""

    name: str
    sdl: str
    calls: list[tuple[str, list[Any]]]
    cells: dict[str, Callable[[Any], Any]]
    waits: Mapping[str, Callable[[], Awaitable[Any]]]
    contexts: list[Any] = field(default_factory=list)
    operations: CompiledOperations = field(init=False)

    def __post_init__(self) -> None:
        entities = ("Shop", "Good", "Person") if self.name == "shops" else ("Good", "Person")
        query = "type Query { _entities(representations: [_Any!]!): [_Entity]! "
        plain = self.sdl.replace("type Query {", query).replace("@external", "").replace('@key(fields: "id")', "")
        plain = plain.replace('@requires(fields: "weight")', "")
        schema = build_schema(f"{plain} {MACHINERY} {' | '.join(entities)}")
        for name in entities:
            schema.type_map[name].is_type_of = lambda row, _, name=name: row.kind == name
        self.operations = CompiledOperations(schema, Answers(dict(self._answers(schema, entities))))

    def _answers(self, schema: Any, entities: Sequence[str]) -> Any:
        for type_name in ("Query", *entities):
            for name in schema.type_map[type_name].fields:
                plain = name in ("id", "name", "weight", "label", "keeper")
                yield (type_name, name), Answer(Attribute(name) if plain else BatchCall(self._batch(name)))

    def _batch(self, name: str) -> Any:
        async def call(rows: Sequence[Any], arguments: Mapping[str, Any], context: Any) -> list[Any]:
            asked = arguments.get("representations", rows)
            self.calls.append((name, [one["id"] if isinstance(one, dict) else one and one.id for one in asked]))
            await self.waits.get(name, a_turn)()
            if name == "_entities":
                return [[self.cells["found"](one) for one in asked]]
            return [self.cells[name](row) for row in rows]

        return call

    def operation(self, query: str) -> Compiled:
        return self.operations.compiled(query, parse(query), None, {})

    def context(self, context: RequestContext) -> Any:
        self.contexts.append(context.value)
        return context.value

    def rendered(self, error: GraphQLError) -> dict[str, Any]:
        return dict(error.formatted)

    async def call(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        self.calls.append((f"asked {self.name}", []))
        compiled = self.operations.compiled(request.query, parse(request.query), None, request.variables)
        data, errors = await compiled.run(None, request.variables, context.value)
        return SubgraphResponse(data, [dict(error.formatted) for error in errors])


async def a_turn() -> None:
    await asyncio.sleep(0)


def goods_of(shop: Row) -> list[Row]:
    return [Row("Good", f"{shop.id}-{number}", weight=number) for number in (1, 2)]


def found(representation: Mapping[str, Any]) -> Row:
    kind, key = representation["__typename"], representation["id"]
    return Row(kind, key, name=f"{kind} {key}", price=10 * (representation.get("weight") or 0), label=f"label {key}")


def shops(_: Any) -> list[Row]:
    keeper = Row("Person", "p")
    return [
        Row("Shop", "a", "A", keeper=keeper),
        Row("Shop", "b", "B", keeper=None),
        Row("Shop", "c", "C", keeper=keeper),
    ]


@dataclass(slots=True)
class Village:
    """Both houses, their supergraph, and what was asked. `cells` and `waits` by name of field: see House."""

    calls: list[tuple[str, list[Any]]] = field(default_factory=list)
    cells: dict[str, Callable[[Any], Any]] = field(default_factory=dict)
    waits: dict[str, Callable[[], Awaitable[Any]]] = field(default_factory=dict)
    houses: dict[str, House] = field(init=False)
    supergraph: Supergraph = field(init=False)
    fused: FusedPlans = field(init=False)

    def __post_init__(self) -> None:
        usual = {"shops": shops, "goods": goods_of, "found": found, "price": lambda row: row.price}
        self.cells = {**usual, "currency": lambda _: "CNY", **self.cells}
        sdls = {"shops": SHOPS, "prices": PRICES}
        self.houses = {name: House(name, sdl, self.calls, self.cells, self.waits) for name, sdl in sdls.items()}
        composed = compose([SubgraphSource(name, f"http://{name}", LINK + sdl) for name, sdl in sdls.items()])
        assert composed.sdl is not None, composed.errors
        self.supergraph = Supergraph.parse(composed.sdl)
        self.fused = FusedPlans(self.houses)

    @property
    def transports(self) -> dict[str, InProcessTransport]:
        return {name: InProcessTransport(name, house.call, local=house) for name, house in self.houses.items()}

    def plan(self, query: str) -> QueryPlan:
        document = parse(query)
        assert validate(self.supergraph.api_schema, document) == []
        return planning.plan(document, self.supergraph)

    def fuse(self, query: str) -> FusedPlan:
        return fuse(self.plan(query), self.houses)

    async def ask(self, query: str, context: RequestContext | None = None, *, fused: bool = True) -> ExecutionResult:
        plans = self.fused if fused else None
        return await execute(self.plan(query), {"first": 2}, self.transports, context or RequestContext(), fused=plans)
