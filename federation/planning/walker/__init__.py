"""Second stage: the cheapest way to every value, grown into one tree of steps.

Values are routed one after another; each takes the way that adds least to what the others have made necessary already
(a greedy Steiner tree). Greed depends on the order, so a few orders are tried, and then doing without each step in
turn; the cheapest tree wins: fewest requests, then fewest round trips one after another, then fewest fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from graphql import OperationType

from federation.errors import PlanError
from federation.graph import Graph
from federation.graph.budget import BUDGET, Budget
from federation.graph.selections import INTROSPECTION, Selection
from federation.planning.operation import Operation
from federation.planning.walker.contexts import Need, position_of
from federation.planning.walker.growth import grow
from federation.planning.walker.leaves import ORDERS, Leaf, few_choices_first, least_requests, leaves_of, trail_of
from federation.planning.walker.resume import is_only_way, last_read, spot_at
from federation.planning.walker.route import BATCHED, LEVEL, REQUEST, VACUOUS, Spot, Trail, trails
from federation.planning.walker.router import Router
from federation.planning.walker.tree import Context, Node, Position, Step, Tree

WORTHWHILE = 24
"""A tree with more steps than this is not improved step by step."""

Banned = frozenset[tuple[tuple[str, ...], str]]


def walk(operation: Operation, graph: Graph, budget: Budget) -> list[Tree]:
    """Trees to be carried out one after another: one for queries, one for each root field of a mutation.

    Raises PlanError when a value cannot be reached, OverBudget.
    """
    wanted = tuple(item for item in operation.selections if item.name not in ("__typename", *INTROSPECTION))
    if operation.kind is OperationType.QUERY:
        return [Search(operation.root, wanted, graph, budget).best()] if wanted else []
    return [walk_once(operation.root, item, graph, budget) for item in wanted]


def walk_once(root: str, item: Selection, graph: Graph, budget: Budget) -> Tree:
    """A root field that must be called exactly once, so in one subgraph: the one that makes the cheapest tree."""
    found: list[Tree] = []
    failure: PlanError | None = None
    for jump in graph.jumps(root, "", item.name):
        search = Search(root, (item,), graph, budget, roots=frozenset((jump.subgraph,)))
        try:
            found.append(search.best())
        except PlanError as error:
            failure = error
    if not found:
        raise failure or unreachable(item.name)
    return min(found, key=cost)


@dataclass(frozen=True, slots=True)
class Search:
    """The search for the cheapest tree; `roots` limits the subgraphs in which root fields are read."""

    root: str
    wanted: tuple[Selection, ...]
    graph: Graph
    budget: Budget
    roots: frozenset[str] | None = None

    def best(self) -> Tree:
        leaves = leaves_of(self.wanted, self.root, self.graph, self.budget)
        needed = least_requests(leaves)
        before = self.budget.left
        tree = self.tree(leaves)
        price = before - self.budget.left
        tried = [leaves]
        for order in ORDERS:
            ordered = sorted(leaves, key=order)
            if len(requests(tree)) > needed and ordered not in tried and self.can_afford(price):
                tree = min(tree, self.tree(ordered), key=cost)
                tried.append(ordered)
        return self.improved(tree, leaves, price) if len(requests(tree)) > max(needed, 2) else tree

    def improved(self, tree: Tree, leaves: list[Leaf], price: int) -> Tree:
        """Try to do without each step; what cannot be done without stays."""
        if len(tree.steps) > WORTHWHILE:
            return tree
        for banned in [(step.position.path, step.subgraph) for step in tree.steps]:
            if not self.can_afford(price):
                break
            try:
                other = self.tree(sorted(leaves, key=few_choices_first), frozenset((banned,)))
            except PlanError:
                continue
            tree = min(tree, other, key=cost)
        return tree

    def can_afford(self, price: int) -> bool:
        """Another tree is worth its price as long as half of the budget is left for the rest of the work."""
        return self.budget.left > BUDGET // 2 + 2 * price

    def tree(self, leaves: list[Leaf], banned: Banned = frozenset()) -> Tree:
        tree = Tree(Position(None, ""), self.budget)
        self.budget.spend(len(leaves) // 4)
        tree.top.reserve(self.wanted)
        for leaf in leaves:
            for need in leaf.needs:
                self.supply(tree, need, banned)
            self.read(tree, leaf.trail, banned)
        return tree

    def supply(self, tree: Tree, need: Need, banned: Banned) -> None:
        """Read what a contextual argument takes, once for all fields that take it."""
        question = (position_of(tree.top, need.place), need.argument)
        context = tree.contexts.setdefault(question, Context(need.argument))
        place = (need.depth, need.selections)
        if place not in context.places:
            context.places[place] = None
            for rest in trails(need.selections):
                context.suppliers |= self.read(tree, trail_of(need.above, rest), banned)

    def read(self, tree: Tree, trail: Trail, banned: Banned) -> set[Step]:
        """Grow the tree by the cheapest way to a value; returns the steps that supply it."""
        router = Router(self.graph, tree, self.roots, banned)
        suppliers = self.resumed(router, trail)
        if suppliers is not None:
            return suppliers
        route = router.find(Spot(tree.top, self.root, "", 0, frozenset((self.root,))), trail)
        if route is None:
            raise unreachable(text_of(trail))
        return grow(tree, route, None)

    def resumed(self, router: Router, trail: Trail) -> set[Step] | None:
        """Read a value from where its way is not being read yet, if no step is to be added or no other way exists."""
        at = last_read(self.graph, router.tree, self.root, trail)
        if at is None:
            return None
        node, rest = at
        route = router.nearest(spot_at(node), rest)
        if route is None or route.weight >= VACUOUS:
            return None
        if route.opens and not is_only_way(self.graph, self.root, trail, rest):
            return None
        return grow(router.tree, route, node)


def cost(tree: Tree) -> int:
    """What a tree costs: see the units in `route`."""
    last = max((step.level for step in tree.steps), default=0)
    fields = sum(size(node) for step in tree.steps for node in roots_of(step))
    return REQUEST * len(requests(tree)) + BATCHED * len(tree.steps) + LEVEL * last + fields


def requests(tree: Tree) -> set[tuple[str, int]]:
    """Steps at one level in one subgraph will be one request."""
    return {(step.subgraph, step.level) for step in tree.steps}


def roots_of(step: Step) -> list[Node]:
    return [step.root] if step.root else [entry.node for entry in step.entries]


def size(node: Node) -> int:
    below = sum(size(slot.node) for slot in node.fields.values() if slot.node)
    return len(node.fields) + below + sum(size(narrowed) for narrowed in node.narrowed.values())


def unreachable(text: str) -> PlanError:
    return PlanError(None, f"No subgraph can be reached that resolves {text}")


def text_of(trail: Trail) -> str:
    words: list[str] = []
    at: Trail | None = trail
    while at is not None:
        words.append(f"[{at.head}]" if isinstance(at.head, str) else at.head.name or "__typename")
        at = at.rest
    return ".".join(words)


__all__ = ["Position", "Step", "Tree", "cost", "walk"]
