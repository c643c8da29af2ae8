"""Planning times beside the planners of npm: Home, and where CONFORMANCE_DIR names them the conformance cases.

Each is the median of some rounds in one process that is warm; nobody may keep plans. Beside them how long it takes to
refuse what cannot be planned in time.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graphql import parse, validate

from bench.results import Result, at_most
from federation.errors import PlanError
from federation.planning import plan
from federation.supergraph import Supergraph
from kit.memory import settle_memory
from tests.federation.explosive import EXPLOSIVE
from tests.interop.peers import HERE

ROUNDS = 15
REFUSED_MS = 100
SCHEMA = Path(__file__).parents[1] / "schema"


@dataclass(frozen=True, slots=True)
class Graph:
    """Operations on a supergraph."""

    name: str
    sdl: str
    queries: Sequence[str]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds to plan one operation; None where that planner cannot."""

    ours: float | None
    apollo: float | None
    hive: float | None


def graphs() -> list[Graph]:
    home = (SCHEMA / "operations" / "mini" / "Home.graphql").read_text("utf-8")
    found = [Graph("Home", (SCHEMA / "supergraph.graphql").read_text("utf-8"), [home])]
    for case in sorted(Path(os.environ.get("CONFORMANCE_DIR", "/nonexistent")).glob("cases/*")):
        queries = [test["query"] for test in json.loads((case / "tests.json").read_text("utf-8"))]
        found.append(Graph(case.name, (case / "supergraph.graphql").read_text("utf-8"), queries))
    return found


def planned() -> list[Result]:
    """Planning times, side by side."""
    measured = graphs()
    theirs = _times_of_npm(measured)
    times = {graph.name: _times(graph, known) for graph, known in zip(measured, theirs, strict=True)}
    results = _beside("Planning Home", times.pop("Home"))
    assert results, "a planner cannot plan Home"
    every = [one for case in times.values() for one in case]
    if every:
        results += _beside(f"Planning the {len(every)} conformance queries, sum", every)
    return results + [ratio for name, case in times.items() for ratio in _ratio(name, case)] + _refusals()


def _beside(title: str, times: Sequence[Times]) -> list[Result]:
    """Sums over what all three can plan; ours is to be at most Apollo's."""
    shared = [(one.ours, one.apollo, one.hive) for one in times if one.ours and one.apollo and one.hive]
    if not shared:
        return []
    ours, apollo, hive = (sum(column) for column in zip(*shared, strict=True))
    title = f"{title} ({len(shared)} of {len(times)})" if len(shared) < len(times) else title
    return [
        at_most(f"{title}: ours", ours, "ms", apollo),
        Result(f"{title}: @apollo/query-planner", apollo, "ms"),
        Result(f"{title}: Hive's planner in Rust, parsing included", hive, "ms"),
    ]


def _ratio(case: str, times: Sequence[Times]) -> list[Result]:
    ratios = [one.ours / one.apollo for one in times if one.ours and one.apollo]
    return (
        [Result(f"Planning {case}: ours / @apollo/query-planner, median", statistics.median(ratios), "")]
        if ratios
        else []
    )


def _refusals() -> list[Result]:
    """CPU until an operation is refused: nobody may hold the gateway for longer."""
    settle_memory()
    return [
        at_most(f"Refusing {name}: CPU", _cpu_of_refusal(query, supergraph), "ms", REFUSED_MS)
        for name, (query, supergraph) in EXPLOSIVE.items()
    ]


def _cpu_of_refusal(query: str, supergraph: Supergraph) -> float:
    document, times = parse(query), []
    for _ in range(ROUNDS):
        start = time.process_time()
        try:
            plan(document, supergraph)
        except PlanError:
            times.append((time.process_time() - start) * 1000)
    assert len(times) == ROUNDS, query[:100]
    return statistics.median(times)


def _times(graph: Graph, theirs: Sequence[dict[str, float | None]]) -> list[Times]:
    supergraph = Supergraph.parse(graph.sdl)
    return [
        Times(_median(query, supergraph), known["apollo"], known["hive"])
        for query, known in zip(graph.queries, theirs, strict=True)
    ]


def _median(query: str, supergraph: Supergraph) -> float | None:
    document, times = parse(query), []
    if validate(supergraph.api_schema, document):
        return None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        try:
            plan(document, supergraph)
        except PlanError:  # some cases are meant to be refused
            return None
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def _times_of_npm(measured: Sequence[Graph]) -> list[list[dict[str, float | None]]]:
    text = json.dumps([{"sdl": graph.sdl, "queries": list(graph.queries)} for graph in measured])
    run = subprocess.run(
        ["node", "planning.mjs", str(ROUNDS)], cwd=HERE, input=text, capture_output=True, text=True, check=True
    )
    found: list[list[dict[str, float | None]]] = json.loads(run.stdout)
    return found
