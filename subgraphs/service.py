"""A subgraph as a service of its own: `python -m subgraphs.NAME --port N`."""

import argparse
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from kit import clock, cursors
from kit.client import CLIENT_HEADER
from kit.contexts import HEADER, ContextReader, ContextWriter
from kit.graphql_endpoint import ASGIApp, graphql_first
from kit.graphql_http import GraphQLHTTP, GraphQLHTTPAnswer, GraphQLHTTPRequest
from kit.logs import quiet_logs
from kit.memory import settle_memory
from kit.metrics import METRICS_TYPE, Metrics
from kit.processes import own_key, peers
from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from resolvers.context import Context
from resolvers.database import CACHE, open_tables
from subgraphs.answers import Answer
from subgraphs.door import Door
from subgraphs.ports import tools_over_http, trust_over_http
from subgraphs.runtime import Subgraph
from subgraphs.vouching import vouched_answer

TRACE_HEADER = "apollo-federation-include-trace"
BODY_LIMIT = 8_000_000
"""Bytes: a gateway may send a thousand representations."""


def application(subgraph: Subgraph, settings: Settings) -> ASGIApp:
    """The subgraph behind HTTP. It believes nobody but the mall's own processes, and the routers that it knows."""
    writer = ContextWriter(subgraph.name, own_key(settings.process_keys, subgraph.name))
    tools = tools_over_http(settings, subgraph.name, writer)
    contexts = ContextReader(subgraph.name, peers(settings.process_keys))
    door = Door(trust_over_http(settings, writer, subgraph), contexts, settings.router_secrets)

    async def execute(asked: GraphQLHTTPRequest) -> GraphQLHTTPAnswer:
        viewer = await door.viewer_of(asked.headers)
        context = Context(viewer, tools, address=asked.headers.get(CLIENT_HEADER, ""))
        ask = _way(subgraph, asked.headers, viewer)
        answer = await ask(asked.query or "", asked.variables, context, operation_name=asked.operation_name)
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
    metrics.operations(lambda: subgraph.operations.counts)
    other = Starlette(routes=[Route("/health", health), Route("/metrics", numbers)], lifespan=lifespan)
    return graphql_first(GraphQLHTTP(execute, max_body=BODY_LIMIT), other)


def _way(subgraph: Subgraph, headers: Mapping[str, str], viewer: Viewer) -> Callable[..., Awaitable[Answer]]:
    """How it is answered: with a trace where a router wants one, vouched for where our gateway asks for a guest."""
    if headers.get(TRACE_HEADER) == "ftv1":
        return subgraph.traced_answer
    return partial(vouched_answer, subgraph) if viewer == GUEST and HEADER in headers else subgraph.answer


def serve(subgraph: Subgraph) -> None:
    """The command line of a subgraph."""
    parser = argparse.ArgumentParser(description=f"The {subgraph.name} subgraph as an HTTP service")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    quiet_logs()
    settings = Settings.read()
    if settings.clock:
        clock.use(clock.stopped_at(settings.clock))
    cursors.use(settings.sealing_key)
    app = application(subgraph, settings)
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # nobody asks for the client's address
    )
