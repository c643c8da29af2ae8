"""Two subgraphs on graphql-core, composed by our composer: enough to see an engine work from end to end."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from graphql import build_schema, graphql

from federation.composition import SubgraphSource, compose
from federation.execution.transport import RequestContext, SubgraphRequest, SubgraphResponse
from federation.supergraph import Supergraph

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: '
    '["@key", "@shareable", "@external", "@requires", "@override", "@authenticated", "@requiresScopes", "@listSize"])\n'
)
PRODUCTS = """
type Query { product(id: ID!): Product  products(first: Int = 3): [Product!]  secret: String @authenticated }
type Mutation { rename(id: ID!, name: String!): Product }
type Product @key(fields: "id") { id: ID! name: String cost: Int @requiresScopes(scopes: [["seller"]]) }
"""
REVIEWS = """
type Query { reviews: [Review!] }
type Review { text: String product: Product }
type Product @key(fields: "id") { id: ID! stars: Int! reviews: [Review!]! }
"""
ADDRESSES = {"products": "http://products.internal:4001/graphql", "reviews": "http://reviews.internal:4002/graphql"}


def supergraph(**changed: str) -> Supergraph:
    """The composed mall; `products` or `reviews` may be given another SDL."""
    sdls = {"products": PRODUCTS, "reviews": REVIEWS, **changed}
    composed = compose([SubgraphSource(name, ADDRESSES[name], LINK + sdl) for name, sdl in sdls.items()])
    assert composed.sdl is not None, composed.errors
    return Supergraph.parse(composed.sdl)


def product(key: Any) -> dict[str, Any]:
    return {"__typename": "Product", "id": str(key), "name": f"product {key}", "cost": 7, "stars": 4, "reviews": []}


ROOT: dict[str, Callable[..., Any] | str] = {
    "product": lambda info, id: product(id),
    "products": lambda info, first: [product(number) for number in range(first)],
    "rename": lambda info, id, name: product(id) | {"name": name},
    "reviews": lambda info: [{"text": "good", "product": product(1)}],
    "secret": "told",
    "_entities": lambda info, representations: [product(item["id"]) for item in representations],
}


class Subgraph:
    """One subgraph: an in-process `call`, and the requests that it got."""

    def __init__(self, sdl: str) -> None:
        plain = re.sub(r"@(key|requiresScopes)\([^)]*\)|@(shareable|authenticated|external)", "", sdl)
        plain = plain.replace("type Query {", "type Query { _entities(representations: [_Any!]!): [_Entity]!", 1)
        self._schema = build_schema(f"{plain} scalar _Any union _Entity = Product")
        self.requests: list[SubgraphRequest] = []
        self.contexts: list[RequestContext] = []

    async def call(self, request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        self.requests.append(request)
        self.contexts.append(context)
        result = await graphql(self._schema, request.query, ROOT, variable_values=request.variables)
        return SubgraphResponse(result.data, [dict(error.formatted) for error in result.errors or []])
