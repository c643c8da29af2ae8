"""Home by one stack in a process of its own: `python -m bench.one_stack WAY RUNS`.

A process measures itself: for each line that it reads it answers Home RUNS times as a guest, and writes one of JSON. So
several can be measured in turns, each with its own settings, drivers and caches. WAY is `ours`, `stock` for that of
strawberry, or `ours:25`, where 25 of a hundred answers find the entity cache empty.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count

import orjson

from federation.admission import GraphQLRequest
from federation.execution.transport import InProcessTransport, RequestContext, SubgraphRequest, SubgraphResponse
from jobs.embedded import working
from kit.memory import settle_memory
from kit.settings import Settings
from kit.viewer import GUEST
from models.cached import CACHE
from resolvers.context import Tools
from subgraphs.mall import SUBGRAPHS
from subgraphs.runtime import RequestScope, Subgraph
from tests.support.mall import embedded_mall
from tests.support.statements import counted_statements

WARM_UP = 20
HOME = GraphQLRequest(document_id="mini/Home")

Ask = Callable[[], Awaitable[bytes]]


def by_strawberry(subgraph: Subgraph) -> InProcessTransport:
    """The way to a subgraph that strawberry itself executes, its fields by DataLoaders."""

    async def call(request: SubgraphRequest, context: RequestContext) -> SubgraphResponse:
        own = context.value.context(subgraph.name, fresh=request.operation == "mutation")
        answer = await subgraph.answer_by_strawberry(request.query, request.variables, own)
        return SubgraphResponse(answer.data, answer.errors)

    return InProcessTransport(subgraph.name, call)


def home(way: str, settings: Settings) -> Ask:
    """How Home is answered as JSON: by the product, or with strawberry (`stock`) under the same gateway."""
    ways = {name: by_strawberry(subgraph) for name, subgraph in SUBGRAPHS.items()} if way == "stock" else None
    mall = embedded_mall(ways, fragments=settings.fragment_bytes)

    share = int(way.partition(":")[2] or 0) / 100
    debts = count(1)

    async def ask() -> bytes:
        if share and next(debts) * share % 1 < share:
            CACHE.clear()
        context = RequestContext({}, None, RequestScope(GUEST, Tools()))
        return orjson.dumps((await mall.engine.execute(HOME, context)).body())

    return ask


async def measure(way: str, runs: int) -> None:
    """Answer as many rounds as lines come in."""
    settings = Settings.read()
    async with working(settings):
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
    asyncio.run(measure(sys.argv[1], int(sys.argv[2])))
