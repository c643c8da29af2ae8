"""How the generated code turns the value of a scalar or an enum into what the client gets.

The built-in scalars are checked in place: nearly always the value is what it should be. What is not goes through the
type's own coercion, which the exact completer uses too; where that fails, or there is nothing to coerce, the code gives
up (`Deoptimized`) and the exact completer says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    is_enum_type,
)
from graphql.execution import Executor
from graphql.pyutils import Undefined

from federation.execution.compiled.columns import LISTS
from federation.execution.compiled.running import Deoptimized

Coerce = Callable[[Any], Any]

_UNUSUAL = {
    GraphQLString.name: (GraphQLString, "{0}.__class__ is not str"),
    GraphQLID.name: (GraphQLID, "{0}.__class__ is not str"),
    GraphQLInt.name: (GraphQLInt, "{0}.__class__ is not int or not -0x80000000 <= {0} <= 0x7fffffff"),
    GraphQLFloat.name: (GraphQLFloat, "{0}.__class__ is not float or {0} - {0} != 0.0"),
    GraphQLBoolean.name: (GraphQLBoolean, "{0} is not True and {0} is not False"),
}


UNUSUAL = "unusual"
"""Under this name the extensions of a scalar of one's own may say which values it does not serve as they are: an
expression with `{0}` for the value. It is written into code: it comes from the program, never from a client."""


def unusual(type_: GraphQLLeafType, value: str) -> str | None:
    """The expression that is true where `value` is not what the scalar serves as it is; None where nobody says."""
    builtin, test = _UNUSUAL.get(type_.name, (None, ""))
    said: str = test if builtin is type_ else type_.extensions.get(UNUSUAL, "")
    return said.format(value) if said else None


def coercion(type_: GraphQLLeafType) -> Coerce:
    """The type's coercion of a value. It raises Deoptimized where there is no value, or what the type raises."""

    def coerce(value: Any) -> Any:
        if value is None or value is Undefined or isinstance(value, Exception):
            raise Deoptimized
        return Executor.complete_leaf_value(type_, value)

    return Names(coerce).__getitem__ if is_enum_type(type_) else coerce


class Names(dict[Any, str]):
    """The names of an enum's values, remembered as they are asked for. Only its own values are, so they are few."""

    def __init__(self, coerce: Coerce) -> None:
        super().__init__()
        self._coerce = coerce

    def __missing__(self, value: Any) -> str:
        name: str = self._coerce(value)
        self[value] = name
        return name


def listed(value: Any) -> Any:
    """The list as it is; the exact completer goes through other iterables, since they may be used up by it."""
    if value.__class__ not in LISTS:
        raise Deoptimized
    return value
