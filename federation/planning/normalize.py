"""First stage: one operation of a document, fragments inlined, @skip and @include settled, equal fields merged."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    VariableDefinitionNode,
    print_ast,
)

from federation.errors import PlanError
from federation.graph.budget import Budget
from federation.graph.selections import Collector
from federation.planning.operation import Operation
from federation.supergraph import Supergraph


def normalize(
    document: DocumentNode,
    supergraph: Supergraph,
    operation_name: str | None,
    flags: Mapping[str, bool],
    budget: Budget,
) -> Operation:
    """The named operation (or the only one); raises PlanError when there is none or a flag is not given."""
    node = find_operation(document, operation_name)
    root = supergraph.roots.get(node.operation)
    if root is None:
        raise PlanError(None, f"The schema has no {node.operation.value} type")
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    collector = Collector(supergraph, fragments, default_flags(node) | dict(flags), budget)
    return Operation(
        kind=node.operation,
        name=node.name.value if node.name else None,
        root=root,
        selections=collector.collect([node.selection_set], root),
        variables={d.variable.name.value: definition_text(d) for d in node.variable_definitions or ()},
    )


def find_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    chosen = [d for d in operations if name is None or (d.name and d.name.value == name)]
    if len(chosen) != 1:
        raise PlanError(None, f"The document has no single operation {name or ''}".rstrip())
    return chosen[0]


def default_flags(node: OperationDefinitionNode) -> dict[str, bool]:
    definitions = node.variable_definitions or ()
    return {
        d.variable.name.value: d.default_value.value
        for d in definitions
        if isinstance(d.default_value, BooleanValueNode)
    }


def definition_text(node: VariableDefinitionNode) -> str:
    default = f" = {print_ast(node.default_value)}" if node.default_value else ""
    return f"${node.variable.name.value}: {print_ast(node.type)}{default}"
