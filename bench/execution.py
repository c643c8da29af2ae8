"""Executors side by side on the feed of 1,905 leaves: stock strawberry with DataLoaders, and ours.

In process, rounds alternate between them, so that what else the machine does hits both; results are medians of CPU
time. Over HTTP, both stand behind our gateway.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from graphql import ExecutionResult, execute, parse, validate

from bench import feed
from bench.results import Result, at_least, at_most
from bench.serving import Served, cost_under_load
from federation.execution.compiled import compile_operation
from tests.support.servers import free_port, process, wait_for

ROUNDS = 15
STOCK_RUNS, OUR_RUNS = 3, 60
GOAL = 1 / 25
"""Of the CPU that strawberry with DataLoaders takes for its data."""
HTTP_GOAL = 1_700
"""Requests a second of one core."""

Run = Callable[[], Awaitable[Any]]


async def in_process() -> list[Result]:
    """Strawberry as it is sold, its execution alone, ours, and ours with its JSON: CPU of one answer."""
    schema = feed.SCHEMA._schema
    document = parse(feed.QUERY)
    assert not validate(schema, document)
    answers = feed.answers(schema)
    compiled = compile_operation(schema, document, None, {"withPromo": True}, answers)

    async def stock() -> Any:
        result = execute(schema, document, context_value=feed.Loaders(), variable_values=dict(feed.VARIABLES))
        return (result if isinstance(result, ExecutionResult) else await result).data

    async def whole_stock() -> Any:
        return (await feed.SCHEMA.execute(feed.QUERY, feed.VARIABLES, context_value=feed.Loaders())).data

    async def ours() -> Any:
        return (await compiled.run(None, feed.VARIABLES, None))[0]

    async def ours_as_json() -> Any:
        return orjson.dumps((await compiled.run(None, feed.VARIABLES, None))[0])

    assert repr(await ours()) == repr(await stock()) == repr(await whole_stock())
    assert compiled.exact_runs == 0
    gc.collect()
    gc.freeze()
    ways: dict[str, tuple[Run, int]] = {
        "stock, with parsing and validation": (whole_stock, STOCK_RUNS),
        "stock, parsed and validated": (stock, STOCK_RUNS),
        "compiled": (ours, OUR_RUNS),
        "compiled, with JSON": (ours_as_json, OUR_RUNS),
    }
    took = await _side_by_side(ways)
    ratios = [mine / theirs for mine, theirs in zip(took["compiled"], took["stock, parsed and validated"], strict=True)]
    start = time.process_time()
    compile_operation(schema, document, None, {"withPromo": True}, answers)
    once = time.process_time() - start
    return [
        *(
            Result(f"Feed of {feed.LEAVES:,} leaves, {way}: CPU", statistics.median(times) * 1000, "ms")
            for way, times in took.items()
        ),
        Result("Feed, compiled once: CPU", once * 1000, "ms"),
        at_most("Feed, compiled: part of stock's CPU", statistics.median(ratios), "", GOAL),
    ]


def over_http() -> list[Result]:
    """What one answer costs with its way through the gateway, and what one core would answer."""
    cpu: dict[str, float] = {}
    for way in ("stock", "ours"):
        port = free_port()
        with process("-m", "bench.feed_server", way, str(port), environment={}) as started:
            wait_for(f"http://127.0.0.1:{port}/ready", started)
            served = Served(f"http://127.0.0.1:{port}/graphql", (started.pid,))
            cpu[way], load = cost_under_load(served, {"query": feed.QUERY, "operationName": "Home"})
            assert not load.failed
    return [
        *(Result(f"Feed over HTTP, {way}: CPU", seconds * 1000, "ms") for way, seconds in cpu.items()),
        at_most("Feed over HTTP: part of stock's CPU", cpu["ours"] / cpu["stock"], "", GOAL),
        at_least("Feed over HTTP: requests a second of one core", 1 / cpu["ours"], "/s", HTTP_GOAL),
    ]


async def _side_by_side(ways: dict[str, tuple[Run, int]]) -> dict[str, list[float]]:
    """Seconds of CPU of one run, for each round."""
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, (run, runs) in ways.items():
            start = time.process_time()
            for _ in range(runs):
                await run()
            took[way].append((time.process_time() - start) / runs)
    return took
