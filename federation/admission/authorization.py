"""Cuts out of an operation what its asker may not read, before a plan is made and before any subgraph is asked.

A field that is cut answers null and is reported with its path. Where null is not allowed, the field around it is cut
instead, up to the whole answer: as null bubbling does (GraphQL October 2021, section 6.4.4), except that a list of
nullable items is cut as a whole. To keep null in its place and order among the client's fields, a cut field is
planned as `__typename` under a name of ours, and `blank` puts the null in when the answer is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from federation.admission.declared import Declared, Demands
from federation.admission.requests import Grants
from federation.errors import AdmissionError

CODE = "UNAUTHORIZED_FIELD_OR_TYPE"
_MARK = "_cut_"  # before the response name of a field that was cut


@dataclass(frozen=True, slots=True)
class Cut:
    """What is left of an operation. `operation` is None where nothing is. `paths` lead to fields that answer null."""

    operation: OperationDefinitionNode | None
    errors: tuple[AdmissionError, ...]
    paths: tuple[tuple[str, ...], ...]


class _MustBeNull(Exception):
    """The selection set cannot stand: a field that is cut out of it may not be null."""


class Guard:
    """Finds what an operation demands, and cuts what is not met."""

    def __init__(
        self,
        schema: GraphQLSchema,
        declared: Declared,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
    ) -> None:
        self._schema = schema
        self._declared = declared
        self._operation = operation
        self._fragments = fragments
        self._denied: Demands = frozenset()
        self._errors: dict[tuple[str, ...], AdmissionError] = {}
        self._paths: list[tuple[str, ...]] = []

    def demands(self) -> Demands:
        """Every condition that some field or type of the operation sets."""
        return frozenset(self._find(self._operation.selection_set, self._root()))

    def cut(self, denied: Demands) -> Cut:
        """The operation without whatever has one of the `denied` demands."""
        self._denied, self._errors, self._paths = denied, {}, []
        try:
            left = self._cut_set(self._operation.selection_set, self._root(), ())
        except _MustBeNull:
            return Cut(None, tuple(self._errors.values()), ())
        node = self._operation
        operation = OperationDefinitionNode(
            operation=node.operation,
            name=node.name,
            variable_definitions=node.variable_definitions,
            directives=node.directives,
            selection_set=left,
        )
        return Cut(operation, tuple(self._errors.values()), tuple(dict.fromkeys(self._paths)))

    def _root(self) -> GraphQLNamedType:
        root = self._schema.get_root_type(self._operation.operation)
        assert root is not None, "validation has seen to it"
        return root

    def _find(self, selections: SelectionSetNode, parent: GraphQLNamedType) -> Demands:
        found: Demands = frozenset()
        for node in selections.selections:
            if isinstance(node, FieldNode):
                found |= self._declared.of_field(parent, node.name.value)
                inner = self._type_of(parent, node)
                if node.selection_set is not None and inner is not None:
                    found |= self._find(node.selection_set, inner)
            else:
                condition, inside = self._fragment(node, parent)
                found |= self._declared.of_type(condition.name) | self._find(inside, condition)
        return found

    def _cut_set(
        self, selections: SelectionSetNode, parent: GraphQLNamedType, path: tuple[str, ...]
    ) -> SelectionSetNode:
        kept: list[SelectionNode] = []
        for node in selections.selections:
            if isinstance(node, FieldNode):
                kept.append(self._cut_field(node, parent, path))
            else:
                kept.extend(self._cut_fragment(node, parent, path))
        return SelectionSetNode(selections=tuple(kept or [_typename("__typename")]))

    def _cut_field(self, node: FieldNode, parent: GraphQLNamedType, path: tuple[str, ...]) -> FieldNode:
        name = (node.alias or node.name).value
        here = (*path, name)
        inner = self._type_of(parent, node)
        try:
            if self._declared.of_field(parent, node.name.value) & self._denied:
                self._report(here)
                raise _MustBeNull
            if node.selection_set is None or inner is None or not is_composite_type(inner):
                return node
            left = self._cut_set(node.selection_set, inner, here)
        except _MustBeNull:
            if isinstance(self._field_type(parent, node), GraphQLNonNull):
                raise
            self._paths.append(here)
            return _typename(f"{_MARK}{name}", node)
        return FieldNode(
            alias=node.alias, name=node.name, arguments=node.arguments, directives=node.directives, selection_set=left
        )

    def _cut_fragment(
        self, node: SelectionNode, parent: GraphQLNamedType, path: tuple[str, ...]
    ) -> Sequence[SelectionNode]:
        condition, inside = self._fragment(node, parent)
        if self._declared.of_type(condition.name) & self._denied:
            self._report(path)
            return ()
        left = self._cut_set(inside, condition, path)
        on = node.type_condition if isinstance(node, InlineFragmentNode) else self._definition(node).type_condition
        return (InlineFragmentNode(type_condition=on, directives=node.directives, selection_set=left),)

    def _report(self, path: tuple[str, ...]) -> None:
        message = "You may not read this field or type"
        self._errors[path] = AdmissionError(CODE, message, status=200, path=path or None)

    def _fragment(self, node: SelectionNode, parent: GraphQLNamedType) -> tuple[GraphQLNamedType, SelectionSetNode]:
        definition = node if isinstance(node, InlineFragmentNode) else self._definition(node)
        on = definition.type_condition
        condition = parent if on is None else self._schema.type_map[on.name.value]
        return condition, definition.selection_set

    def _definition(self, node: SelectionNode) -> FragmentDefinitionNode:
        assert isinstance(node, FragmentSpreadNode)
        return self._fragments[node.name.value]

    def _field_type(self, parent: GraphQLNamedType, node: FieldNode) -> Any:
        field = getattr(parent, "fields", {}).get(node.name.value)
        return None if field is None else field.type

    def _type_of(self, parent: GraphQLNamedType, node: FieldNode) -> GraphQLNamedType | None:
        kind = self._field_type(parent, node)
        return None if kind is None else get_named_type(kind)


def unmet(demands: Demands, grants: Grants) -> Demands:
    """Those of the demands that the grants do not meet."""
    return frozenset(demand for demand in demands if not demand.met_by(grants))


def blank(data: Any, paths: Sequence[tuple[str, ...]]) -> Any:
    """The answer with null where a field was cut, under the name that the client chose."""
    for path in paths:
        data = _blank(data, path)
    return data


def _blank(value: Any, path: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_blank(item, path) for item in value]
    if not isinstance(value, dict):
        return value
    name, *rest = path
    if rest:
        return {key: _blank(item, tuple(rest)) if key == name else item for key, item in value.items()}
    marked = _MARK + name
    if marked not in value:
        return value
    return {
        (name if key == marked else key): (None if key == marked else item)
        for key, item in value.items()
        if key != name
    }


def _typename(alias: str, instead_of: FieldNode | None = None) -> FieldNode:
    return FieldNode(
        alias=None if alias == "__typename" else NameNode(value=alias),
        name=NameNode(value="__typename"),
        arguments=(),
        directives=instead_of.directives if instead_of is not None else (),
        selection_set=None,
    )
