"""The feed of 1,905 leaves over HTTP: `python -m bench.feed_server WAY PORT`.

WAY is `ours`: the whole gateway, whose one subgraph is the feed, compiled; or `stock`: the same gateway before
strawberry's own execution with DataLoaders.
"""

from __future__ import annotations

import sys
from typing import Any

from graphql import ExecutionResult, GraphQLError, execute, parse, print_schema

from bench import feed
from federation.composition import SubgraphSource, compose
from federation.engine import Engine
from federation.execution.compiled import Compiled, CompiledOperations
from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from federation.supergraph import Supergraph
from gateway import front_door, serve

NAME = "feed"


class CompiledFeed:
    """The feed for fused plans: see Local."""

    def __init__(self) -> None:
        schema = feed.SCHEMA._schema
        self._operations = CompiledOperations(schema, feed.answers(schema))

    def operation(self, query: str) -> Compiled:
        return self._operations.compiled(query, parse(query), None, {})

    def context(self, context: RequestContext) -> Any:
        return None

    def rendered(self, error: GraphQLError) -> dict[str, Any]:
        return dict(error.formatted)


async def by_strawberry(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
    """The feed as strawberry executes it."""
    document = feed.document(request.query)
    schema, loaders = feed.SCHEMA._schema, feed.Loaders()
    done = execute(schema, document, context_value=loaders, variable_values=dict(request.variables))
    result = done if isinstance(done, ExecutionResult) else await done
    return SubgraphResponse(result.data, [dict(error.formatted) for error in result.errors or ()])


def main() -> None:
    """Serve anybody."""
    way, port = sys.argv[1:]
    composed = compose([SubgraphSource(NAME, "http://127.0.0.1/feed", print_schema(feed.SCHEMA._schema))])
    assert composed.sdl, composed.errors
    local = CompiledFeed() if way == "ours" else None
    engine = Engine(Supergraph.parse(composed.sdl), {NAME: InProcessTransport(NAME, by_strawberry, local=local)})
    serve(front_door(engine), host="127.0.0.1", port=int(port))


if __name__ == "__main__":
    main()
