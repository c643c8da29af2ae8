"""The shape of a client's response: which keys in which order, and what may be null, by the API schema.

Objects of an abstract type have one list of fields per type where the client asked by type. Completion follows it:
GraphQL October 2021, section 6.4.3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from federation.graph.budget import Budget
from federation.graph.selections import INTROSPECTION, TYPENAME, Selection
from federation.planning.nodes import FieldShape, LeafShape, ListShape, ObjectShape, Shape
from federation.planning.operation import Operation
from federation.supergraph import Supergraph

STRING = LeafShape(nullable=False)
Sets = tuple[tuple[Selection, ...], ...]


@dataclass(slots=True)
class Shaper:
    """Makes shapes, each once: `known` by the selections that it merges and the type that they are on."""

    supergraph: Supergraph
    budget: Budget
    known: dict[tuple[str, bool, tuple[int, ...]], ObjectShape] = field(default_factory=dict)

    def root(self, operation: Operation) -> ObjectShape:
        wanted = tuple(item for item in operation.selections if item.name not in INTROSPECTION)
        fields = self.fields((wanted,), operation.root, operation.root)
        constant = (
            FieldShape(f.alias, f.key, f.shape, f.name, operation.root if f.name == "__typename" else None)
            for f in fields
        )
        return ObjectShape(True, operation.root, tuple(constant))

    def object(self, sets: Sets, kind: str, nullable: bool) -> ObjectShape:
        question = (kind, nullable, tuple(id(items) for items in sets))
        if question not in self.known:
            self.known[question] = ObjectShape(nullable, kind, self.fields(sets, kind, None), self.by_type(sets, kind))
        return self.known[question]

    def by_type(self, sets: Sets, kind: str) -> dict[str, tuple[FieldShape, ...]] | None:
        schema_type = self.supergraph.api_schema.type_map[kind]
        if not is_abstract_type(schema_type) or not any(item.condition or item is TYPENAME for s in sets for item in s):
            return None
        possible = self.supergraph.api_schema.get_possible_types(schema_type)
        return {item.name: self.fields(sets, kind, item.name) for item in possible}

    def fields(self, sets: Sets, declared: str, runtime: str | None) -> tuple[FieldShape, ...]:
        """The fields of objects that are a `runtime`, or of a type not known (None)."""
        merged: dict[str, list[Selection]] = {}
        self.budget.spend(1 + sum(map(len, sets)) // 4)
        for item in (item for selections in sets for item in selections):
            if item.alias and self.applies(item.condition, declared, runtime):
                merged.setdefault(item.alias, []).append(item)
        return tuple(self.field(items, declared, runtime) for items in merged.values())

    def applies(self, condition: str | None, declared: str, runtime: str | None) -> bool:
        if condition is None or condition in (declared, runtime):
            return True
        return runtime is not None and runtime in self.supergraph.possible_types[condition]

    def field(self, items: list[Selection], declared: str, runtime: str | None) -> FieldShape:
        first = items[0]
        self.budget.spend()
        if first.name == "__typename":
            return FieldShape(first.alias, first.key, STRING, first.name)
        parent = runtime or first.condition or declared
        if first.children:
            shape = self.shape(self.type_of(parent, first.name), tuple(item.children for item in items))
        else:
            shape = self.leaf(parent, first.name)
        return FieldShape(first.alias, first.key, shape, first.name)

    def type_of(self, parent: str, name: str) -> GraphQLOutputType:
        kind = self.supergraph.api_schema.type_map[parent]
        assert isinstance(kind, (GraphQLObjectType, GraphQLInterfaceType))
        output: GraphQLOutputType = kind.fields[name].type
        return output

    def leaf(self, parent: str, name: str) -> Shape:
        """The shape of a field without fields of its own, the same in all operations."""
        question = ("leaf", parent, name)
        found: Shape | None = self.supergraph.derived.get(question)
        if found is None:
            found = self.supergraph.derived[question] = self.shape(self.type_of(parent, name), ())
        return found

    def shape(self, kind: GraphQLOutputType, sets: Sets, nullable: bool = True) -> Shape:
        if isinstance(kind, GraphQLNonNull):
            return self.shape(kind.of_type, sets, nullable=False)
        if isinstance(kind, GraphQLList):
            return ListShape(nullable, self.shape(kind.of_type, sets))
        if is_composite_type(kind):
            return self.object(sets, get_named_type(kind).name, nullable)
        values: Iterable[str] | None = kind.values if isinstance(kind, GraphQLEnumType) else None
        return LeafShape(nullable, frozenset(values) if values is not None else None)
