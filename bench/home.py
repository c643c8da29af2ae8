"""Home, cold and warm, in process and through HTTP, on whatever database is at hand."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping

import httpx

from bench.processes import cpu_seconds
from bench.results import Result, at_most
from kit.settings import Settings
from kit.viewer import GUEST, Viewer
from models.base import open_database
from tests.support.mall import Mall, embedded_mall, persona
from tests.support.servers import gateway
from tests.support.statements import counted_statements

ROUNDS = 30
STATEMENTS = 10


async def in_process(settings: Settings, where: str) -> list[Result]:
    """Home without HTTP: the first answer, then the median of the next ones, and its statements."""
    async with open_database(settings):
        results: list[Result] = []
        for name in ("guest", "buyer"):
            viewer = GUEST if name == "guest" else persona(settings, name)
            results += await _asked(embedded_mall(), viewer, f"Home, {where}, {name}")
        return results


async def _asked(mall: Mall, viewer: Viewer, title: str) -> list[Result]:
    start = time.perf_counter()
    await mall.home(viewer)
    cold = time.perf_counter() - start
    with counted_statements() as statements:
        mall.calls.clear()
        await mall.home(viewer)
    calls, counted = mall.calls.total(), len(statements)
    wall, cpu = await timed(lambda: mall.home(viewer))
    return [
        Result(f"{title}: first answer, plan and caches cold", cold * 1000, "ms"),
        Result(f"{title}: median answer", wall * 1000, "ms"),
        Result(f"{title}: CPU of this process", cpu * 1000, "ms"),
        at_most(f"{title}: SQL statements", counted, "", STATEMENTS),
        Result(f"{title}: subgraph calls", calls, ""),
    ]


async def timed(ask: Callable[[], Awaitable[object]], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median seconds of one call, and mean seconds of CPU."""
    walls = []
    cpu = time.process_time()
    for _ in range(rounds):
        start = time.perf_counter()
        await ask()
        walls.append(time.perf_counter() - start)
    return statistics.median(walls), (time.process_time() - cpu) / rounds


async def through_http(settings: Settings, environment: Mapping[str, str], where: str) -> list[Result]:
    """Home as a guest through a gateway process of its own: seconds of its CPU per request, and requests a second."""
    with gateway(environment) as (address, process):
        async with httpx.AsyncClient(base_url=address, timeout=30) as client:
            body = {"documentId": "mini/Home"}
            for _ in range(5):
                (await client.post("/graphql", json=body)).raise_for_status()
            wall, _ = await timed(lambda: client.post("/graphql", json=body))
            before, start = cpu_seconds(process.pid), time.perf_counter()
            answers = await asyncio.gather(*(client.post("/graphql", json=body) for _ in range(ROUNDS * 2)))
            spent, took = cpu_seconds(process.pid) - before, time.perf_counter() - start
    return [
        Result(f"Home, {where}, guest, HTTP: median answer", wall * 1000, "ms"),
        Result(f"Home, {where}, guest, HTTP: CPU of the gateway", spent / len(answers) * 1000, "ms"),
        Result(f"Home, {where}, guest, HTTP: requests a second", len(answers) / took, "/s"),
        Result(f"Home, {where}, guest, HTTP: answer", len(answers[0].content) / 1000, "kB"),
    ]
