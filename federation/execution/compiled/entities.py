"""Federation's root field `_entities(representations: [_Any!]!): [_Entity]!`, for many types at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

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
    by_type: dict[str, list[int]] = {}
    for index, representation in enumerate(representations):
        by_type.setdefault(_typename(representation), []).append(index)
    found: list[Any] = [None] * len(representations)

    async def find(name: str, indexes: list[int]) -> None:
        asked = [representations[index] for index in indexes]
        for index, row in zip(indexes, await _rows(reference_of, name, asked, context), strict=True):
            found[index] = row

    if len(by_type) == 1:
        await find(*next(iter(by_type.items())))
    else:
        await asyncio.gather(*(find(name, indexes) for name, indexes in by_type.items()))
    return found


def _typename(representation: Any) -> str:
    """The type that it names; the empty string, which is no type's name, where it names none."""
    name = representation.get("__typename") if isinstance(representation, Mapping) else None
    return name if isinstance(name, str) else ""


async def _rows(
    reference_of: Callable[[str], Reference], name: str, asked: Sequence[Any], context: Any
) -> Sequence[Any]:
    try:
        rows = await reference_of(name)(asked, context)
        if len(rows) != len(asked):
            raise RuntimeError(f"{name}: {len(rows)} rows for {len(asked)} representations")
        return rows
    except Exception as error:
        return [error] * len(asked)
