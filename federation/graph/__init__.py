"""The map that the walker moves on: nodes are (type, subgraph), edges are fields and key jumps.

A graph belongs to one supergraph and one set of active override labels. Questions are answered from the supergraph when
first asked and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from graphql import OperationDefinitionNode, OperationType, SelectionSetNode, parse

from federation.graph.budget import FIELD_SETS, Budget
from federation.graph.selections import Collector, Selection
from federation.supergraph import FieldJoin, Supergraph, Type

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    """A resolvable key of a type in a subgraph; without fields for root types, which need none."""

    text: str
    fields: tuple[Selection, ...]


ROOT_KEY = Key("", ())


@dataclass(frozen=True, slots=True)
class Jump:
    """An edge to the same object in another subgraph, where it is of type `type`."""

    type: str
    subgraph: str
    key: Key


@dataclass(frozen=True, eq=False)
class Graph:
    """Where each type's fields are resolved, and how to get from one subgraph to another."""

    supergraph: Supergraph
    labels: frozenset[str] = frozenset()
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        if question not in self.kept:
            self.kept[question] = answer()
        found: T = self.kept[question]
        return found

    def type(self, name: str) -> Type:
        return self.supergraph.types[name]

    def is_interface_object(self, name: str, subgraph: str) -> bool:
        """Is the interface an object type there (@interfaceObject)?"""
        join = self.type(name).joins.get(subgraph)
        return join is not None and join.interface_object

    def is_abstract(self, name: str, subgraph: str) -> bool:
        return self.type(name).is_abstract and not self.is_interface_object(name, subgraph)

    def possible(self, name: str, subgraph: str) -> frozenset[str]:
        """Object types that a value of this type may have in a subgraph."""
        return self.once(("possible", name, subgraph), lambda: frozenset(self._possible(name, subgraph)))

    def _possible(self, name: str, subgraph: str) -> Iterator[str]:
        kind = self.type(name)
        if kind.kind == "union" and subgraph in kind.joins:
            yield from kind.joins[subgraph].members
        elif kind.kind == "object" or self.is_interface_object(name, subgraph):
            yield name
        elif kind.kind == "interface":
            for other in self.supergraph.possible_types[name]:
                join = self.type(other).joins.get(subgraph)
                if join is not None and name in join.implements:
                    yield other

    def edge(self, name: str, subgraph: str, field_name: str) -> FieldJoin | None:
        """How a field stands in a subgraph, None if it is not resolved there (any more)."""
        found = self.type(name).fields.get(field_name)
        join = found.joins.get(subgraph) if found else None
        return join if join is not None and self.is_active(join) else None

    def is_active(self, join: FieldJoin) -> bool:
        if join.label:
            return (join.label in self.labels) is (join.overrides is not None)
        return not join.overridden

    def resolvers(self, name: str, field_name: str) -> frozenset[str]:
        """Subgraphs that may answer a field: those that own it, and those where it may be provided."""
        return self.once(("resolvers", name, field_name), lambda: frozenset(self._resolvers(name, field_name)))

    def _resolvers(self, name: str, field_name: str) -> Iterator[str]:
        found = self.type(name).fields.get(field_name)
        for subgraph, join in found.joins.items() if found else ():
            if self.is_active(join) and (not join.external or subgraph in self.providing):
                yield subgraph

    def resolvers_of_any(self, name: str, field_name: str) -> frozenset[str]:
        """Subgraphs that may answer a field for a type, its interfaces, or some of the types that it stands for."""
        kinds = (name, *self.type(name).implements, *self.supergraph.possible_types[name])
        question = ("resolvers of any", name, field_name)
        return self.once(question, lambda: frozenset().union(*(self.resolvers(kind, field_name) for kind in kinds)))

    @cached_property
    def providing(self) -> frozenset[str]:
        """Subgraphs that provide anything."""
        fields = (one for kind in self.supergraph.types.values() for one in kind.fields.values())
        return frozenset(subgraph for one in fields for subgraph, join in one.joins.items() if join.provides)

    def field_set(self, name: str, text: str) -> tuple[Selection, ...]:
        """A field set on a type, as selections."""
        return self.once(("field set", name, text), lambda: self._field_set(name, text))

    def _field_set(self, name: str, text: str) -> tuple[Selection, ...]:
        definition = parse("{" + text + "}", no_location=True).definitions[0]
        assert isinstance(definition, OperationDefinitionNode)
        selections: SelectionSetNode = definition.selection_set
        return Collector(self.supergraph, {}, {}, Budget(FIELD_SETS), internal=True).collect([selections], name)

    def keys(self, name: str, subgraph: str) -> tuple[Key, ...]:
        """Keys by which a subgraph finds entities of a type."""
        return self.once(("keys", name, subgraph), lambda: self._keys(name, subgraph))

    def _keys(self, name: str, subgraph: str) -> tuple[Key, ...]:
        join = self.type(name).joins.get(subgraph)
        keys = join.keys if join else ()
        return tuple(Key(key.fields, self.field_set(name, key.fields)) for key in keys if key.resolvable)

    def jumps(self, name: str, subgraph: str, field_name: str) -> tuple[Jump, ...]:
        """Where to go from `name` in `subgraph` (empty at the root) to read a field, `""` for the object's type."""
        return self.once(("jumps", name, subgraph, field_name), lambda: tuple(self._jumps(name, subgraph, field_name)))

    def _jumps(self, name: str, subgraph: str, field_name: str) -> Iterator[Jump]:
        kind = self.type(name)
        if name in self.supergraph.roots.values():
            yield from self.root_jumps(name, subgraph, field_name)
        elif kind.kind == "interface" and self.is_interface_object(name, subgraph):
            yield from self.jumps_from_interface_object(kind, field_name)
        elif kind.kind in ("object", "interface"):
            targets = (name, *sorted(kind.implements)) if kind.kind == "object" else sorted({name, *kind.implements})
            for target in targets:
                yield from self.entity_jumps(target, field_name)

    def root_jumps(self, name: str, subgraph: str, field_name: str) -> Iterator[Jump]:
        """A query root is entered without a key, from anywhere."""
        if subgraph and name != self.supergraph.roots.get(OperationType.QUERY):
            return
        for other in self.type(name).joins:
            if other != subgraph and self.edge(name, other, field_name):
                yield Jump(name, other, ROOT_KEY)

    def jumps_from_interface_object(self, kind: Type, field_name: str) -> Iterator[Jump]:
        """To another interface object that has the field, or to where the interface is one, and its types are known."""
        for target in sorted({kind.name, *kind.implements}):
            yield from self.entity_jumps(target, field_name)
        for other in kind.joins:
            if not self.is_interface_object(kind.name, other) and self.is_read_by_type(kind, field_name):
                for key in self.keys(kind.name, other):
                    yield Jump(kind.name, other, key)

    def is_read_by_type(self, kind: Type, field_name: str) -> bool:
        """Is a field of an interface (or the type itself) read anywhere but from interface objects?"""
        names = (kind.name, *self.supergraph.possible_types[kind.name])
        joins = [(name, graph) for name in names for graph in self.subgraphs_of(name, field_name)]
        return field_name in ("", "__typename") or any(not self.is_interface_object(*join) for join in joins)

    def subgraphs_of(self, name: str, field_name: str) -> tuple[str, ...]:
        found = self.type(name).fields.get(field_name)
        return tuple(found.joins) if found else ()

    def entity_jumps(self, target: str, field_name: str) -> Iterator[Jump]:
        for other in self.type(target).joins:
            if self.is_abstract(target, other):
                continue
            if self.edge(target, other, field_name):
                for key in self.keys(target, other):
                    yield Jump(target, other, key)
