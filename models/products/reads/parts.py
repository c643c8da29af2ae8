"""Pages of many lists by one statement: a part for each list, which walks an index and stops, joined by UNION ALL."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from models.feeds import MOST_PARTS
from models.reading import Columns, Cut, Order, Shown, fetch

Key = TypeVar("Key")
Value = TypeVar("Value")


class Sql(msgspec.Struct, frozen=True, gc=False):
    """A piece of a statement, with the values of its marks in their order."""

    text: str
    values: tuple[Any, ...] = ()


def page_of(columns: str, source: Sql, order: Order, cut: Cut) -> Sql:
    """The rows of one page; `source` is `table WHERE condition`."""
    later, start = order.after(cut.start)
    text = f"SELECT {columns} FROM {source.text} AND {later} ORDER BY {order.sql()} LIMIT ?"
    return Sql(text, (*source.values, *start, cut.limit))


def together(parts: Iterable[Sql]) -> Sql:
    """All rows of all parts; each row says in `part` which one it is of, from 0."""
    listed = list(parts)
    text = " UNION ALL ".join(f"SELECT {index} AS part, t.* FROM ({part.text}) t" for index, part in enumerate(listed))
    return Sql(text, values_of(listed))


def values_of(parts: Iterable[Sql]) -> tuple[Any, ...]:
    return tuple(value for part in parts for value in part.values)


def by_part(rows: Iterable[Columns], orders: Sequence[Order], read: Callable[[Columns], Shown]) -> list[list[Shown]]:
    """The rows of each part as `read` makes them, in the part's order: databases keep none across UNION and joins.

    The part is each row's first column.
    """
    found: list[list[Shown]] = [[] for _ in orders]
    for row in rows:
        found[row[0]].append(read(row[1:]))
    for part, order in zip(found, orders, strict=True):
        order.sort(part)
    return found


async def by_chunks(
    read: Callable[[Sequence[Key]], Awaitable[list[Value]]],
    keys: Sequence[Key],
    parts: Callable[[Key], int] = lambda key: 1,
) -> list[Value]:
    """What `read` finds for `keys`: one statement for up to `MOST_PARTS`; `parts` says how many a key makes."""
    found: list[Value] = []
    chunk: list[Key] = []
    held = 0
    for key in keys:
        made = parts(key)
        if chunk and held + made > MOST_PARTS:
            found += await read(chunk)
            chunk, held = [], 0
        chunk.append(key)
        held += made
    return found + await read(chunk) if chunk else found


async def counts(sources: Sequence[Sql]) -> list[int]:
    """How many rows each source has."""
    return await by_chunks(_counts, sources)


async def _counts(sources: Sequence[Sql]) -> list[int]:
    counted = together(Sql(f"SELECT COUNT(*) AS held FROM {source.text}", source.values) for source in sources)
    rows = await fetch("products", counted.text, counted.values)
    return [held for _, held in sorted(rows)]
