"""Holds fused plans against the ordinary executor over graphql-core, on random federated graphs."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import orjson
from graphql import parse, validate

from federation import planning
from federation.execution import ExecutionResult, execute
from federation.execution.fused import FusedPlans
from federation.execution.transport import RequestContext
from federation.planning.nodes import QueryPlan
from tests.federation.execution.fused.locals import Faults, Faulty, fused_plans
from tests.federation.graphs import FederatedGraph, random_graph
from tests.federation.one_schema import in_one_piece
from tests.federation.operations import random_operation
from tests.federation.testkit import supergraph_of

FINE = Faults()
WEATHERS = (
    FINE,
    FINE,
    Faults(failed=1),
    Faults(refused=2),
    Faults(null=3),
    Faults(odd=2),
    Faults(lost=5),
    Faults(failed=5, null=10, odd=3, refused=5, lost=10),
)


def shown(result: ExecutionResult) -> str:
    """A result so that equal texts are equal answers: key order and the order of errors with it."""
    lines = [orjson.dumps(result.data).decode(), *(orjson.dumps(error).decode() for error in result.errors)]
    return "\n".join(lines)


async def run(plan: QueryPlan, subgraphs: dict[str, Faulty], fused: FusedPlans | None) -> str:
    return shown(await execute(plan, {}, subgraphs, RequestContext(), fused=fused))


def faulty(graph: FederatedGraph, seed: int, faults: Faults) -> dict[str, Faulty]:
    return {name: Faulty(name, sdl, graph.rows, seed, faults) for name, sdl in graph.sdls.items()}


async def compare_graph(seed: int, operations: int, met: Counter[str], faults: Faults | None = None) -> str | None:
    """The first difference among so many operations on the graph of a seed."""
    random = Random(seed)
    graph = random_graph(random)
    while (graph.home or graph.has_pocket) and random.random() < 0.9:  # those are seldom fused
        graph = random_graph(random)
    supergraph = supergraph_of(graph.sdls)
    drawn = random.choice(WEATHERS)
    weather = faults or drawn
    subgraphs = faulty(graph, seed, weather)
    fused = fused_plans(subgraphs)
    for number in range(operations):
        query = random_operation(random, graph)
        labels = frozenset(label for label in sorted(graph.labels) if random.random() < 0.5)
        document = parse(query)
        assert not validate(supergraph.api_schema, document)
        plan = planning.plan(document, supergraph, override_labels=labels)
        wanted, got = await run(plan, subgraphs, None), await run(plan, subgraphs, fused)
        met["operations"] += 1
        met["with errors"] += "\n" in wanted
        whole = orjson.dumps(in_one_piece(graph, supergraph.api_schema, query)).decode() if weather is FINE else wanted
        if not wanted == got == whole:
            return _report(seed, number, query, plan, wanted, got, fused)
    met.update(fused.counts)
    return None


def _report(seed: int, number: int, query: str, plan: Any, wanted: str, got: str, fused: FusedPlans) -> str:
    found = fused.of(plan)
    code = found.source if found else ""
    parts = (f"graph {seed}, operation {number}", query, plan, "--- ordinary", wanted, "--- fused", got, "---", code)
    return "\n".join(map(str, parts))
