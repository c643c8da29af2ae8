"""The one operation of a document that is to run, and the values of its variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    VariableDefinitionNode,
    VariableNode,
    get_variable_values,
)

from federation.admission.documents import MAX_ERRORS, path_to, refusal
from federation.errors import AdmissionError, AdmissionErrors

_CONDITIONS = ("skip", "include")


def select_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """GetOperation of the specification (October 2021, section 6.1)."""
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        if len(operations) == 1:
            return operations[0]
        raise AdmissionError("OPERATION_RESOLUTION_FAILURE", "Say by operationName which operation to run")
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise AdmissionError("OPERATION_RESOLUTION_FAILURE", "The document has no operation of that name")


def coerce_variables(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    given: Mapping[str, Any],
    document: DocumentNode,
    *,
    hide_suggestions: bool,
) -> dict[str, Any]:
    """CoerceVariableValues of the specification (October 2021, section 6.1.2): what was given, with defaults.

    Raises AdmissionErrors (BAD_USER_INPUT), each with the variable's name and the path of a field that it is given to.
    """
    if not operation.variable_definitions:
        return {}
    values = get_variable_values(
        schema,
        operation.variable_definitions,
        dict(given),
        max_errors=MAX_ERRORS,
        hide_suggestions=hide_suggestions,
    )
    if isinstance(values, list):
        raise AdmissionErrors([_bad_input(error, document) for error in values[:MAX_ERRORS]])
    return values.coerced


def _bad_input(error: GraphQLError, document: DocumentNode) -> AdmissionError:
    (definition, *_) = error.nodes or (None,)
    if not isinstance(definition, VariableDefinitionNode):  # "too many errors" belongs to none
        return refusal(error, "BAD_USER_INPUT")
    name = definition.variable.name.value
    found = refusal(error, "BAD_USER_INPUT")
    found.path = path_to(document, lambda node: isinstance(node, VariableNode) and node.name.value == name)
    found.extensions["variable"] = name
    return found


def condition_variables(document: DocumentNode) -> tuple[str, ...]:
    """Names of the boolean variables that @skip and @include read: once their values are known, a plan has no
    conditions left.
    """
    names = {
        argument.value.name.value
        for node in _nodes(document)
        if isinstance(node, DirectiveNode) and node.name.value in _CONDITIONS
        for argument in node.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
    return tuple(sorted(names))


def _nodes(node: Node) -> Iterator[Node]:
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        for key in node.keys:
            value: Any = getattr(node, key, None)
            if isinstance(value, Node):
                pending.append(value)
            elif isinstance(value, (list, tuple)):
                pending.extend(item for item in value if isinstance(item, Node))
