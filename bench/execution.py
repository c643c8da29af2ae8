"""Executors side by side, in process, on the feed of 1,905 leaves: stock strawberry with DataLoaders, and ours.

Rounds alternate between them, so that what else the machine does hits both; results are medians of CPU time.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from graphql import ExecutionResult, execute, parse, validate

from bench import feed
from bench.results import Result, at_most
from federation.execution.compiled import compile_operation

ROUNDS = 15
STOCK_RUNS, OUR_RUNS = 3, 60
GOAL = 1 / 25
"""Of the CPU that strawberry with DataLoaders takes for its data."""

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


if __name__ == "__main__":
    for result in asyncio.run(in_process()):
        print(result)
