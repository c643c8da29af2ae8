"""Federation's root field `_entities(representations: [_Any!]!): [_Entity]!`, for many types at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from federation.execution.eager import together
from federation.execution.pace import Pace, in_parts

Reference = Callable[[Sequence[Any], Any], Awaitable[Sequence[Any]]]
"""Representations of one type and the request's context in; the row of each out, or None, or an exception."""


async def found_entities(
    representations: Sequence[Any],
    reference_of: Callable[[str], Reference],
    context: Any,
) -> list[Any]:
    """The rows of representations of any types, in their order, by one call for each type.

    `reference_of` gives the call of a type by its `__typename`, or raises. What it raises, and what a call raises, is
    the cell of every representation of that type: the others are found nevertheless.
    """
    names = _typenames(representations)
    if len(set(names)) == 1:
        return list(await _rows(reference_of, names[0], representations, context))
    found: list[Any] = [None] * len(representations)

    async def find(name: str) -> None:
        indexes = [index for index, one in enumerate(names) if one == name]
        asked = [representations[index] for index in indexes]
        for index, row in zip(indexes, await _rows(reference_of, name, asked, context), strict=True):
            found[index] = row

    await together(*map(find, dict.fromkeys(names)))
    return found


def _typenames(representations: Sequence[Any]) -> list[str]:
    """The type that each names."""
    try:
        names = [representation["__typename"] for representation in representations]
        if {str}.issuperset(map(type, names)) and {dict}.issuperset(map(type, representations)):
            return names
    except (KeyError, TypeError, IndexError):
        pass
    return [_typename(representation) for representation in representations]


def _typename(representation: Any) -> str:
    """The type that it names; the empty string, which is no type's name, where it names none."""
    known = type(representation) is dict or isinstance(representation, Mapping)
    name = representation.get("__typename") if known else None
    return name if isinstance(name, str) else ""


async def _rows(
    reference_of: Callable[[str], Reference], name: str, asked: Sequence[Any], context: Any
) -> Sequence[Any]:
    try:
        reference = reference_of(name)
        return await in_parts(asked, lambda part: reference(part, context), Pace())
    except Exception as error:
        return [error] * len(asked)
