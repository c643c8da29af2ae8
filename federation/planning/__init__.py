"""Planning: from a client's operation to a query plan, in five steps.

    normalize      fragments inlined, @skip and @include settled, equal fields merged     -> Operation
    walk           the cheapest way to every value, over (type, subgraph) nodes           -> trees of steps
    build_fetches  requests and what each waits for                                       -> FetchGraph
    optimize       passes over the fetch graph, until stable                              -> FetchGraph
    emit           texts of the requests, the shape of the answer                         -> QueryPlan

`plan` runs them, `explain` shows what each makes.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import DocumentNode

from federation.errors import PlanError
from federation.graph import Graph
from federation.graph.budget import BUDGET, Budget, OverBudget
from federation.planning.emit import emit
from federation.planning.explain import Stages
from federation.planning.fetches import build_fetches
from federation.planning.nodes import QueryPlan
from federation.planning.normalize import normalize
from federation.planning.optimize import optimize
from federation.planning.walker import walk
from federation.supergraph import Supergraph

__all__ = ["QueryPlan", "Stages", "explain", "plan"]


def plan(
    document: DocumentNode,
    supergraph: Supergraph,
    *,
    operation_name: str | None = None,
    flags: Mapping[str, bool] | None = None,
    override_labels: frozenset[str] = frozenset(),
) -> QueryPlan:
    """The cheapest plan for a valid operation.

    `flags` are the values of the boolean variables that feed @skip and @include, so that the plan has no conditions.
    Raises PlanError: QUERY_PLANNING_FAILED when no subgraphs together can answer, QUERY_TOO_COMPLEX when finding out
    would take too long.
    """
    return explain(
        document, supergraph, operation_name=operation_name, flags=flags, override_labels=override_labels
    ).plan


def explain(
    document: DocumentNode,
    supergraph: Supergraph,
    *,
    operation_name: str | None = None,
    flags: Mapping[str, bool] | None = None,
    override_labels: frozenset[str] = frozenset(),
) -> Stages:
    """What each stage of `plan` makes; `str()` of it prints them all."""
    graph, budget = graph_of(supergraph, override_labels), Budget(BUDGET)
    try:
        operation = normalize(document, supergraph, operation_name, flags or {}, budget)
        trees = walk(operation, graph, budget)
        fetches = build_fetches(trees, graph, operation, budget)
        optimized = optimize(fetches, budget)
        return Stages(operation, trees, fetches, optimized, emit(operation, optimized, graph, budget))
    except (OverBudget, RecursionError):
        raise PlanError("QUERY_TOO_COMPLEX", "The operation is too complex to be planned") from None


def graph_of(supergraph: Supergraph, labels: frozenset[str]) -> Graph:
    """The graph for a set of active override labels, made once for each supergraph and set."""
    found = supergraph.derived.get(("graph", labels))
    if isinstance(found, Graph):
        return found
    graph = supergraph.derived["graph", labels] = Graph(supergraph, labels)
    return graph
