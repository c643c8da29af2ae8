"""Pages of lists (Relay cursor connections): what is asked for, and what comes back.

A cursor is the sealed sort key of its row, so that a page continues where the last one ended even when rows came or
went. It is made only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from kit import cursors
from kit.errors import Invalid

PAGE_CAP = 50

Row = TypeVar("Row")
Other = TypeVar("Other")
SortKey = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The `first` rows (1 to 50) after the row that the cursor `after` names."""

    first: int
    after: str | None = None

    def limit(self) -> int:
        """How many rows to read: one more than shown tells whether there is a next page. Raises Invalid."""
        if not 1 <= self.first <= PAGE_CAP:
            raise Invalid("page.first", f"first must be from 1 to {PAGE_CAP}", cap=PAGE_CAP)
        return self.first + 1

    def key(self, *kinds: type) -> SortKey | None:
        """The sort key to continue after, one value of each of `kinds`; None at the start. Raises Invalid."""
        if self.after is None:
            return None
        try:
            values = cursors.unseal(self.after)
        except ValueError:
            raise bad_cursor() from None
        if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
            raise bad_cursor()
        if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in values):
            raise bad_cursor()
        return tuple(values)


def bad_cursor() -> Invalid:
    """What is said of a cursor that the list did not give."""
    return Invalid("page.after", "after is not a cursor of this list: pass an endCursor that it gave, or nothing")


def cursor_of(key: SortKey) -> str:
    """The opaque text of a sort key."""
    return cursors.seal_key(key)


class Edge(msgspec.Struct, Generic[Row], frozen=True, gc=False):
    """A row of a list. Its place there is `key(row)`; `facts` belong to the edge, not to the node."""

    node: Row
    row: Any
    key: Callable[[Any], SortKey]
    facts: Any = None

    @property
    def cursor(self) -> str:
        return cursor_of(self.key(self.row))

    def showing(self, node: Other) -> Edge[Other]:
        """The same place in the list with another node."""
        return Edge(node, self.row, self.key, self.facts)


class PageInfo(msgspec.Struct, frozen=True, gc=False):
    has_next_page: bool
    has_previous_page: bool
    first: Edge[Any] | None
    last: Edge[Any] | None

    @property
    def start_cursor(self) -> str | None:
        return self.first.cursor if self.first else None

    @property
    def end_cursor(self) -> str | None:
        return self.last.cursor if self.last else None


class Connection(msgspec.Struct, Generic[Row], frozen=True, gc=False):
    """One page of a list; `of` names what is counted when the client asks for `totalCount`."""

    edges: list[Edge[Row]]
    page_info: PageInfo
    of: Any = None


def connection(
    rows: Sequence[Row],
    page: Page,
    *,
    key: Callable[[Row], SortKey],
    facts: Callable[[Row], Any] | None = None,
    of: Any = None,
) -> Connection[Row]:
    """Wrap `rows`, read with `page.limit()`, as one page; `facts` adds what belongs to the edge, not to the node."""
    shown = rows[: page.first]
    edges = [Edge(row, row, key, facts(row)) for row in shown] if facts else [Edge(row, row, key) for row in shown]
    first, last = (edges[0], edges[-1]) if edges else (None, None)
    return Connection(edges, PageInfo(len(rows) > page.first, page.after is not None, first, last), of)
