"""Parts an operation into what the gateway answers from its own schema and what the subgraphs answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

_META_FIELDS = ("__schema", "__type")


@dataclass(frozen=True, slots=True)
class Parts:
    """`introspection` and `rest` are None where nothing of the kind was asked. `order`: response names as asked."""

    introspection: OperationDefinitionNode | None
    rest: OperationDefinitionNode | None
    order: tuple[str, ...] = ()


def part(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Parts:
    """Split the root fields. An operation without introspection comes back as it is."""
    names = _names(operation.selection_set, fragments)
    if not any(meta for _, meta in names):
        return Parts(None, operation)
    asked = _with(operation, _keep(operation.selection_set, fragments, meta=True))
    rest = None
    if not all(meta for _, meta in names):
        rest = _with(operation, _keep(operation.selection_set, fragments, meta=False))
    return Parts(asked, rest, tuple(dict.fromkeys(name for name, _ in names)))


def _names(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for node in selections.selections:
        if isinstance(node, FieldNode):
            found.append(((node.alias or node.name).value, node.name.value in _META_FIELDS))
        else:
            found.extend(_names(_inside(node, fragments), fragments))
    return found


def _keep(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], *, meta: bool
) -> SelectionSetNode:
    kept: list[SelectionNode] = []
    for node in selections.selections:
        if isinstance(node, FieldNode):
            if (node.name.value in _META_FIELDS) is meta:
                kept.append(node)
            continue
        inside = _keep(_inside(node, fragments), fragments, meta=meta)
        if inside.selections:
            kept.append(InlineFragmentNode(type_condition=None, directives=node.directives, selection_set=inside))
    return SelectionSetNode(selections=tuple(kept))


def _inside(node: SelectionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> SelectionSetNode:
    if isinstance(node, FragmentSpreadNode):
        return fragments[node.name.value].selection_set
    assert isinstance(node, InlineFragmentNode)
    return node.selection_set


def _with(operation: OperationDefinitionNode, selections: SelectionSetNode) -> OperationDefinitionNode:
    changes: dict[str, Any] = {key: getattr(operation, key, None) for key in operation.keys}
    return OperationDefinitionNode(**{**changes, "selection_set": selections})
