"""The front door: HTTP in, one engine behind it.

`python gateway.py` serves the mall; `python gateway.py --supergraph FILE` serves any supergraph whose subgraphs answer
over HTTP. `front_door` is the face that every mode shows: /graphql ahead of everything else, /health, /ready, /metrics,
and GraphiQL where it is wanted.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from federation.admission import Grants, GraphQLRequest
from federation.configuration import Configuration
from federation.engine import Engine, GraphQLResponse
from federation.errors import AdmissionError, FederationError
from federation.execution.pieces import json_of
from federation.execution.transport import RequestContext, Transport
from federation.supergraph import Supergraph
from kit.client import located
from kit.graphql_endpoint import ASGIApp, GraphQLEndpoint, graphql_first
from kit.graphql_http import (
    GraphQLHTTP,
    GraphQLHTTPAnswer,
    GraphQLHTTPRequest,
    HTTPRefusal,
    Receive,
    Scope,
    Send,
    Subscribe,
)
from kit.graphql_sse import GraphQLSSE
from kit.graphql_ws import GraphQLWS, SocketLimits
from kit.logs import quiet_logs
from kit.memory import settle_memory
from kit.metrics import METRICS_TYPE, Metrics

if TYPE_CHECKING:
    # At run time both are imported by name, where the mall is served: the gateway of another graph starts without
    # them, in half the memory, and whatever state they are in.
    from kit.settings import Settings
    from subgraphs.mall import Mall

GRAPHIQL = Path(__file__).parent / "deploy" / "graphiql"
RELOAD_SECONDS = 1.0  # how often the supergraph's file is looked at
Ways = Callable[[Supergraph], dict[str, Transport]]
_log = logging.getLogger("gateway")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: what the engine grants them, and `value`, what subgraphs in this process are handed."""

    grants: Grants = field(default_factory=Grants)
    value: Any = None


Identify = Callable[[Mapping[str, str]], Awaitable[Identity]]


async def anyone(headers: Mapping[str, str]) -> Identity:
    """Nobody in particular: no grants."""
    return Identity()


def answerer(
    engine: Engine, identify: Identify, metrics: Metrics
) -> Callable[[GraphQLHTTPRequest], Awaitable[GraphQLHTTPAnswer]]:
    """The `execute` of GraphQLHTTP that asks the engine."""

    async def answer(asked: GraphQLHTTPRequest) -> GraphQLHTTPAnswer:
        start = time.perf_counter()
        identity = await identify(asked.headers)
        context = RequestContext(asked.headers, None, identity.value)
        response = await engine.execute(to_engine(asked), context, identity.grants)
        metrics.request(response.status, time.perf_counter() - start)
        answer = to_http(response)
        return replace(answer, body=await json_of(answer.body, response.objects))

    return answer


def to_engine(asked: GraphQLHTTPRequest) -> GraphQLRequest:
    """The same request in the engine's terms."""
    return GraphQLRequest(
        asked.query, asked.operation_name, asked.variables, asked.extensions, asked.document_id, asked.read_only
    )


def to_http(response: GraphQLResponse) -> GraphQLHTTPAnswer:
    """The same answer in the terms of HTTP."""
    headers = [(b"allow", b"POST")] if response.status == 405 else []
    return GraphQLHTTPAnswer(response.body(), response.status, headers)


def subscriber(engine: Engine, identify: Identify, metrics: Metrics) -> Subscribe:
    """The `subscribe` of GraphQLSSE and GraphQLWS that asks the engine.

    The viewer is identified again for each event: a token that has expired or was revoked ends the subscription.
    """

    async def subscribe(asked: GraphQLHTTPRequest) -> AsyncGenerator[GraphQLHTTPAnswer, None]:
        return answers(asked, await identify(asked.headers))

    async def answers(asked: GraphQLHTTPRequest, known: Identity) -> AsyncGenerator[GraphQLHTTPAnswer, None]:
        async def renew() -> RequestContext:
            try:
                identity = await identify(asked.headers)
            except HTTPRefusal as refused:
                raise AdmissionError(refused.code, refused.message, status=refused.status) from None
            if identity.grants != known.grants:
                raise AdmissionError("GRANTS_CHANGED", "You may read other things now: subscribe again", status=403)
            return RequestContext(asked.headers, None, identity.value)

        context = RequestContext(asked.headers, None, known.value)
        with metrics.streams.track_inprogress():
            async with aclosing(engine.subscribe(to_engine(asked), context, known.grants, renew=renew)) as responses:
                async for response in responses:
                    yield to_http(response)

    return subscribe


def endpoint(engine: Engine, identify: Identify, metrics: Metrics, *, graphiql: bool) -> GraphQLEndpoint:
    """/graphql in all its protocols."""
    page = (GRAPHIQL / "index.html").read_bytes() if graphiql else None

    async def welcome(headers: Mapping[str, str]) -> None:
        await identify(headers)

    subscribe = subscriber(engine, identify, metrics)
    return GraphQLEndpoint(
        GraphQLHTTP(answerer(engine, identify, metrics), ide_html=page),
        GraphQLSSE(subscribe),
        GraphQLWS(subscribe, welcome),
    )


class FrontDoor:
    """An ASGI application, and what it must be told before it closes: no subscription ends by itself."""

    def __init__(self, app: ASGIApp, engine: Engine) -> None:
        self._app = app
        self._engine = engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def end_subscriptions(self) -> None:
        """Tell the clients of subscriptions that the server closes."""
        self._engine.end_subscriptions()


def front_door(
    engine: Engine,
    *,
    identify: Identify = anyone,
    metrics: Metrics | None = None,
    graphiql: bool = False,
    demo: Mapping[str, Any] | None = None,
    running: Callable[[], AbstractAsyncContextManager[Any]] = nullcontext,
    published: Iterable[BaseRoute] = (),
) -> FrontDoor:
    """The whole face of a gateway as an ASGI application.

    `running()` is entered at start-up and left at shutdown, before the engine's transports close. `demo` is what
    GraphiQL offers to pick from: `{"personas": [{name, token, hat, description}], "operations": [{name, query}]}`.
    `published` is what else is served.
    """
    metrics = metrics or Metrics()
    graphql = endpoint(engine, identify, metrics, graphiql=graphiql)
    ready = asyncio.Event()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with running():
            settle_memory()
            ready.set()
            yield
            ready.clear()
        await engine.aclose()

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readiness(_: Request) -> Response:
        return JSONResponse({"status": "ready"}) if ready.is_set() else JSONResponse({"status": "not ready"}, 503)

    async def demo_json(_: Request) -> Response:
        return JSONResponse(demo or {"personas": [], "operations": []})

    routes: list[BaseRoute] = [
        Route("/health", health),
        Route("/ready", readiness),
        Route("/metrics", measured(metrics)),
        *published,
    ]
    if graphiql:
        routes += [Route("/graphiql/demo.json", demo_json), Mount("/graphiql", StaticFiles(directory=GRAPHIQL))]
    return FrontDoor(graphql_first(located(graphql), Starlette(routes=routes, lifespan=lifespan)), engine)


def measured(metrics: Metrics) -> Callable[[Request], Awaitable[Response]]:
    """What answers GET /metrics."""

    async def page(_: Request) -> Response:
        return Response(metrics.text(), media_type=METRICS_TYPE)

    return page


class Server(uvicorn.Server):
    """uvicorn, which lets requests under way finish; streams are told to."""

    def __init__(self, config: uvicorn.Config, door: FrontDoor) -> None:
        super().__init__(config)
        self._door = door

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        self._door.end_subscriptions()
        await super().shutdown(sockets)


def serve(door: FrontDoor, *, host: str, port: int) -> None:
    """Run until SIGTERM or SIGINT; requests under way are answered first."""
    config = uvicorn.Config(
        door,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=SocketLimits().message,
        ws_per_message_deflate=False,
        access_log=False,
        server_header=False,
        proxy_headers="FORWARDED_ALLOW_IPS" in os.environ,  # else nobody is believed who they forward for
        timeout_graceful_shutdown=15,
    )
    server = Server(config, door)
    server.run()
    if not server.started:
        sys.exit(1)


@asynccontextmanager
async def following(path: Path, engine: Engine, ways: Ways) -> AsyncIterator[None]:
    """Meanwhile, whenever the file changes, let the engine serve what it says; a bad file is logged and passed over."""
    task = asyncio.create_task(_follow(path, engine, ways))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _follow(path: Path, engine: Engine, ways: Ways) -> None:
    seen = engine.supergraph.sdl
    while True:
        await asyncio.sleep(RELOAD_SECONDS)
        try:
            text = await asyncio.to_thread(path.read_text, "utf-8")
            if text == seen:
                continue
            seen = text
            supergraph = await asyncio.to_thread(Supergraph.parse, text)
            await engine.reload(supergraph, ways(supergraph))
            _log.warning("supergraph reloaded")
        except (OSError, ValueError, FederationError) as error:
            _log.error("supergraph not reloaded: %s", error)


def generic_gateway(
    path: Path, *, graphiql: bool = False, subscriptions: Mapping[str, str] | None = None, config: str = ""
) -> FrontDoor:
    """A gateway for the supergraph in a file, over HTTP, as a configuration's text has it (federation.configuration).

    `subscriptions` has the addresses by name of subgraph. Raises FederationError.
    """
    metrics = Metrics()
    read = Configuration.read(config)
    configured = replace(read, subscriptions={**read.subscriptions, **(subscriptions or {})})

    def ways(supergraph: Supergraph) -> dict[str, Transport]:
        return configured.transports(supergraph, metrics.call)

    supergraph = Supergraph.parse(path.read_text("utf-8"))
    engine = Engine(supergraph, ways(supergraph), configured.options)
    return front_door(engine, metrics=metrics, graphiql=graphiql, running=lambda: following(path, engine, ways))


def mall_gateway(mall: Mall) -> FrontDoor:
    """The mall: its subgraphs in this process with their background work, or over HTTP where its settings say so."""
    metrics = Metrics()

    async def identify(headers: Mapping[str, str]) -> Identity:
        return Identity(*await mall.identify(headers))

    engine = mall.engine(metrics.call)
    metrics.counting("graphql_plans", "Query plans by how they were run", engine.plan_counts)
    metrics.counting("graphql_fragments", "Kept answers, and parts, by what became of them", engine.fragment_counts)
    if mall.is_embedded:
        metrics.watch(mall.cache)
        metrics.operations(mall.operation_counts)
    return front_door(
        engine,
        identify=identify,
        metrics=metrics,
        graphiql=mall.settings.development,
        demo=mall.demo(),
        running=background_of(mall) if mall.is_embedded else nullcontext,
        published=mall.routes(),
    )


def background_of(mall: Mall) -> Callable[[], AbstractAsyncContextManager[None]]:
    """The mall's background work, for as long as it is entered."""
    working: Callable[[Settings], AbstractAsyncContextManager[None]] = import_module("jobs.embedded").working
    return lambda: working(mall.settings)


def mall_of_environment(address: str) -> Mall:
    """The mall that the environment describes; in development it says how to enter it."""
    mall: Mall = import_module("subgraphs.mall").Mall.of_environment()
    if mall.settings.development:
        print(mall.welcome(address), flush=True)
    return mall


def named_url(text: str) -> tuple[str, str]:
    """An argument NAME=URL; ValueError for another."""
    name, equals, url = text.partition("=")
    if not (name and equals and url):
        raise ValueError(text)
    return name, url


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="gateway.py", description="GraphQL federation gateway")
    parser.add_argument("--supergraph", type=Path, help="serve any composed schema instead of the mall")
    parser.add_argument("--config", type=Path, help="limits, timeouts and headers of such a gateway, in TOML")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--graphiql", action="store_true", help="show GraphiQL to browsers at /graphql")
    parser.add_argument(
        "--subscriptions",
        type=named_url,
        action="append",
        default=[],
        metavar="NAME=URL",
        help="where a subgraph is subscribed to: ws://... (graphql-transport-ws) or http://... (Server-Sent Events)",
    )
    options = parser.parse_args()
    quiet_logs()
    try:
        app = gateway_of(options)
    except (OSError, FederationError) as error:
        parser.error(str(error))
    serve(app, host=options.host, port=options.port)


def gateway_of(options: argparse.Namespace) -> FrontDoor:
    """The gateway that the command line asks for. Raises OSError, FederationError."""
    if not options.supergraph:
        return mall_gateway(mall_of_environment(f"http://{options.host}:{options.port}"))
    config = options.config.read_text("utf-8") if options.config else ""
    subscriptions = dict(options.subscriptions)
    return generic_gateway(options.supergraph, graphiql=options.graphiql, subscriptions=subscriptions, config=config)


if __name__ == "__main__":
    main()
