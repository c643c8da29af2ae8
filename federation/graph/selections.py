"""Selection sets without fragments: what is left is fields, each with the type that its object must have.

`collect` reads the selection sets of clients and the field sets of @key, @requires and @provides alike. Fragments are
inlined, @skip and @include settled, equal fields merged (GraphQL October 2021, section 6.3.2). Nested type conditions
become one, or the object types that meet them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    print_ast,
)
from graphql.language import ListValueNode, ObjectValueNode

from federation.errors import PlanError
from federation.graph.budget import Budget
from federation.supergraph import Supergraph, Type

INTROSPECTION = ("__schema", "__type")
CONDITIONS = ("skip", "include")
NO_VARIABLES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """A field to read from objects of type `condition` (None: whatever the object is).

    `alias` is the key in the client's response, `key` the one under which the engine keeps the value; in field sets
    both are empty. `arguments` is their text, empty without any, followed by that of directives for the subgraph.
    """

    condition: str | None
    alias: str
    key: str
    name: str
    arguments: str = ""
    variables: frozenset[str] = frozenset()
    children: tuple[Selection, ...] = ()

    @property
    def wanted(self) -> tuple[str, str]:
        """Field and arguments: what makes two selections ask for the same value."""
        return self.name, self.arguments

    def is_like(self, other: Selection) -> bool:
        """Do both ask for the same value?"""
        return self is other or (self.name == other.name and self.arguments == other.arguments)


PRESENCE = Selection(None, "", "", "")
"""Asks for no field, only whether the object is there."""

TYPENAME = Selection(None, "", "__typename", "__typename")


@dataclass(slots=True)
class Draft:
    """A field while its selection sets are being gathered."""

    condition: str | None
    parent: str
    node: FieldNode
    directives: dict[str, list[DirectiveNode]] = field(default_factory=dict)
    sets: list[SelectionSetNode] = field(default_factory=list)

    def add_directives(self, directives: Iterable[DirectiveNode]) -> None:
        """Directives for the subgraph. Where equal fields differ in one, the first counts."""
        own: dict[str, list[DirectiveNode]] = {}
        for directive in directives:
            if directive.name.value not in CONDITIONS:
                own.setdefault(directive.name.value, []).append(directive)
        self.directives = own | self.directives

    def with_arguments(self) -> list[ArgumentNode]:
        """Everything that may name variables."""
        directives = (directive for some in self.directives.values() for directive in some)
        return [*(self.node.arguments or ()), *(a for directive in directives for a in directive.arguments or ())]


@dataclass(slots=True)
class Collector:
    """Gathers one selection set after another, for a unit of the budget each node, and another each field."""

    supergraph: Supergraph
    fragments: Mapping[str, FragmentDefinitionNode]
    flags: Mapping[str, bool]
    budget: Budget
    internal: bool = False

    def collect(self, sets: list[SelectionSetNode], parent: str) -> tuple[Selection, ...]:
        """The fields of selection sets on one object of type `parent`."""
        drafts: dict[tuple[str | None, str], Draft] = {}
        objects = self.supergraph.possible_types.get(parent, frozenset())
        seen: set[tuple[int, str | None]] = set()
        for selection_set in sets:
            self.gather(selection_set, parent, None, objects, drafts, seen)
        self.budget.spend(len(drafts))
        return tuple(self.finish(draft) for draft in drafts.values())

    def gather(
        self,
        selection_set: SelectionSetNode,
        parent: str,
        condition: str | None,
        objects: frozenset[str],
        drafts: dict[tuple[str | None, str], Draft],
        seen: set[tuple[int, str | None]],
    ) -> None:
        if (id(selection_set), condition) in seen:
            return
        seen.add((id(selection_set), condition))
        self.budget.spend(1 + len(selection_set.selections))
        for node in selection_set.selections:
            if not self.included(node):
                continue
            if isinstance(node, FieldNode):
                self.add_field(node, parent, condition, drafts)
                continue
            inner, wanted = self.fragment(node)
            for narrowed, left in self.narrow(parent, condition, objects, wanted):
                self.gather(inner, parent, narrowed, left, drafts, seen)

    def add_field(
        self, node: FieldNode, parent: str, condition: str | None, drafts: dict[tuple[str | None, str], Draft]
    ) -> None:
        key = node.alias.value if node.alias else node.name.value
        draft = drafts.setdefault((condition, key), Draft(condition, condition or parent, node))
        if node.directives:
            draft.add_directives(node.directives)
        if node.selection_set and all(node.selection_set is not known for known in draft.sets):
            draft.sets.append(node.selection_set)

    def fragment(self, node: SelectionNode) -> tuple[SelectionSetNode, str | None]:
        if isinstance(node, InlineFragmentNode):
            return node.selection_set, node.type_condition.name.value if node.type_condition else None
        definition = self.fragments[node.name.value]  # type: ignore[attr-defined]
        return definition.selection_set, definition.type_condition.name.value

    def narrow(
        self, parent: str, condition: str | None, objects: frozenset[str], wanted: str | None
    ) -> Iterator[tuple[str | None, frozenset[str]]]:
        """The single type conditions that say "is a `condition`, and a `wanted` too"."""
        now = condition or parent
        if wanted is None or wanted == now or wanted in self.supergraph.types[now].implements:
            yield condition, objects
            return
        possible = self.supergraph.possible_types.get(wanted, frozenset())
        left = objects & possible
        if left and left == possible & self.supergraph.possible_types[parent]:
            yield wanted, left
            return
        for name in sorted(left):
            yield name, frozenset((name,))

    def included(self, node: SelectionNode) -> bool:
        return all(
            self.value(directive) is (directive.name.value == "include")
            for directive in node.directives or ()
            if directive.name.value in CONDITIONS
        )

    def value(self, directive: DirectiveNode) -> bool:
        given = directive.arguments[0].value if directive.arguments else None
        if isinstance(given, BooleanValueNode):
            return given.value
        if isinstance(given, VariableNode) and given.name.value in self.flags:
            return bool(self.flags[given.name.value])
        raise PlanError(None, f"@{directive.name.value} needs the value of its variable")

    def finish(self, draft: Draft) -> Selection:
        node, name = draft.node, draft.node.name.value
        alias = "" if self.internal else (node.alias.value if node.alias else name)
        children: tuple[Selection, ...] = ()
        if draft.sets:
            inner = self.supergraph.types[self.supergraph.types[draft.parent].fields[name].type]
            children = self.collect(draft.sets, inner.name) or (PRESENCE,)
            if self.needs_typename(inner, children):
                children += (TYPENAME,)
        return Selection(
            condition=draft.condition,
            alias=alias,
            key=store_key(alias, name),
            name=name,
            arguments=arguments_text(node) + directives_text(draft),
            variables=frozenset(variables_of(draft)) if node.arguments or draft.directives else NO_VARIABLES,
            children=children,
        )

    def needs_typename(self, kind: Type, children: tuple[Selection, ...]) -> bool:
        """Must an object's type be read, though nobody asked for it?

        A subgraph that is handed an object of an abstract type must be told which (unless none knows:
        @interfaceObject), and of objects that clients may not see the gateway must know that they are such, as it must
        of those whose fields may not be null though the interface's may.
        """
        if not kind.is_abstract:
            return False
        if self.internal:
            return not any(join.interface_object for join in kind.joins.values())
        varying = self.supergraph.varying_fields.get(kind.name)
        if varying and any(item.name in varying for item in children):
            return True
        return not self.supergraph.hidden_types.isdisjoint(self.supergraph.possible_types[kind.name])


def store_key(alias: str, name: str) -> str:
    """`__typename` is kept under its own name, whatever the client calls it, and nothing else is."""
    if name == "__typename":
        return "__typename"
    return "_client__typename" if alias == "__typename" else alias


def arguments_text(node: FieldNode) -> str:
    if not node.arguments:
        return ""
    return f"({', '.join(sorted(argument_text(argument) for argument in node.arguments))})"


def argument_text(node: ArgumentNode) -> str:
    if isinstance(node.value, VariableNode):
        return f"{node.name.value}: ${node.value.name.value}"
    return print_ast(node)


def directives_text(draft: Draft) -> str:
    return "".join(f" {print_ast(directive)}" for some in draft.directives.values() for directive in some)


def variables_of(draft: Draft) -> Iterator[str]:
    for argument in draft.with_arguments():
        yield from variables_in(argument.value)


def variables_in(value: ValueNode) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    elif isinstance(value, ListValueNode):
        for item in value.values:
            yield from variables_in(item)
    elif isinstance(value, ObjectValueNode):
        for member in value.fields:
            yield from variables_in(member.value)
