"""Lists that may grow long: each page walks an index and stops, and many lists of a table are read by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

import msgspec

from kit.page import Page
from models.reading import Cut, Order, Shown, cut, fetch, marks

MOST_PARTS = 100
"""Parts of one statement; SQLite refuses more than 500."""


class Condition(msgspec.Struct, frozen=True, gc=False):
    """Which rows of the table `t` a list holds: `sql` with a `?` for each of `values`."""

    sql: str
    values: tuple[Any, ...]


class Part(msgspec.Struct, frozen=True, gc=False):
    """One page of one list."""

    of: Condition
    cut: Cut


@dataclass(frozen=True, slots=True, eq=False)
class Feed(Generic[Shown]):
    """The lists of one table, all in one order: an index of it begins with the columns of their conditions."""

    domain: str
    table: str
    row: type[Shown]
    order: Order

    def part(self, of: Condition, page: Page) -> Part:
        """The page of a list. Raises Invalid for a bad cursor or size."""
        return Part(of, cut(self.order, page))

    async def pages(self, parts: Sequence[Part]) -> list[list[Shown]]:
        """The rows of each part, in order: one statement for up to `MOST_PARTS`."""
        found: list[list[Shown]] = []
        for first in range(0, len(parts), MOST_PARTS):
            found += await self._read(parts[first : first + MOST_PARTS])
        return found

    async def _read(self, parts: Sequence[Part]) -> list[list[Shown]]:
        texts, values = [], []
        for index, part in enumerate(parts):
            later, start = self.order.after(part.cut.start)
            texts.append(
                f"SELECT * FROM (SELECT {index} AS part, {self.row.columns('t')} FROM {self.table} t"
                f" WHERE {part.of.sql} AND {later} ORDER BY {self.order.sql()} LIMIT ?) p{index}"
            )
            values += [*part.of.values, *start, part.cut.limit]
        found: list[list[Shown]] = [[] for _ in parts]
        for row in await fetch(self.domain, " UNION ALL ".join(texts), values):
            found[row[0]].append(self.row.read(row[1:]))
        for rows in found:
            self.order.sort(rows)
        return found

    async def counts(self, lists: Sequence[Condition]) -> list[int]:
        """How many rows each list has in all: one statement for up to `MOST_PARTS`."""
        held: list[int] = []
        for first in range(0, len(lists), MOST_PARTS):
            held += await self._count(lists[first : first + MOST_PARTS])
        return held

    async def _count(self, lists: Sequence[Condition]) -> list[int]:
        texts = [f"SELECT {index}, COUNT(*) FROM {self.table} t WHERE {of.sql}" for index, of in enumerate(lists)]
        values = [value for of in lists for value in of.values]
        held: dict[int, int] = dict(await fetch(self.domain, " UNION ALL ".join(texts), values))
        return [held[index] for index in range(len(lists))]


def equal(**columns: str) -> Condition:
    """The rows whose `columns` have these values."""
    return Condition(" AND ".join(f"t.{column} = ?" for column in columns), tuple(columns.values()))


def one_of(column: str, values: Sequence[str]) -> Condition:
    """The rows whose `column` has one of `values`; none where there are none."""
    return Condition(f"t.{column} IN ({marks(values)})", tuple(values)) if values else Condition("1 = 0", ())
