"""Home by one stack in a process of its own: `python -m bench.one_stack WAY RUNS`.

A process measures itself: for each line that it reads it answers RUNS times, and writes one of JSON. So several can be
measured in turns, each with its own settings, drivers and caches. It runs as the gateway does: on uvloop, its memory
settled, and with the background work that a trusted cache needs. WAY is `ours`, `stock` for that of strawberry, or
`ours:25`, where 25 of a hundred answers find the entity cache empty; these for a guest. `home` is a buyer's,
`orders` a page of a shop's orders for its owner; `open:home` and `open:orders` are the same without any guard.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count

import orjson
import uvloop

from federation.admission import Grants, GraphQLRequest
from federation.execution.compiled import CompiledOperations
from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from jobs.embedded import working
from kit.memory import settle_memory
from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from models.base import open_database
from models.cached import CACHE
from resolvers.context import Tools
from schema.rules import Rule
from subgraphs.mall import SCHEMA, SUBGRAPHS
from subgraphs.requests import RequestScope
from subgraphs.runtime import Subgraph, answers_of
from tests.interop.peers import without_scopes
from tests.support.mall import embedded_mall, persona
from tests.support.statements import counted_statements

WARM_UP = 20
HOME = GraphQLRequest(document_id="mini/Home")
ORDERS = """query($shop: ID!) { shop(id: $shop) { orders(first: 50) { edges { node {
  id state placedAt paidAt goods { amount } freight { amount } discount { amount } payable { amount }
  lines(first: 10) { edges { node { id name image quantity unitPrice { amount } payable { amount } } } }
} } } } }"""

Ask = Callable[[], Awaitable[bytes]]


def by_strawberry(subgraph: Subgraph) -> InProcessTransport:
    """The way to a subgraph that strawberry itself executes, its fields by DataLoaders."""

    async def call(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        own = context.value.context(subgraph.name, fresh=request.operation == "mutation")
        answer = await subgraph.answer_by_strawberry(request.query, request.variables, own)
        return SubgraphResponse(answer.data, answer.errors)

    return InProcessTransport(subgraph.name, call)


def without_guards() -> str:
    """Let everybody read everything, for the rest of this process; the supergraph's SDL to match."""
    Rule.is_open = True
    for subgraph in SUBGRAPHS.values():
        subgraph.operations = CompiledOperations(subgraph.schema._schema, answers_of(subgraph.schema))
    return without_scopes((SCHEMA / "supergraph.graphql").read_text("utf-8"))


def asked_by(way: str, settings: Settings) -> tuple[GraphQLRequest, Viewer]:
    """What is asked, and by whom."""
    if way == "orders":
        owner = persona(settings, "owner-a")
        return GraphQLRequest(ORDERS, variables={"shop": owner.shop_id}), owner
    return HOME, persona(settings, "buyer") if way == "home" else GUEST


def home(way: str, settings: Settings) -> Ask:
    """How Home is answered as JSON: by the product, or with strawberry (`stock`) under the same gateway."""
    ways = {name: by_strawberry(subgraph) for name, subgraph in SUBGRAPHS.items()} if way == "stock" else None
    sdl = without_guards() if way.startswith("open:") else None
    mall = embedded_mall(ways, fragments=0 if way == "stock" else settings.fragment_bytes, sdl=sdl)
    way = way.removeprefix("open:")
    asked, viewer = asked_by(way, settings)
    share = int(way.partition(":")[2] or 0) / 100
    debts = count(1)
    grants = Grants(not viewer.is_guest, viewer.scopes)

    async def ask() -> bytes:
        if share and next(debts) * share % 1 < share:
            CACHE.clear()
        context = RequestContext({}, None, RequestScope(viewer, Tools()))
        return orjson.dumps((await mall.engine.execute(asked, context, grants)).body())

    return ask


async def measure(way: str, runs: int) -> None:
    """Answer as many rounds as lines come in."""
    settings = Settings.read()
    async with working(settings) if settings.cache_entries else open_database(settings):
        ask = home(way, settings)
        for _ in range(WARM_UP):
            await ask()
        with counted_statements() as statements:
            answer = await ask()
        assert b'"errors"' not in answer, answer[:500]
        settle_memory()
        while await asyncio.to_thread(sys.stdin.readline):
            cpu = time.process_time()
            took = [await _timed(ask) for _ in range(runs)]
            spent = (time.process_time() - cpu) / runs
            found = {"cpu": spent, "p95": sorted(took)[runs * 95 // 100], "statements": len(statements)}
            print(json.dumps(found), flush=True)


async def _timed(ask: Ask) -> float:
    start = time.perf_counter()
    await ask()
    return time.perf_counter() - start


if __name__ == "__main__":
    uvloop.run(measure(sys.argv[1], int(sys.argv[2])))
