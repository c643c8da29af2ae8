"""Home from the database in a process of its own: `python -m bench.cold_stack RUNS`, settings from the environment.

For each line that it reads it answers Home RUNS times as a member, and writes one of JSON: seconds of CPU and of
waiting for one answer, and which part took the CPU. It runs as the gateway does: on uvloop, its memory settled.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import uvloop

from bench.parts import sampled
from federation.admission import Grants, GraphQLRequest
from federation.execution.transport import RequestContext
from gateway import settle_memory
from kit.settings import Settings
from models.base import open_database
from resolvers.context import Tools
from subgraphs.runtime import RequestScope
from tests.support.mall import embedded_mall, persona
from tests.support.statements import counted_statements

WARM_UP = 20
HOME = GraphQLRequest(document_id="mini/Home")

Ask = Callable[[], Awaitable[bytes]]


def home(settings: Settings) -> Ask:
    """How Home is answered to a buyer, as JSON."""
    mall, viewer = embedded_mall(), persona(settings, "buyer")
    grants = Grants(True, viewer.scopes)

    async def ask() -> bytes:
        scope = RequestScope(viewer, Tools())
        return orjson.dumps((await mall.engine.execute(HOME, RequestContext({}, None, scope), grants)).body())

    return ask


async def measure(runs: int) -> None:
    """Answer as many rounds as lines come in."""
    settings = Settings.read()
    async with open_database(settings):
        ask = home(settings)
        for _ in range(WARM_UP):
            await ask()
        with counted_statements() as statements:
            answer = await ask()
        assert b'"errors"' not in answer, answer[:500]
        settle_memory()
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps({"statements": len(statements), **await _round(ask, runs)}), flush=True)


async def _round(ask: Ask, runs: int) -> dict[str, Any]:
    cpus, walls = [], []
    for _ in range(runs):
        cpu, wall = time.process_time(), time.perf_counter()
        await ask()
        cpus.append(time.process_time() - cpu)
        walls.append(time.perf_counter() - wall)
    with sampled() as parts:
        for _ in range(runs):
            await ask()
    return {"cpu": statistics.median(cpus), "wall": statistics.median(walls), "parts": parts}


if __name__ == "__main__":
    uvloop.run(measure(int(sys.argv[1])))
