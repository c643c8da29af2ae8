"""What the variables of a run make of the arguments of its fields, by graphql-core's own coercion.

Most clients send the same variables again and again: what the last ones made is remembered. Batch functions must not
change their arguments, so they get the remembered ones; a plain resolver gets lists and objects of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import GraphQLError, GraphQLSchema, VariableDefinitionNode
from graphql.execution.values import VariableValues, get_variable_values

from federation.execution.compiled.answers import BatchCall
from federation.execution.compiled.running import Arguments, arguments_of
from federation.execution.compiled.tree import Field

MAX_COERCION_ERRORS = 50
"""As graphql-core's `execute`."""
REMEMBERED = 4
"""Values of an operation's variables that are remembered,"""
REMEMBERED_BYTES = 512
"""each of them no longer than this as JSON."""
_PLAIN = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS


@dataclass(frozen=True, slots=True)
class Taken:
    """The coerced variables of a run, and the arguments of its fields by column."""

    variables: VariableValues
    arguments: list[Arguments]


@dataclass(slots=True)
class Inputs:
    """Takes the variables that `definitions` declare, for the arguments of `fields`, which have `columns` columns."""

    schema: GraphQLSchema
    definitions: Sequence[VariableDefinitionNode]
    fields: Sequence[Field]
    columns: int
    _own: Sequence[Field] = field(init=False)
    _known: dict[bytes, Taken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fields = [one for one in self.fields if one.column is not None]
        self._own = [one for one in self.fields if not (one.answer and isinstance(one.answer.how, BatchCall))]

    def take(self, variables: Mapping[str, Any]) -> Taken | list[GraphQLError]:
        """The variables as a client sent them; or why they cannot be taken."""
        key = key_of(variables)
        known = self._known.get(key) if key is not None else None
        if known is None:
            return self._anew(variables, key)
        taken = Taken(known.variables, known.arguments.copy())
        _coerce(taken, self._own)
        return taken

    def coerced(self, variables: Mapping[str, Any]) -> VariableValues | list[GraphQLError]:
        """The variables alone."""
        return get_variable_values(self.schema, self.definitions, dict(variables), MAX_COERCION_ERRORS)

    def _anew(self, variables: Mapping[str, Any], key: bytes | None) -> Taken | list[GraphQLError]:
        values = self.coerced(variables)
        if isinstance(values, list):
            return values
        taken = Taken(values, [{}] * self.columns)
        _coerce(taken, self.fields)
        if key is not None and not any(isinstance(one, GraphQLError) for one in taken.arguments):
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = Taken(values, taken.arguments.copy())
        return taken


def _coerce(taken: Taken, fields: Iterable[Field]) -> None:
    for one in fields:
        if one.column is not None:
            taken.arguments[one.column] = arguments_of(one, taken.variables)


def key_of(variables: Mapping[str, Any]) -> bytes | None:
    """Equal for variables that make the same; None for what is not worth to be remembered."""
    if not variables:
        return b""
    if any(type(value) is list for value in variables.values()):
        return None
    try:
        key = orjson.dumps(variables, option=_PLAIN)
    except TypeError:
        return None
    return key if len(key) <= REMEMBERED_BYTES else None
