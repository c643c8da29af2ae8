"""What the walker grows: steps (requests to subgraphs) with the fields that each is to read, object by object.

A `Position` is a place in the response where objects stand. A `Node` says that a step reads the objects of a position
as some type; nodes of several steps may stand at one position, and are joined there by the executor.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from federation.graph.budget import Budget
from federation.graph.selections import Selection
from federation.supergraph import ContextArgument

Filter = frozenset[str] | None
"""Types that objects must have to be meant; None for all objects of the position."""

Sort = tuple[str, tuple[Filter, ...], Filter]
"""Which objects enter a step, and as what type: type, filters of the positions above, filter."""


class Position:
    """A place in the response, and which value each key under it stands for (None: it differs by type)."""

    __slots__ = ("children", "key", "keys", "names", "parent", "path")

    def __init__(self, parent: Position | None, key: str) -> None:
        self.parent, self.key = parent, key
        self.path: tuple[str, ...] = (*parent.path, key) if parent else ()
        self.names: dict[str, tuple[str, str] | None] = {}
        self.keys: dict[tuple[str, str], str] | None = None
        self.children: dict[str, Position] = {}

    @property
    def chain(self) -> tuple[Position, ...]:
        """The positions from the top to here."""
        return (*self.parent.chain, self) if self.parent else (self,)

    def child(self, key: str) -> Position:
        if key not in self.children:
            self.children[key] = Position(self, key)
        return self.children[key]

    def reserve(self, selections: tuple[Selection, ...]) -> None:
        """Keep the client's keys for what the client asked."""
        for item in selections:
            known = self.names.setdefault(item.key, item.wanted)
            if known != item.wanted:
                self.names[item.key] = None
            if item.children:
                self.child(item.key).reserve(item.children)

    def key_of(self, item: Selection) -> str:
        """The key for a value that the engine needs: the client's, if it asked for the same, else one of its own."""
        if item.key:
            return item.key
        if self.keys is None:
            self.keys = {wanted: key for key, wanted in reversed(self.names.items()) if wanted}
        known = self.keys.get(item.wanted)
        return self.new_key(item) if known is None else known

    def new_key(self, item: Selection) -> str:
        key, number = item.name, 0
        while key in self.names:
            key, number = f"_{number}_{item.name}", number + 1
        self.names[key] = item.wanted
        assert self.keys is not None
        self.keys[item.wanted] = key
        return key


@dataclass(slots=True, eq=False)
class Slot:
    """A field that a node reads; `node` holds what is read below it. `type_text` is its type in the subgraph,
    `contextual` are the arguments that the gateway fills in.
    """

    selection: Selection
    type_text: str
    contextual: tuple[ContextArgument, ...] = ()
    node: Node | None = None

    def covers(self, other: Slot) -> bool:
        """Does this read all that the other reads?"""
        if self.selection.wanted != other.selection.wanted:
            return False
        return other.node is None or (self.node is not None and self.node.covers(other.node))


@dataclass(slots=True, eq=False)
class Node:
    """The objects of a position as a step reads them: fields for all, and further ones for some types.

    `filter` and `conditions` (one filter for each position above) say which of the response's objects are meant.
    `elsewhere` are nodes of other steps, entered with the keys that this one reads.
    """

    step: Step
    position: Position
    type: str
    possible: frozenset[str]
    provided: tuple[Selection, ...] = ()
    filter: Filter = None
    conditions: tuple[Filter, ...] = ()
    base: Node | None = None
    fields: dict[str, Slot] = field(default_factory=dict)
    narrowed: dict[str, Node] = field(default_factory=dict)
    elsewhere: list[Node] = field(default_factory=list)

    @property
    def whole(self) -> Node:
        """The node for all objects of the position that this one narrows."""
        return self.base or self

    def fields_beyond(self, base: Node) -> dict[str, Slot]:
        """Fields that `base`, which stands for these objects too, does not read."""
        return {
            key: slot
            for key, slot in self.fields.items()
            if key not in base.fields or not base.fields[key].covers(slot)
        }

    def covers(self, other: Node) -> bool:
        """Does this read all that the other reads of the same objects?"""
        return not other.fields_beyond(self) and all(
            name in self.narrowed and self.narrowed[name].covers(narrowed) for name, narrowed in other.narrowed.items()
        )


@dataclass(slots=True, eq=False)
class Context:
    """Values for a contextual argument: what to read of ancestors, by their depth, and the steps that supply them."""

    argument: ContextArgument
    places: dict[tuple[int, tuple[Selection, ...]], None] = field(default_factory=dict)
    suppliers: set[Step] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Entry:
    """One kind of object by which a step is entered: `origin` is where keys and required fields are read."""

    node: Node
    origin: Node
    sort: Sort
    keys: dict[str, tuple[Selection, ...]] = field(default_factory=dict)
    required: dict[str, tuple[Selection, ...]] = field(default_factory=dict)
    contexts: dict[ContextArgument, Context] = field(default_factory=dict)

    def fits(self, sort: Sort, required: tuple[Selection, ...]) -> bool:
        """Can these objects, with these required fields, be entered in one representation?"""
        return self.sort == sort and all(agree(known, required) for known in self.required.values())


@dataclass(slots=True, eq=False)
class Step:
    """A request to a subgraph. Root steps have a `root` node, the others `entries`.

    `level` counts the requests that must have been answered before, one after another.
    """

    number: int
    subgraph: str
    position: Position
    level: int
    root: Node | None = None
    entries: list[Entry] = field(default_factory=list)
    after: set[Step] = field(default_factory=set)

    def entry(self, sort: Sort, required: tuple[Selection, ...]) -> Entry | None:
        return next((entry for entry in self.entries if entry.fits(sort, required)), None)


@dataclass(slots=True, eq=False)
class Tree:
    """All steps so far; `budget` pays for more. `placed` finds them by position and subgraph, `made` are their
    subgraphs and levels, `contexts` hold what contextual arguments of objects at a position take.
    """

    top: Position
    budget: Budget
    steps: list[Step] = field(default_factory=list)
    placed: dict[tuple[Position, str], list[Step]] = field(default_factory=dict)
    made: set[tuple[str, int]] = field(default_factory=set)
    contexts: dict[tuple[Position, ContextArgument], Context] = field(default_factory=dict)

    def find(self, position: Position, subgraph: str, level: int) -> Step | None:
        """The earliest step at a position that comes no sooner than `level`."""
        best: Step | None = None
        for step in self.placed.get((position, subgraph), ()):
            if step.level >= level and (best is None or step.level < best.level):
                best = step
        return best

    def add(self, position: Position, subgraph: str, level: int) -> Step:
        step = Step(len(self.steps) + 1, subgraph, position, level)
        self.steps.append(step)
        self.placed.setdefault((position, subgraph), []).append(step)
        self.made.add((subgraph, level))
        return step


def agree(one: tuple[Selection, ...], other: tuple[Selection, ...]) -> bool:
    """Do two field sets mean the same by the same name? A representation has room for one value only."""
    for item in one:
        for known in other:
            if item.name == known.name and not (
                item.arguments == known.arguments and agree(item.children, known.children)
            ):
                return False
    return True
