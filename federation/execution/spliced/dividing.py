"""An operation with some of its root fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)


def with_roots(document: DocumentNode, keys: Collection[str]) -> DocumentNode:
    """The document's only operation with the root fields of these response keys, in their order; its fragments."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    operation = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
    selected = tuple(_selected(operation.selection_set, frozenset(keys), fragments))
    divided = replace(operation, selection_set=SelectionSetNode(selections=selected))
    return DocumentNode(definitions=(divided, *fragments.values()))


def _selected(
    selections: SelectionSetNode, keys: frozenset[str], fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[SelectionNode]:
    """What a selection set has of these fields, named fragments as inline ones."""
    for one in selections.selections:
        if isinstance(one, FieldNode):
            if _key(one) in keys:
                yield one
            continue
        fragment = one if isinstance(one, InlineFragmentNode) else fragments[one.name.value]  # type: ignore[attr-defined]
        below = tuple(_selected(fragment.selection_set, keys, fragments))
        if below:
            yield InlineFragmentNode(
                type_condition=fragment.type_condition,
                directives=one.directives,
                selection_set=SelectionSetNode(selections=below),
            )


def _key(field: FieldNode) -> str:
    """Under which the response has it."""
    return (field.alias or field.name).value
