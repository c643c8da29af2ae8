"""What a list may be narrowed to and sorted by: comparisons of columns, which become part of its condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.feeds import Condition
from models.reading import marks


class Comparison(StrEnum):
    """How a column is compared."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BEFORE = "<"
    ONE_OF = "IN"


@dataclass(frozen=True, slots=True)
class Match:
    """Rows whose `column` compares so with the values: one of them, or the one there is."""

    column: str
    comparison: Comparison
    values: tuple[Any, ...]

    def sql(self) -> str:
        """The condition, with a `?` for each value. Columns are named by us alone."""
        if self.comparison is not Comparison.ONE_OF:
            return f"{self.column} {self.comparison} ?"
        return f"{self.column} IN ({marks(self.values)})" if self.values else "1 = 0"


Matches = tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """The column that a list is sorted by; equal ones by id."""

    column: str
    descending: bool


def narrowed(of: Condition, matches: Iterable[Match] | None) -> Condition:
    """Those rows of a list that match all."""
    passed = tuple(matches or ())
    sql = " AND ".join([of.sql, *(f"t.{match.sql()}" if match.values else match.sql() for match in passed)])
    return Condition(sql, (*of.values, *(value for match in passed for value in match.values)))
