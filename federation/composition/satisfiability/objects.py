"""What can be read of one object, given the subgraphs in which a query arrives at it.

From each of them a key may lead into others; a key needs fields, a field may need others (@requires), so both grow
together until nothing is added. Nothing is taken for reachable before all it needs is, so no circle proves itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode, print_ast

from federation.composition.fieldsets import TYPENAME, parsed
from federation.composition.model import ROOTS, Kind, named
from federation.composition.satisfiability.resolution import Key, Landscape, Resolution


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a subgraph; `provided` is the field set that the way to it provides."""

    subgraph: str
    type: str
    provided: str = ""


Positions = frozenset[Position]

# Type, where a query is in it, and the contexts that were set on the way.
Question = tuple[str, Position, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be read: where the object can be reached, and where each of its fields leads."""

    positions: Positions
    fields: Mapping[str, Positions]


NOWHERE = Reach(frozenset(), {})


@dataclass(slots=True)
class Objects:
    """Answers for objects of a landscape, while `labels` are on. Answers are kept."""

    landscape: Landscape
    labels: frozenset[str]
    _known: dict[Question, Reach] = field(default_factory=dict)
    _busy: dict[Question, Reach] = field(default_factory=dict)
    _circles: int = 0

    def reach(self, name: str, positions: Positions, contexts: frozenset[str]) -> Reach:
        """What can be read of an object of this type; `contexts` are those that its ancestors set."""
        if name == ROOTS["query"]:
            positions |= {Position(one.name, name) for one in self.landscape.subgraphs if name in one.types}
        parts = [self._reach_from(name, position, contexts) for position in positions]
        names = {field_name for part in parts for field_name in part.fields}
        fields = {one: frozenset().union(*(part.fields.get(one, ()) for part in parts)) for one in names}
        return Reach(frozenset().union(*(part.positions for part in parts)), fields)

    def _reach_from(self, name: str, start: Position, contexts: frozenset[str]) -> Reach:
        """The same from one position.

        A question that comes up while it is being answered gets what is known by then; whoever asks comes back to it as
        long as anything grows. Answers that leaned on such a half one are not kept.
        """
        question = (name, start, contexts)
        if question in self._known:
            return self._known[question]
        if question in self._busy:
            self._circles += 1
            return self._busy[question]
        self._busy[question] = NOWHERE
        circles = self._circles
        answer = self._grown(question)
        del self._busy[question]
        if circles == self._circles or not self._busy:
            self._known[question] = answer
        return answer

    def _grown(self, question: Question) -> Reach:
        name, start, contexts = question
        reached = {start}
        fields: dict[str, set[Position]] = {}
        done: set[tuple[Position, str]] = set()
        grows = True
        while grows:
            now = Reach(frozenset(reached), {key: frozenset(targets) for key, targets in fields.items()})
            self._busy[question] = now
            grows = False
            for position, field_name, resolution in self._unresolved(now, done):
                if self._resolvable(question, position, resolution, now):
                    done.add((position, field_name))
                    fields.setdefault(field_name, set()).add(_target(position, field_name, resolution))
                    grows = True
            for key in self.landscape.keys.get(name, ()):
                entered = Position(key.subgraph, key.owner)
                if entered not in reached and self._opens(key, name, now, contexts):
                    reached |= {entered, *self._revealed(entered, name)}
                    grows = True
        return now

    def _unresolved(
        self, now: Reach, done: Collection[tuple[Position, str]]
    ) -> Iterator[tuple[Position, str, Resolution]]:
        for position in now.positions:
            for name, resolution in self.resolved_at(position):
                if (position, name) not in done:
                    yield position, name, resolution

    def resolved_at(self, position: Position) -> Iterator[tuple[str, Resolution]]:
        """Fields that a subgraph resolves there, conditions apart."""
        provided = set(_names(position.provided))
        table = self.landscape.resolutions.get((position.subgraph, position.type), {})
        for name, resolution in table.items():
            if resolution.holds(self.labels) and (not resolution.external or name in provided):
                yield name, resolution

    def _resolvable(self, question: Question, position: Position, resolution: Resolution, now: Reach) -> bool:
        """Whether what the field needs can be read, from the place where it is resolved, and brought back there."""
        name, start, contexts = question
        if not resolution.contexts <= contexts:
            return False
        if not resolution.requires:
            return True
        if position == start and not self._has_own_key(position):
            return False
        here = now if position == start else self._reach_from(name, position, contexts)
        return self.selects(name, here, parsed(resolution.requires), contexts)

    def _has_own_key(self, position: Position) -> bool:
        """Whether a key leads back that the subgraph knows itself; who came by a key needs no other."""
        table = self.landscape.resolutions.get((position.subgraph, position.type), {})
        own = self.landscape.by_name[position.subgraph].types[position.type]
        return any(
            all(name in table and not table[name].external for name in _names(key["fields"]) if name != TYPENAME)
            for key in own.all("key")
            if key["resolvable"] is not False
        )

    def _opens(self, key: Key, name: str, now: Reach, contexts: frozenset[str]) -> bool:
        """Whether the key can be read and its subgraph entered from somewhere."""
        if not any(self._leads(position, key, name) for position in now.positions):
            return False
        return self.selects(name, now, parsed(key.fields), contexts)

    def _leads(self, position: Position, key: Key, name: str) -> bool:
        """An interface object does not know what it is: it can only enter where its interface is resolved."""
        source = self.landscape.by_name[position.subgraph].types[position.type]
        if key.owner == name:
            return not source.has("interfaceObject")
        target = self.landscape.by_name[key.subgraph].types[key.owner]
        if target.has("interfaceObject"):
            return True
        return source.has("interfaceObject") and position.type == key.owner

    def _revealed(self, entered: Position, name: str) -> Positions:
        """An interface entered by its key tells the object's type, which is as good as being there."""
        subgraph = self.landscape.by_name[entered.subgraph]
        if subgraph.types[entered.type].kind is Kind.INTERFACE and name in subgraph.schema.runtime_types(entered.type):
            return frozenset({Position(entered.subgraph, name)})
        return frozenset()

    def selects(self, name: str, reach: Reach, selection: SelectionSetNode, contexts: frozenset[str]) -> bool:
        """Whether a selection on the object can be read with what is reached."""
        for node in selection.selections:
            if isinstance(node, InlineFragmentNode):
                condition = node.type_condition.name.value if node.type_condition else name
                applies = name in self.landscape.possible_types.get(condition, ())
                if applies and not self.selects(name, reach, node.selection_set, contexts):
                    return False
            elif isinstance(node, FieldNode) and node.name.value != TYPENAME:
                targets = reach.fields.get(node.name.value)
                if not targets or not self._selects_under(name, node, targets, contexts):
                    return False
        return True

    def _selects_under(self, name: str, node: FieldNode, targets: Positions, contexts: frozenset[str]) -> bool:
        if node.selection_set is None:
            return True
        merged = self.landscape.schema.field(f"{name}.{node.name.value}")
        if merged is None:
            return False
        for possible, positions in self.runtime_positions(named(merged.type), targets):
            if not self.selects(possible, self.reach(possible, positions, contexts), node.selection_set, contexts):
                return False
        return True

    def runtime_positions(self, name: str, targets: Positions) -> Iterator[tuple[str, Positions]]:
        """The object types that may be found at these positions, each with the positions where it may be.

        Subgraphs that share a field give the same object, so it is of a type that every one of them can give.
        """
        for possible in self.landscape.possible_types.get(name, ()):
            views = [frozenset(self._as_object(target, possible)) for target in targets]
            if all(views):
                yield possible, frozenset().union(*views)

    def _as_object(self, position: Position, possible: str) -> Iterator[Position]:
        subgraph = self.landscape.by_name[position.subgraph]
        source = subgraph.types.get(position.type)
        if source is None:
            return
        if source.has("interfaceObject"):
            yield position
        elif possible in subgraph.schema.runtime_types(position.type):
            yield Position(position.subgraph, possible, position.provided)


def _names(fields: str) -> Iterator[str]:
    """Fields at the top of a field set, inline fragments included."""
    if fields:
        yield from _names_of(parsed(fields))


def _names_of(selection: SelectionSetNode) -> Iterator[str]:
    for node in selection.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _names_of(node.selection_set)


def _target(position: Position, name: str, resolution: Resolution) -> Position:
    """Where a field leads, with what its own @provides and those before it still provide."""
    inherited = _under(parsed(position.provided), name) if position.provided else []
    provided = " ".join([*inherited, *([resolution.provides] if resolution.provides else [])])
    return Position(position.subgraph, named(resolution.type), provided)


def _under(selection: SelectionSetNode, name: str) -> list[str]:
    """What a field set selects under one of its fields, as texts without braces."""
    found = []
    for node in selection.selections:
        if isinstance(node, InlineFragmentNode):
            found += _under(node.selection_set, name)
        elif isinstance(node, FieldNode) and node.name.value == name and node.selection_set is not None:
            found += [print_ast(inner) for inner in node.selection_set.selections]
    return found
