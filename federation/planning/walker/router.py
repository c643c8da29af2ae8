"""Finding routes: the ways from an object that is being read to a value below it, and what each would cost.

The graph is searched field by field. At each object a field is read where we are, or of each possible type by itself,
or in another subgraph after a jump; the keys and required fields of a jump are values to be reached in turn, from the
same object. A route is a value: finding it changes nothing, `growth` carries it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from federation.graph import Graph, Jump
from federation.graph.selections import PRESENCE, TYPENAME, Selection
from federation.planning.walker.prices import Bound, Prices
from federation.planning.walker.route import (
    BATCHED,
    DEEPEST,
    LEVEL,
    REQUEST,
    UNGUARDED,
    VACUOUS,
    Guards,
    Hop,
    Narrow,
    Route,
    Spot,
    Take,
    Trail,
    trails,
)
from federation.planning.walker.tree import Context, Node, Step, Tree
from federation.supergraph import ContextArgument, FieldJoin

QUESTION, HOP = 4, 8
"""Units of the budget that a question costs, and a jump."""


@dataclass(slots=True)
class Router:
    """Finds the cheapest route to one value, given the tree as it stands, at the cost of its budget."""

    graph: Graph
    tree: Tree
    roots: frozenset[str] | None = None
    banned: frozenset[tuple[tuple[str, ...], str]] = frozenset()
    known: dict[tuple[object, ...], Route | None] = field(default_factory=dict)
    prices: Prices = field(init=False)

    def __post_init__(self) -> None:
        self.prices = Prices(self.graph, self.tree)

    def find(self, spot: Spot, trail: Trail | None, guards: Guards = UNGUARDED) -> Route | None:
        """The cheapest route, None if there is none."""
        if trail is None:
            return Route(None, spot.level)
        question = (*spot.identity, trail, guards.jumps, guards.depth)
        if question in self.known:
            return self.known[question]
        self.tree.budget.spend(QUESTION)
        self.known[question] = None  # while it is being asked, it is no answer to itself
        found = self.known[question] = self.cheapest(spot, trail, guards)
        return found

    def nearest(self, spot: Spot, trail: Trail) -> Route | None:
        """The same, when it is likely that the field is read right here."""
        if isinstance(trail.head, Selection):
            self.tree.budget.spend()
            direct = self.take(spot, trail.head, trail, UNGUARDED)
            if direct is not None and settles(direct):
                return direct
        return self.find(spot, trail)

    def cheapest(self, spot: Spot, trail: Trail, guards: Guards) -> Route | None:
        best: Route | None = None
        bound = Bound()
        for option in self.options(spot, trail, guards, bound):
            if option is None:
                continue
            cost = self.cost(option)
            if cost < bound.cost:
                best, bound.cost = option, cost
            if settles(option):
                break  # what follows may read fewer fields, but makes no fewer requests
        return best

    def cost(self, route: Route) -> int:
        total = route.weight + LEVEL * route.level
        self.tree.budget.spend(len(route.opens) // 3)
        opened: set[tuple[str, int]] = set()
        for _, subgraph, level in route.opens:
            known = (subgraph, level) in self.tree.made or (subgraph, level) in opened
            total += BATCHED if known else REQUEST
            opened.add((subgraph, level))
        return total

    def options(self, spot: Spot, trail: Trail, guards: Guards, bound: Bound) -> Iterator[Route | None]:
        """The ways to go on, the nearest first; those that cannot be better than `bound` are left out."""
        head = trail.head
        if isinstance(head, str):
            yield from self.narrowings(spot, head, trail, guards)
            return
        direct = self.take(spot, head, trail, guards)
        yield direct
        if self.graph.is_abstract(spot.type, spot.subgraph) and self.may_differ(spot, head, direct):
            yield self.expand(spot, sorted(spot.possible), trail, guards)
        yield from self.jumps(spot, head, trail, guards, bound)

    # reading a field where we are

    def take(self, spot: Spot, head: Selection, trail: Trail, guards: Guards, required: bool = False) -> Route | None:
        """Read a field here. `required`: what it requires was read before coming here."""
        if head is PRESENCE:
            return Route(None, spot.level)
        key = spot.position.key_of(head)
        slot = spot.node.fields.get(key) if spot.node else None
        if slot and not slot.selection.is_like(head):
            return None
        if head.name == "__typename":
            action = Take("__typename", TYPENAME, None)
            return None if self.is_interface_object(spot) else Route(action, spot.level, 0 if slot else 1)
        join = self.graph.edge(spot.type, spot.subgraph, head.name) if spot.subgraph else None
        if join is None or not self.is_resolved(spot, head, join, required):
            return None
        return self.go_below(spot, Take(key, head, join), trail, guards, slot.node if slot else None, slot is None)

    def go_below(
        self, spot: Spot, take: Take, trail: Trail, guards: Guards, node: Node | None, is_new: bool
    ) -> Route | None:
        if trail.rest is None:
            return Route(take, spot.level, int(is_new))
        assert take.join is not None
        below = self.spot_below(spot, take.key, take.selection, take.join, node)
        then = self.find(below, trail.rest, guards.below())
        if then is None:
            return None
        action = Take(take.key, take.selection, take.join, below, then)
        return Route(action, then.level, then.weight + is_new, then.opens)

    def spot_below(self, spot: Spot, key: str, head: Selection, join: FieldJoin, node: Node | None) -> Spot:
        granted = self.granted(spot.provided, head, spot.possible) or ()
        if join.provides:
            granted += self.graph.field_set(join.type, join.provides)
        return Spot(
            position=spot.position.child(key),
            type=join.type,
            subgraph=spot.subgraph,
            level=spot.level,
            possible=self.graph.possible(join.type, spot.subgraph),
            provided=granted,
            conditions=(*spot.conditions, spot.filter),
            node=node,
        )

    def is_interface_object(self, spot: Spot) -> bool:
        return bool(spot.subgraph) and self.graph.is_interface_object(spot.type, spot.subgraph)

    def is_resolved(self, spot: Spot, head: Selection, join: FieldJoin, required: bool) -> bool:
        """Does the subgraph answer the field, for every type that an object may have?"""
        if not self.answers(spot, head, join, spot.possible, required):
            return False
        if not self.graph.is_abstract(spot.type, spot.subgraph):
            return True
        if spot.provided:
            self.tree.budget.spend(len(spot.possible) // 4)
            return self.all_answer(spot, head, required)
        question = ("all answer", spot.subgraph, spot.possible, head.name, required)
        return self.graph.once(question, lambda: self.all_answer(spot, head, required))

    def all_answer(self, spot: Spot, head: Selection, required: bool) -> bool:
        return all(self.answers_for(spot, head, name, required) for name in spot.possible)

    def answers_for(self, spot: Spot, head: Selection, name: str, required: bool) -> bool:
        join = self.graph.edge(name, spot.subgraph, head.name)
        return join is not None and self.answers(spot, head, join, frozenset((name,)), required)

    def answers(self, spot: Spot, head: Selection, join: FieldJoin, possible: frozenset[str], required: bool) -> bool:
        if self.granted(spot.provided, head, possible) is not None:
            return True
        return not join.external and (required or not depends(join))

    def granted(
        self, provided: tuple[Selection, ...], head: Selection, possible: frozenset[str]
    ) -> tuple[Selection, ...] | None:
        """What is provided below a field, None if the field itself is not."""
        if not provided:
            return None
        types = self.graph.supergraph.possible_types
        found = [
            item
            for item in provided
            if item.name == head.name and (item.condition is None or possible <= types[item.condition])
        ]
        return tuple(below for item in found for below in item.children) if found else None

    # one type at a time

    def may_differ(self, spot: Spot, head: Selection, direct: Route | None) -> bool:
        """Could reading the field of each type by itself be better than reading it of the interface?"""
        if direct is None:
            return True
        if not direct.opens:
            return False
        question = ("differs", spot.type, spot.subgraph, spot.possible, head.name)
        return self.graph.once(question, lambda: self.differs(spot, head))

    def differs(self, spot: Spot, head: Selection) -> bool:
        """Is a field another for some of the types than for the interface?"""
        of_interface = self.graph.edge(spot.type, spot.subgraph, head.name)
        joins = [self.graph.edge(name, spot.subgraph, head.name) for name in spot.possible]
        return any(join and of_interface and (join.provides or join.type != of_interface.type) for join in joins)

    def expand(self, spot: Spot, names: Iterable[str], trail: Trail, guards: Guards) -> Route | None:
        """Go on with each of some object types; all must get there."""
        branches: list[tuple[Spot, Route]] = []
        for name in names:
            self.tree.budget.spend()
            narrowed = self.narrow(spot, name, frozenset((name,)))
            route = self.find(narrowed, trail, guards)
            if route is None:
                return None
            branches.append((narrowed, route))
        if not branches:
            return None
        return Route(
            Narrow(tuple(branches)),
            max(route.level for _, route in branches),
            sum(route.weight + 1 for _, route in branches),
            frozenset().union(*(route.opens for _, route in branches)),
        )

    def narrow(self, spot: Spot, name: str, possible: frozenset[str]) -> Spot:
        node = spot.node.whole.narrowed.get(name) if spot.node else None
        return Spot(
            spot.position,
            name,
            spot.subgraph,
            spot.level,
            possible,
            spot.provided,
            possible,
            spot.conditions,
            node,
        )

    def narrowings(self, spot: Spot, name: str, trail: Trail, guards: Guards) -> Iterator[Route | None]:
        """Go on with the objects that are a `name`."""
        if self.is_interface_object(spot):
            yield from self.from_interface_object(spot, name, trail, guards)
            return
        left = spot.possible & self.graph.supergraph.possible_types[name]
        if not left:
            yield Route(None, spot.level, VACUOUS)
        elif not self.graph.is_abstract(spot.type, spot.subgraph):
            yield self.find(spot, trail.rest, guards)
        else:
            if spot.subgraph in self.graph.type(name).joins and left == spot.possible & self.graph.possible(
                name, spot.subgraph
            ):
                yield self.one_branch(self.narrow(spot, name, left), trail.rest, guards)
            assert trail.rest is not None
            yield self.expand(spot, sorted(left), trail.rest, guards)

    def one_branch(self, narrowed: Spot, trail: Trail | None, guards: Guards) -> Route | None:
        route = self.find(narrowed, trail, guards)
        if route is None:
            return None
        return Route(Narrow(((narrowed, route),)), route.level, route.weight + 1, route.opens)

    def from_interface_object(self, spot: Spot, name: str, trail: Trail, guards: Guards) -> Iterator[Route | None]:
        """An interface object knows no types: read the field of all objects, or ask where the types are known."""
        rest = trail.rest
        if rest and isinstance(rest.head, Selection) and rest.head is not TYPENAME:
            yield self.take(spot, rest.head, rest, guards)
        for jump in self.graph.jumps(spot.type, spot.subgraph, ""):
            yield self.hop(spot, jump, trail, guards)

    # jumping to another subgraph

    def jumps(self, spot: Spot, head: Selection, trail: Trail, guards: Guards, bound: Bound) -> Iterator[Route | None]:
        jumps = self.graph.jumps(spot.type, spot.subgraph, head.name)
        self.tree.budget.spend(len(jumps))
        for jump in jumps:
            if (spot.position.path, jump.subgraph) in self.banned:
                continue
            if not spot.position.parent and self.roots is not None and jump.subgraph not in self.roots:
                continue
            if self.prices.exceed(spot, jump, trail, bound.cost):
                continue
            if jump.subgraph != spot.subgraph or self.needs_return(jump, head):
                yield self.hop(spot, jump, trail, guards)

    def needs_return(self, jump: Jump, head: Selection) -> bool:
        """A field that depends on others is asked of the same subgraph again, with the others in hand."""
        join = self.graph.edge(jump.type, jump.subgraph, head.name)
        return join is not None and depends(join)

    def hop(self, spot: Spot, jump: Jump, trail: Trail, guards: Guards) -> Route | None:
        head = trail.head
        join = self.graph.edge(jump.type, jump.subgraph, head.name) if isinstance(head, Selection) else None
        needs = self.graph.field_set(jump.type, join.requires) if join and join.requires else ()
        reason = join.requires or "" if join else ""
        contexts = self.contexts(spot, join.context_arguments) if join else ()
        guard = (f"{jump.type}@{jump.subgraph}", jump.key.text, reason)
        if contexts is None or guard in guards.jumps or guards.depth > DEEPEST:
            return None
        self.tree.budget.spend(HOP)
        conditions = self.conditions(spot, (*jump.key.fields, *needs), guards.during(guard).inside())
        if conditions is None:
            return None
        suppliers = (step.level for context in contexts for step in context.suppliers)
        level = max((*(route.level for route in conditions), *suppliers), default=spot.level) + 1
        level = level if spot.subgraph else 0
        landing, step = self.landing(spot, jump, level, needs)
        then = self.after_hop(spot, landing, trail, guards.during(guard))
        if then is None:
            return None
        opens = then.opens.union(*(route.opens for route in conditions))
        if step is None:
            opens |= {(spot.position, jump.subgraph, landing.level)}
        weight = then.weight + sum(route.weight for route in conditions)
        action = Hop(jump, needs, reason, contexts, tuple(conditions), landing, then)
        return Route(action, then.level, weight, opens)

    def contexts(self, spot: Spot, arguments: tuple[ContextArgument, ...]) -> tuple[Context, ...] | None:
        """What contextual arguments take, None if nothing supplies it."""
        found = [self.tree.contexts.get((spot.position, argument)) for argument in arguments]
        supplied = tuple(context for context in found if context is not None)
        return supplied if len(supplied) == len(found) else None

    def conditions(self, spot: Spot, fields: tuple[Selection, ...], guards: Guards) -> list[Route] | None:
        routes: list[Route] = []
        for trail in self.graph.once(("trails", fields), lambda: tuple(trails(fields))):
            route = self.find(spot, trail, guards)
            if route is None:
                return None
            routes.append(route)
        return routes

    def landing(self, spot: Spot, jump: Jump, level: int, needs: tuple[Selection, ...]) -> tuple[Spot, Step | None]:
        """Where a jump arrives: a step that is made anyway and not too early, else a new one."""
        step = self.tree.find(spot.position, jump.subgraph, level)
        if step and step.root is None:
            entry = step.entry((jump.type, spot.conditions, spot.filter), needs)
            node = entry.node if entry else None
        else:
            node = step.root if step else None
        possible = self.graph.possible(jump.type, jump.subgraph)
        landing = Spot(
            spot.position,
            jump.type,
            jump.subgraph,
            step.level if step else level,
            possible,
            (),
            spot.filter,
            spot.conditions,
            node,
        )
        return landing, step

    def after_hop(self, origin: Spot, landing: Spot, trail: Trail, guards: Guards) -> Route | None:
        """Where the types of an interface object become known, the search is open again; else the field is there."""
        head = trail.head
        if isinstance(head, str) or (
            self.is_interface_object(origin) and self.graph.is_abstract(landing.type, landing.subgraph)
        ):
            return self.find(landing, trail, guards)
        return self.take(landing, head, trail, guards, required=True)


def settles(route: Route) -> bool:
    """Does a route make no request necessary, so that no other need be looked for?"""
    return not route.opens and route.weight < VACUOUS


def depends(join: FieldJoin) -> bool:
    """Must something be known of other fields, here or above, before this one can be read?"""
    return join.requires is not None or bool(join.context_arguments)
