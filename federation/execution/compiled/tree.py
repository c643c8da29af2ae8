"""The operation as a tree: a node per selection of an object of one concrete type, with its merged fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLString,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from federation.execution.compiled.answers import Answer, Answers, Attribute, NotCompilable, Shared, fewest
from federation.execution.compiled.collecting import ALWAYS, Collector, Occurrence, When

MAX_NODES = 1_000
"""Nodes of one operation: a selection on an interface counts once for each type that has it."""
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*\Z", re.ASCII)
_TYPENAME = GraphQLField(GraphQLNonNull(GraphQLString))


@dataclass(frozen=True, slots=True)
class Field:
    """A response key of a node, with all its occurrences in the document.

    `column` numbers the list that holds its cells, one per row of its node; None where the row itself holds the value.
    `children` has a node for each concrete type that its objects may have.
    """

    number: int
    key: str
    name: str
    parent: GraphQLObjectType
    definition: GraphQLField
    occurrences: tuple[Occurrence, ...]
    answer: Answer | None
    column: int | None
    children: tuple[Node, ...]

    @property
    def type(self) -> GraphQLOutputType:
        return self.definition.type

    @property
    def named(self) -> GraphQLNamedType:
        return get_named_type(self.definition.type)

    @property
    def holds_objects(self) -> bool:
        """Has it a selection? Even then it has no `children` where no type is known that its objects could have."""
        return is_composite_type(self.named)

    @property
    def nodes(self) -> list[FieldNode]:
        """Where it stands in the document."""
        return [occurrence.node for occurrence in self.occurrences]

    @property
    def conditional(self) -> bool:
        """May a run be without it?"""
        return all(occurrence.when for occurrence in self.occurrences)

    @property
    def typed(self) -> bool:
        """Must its objects be asked for their type?"""
        return is_abstract_type(self.named) or (is_object_type(self.named) and self.named.is_type_of is not None)

    @property
    def list_depth(self) -> int:
        """How many lists are around its values."""
        depth, type_ = 0, self.type
        while is_list_type(type_) or is_non_null_type(type_):
            depth += is_list_type(type_)
            type_ = type_.of_type
        return depth


@dataclass(frozen=True, slots=True)
class Node:
    """A selection on objects of one type. `number` numbers the list of its rows."""

    number: int
    type: GraphQLObjectType
    fields: tuple[Field, ...]

    @property
    def varies(self) -> bool:
        """May runs have other fields, or another order of them?"""
        return any(occurrence.when for field in self.fields for occurrence in field.occurrences)


@dataclass(frozen=True, slots=True)
class Tree:
    """A compiled operation's selections, with how many nodes, columns and fields there are to number."""

    root: Node
    nodes: int
    columns: int
    fields: int


def grow(collector: Collector, answers: Answers, root: GraphQLObjectType, selection: SelectionSetNode) -> Tree:
    """The tree of an operation. Raises NotCompilable."""
    builder = _Builder(collector, answers)
    try:
        node = builder.node(root, [(selection, ALWAYS)])
    except RecursionError:
        raise NotCompilable("too-deep") from None
    return Tree(node, builder.nodes, builder.columns, builder.fields)


@dataclass(slots=True)
class _Builder:
    collector: Collector
    answers: Answers
    nodes: int = 0
    columns: int = 0
    fields: int = 0

    def node(self, type_: GraphQLObjectType, selections: list[tuple[SelectionSetNode, When]]) -> Node:
        number = self.nodes
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise NotCompilable("too-large")
        found = self.collector.collect(type_, selections)
        return Node(number, type_, tuple(self.field(type_, key, tuple(found[key])) for key in found))

    def field(self, type_: GraphQLObjectType, key: str, occurrences: tuple[Occurrence, ...]) -> Field:
        number, name = self.fields, occurrences[0].node.name.value
        self.fields += 1
        if not _NAME.match(key):
            raise NotCompilable("name")
        if name == "__typename":
            return Field(number, key, name, type_, _TYPENAME, occurrences, None, None, ())
        if name.startswith("__"):
            raise NotCompilable("introspection")
        if name not in type_.fields:
            raise NotCompilable("unknown-field")
        definition, answer = type_.fields[name], self.answers.of(type_.name, name)
        composite = is_composite_type(get_named_type(definition.type))
        column = None
        if composite or answer.guard or not isinstance(answer.how, Attribute):
            column, self.columns = self.columns, self.columns + 1
        children = self.children(definition, occurrences) if composite else ()
        return Field(number, key, name, type_, definition, occurrences, answer, column, children)

    def children(self, definition: GraphQLField, occurrences: tuple[Occurrence, ...]) -> tuple[Node, ...]:
        named: Any = get_named_type(definition.type)
        types = self.collector.schema.get_possible_types(named) if is_abstract_type(named) else [named]
        below = [(one.node.selection_set, one.when) for one in occurrences if one.node.selection_set]
        return tuple(self.node(type_, below) for type_ in types)


def narrow(node: Node, flags: Mapping[str, bool]) -> Node:
    """The node as a run with these flags has it: the fields that are there, in the order in which they come first."""
    there = [(field, _there(field, flags)) for field in node.fields]
    ordered = sorted((pair for pair in there if pair[1]), key=lambda pair: pair[1][0].place)
    fields = (
        replace(field, occurrences=found, children=tuple(narrow(child, flags) for child in field.children))
        for field, found in ordered
    )
    return replace(node, fields=tuple(fields))


def _there(field: Field, flags: Mapping[str, bool]) -> tuple[Occurrence, ...]:
    """The occurrences that such a run has. A fragment is visited by the first of its spreads that is there."""
    found: dict[int, Occurrence] = {}
    for occurrence in field.occurrences:
        if all(flags[name] is wanted for name, wanted in occurrence.when):
            found.setdefault(id(occurrence.node), occurrence)
    return tuple(found.values())


def every_node(node: Node) -> Iterator[Node]:
    """The node and all below it, parents first."""
    yield node
    for field in node.fields:
        for child in field.children:
            yield from every_node(child)


def every_field(node: Node) -> Iterator[Field]:
    """All fields of a node and of those below it."""
    for one in every_node(node):
        yield from one.fields


def shared_of(node: Node) -> Shared:
    """For whom everything below a node is the same; the rows of `_entities` are those of the types selected there."""
    levels: set[Shared] = set()
    for one in every_field(node):
        if one.answer is not None and one.answer.entities:
            known = one.answer.entities
            levels.update(known.get(child.type.name, "nobody") for child in one.children if child.fields)
        elif one.answer is not None:
            levels.add(one.answer.shared)
    return fewest(levels)
