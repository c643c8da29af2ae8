"""How the cost of a screen grows: with its leaves, the mall's shops, the connections, and what the cache misses.

Each is a row of measurements of one run, drawn into bench/plots.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from graphql import ExecutionResult, execute, parse

from bench import feed
from bench.home_tree import HOME
from bench.load import loaded
from bench.plots import Curve, draw
from bench.results import Result, at_most
from bench.stacks import NO_CACHE, Stack, in_turns
from federation.execution.compiled import compile_operation
from tests.support.servers import gateway

SECTIONS = (10, 20, 50, 100, 200, 500)
SHOPS = (50, 500, 5_000)
CONNECTIONS = (1, 5, 20, 50, 100, 200, 500)
HIT_RATES = (100, 99, 95, 90, 75, 50, 25, 0)
"""Of a hundred answers, how many find the entity cache warm."""
ROUNDS, SECONDS = 5, 4
OF_FEW_SHOPS = 1.3


def grown(demo: Mapping[str, str], wide: Callable[[int], Mapping[str, str]]) -> list[Result]:
    """All of them. `demo` describes the demo mall, `wide(n)` a mall of n shops."""
    return [*asyncio.run(by_leaves()), *by_shops(wide), *by_connections(demo), *by_hit_rate(demo)]


async def by_leaves() -> list[Result]:
    """CPU of the feed with one to fifty times its leaves, strawberry's and ours."""
    schema, document = feed.SCHEMA._schema, parse(feed.QUERY)
    compiled = compile_operation(schema, document, None, {"withPromo": True}, feed.answers(schema))
    ours, stock = Curve("ours"), Curve("strawberry + DataLoaders")
    for sections in SECTIONS:
        variables = {**feed.VARIABLES, "first": sections}

        async def by_us(variables: Mapping[str, object] = variables) -> None:
            await compiled.run(None, variables, None)

        async def by_strawberry(variables: Mapping[str, object] = variables) -> None:
            result = execute(schema, document, context_value=feed.Loaders(), variable_values=dict(variables))
            assert not (result if isinstance(result, ExecutionResult) else await result).errors

        leaves = feed.LEAVES * sections / 10
        ours.add(leaves, await _cpu(by_us, runs=max(3, 300 // sections)))
        stock.add(leaves, await _cpu(by_strawberry, runs=1))
    draw("leaves", [stock, ours], x="leaves of the answer", y="CPU, ms", title="A feed, more and more of it")
    per_leaf = [y / x for x, y in ours.points]
    return [
        *(Result(f"Feed of {x:,.0f} leaves: CPU", y, "ms") for x, y in ours.points),
        Result("50 times the leaves: CPU of a leaf, of that in the feed", per_leaf[-1] / per_leaf[0], ""),
    ]


async def _cpu(ask: Callable[[], object], *, runs: int) -> float:
    """Milliseconds of CPU of one call: the median of some rounds."""
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(runs):
            await ask()  # type: ignore[misc]
        took.append((time.process_time() - start) / runs * 1000)
    return statistics.median(took)


def by_shops(wide: Callable[[int], Mapping[str, str]]) -> list[Result]:
    """Home without caches in malls of more and more shops: what the 95th percentile takes, and its statements."""
    rounds = in_turns([Stack(f"{shops:,} shops", "ours", {**wide(shops), **NO_CACHE}, runs=60) for shops in SHOPS])
    p95 = {name: statistics.median(one.p95 for one in found) * 1000 for name, found in rounds.items()}
    statements = {found[0].statements for found in rounds.values()}
    draw(
        "shops",
        [Curve("Home, cold, SQLite", list(zip(SHOPS, p95.values(), strict=True)))],
        x="shops",
        y="95th percentile, ms",
        title="Home in bigger and bigger malls",
    )
    few, many = p95[f"{SHOPS[0]:,} shops"], p95[f"{SHOPS[-1]:,} shops"]
    return [
        *(Result(f"Home, cold, {name}: p95", took, "ms") for name, took in p95.items()),
        at_most("p95 with 5,000 shops, of that with 50", many / few, "", OF_FEW_SHOPS),
        at_most("Home: different numbers of statements", len(statements), "", 1),
    ]


def by_connections(demo: Mapping[str, str]) -> list[Result]:
    """Home over HTTP with more and more connections."""
    speed, p99 = Curve("requests a second"), Curve("p99")
    with gateway(demo) as (address, _), tempfile.NamedTemporaryFile("w", suffix=".json") as body:
        _write(body.name)
        loaded(f"{address}/graphql", Path(body.name), connections=20, seconds=SECONDS)
        for connections in CONNECTIONS:
            load = loaded(f"{address}/graphql", Path(body.name), connections=connections, seconds=SECONDS)
            assert not load.failed, f"{load.failed} requests of {connections} connections failed"
            speed.add(connections, load.requests / load.seconds)
            p99.add(connections, load.p99)
    draw("connections", [speed], x="connections", y="requests a second", title="Home, warm, over HTTP")
    draw("waiting", [p99], x="connections", y="p99, ms", title="Home, warm, over HTTP: the slowest hundredth")
    return [Result(f"Home, {x:.0f} connections: requests a second", y, "/s") for x, y in speed.points]


def _write(file: str) -> None:
    Path(file).write_text(json.dumps({"query": HOME, "operationName": "Home"}), "utf-8")


def by_hit_rate(demo: Mapping[str, str]) -> list[Result]:
    """Home in process where some answers find the entity cache empty."""
    curve = Curve("Home, SQLite")
    stacks = [Stack(f"{rate} %", f"ours:{100 - rate}", demo, runs=40) for rate in HIT_RATES]
    for rate, rounds in zip(HIT_RATES, in_turns(stacks).values(), strict=True):
        curve.add(rate, statistics.median(one.cpu for one in rounds) * 1000)
    draw(
        "hits",
        [curve],
        x="answers that find the cache warm, %",
        y="CPU, ms",
        title="Home and its cache",
        log=False,
    )
    return [Result(f"Home, cache warm for {rate:.0f} %: CPU", cpu, "ms") for rate, cpu in curve.points]
