"""Going on from where others stopped: most values stand beside one that is being read already.

The search from the top would come to the same end, as it follows what is being read before anything else; this only
spares it the way there.
"""

from __future__ import annotations

from federation.graph import Graph
from federation.graph.selections import Selection
from federation.planning.walker.route import Spot, Trail
from federation.planning.walker.tree import Node, Tree


def last_read(graph: Graph, tree: Tree, root: str, trail: Trail) -> tuple[Node, Trail] | None:
    """The last node on the way to a value that is being read already, and what is left of the way; None at the top."""
    at: tuple[Node, Trail] | None = None
    found, passed = first(graph, tree, root, trail), 0
    while found is not None:
        at, passed = found, passed + 1
        found = next_read(graph, *at)
    tree.budget.spend(passed // 3)
    return at


def first(graph: Graph, tree: Tree, root: str, trail: Trail) -> tuple[Node, Trail] | None:
    if isinstance(trail.head, str):
        return None
    for jump in graph.jumps(root, "", trail.head.name):
        step = tree.find(tree.top, jump.subgraph, 0)
        if step and step.root and (below := below_field(step.root, trail.head)) and trail.rest:
            return below, trail.rest
    return None


def next_read(graph: Graph, node: Node, trail: Trail) -> tuple[Node, Trail] | None:
    """One step further down, here or where the object is read elsewhere."""
    head, rest = trail.head, trail.rest
    if rest is None:
        return None
    if isinstance(head, str):
        return with_condition(graph, node, head, rest)
    for candidate in (node, *node.elsewhere):
        if below := below_field(candidate, head):
            return below, rest
    return None


def with_condition(graph: Graph, node: Node, name: str, rest: Trail) -> tuple[Node, Trail] | None:
    """On with the objects of a type, if these are all such, or are read by themselves."""
    subgraph = node.step.subgraph
    if graph.is_interface_object(node.type, subgraph):
        return None
    left = node.possible & graph.supergraph.possible_types[name]
    if left and not graph.is_abstract(node.type, subgraph):
        return node, rest
    narrowed = node.whole.narrowed.get(name)
    return (narrowed, rest) if narrowed and narrowed.possible == left else None


def below_field(node: Node, head: Selection) -> Node | None:
    slot = node.fields.get(head.key or node.position.key_of(head))
    return slot.node if slot and slot.selection.is_like(head) else None


def is_only_way(graph: Graph, root: str, trail: Trail, rest: Trail) -> bool:
    """Does each field of `trail` down to `rest` stand in one subgraph, the same for all?"""
    kind, subgraphs = root, set[str]()
    at: Trail | None = trail
    while at is not None and at is not rest:
        if isinstance(at.head, str):
            kind = at.head
        else:
            subgraphs |= graph.resolvers(kind, at.head.name)
            kind = graph.type(kind).fields[at.head.name].type
        at = at.rest
    return len(subgraphs) == 1


def spot_at(node: Node) -> Spot:
    """Where a node stands, as the search sees it."""
    return Spot(
        position=node.position,
        type=node.type,
        subgraph=node.step.subgraph,
        level=node.step.level,
        possible=node.possible,
        provided=node.provided,
        filter=node.filter,
        conditions=node.conditions,
        node=node,
    )
