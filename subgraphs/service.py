"""A subgraph as a service of its own: `python -m subgraphs.NAME --port N`."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kit import clock, cursors
from kit.errors import Forbidden
from kit.graphql_http import GraphQLHTTP, GraphQLHTTPAnswer, GraphQLHTTPRequest, HTTPRefusal
from kit.memory import settle_memory
from kit.metrics import METRICS_TYPE, Metrics
from kit.settings import Settings
from kit.tokens import HAT_HEADER, TokenRefused, Tokens
from resolvers.context import Context
from resolvers.database import CACHE, open_tables
from subgraphs.ports import tools_over_http
from subgraphs.runtime import Subgraph

TRACE_HEADER = "apollo-federation-include-trace"
BODY_LIMIT = 8_000_000
"""Bytes: a gateway may send a thousand representations."""


def application(subgraph: Subgraph, settings: Settings, tokens: Tokens) -> Starlette:
    """The subgraph behind HTTP. It believes nobody: it reads the viewer's own token again."""
    tools = tools_over_http(settings, tokens, subgraph.name)

    async def execute(asked: GraphQLHTTPRequest) -> GraphQLHTTPAnswer:
        try:
            viewer = tokens.viewer_of(asked.headers.get("authorization"), asked.headers.get(HAT_HEADER))
        except (TokenRefused, Forbidden) as refused:
            status = 401 if isinstance(refused, TokenRefused) else 403
            raise HTTPRefusal(status, refused.kind, refused.message) from None
        ask = subgraph.traced_answer if asked.headers.get(TRACE_HEADER) == "ftv1" else subgraph.answer
        answer = await ask(
            asked.query or "", asked.variables, Context(viewer, tools), operation_name=asked.operation_name
        )
        return GraphQLHTTPAnswer(answer.body())

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with open_tables(settings, [subgraph.name]):
            settle_memory()
            yield

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "alive", "subgraph": subgraph.name})

    async def numbers(_: Request) -> Response:
        return Response(metrics.text(), media_type=METRICS_TYPE)

    metrics = Metrics()
    metrics.watch(CACHE)
    graphql = Route("/graphql", GraphQLHTTP(execute, max_body=BODY_LIMIT))
    return Starlette(routes=[Route("/health", health), Route("/metrics", numbers), graphql], lifespan=lifespan)


def serve(subgraph: Subgraph) -> None:
    """The command line of a subgraph."""
    parser = argparse.ArgumentParser(description=f"The {subgraph.name} subgraph as an HTTP service")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    settings = Settings.read()
    if settings.clock:
        clock.use(clock.stopped_at(settings.clock))
    cursors.use(settings.sealing_key)
    app = application(subgraph, settings, Tokens.from_file(settings.signing_key))
    uvicorn.run(app, host=options.host, port=options.port, loop="uvloop", http="httptools", access_log=False)
