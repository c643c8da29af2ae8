"""Routes as data: the trail to a value, spots where objects are read, the actions that lead from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from federation.graph import Jump
from federation.graph.selections import PRESENCE, TYPENAME, Selection
from federation.planning.walker.tree import Context, Filter, Node, Position
from federation.supergraph import FieldJoin

REQUEST = 1_000
"""What one more request costs, against 1 for a field."""
LEVEL = 40
"""What waiting for one more round trip costs."""
BATCHED = 30
"""What it costs to ask for more entities in a request that is made anyway."""
VACUOUS = 500
"""What it costs to go where objects of the wanted type never come from: only when nobody has them."""

DEEPEST = 16
"""How deep conditions of conditions may go: keys and required fields that need jumps themselves."""

Opening = tuple[Position, str, int]
"""A step that is still to be made: position, subgraph, level."""


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """The way from an object to one value: a type condition or a field, then the rest; `fields` are on it."""

    head: str | Selection
    rest: Trail | None
    fields: int


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Objects at a position as a step reads them, or would; `node` where the tree has it already."""

    position: Position
    type: str
    subgraph: str
    level: int
    possible: frozenset[str]
    provided: tuple[Selection, ...] = ()
    filter: Filter = None
    conditions: tuple[Filter, ...] = ()
    node: Node | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells one spot from another: all that the search depends on."""
        kind = (self.position, self.type, self.subgraph, self.level, self.node)
        return (*kind, self.provided, self.filter, self.conditions)


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """Read a field here, and go on below it."""

    key: str
    selection: Selection
    join: FieldJoin | None
    spot: Spot | None = None
    then: Route | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Narrow:
    """Go on with the objects of some type, for each of several."""

    branches: tuple[tuple[Spot, Route], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """Read the keys (and what the field requires), then go on in another subgraph, when `contexts` are supplied."""

    jump: Jump
    required: tuple[Selection, ...]
    reason: str
    contexts: tuple[Context, ...]
    conditions: tuple[Route, ...]
    spot: Spot
    then: Route


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """A way found; `level` is that of the latest step which supplies the value."""

    action: Take | Narrow | Hop | None
    level: int
    weight: int = 0
    opens: frozenset[Opening] = frozenset()


@dataclass(frozen=True, slots=True)
class Guards:
    """Against running in circles: jumps under way at this object, and how deep in conditions of conditions we are.

    Ways lead downwards only, so an object that has been left for one below it needs no guard any more.
    """

    jumps: frozenset[tuple[str, str, str]] = frozenset()
    depth: int = 0

    def below(self) -> Guards:
        return Guards(depth=self.depth) if self.jumps else self

    def during(self, jump: tuple[str, str, str]) -> Guards:
        return Guards(self.jumps | {jump}, self.depth)

    def inside(self) -> Guards:
        return Guards(self.jumps, self.depth + 1)


UNGUARDED = Guards()


def trails(selections: tuple[Selection, ...]) -> Iterator[Trail]:
    """The way to each value that selections ask for, and to the type of each object on which they depend."""
    narrowed = any(item.condition for item in selections)
    for item in (*selections, TYPENAME) if narrowed else selections:
        for rest in trails(item.children) if item.children else (None,):
            trail = before(item, rest)
            yield before(item.condition, trail) if item.condition else trail


def before(head: str | Selection, rest: Trail | None) -> Trail:
    """A trail that starts with `head`."""
    is_field = not isinstance(head, str) and head is not PRESENCE
    return Trail(head, rest, (rest.fields if rest else 0) + is_field)
