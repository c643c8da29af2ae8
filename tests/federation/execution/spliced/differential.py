"""Holds spliced answers against those of the same plans without any part kept, on random graphs, under writes."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from graphql import parse

from federation import planning
from federation.execution import ExecutionResult, execute
from federation.execution.fused import FusedPlans
from federation.execution.spliced import Fragments, Splicer, with_roots
from federation.execution.transport import RequestContext
from federation.planning.nodes import QueryPlan
from tests.federation.execution.fused.differential import WEATHERS, shown
from tests.federation.execution.fused.locals import Faults
from tests.federation.execution.spliced.world import GUEST, WHO, Asking, Living, World
from tests.federation.graphs import random_graph
from tests.federation.operations import random_operation
from tests.federation.testkit import supergraph_of

ROUNDS = 12


class Mirror:
    """One graph served twice: with parts that are kept, and without."""

    def __init__(self, seed: int, faults: Faults | None) -> None:
        self.random = Random(seed)
        self.graph = random_graph(self.random)
        while self.graph.home or self.graph.has_pocket:  # those are seldom fused
            self.graph = random_graph(self.random)
        self.world = World(seed)
        drawn = self.random.choice(WEATHERS)
        weather = faults or drawn
        self.subgraphs = {
            name: Living(name, sdl, self.graph.rows, self.world, weather) for name, sdl in self.graph.sdls.items()
        }
        self.supergraph = supergraph_of(self.graph.sdls)
        self.fused = FusedPlans(self.subgraphs)
        self.splicer = Splicer(self.world, self.fused, Fragments(self.random.choice((4, 50, 500)), 10**6))

    def operation(self) -> str:
        """One with several root fields: those of some random ones, under keys of their own."""
        return random_operation(self.random, self.graph)

    async def both(self, query: str, plan: QueryPlan, asking: Asking) -> tuple[str, str]:
        """What an asker gets without parts, and spliced."""
        WHO.set(asking)
        context = RequestContext(value=asking)

        async def run(plan: QueryPlan) -> ExecutionResult:
            return await execute(plan, {}, self.subgraphs, context, fused=self.fused)

        def plan_of(keys: Any) -> QueryPlan:
            return planning.plan(with_roots(parse(query), keys), self.supergraph)

        wanted = shown(await run(plan))
        got = await self.splicer.answer(plan, plan_of, {}, context, run)
        return wanted, wanted if got is None else shown(got)

    def write(self) -> None:
        """Change a number somewhere."""
        kinds = [row for row in self.graph.rows if "id" in row]
        row = self.random.choice(kinds)
        key = (row["id"], self.random.choice([name for name in row if name not in ("id", "__typename")] or ["id"]))
        self.world.written[key] = self.world.written.get(key, 0) + 1


async def compare_graph(seed: int, operations: int, met: Counter[str], faults: Faults | None = None) -> str | None:
    """The first difference among so many operations on the graph of a seed, each asked for several times by several
    viewers with writes in between."""
    mirror = Mirror(seed, faults)
    queries = [mirror.operation() for _ in range(operations)]
    plans = [planning.plan(parse(query), mirror.supergraph) for query in queries]
    for _ in range(ROUNDS * operations):
        number = mirror.random.randrange(operations)
        mirror.world.trusted = mirror.random.random() < 0.95
        if mirror.random.random() < 0.3:
            mirror.write()
        viewer = mirror.random.choice((GUEST, GUEST, 1, 2))
        wanted, got = await mirror.both(queries[number], plans[number], Asking(viewer))
        met["answers"] += 1
        met["with errors"] += "\n" in wanted
        if wanted != got:
            parts = (f"graph {seed}", queries[number], plans[number], "--- wanted", wanted, "--- got", got)
            return "\n".join(map(str, parts))
    met.update(mirror.splicer.counts)
    return None
