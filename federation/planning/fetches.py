"""Third stage: the fetch graph. What the walker has grown becomes frozen data: requests, and what each waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from graphql import OperationType

from federation.graph import Graph
from federation.graph.budget import Budget
from federation.graph.selections import Selection
from federation.planning.nodes import ContextValue, Part, Place, Rename, Segment, Source
from federation.planning.operation import Operation
from federation.planning.walker.tree import Context, Entry, Filter, Node, Position, Slot, Step, Tree
from federation.supergraph import ContextArgument


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field to be read from a subgraph, under `key` (its alias when it differs from the name)."""

    key: str
    name: str
    arguments: str
    variables: frozenset[str]
    below: ReadSet | None = None

    @property
    def head(self) -> str:
        return (self.name if self.key == self.name else f"{self.key}: {self.name}") + self.arguments


@dataclass(frozen=True, slots=True)
class ReadSet:
    """Fields to be read from objects, and further ones from objects of some types."""

    fields: tuple[ReadField, ...] = ()
    narrowed: tuple[tuple[str, ReadSet], ...] = ()
    is_interface_object: bool = False


@dataclass(frozen=True, slots=True)
class RootRead:
    """Fields to be read from a root type, for the objects at `path`."""

    path: tuple[Segment, ...]
    fields: ReadSet


@dataclass(frozen=True, slots=True)
class EntityRead:
    """Fields to be read from entities: which, and as what; `contexts` are values that their ancestors give."""

    source: Source
    fields: ReadSet
    contexts: tuple[ContextValue, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchStep:
    """A request to a subgraph. Steps of a later `turn` start when all of the turns before are done (mutations)."""

    number: int
    subgraph: str
    kind: OperationType
    turn: int
    after: frozenset[int]
    root: RootRead | None = None
    entities: tuple[EntityRead, ...] = ()
    renames: tuple[Rename, ...] = ()


FetchGraph = tuple[FetchStep, ...]


def build_fetches(trees: list[Tree], graph: Graph, operation: Operation, budget: Budget) -> FetchGraph:
    """The steps of all trees, each tree in its turn, numbered throughout."""
    steps: list[FetchStep] = []
    names = Names(operation)
    for turn, tree in enumerate(trees):
        before = frozenset(step.number for step in steps if step.turn == turn - 1)
        first = len(steps)
        for step in tree.steps:
            built = Builder(graph, step, budget, names).build(operation.kind, turn)
            after = frozenset(number + first for number in built.after) or before
            steps.append(replace(built, number=built.number + first, after=after))
    return tuple(steps)


@dataclass(slots=True)
class Names:
    """Names of variables for contextual arguments, none of which occurs in the client's operation."""

    operation: Operation
    prefix: str = ""
    given: int = 0

    def new(self) -> str:
        if not self.prefix:
            self.prefix = "context"
            text = f"{self.operation} {' '.join(self.operation.variables.values())}"
            while f"${self.prefix}" in text:
                self.prefix = f"_{self.prefix}"
        self.given += 1
        return f"{self.prefix}{self.given}"


@dataclass(slots=True)
class Builder:
    """Builds one step; remembers types by position and key, to ask for clashing ones under other names."""

    graph: Graph
    step: Step
    budget: Budget
    names: Names
    contexts: dict[ContextArgument, str] = field(default_factory=dict)
    types: dict[tuple[Position, str], str] = field(default_factory=dict)
    renames: list[Rename] = field(default_factory=list)

    def build(self, kind: OperationType, turn: int) -> FetchStep:
        step = self.step
        root = RootRead(path_of(step.root), self.read_set(step.root, ())) if step.root else None
        return FetchStep(
            number=step.number,
            subgraph=step.subgraph,
            kind=kind if step.root and not step.after else OperationType.QUERY,
            turn=turn,
            after=frozenset(other.number for other in step.after),
            root=root,
            entities=tuple(self.entity_read(entry) for entry in step.entries),
            renames=tuple(self.renames),
        )

    def entity_read(self, entry: Entry) -> EntityRead:
        position = entry.origin.position
        keys = self.parts([entry.keys[text] for text in entry.keys], position)
        names = {part.name for part in keys}
        self.contexts = {argument: self.names.new() for argument in entry.contexts}
        required = self.parts(list(entry.required.values()), position)
        source = Source(
            path=path_of(entry.origin),
            types=entry.origin.filter,
            typename=entry.node.type,
            keys=keys,
            required=tuple(part for part in required if part.name not in names or part.parts),
        )
        contexts = (self.context_value(context, position) for context in entry.contexts.values())
        return EntityRead(source, self.read_set(entry.node, ()), tuple(contexts))

    def context_value(self, context: Context, position: Position) -> ContextValue:
        chain = list(position.chain)
        nearest = sorted(context.places, key=lambda place: place[0], reverse=True)
        places = (Place(depth, self.parts([selections], chain[depth])) for depth, selections in nearest)
        return ContextValue(self.contexts[context.argument], context.argument.type, tuple(places))

    def parts(self, field_sets: list[tuple[Selection, ...]], position: Position) -> tuple[Part, ...]:
        """The fields of a representation, read from where the response keeps them."""
        self.budget.spend()
        drafts: dict[tuple[str, Filter], list[tuple[Selection, ...]]] = {}
        keys: dict[tuple[str, Filter], str] = {}
        for item in (item for fields in field_sets for item in fields):
            types = self.graph.supergraph.possible_types[item.condition] if item.condition else None
            keys[item.name, types] = position.key_of(item)
            drafts.setdefault((item.name, types), []).append(item.children)
        return tuple(
            Part(name, keys[name, types], types, self.below(children, position, keys[name, types]))
            for (name, types), children in drafts.items()
        )

    def below(self, children: list[tuple[Selection, ...]], position: Position, key: str) -> tuple[Part, ...]:
        return self.parts(children, position.child(key)) if any(children) else ()

    def read_set(self, node: Node, path: tuple[str, ...]) -> ReadSet:
        """What a node reads; what it reads of all objects is not read again of those of some type."""
        fields = self.read_fields(node, node.fields, path)
        narrowed = ((name, below, below.fields_beyond(node)) for name, below in node.narrowed.items())
        return ReadSet(
            fields=fields,
            narrowed=tuple(
                (name, ReadSet(self.read_fields(below, more, path))) for name, below, more in narrowed if more
            ),
            is_interface_object=self.graph.is_interface_object(node.type, node.step.subgraph),
        )

    def read_fields(self, node: Node, fields: Mapping[str, Slot], path: tuple[str, ...]) -> tuple[ReadField, ...]:
        self.budget.spend(len(fields))
        return tuple(self.read_field(node, key, slot, path) for key, slot in fields.items())

    def read_field(self, node: Node, key: str, slot: Slot, path: tuple[str, ...]) -> ReadField:
        alias = self.alias(node, key, slot)
        if alias != key:
            self.renames.append(Rename(path, alias, key))
        wanted = slot.selection
        below = self.read_set(slot.node, (*path, alias)) if slot.node else None
        return ReadField(alias, wanted.name, self.arguments(slot), wanted.variables, below)

    def arguments(self, slot: Slot) -> str:
        """The client's arguments and those that the gateway fills in."""
        own = slot.selection.arguments
        if not slot.contextual:
            return own
        filled = ", ".join(f"{argument.name}: ${self.contexts[argument]}" for argument in slot.contextual)
        return f"({filled}, {own[1:]}" if own.startswith("(") else f"({filled}){own}"

    def alias(self, node: Node, key: str, slot: Slot) -> str:
        """The key, unless a field of another type stands under it already: GraphQL forbids the two side by side
        ("Field Selection Merging", section 5.3.2), though the objects differ.
        """
        text = slot.type_text if slot.node is None else shape_of(slot.type_text)
        known = self.types.setdefault((node.position, key), text)
        return key if known == text else f"_{node.type}_{key}"


def shape_of(type_text: str) -> str:
    """Lists and non-nulls of a type: what must agree between composite types."""
    return "".join(sign for sign in type_text if sign in "[]!")


def path_of(node: Node) -> tuple[Segment, ...]:
    keys = node.position.path
    return tuple(Segment(types, key) for types, key in zip(node.conditions, keys, strict=True))


def lines(graph: FetchGraph) -> Iterator[str]:
    """The fetch graph as text, one line for each fetch and each of its sources."""
    for step in graph:
        after = f" after {', '.join(map(str, sorted(step.after)))}" if step.after else ""
        yield f"{step.number} {step.subgraph} turn {step.turn}{after}"
        yield from (f"  {read.source}" for read in step.entities)
        yield from (f"  at {'.'.join(map(str, read.path)) or 'root'}" for read in roots(step))


def roots(step: FetchStep) -> Iterable[RootRead]:
    return (step.root,) if step.root else ()
