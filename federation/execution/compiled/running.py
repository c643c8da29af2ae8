"""One run of a compiled operation: what it was given, and the rows and columns that it has so far."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    located_error,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.pyutils import Path, gather_with_cancel, is_awaitable
from graphql.type import GraphQLResolveInfoHelpers

from federation.execution.compiled.tracing import Trace
from federation.execution.compiled.tree import Field, Node
from federation.execution.pace import Pace

Arguments = dict[str, Any] | GraphQLError
"""A field's coerced arguments, or why they could not be coerced."""


class Deoptimized(Exception):
    """The generated code met what it does not expect: the exact completer takes over."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What the operation came from."""

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]


@dataclass(slots=True)
class Run:
    """A run; `node` is its root node. `rows` by number of node, `columns` and `arguments` by number of column; `kinds`
    has, beside a column of objects that had to be asked for their type, the number of each one's node, or the error
    that it gave.

    `exact` is set where something was seen that only the exact completer can answer. `on` says of each field whether
    this run has it, `keys` gives the order of a node's keys where it is not that of the code, and `narrowed` the fields
    by number with the occurrences that this run has. `trace`, where there is one, is told when each field was there.
    `pace` says when others are to have the event loop.
    """

    origin: Origin
    node: Node
    root: Any
    context: Any
    variables: VariableValues
    arguments: list[Arguments]
    columns: list[Sequence[Any]]
    rows: list[Sequence[Any]]
    kinds: list[list[int | Exception]]
    pace: Pace
    exact: bool = False
    on: Sequence[bool] = ()
    keys: Sequence[tuple[str, ...] | None] = ()
    narrowed: Mapping[int, Field] = field(default_factory=dict)
    errors: list[GraphQLError] = field(default_factory=list)
    trace: Trace | None = None

    def info(self, asked: Field) -> GraphQLResolveInfo[Any]:
        """What graphql-core tells a resolver. The path has no places in lists."""
        return GraphQLResolveInfo(
            asked.name,
            self.nodes(asked),
            asked.type,
            asked.parent,
            Path(None, asked.key, asked.parent.name),
            self.origin.schema,
            self.origin.fragments,
            self.root,
            self.origin.operation,
            self.variables,
            self.context,
            is_awaitable,
            None,
            _HELPERS,
        )

    def nodes(self, asked: Field) -> list[FieldNode]:
        """Where the field stands in the document, as far as this run has it."""
        return self.narrowed.get(asked.number, asked).nodes

    def fail(self, error: Exception, asked: Field, path: Path) -> GraphQLError:
        """The error, located."""
        return located_error(error, asked.nodes, path.as_list())


def _untracked(_: Sequence[Any]) -> None:
    """Nothing outlives a run: what a resolver starts it must await."""


async def _together(values: Sequence[Awaitable[Any]]) -> list[Any]:
    return await gather_with_cancel(*values)


_HELPERS = GraphQLResolveInfoHelpers(gather=_together, track=_untracked)


def arguments_of(asked: Field, variables: VariableValues | None) -> Arguments:
    """The field's arguments, by graphql-core's own coercion."""
    if not asked.definition.args:
        return {}
    try:
        return get_argument_values(asked.definition, asked.nodes[0], variables)
    except GraphQLError as error:
        return error


def fields_with_columns(node: Node) -> list[Field]:
    """The fields of a node whose cells stand in a column."""
    return [one for one in node.fields if one.column is not None]
