"""What a jump costs at least, found out without looking where it leads: most jumps need not be looked into."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from federation.graph import Graph, Jump
from federation.planning.walker.route import BATCHED, LEVEL, REQUEST, Spot, Trail
from federation.planning.walker.tree import Tree

NOBODY: frozenset[str] = frozenset()


@dataclass(slots=True)
class Bound:
    """What the best way so far costs: others are worth looking into only if they may cost less."""

    cost: float = math.inf


@dataclass(slots=True)
class Prices:
    """The least prices of jumps, given the tree as it stands; `known` keeps the answers of `others`."""

    graph: Graph
    tree: Tree
    known: dict[tuple[str, str, Trail], frozenset[str]] = field(default_factory=dict)

    def exceed(self, spot: Spot, jump: Jump, trail: Trail, limit: float) -> bool:
        """Does a jump cost a limit or more? One to a step that is made may cost nothing."""
        level = spot.level + 1 if spot.subgraph else 0
        if self.tree.find(spot.position, jump.subgraph, level):
            return limit <= 0
        price = self.of_step(jump.subgraph, level) + trail.fields
        return price >= limit or (price + REQUEST + LEVEL >= limit and self.leads_on(jump.type, jump.subgraph, trail))

    def of_step(self, subgraph: str, level: int) -> int:
        """What one more step costs, in a request that is made anyway if there is such a one."""
        is_made = any(made == subgraph and other >= level for made, other in self.tree.made)
        return (BATCHED if is_made else REQUEST) + LEVEL * level

    def leads_on(self, kind: str, subgraph: str, trail: Trail) -> bool:
        """Does a way through a subgraph make one more request necessary, to where none is made yet?"""
        others = self.others(kind, subgraph, trail)
        return bool(others) and others.isdisjoint(made for made, _ in self.tree.made)

    def others(self, kind: str, subgraph: str, trail: Trail) -> frozenset[str]:
        """The subgraphs that may answer the first field of a way that this one does not; none if it answers all."""
        question = (kind, subgraph, trail)
        found = self.known.get(question)
        if found is None:
            self.tree.budget.spend()
            found = self.known[question] = self.first_others(kind, subgraph, trail)
        return found

    def first_others(self, kind: str, subgraph: str, trail: Trail) -> frozenset[str]:
        head, rest = trail.head, trail.rest
        if isinstance(head, str):
            return self.others(head, subgraph, rest) if rest else NOBODY
        resolvers = self.graph.resolvers_of_any(kind, head.name)
        if resolvers and subgraph not in resolvers:
            return resolvers
        field = self.graph.type(kind).fields.get(head.name)
        return self.others(field.type, subgraph, rest) if rest and field else NOBODY
