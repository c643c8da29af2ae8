"""The values to be routed, one for each leaf of the operation, and what is known of each before the search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from federation.graph import Graph
from federation.graph.budget import Budget
from federation.graph.contexts import are_used
from federation.graph.selections import TYPENAME, Selection
from federation.planning.walker.contexts import Need, needs_of
from federation.planning.walker.route import Trail, before


@dataclass(frozen=True, slots=True)
class Way:
    """What leads to an object: its type, how far down it stands, in how many subgraphs its field does.

    `requires` counts the fields on the way that require others. `forced` is the last subgraph that cannot be avoided,
    because a field on the way stands in no other; `first` those that must be asked for a root field, `later` those that
    must be asked when another has answered.
    """

    type: str
    choices: int = 1
    depth: int = 0
    requires: int = 0
    forced: str = ""
    first: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()

    def through(self, item: Selection, graph: Graph) -> Way:
        """The way on through a field."""
        kind = item.condition or self.type
        field = graph.type(kind).fields.get(item.name)
        if field is None:
            return self
        resolvers = graph.resolvers(kind, item.name)
        choices, forced, first, later = len(resolvers), self.forced, self.first, self.later
        if choices == 1:
            (forced,) = resolvers
            if not self.depth:
                first |= {forced}
            elif self.forced not in ("", forced):
                later |= {forced}
        requires = self.requires + any(join.requires for join in field.joins.values())
        return Way(field.type, choices, self.depth + 1, requires, forced, first, later)


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A value to be routed: `trail` leads to it from the top, `needs` must be supplied before."""

    trail: Trail
    way: Way
    needs: tuple[Need, ...] = ()


def leaves_of(selections: tuple[Selection, ...], root: str, graph: Graph, budget: Budget) -> list[Leaf]:
    """A leaf for each value that selections ask for, and for the type of each object on which they depend."""
    leaves: list[Leaf] = []
    has_contexts = are_used(graph)

    def descend(selections: tuple[Selection, ...], way: Way, heads: tuple[str | Selection, ...]) -> None:
        narrowed = any(item.condition for item in selections)
        for item in (*selections, TYPENAME) if narrowed else selections:
            budget.spend()
            path = (*heads, item.condition, item) if item.condition else (*heads, item)
            if item.children:
                descend(item.children, way.through(item, graph), path)
            else:
                needs = tuple(needs_of(path, root, graph)) if has_contexts else ()
                leaves.append(Leaf(trail_of(path), way.through(item, graph), needs))

    descend(selections, Way(root), ())
    return leaves


def trail_of(heads: tuple[str | Selection, ...], trail: Trail | None = None) -> Trail:
    for head in reversed(heads):
        trail = before(head, trail)
    assert trail is not None
    return trail


def least_requests(leaves: list[Leaf]) -> int:
    """How many requests no plan can do without. One for a root field is never one for an entity."""
    first = frozenset[str]().union(*(leaf.way.first for leaf in leaves))
    later = frozenset[str]().union(*(leaf.way.later for leaf in leaves))
    return len(first) + len(later) or 1


def few_choices_first(leaf: Leaf) -> tuple[int, int, int]:
    """What waits longest comes first of those: the others can come along."""
    return leaf.way.choices, -leaf.way.requires, -leaf.way.depth


def deepest_first(leaf: Leaf) -> tuple[int, int, int]:
    return -leaf.way.depth, leaf.way.choices, -leaf.way.requires


ORDERS: tuple[Callable[[Leaf], tuple[int, int, int]], ...] = (few_choices_first, deepest_first)
"""Orders in which to route values, besides the client's own."""
