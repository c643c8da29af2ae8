"""Pages of lists (Relay cursor connections): what is asked for, and what comes back.

A cursor is the sort key of its row, so that a page continues where the last one ended even when rows came or went.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import orjson

from kit.errors import Invalid

PAGE_CAP = 50

Row = TypeVar("Row")
SortKey = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The `first` rows (1 to 50) after the row that the cursor `after` names."""

    first: int
    after: str | None = None

    def limit(self) -> int:
        """How many rows to read: one more than shown tells whether there is a next page. Raises Invalid."""
        if not 1 <= self.first <= PAGE_CAP:
            raise Invalid("page.first", f"first must be from 1 to {PAGE_CAP}, not {self.first}", cap=PAGE_CAP)
        return self.first + 1

    def key(self, *kinds: type) -> SortKey | None:
        """The sort key to continue after, one value of each of `kinds`; None at the start. Raises Invalid."""
        if self.after is None:
            return None
        try:
            values = orjson.loads(base64.b64decode(self.after, altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
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
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode("ascii")


@dataclass(frozen=True, slots=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Edge(Generic[Row]):
    node: Row
    cursor: str
    facts: Any = None


@dataclass(frozen=True, slots=True)
class Connection(Generic[Row]):
    """One page of a list; `of` names what is counted when the client asks for `totalCount`."""

    edges: list[Edge[Row]]
    page_info: PageInfo
    of: Any = field(default=None)


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
    edges = [Edge(row, cursor_of(key(row)), facts(row) if facts else None) for row in shown]
    info = PageInfo(
        has_next_page=len(rows) > page.first,
        has_previous_page=page.after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges, info, of)
