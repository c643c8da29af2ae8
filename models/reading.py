"""Hot reads: one hand-checked statement, and structs for what it brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Generic, NewType, Self, TypeVar, get_origin, get_type_hints

import msgspec
import orjson
from tortoise import connections

from kit.page import Page, SortKey, bad_cursor
from models.base import connection_name

Hundredths = NewType("Hundredths", float)
"""A number whose column holds it times 100, as a whole number."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def fetch(domain: str, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """What one statement brings. `?` marks a value, in both dialects; moments may be values."""
    connection = connections.get(connection_name(domain))
    if connection.capabilities.dialect == "sqlite":
        values = [str(value.astimezone(UTC)) if isinstance(value, datetime) else value for value in values]
    else:
        sql = sql.replace("%", "%%").replace("?", "%s")
        values = [_naive(value) if isinstance(value, datetime) else value for value in values]
    rows: list[dict[str, Any]] = await connection.execute_query_dict(sql, list(values))
    return rows


def _naive(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def marks(values: Sequence[Any]) -> str:
    """`?, ?, ?`: a mark for each of `values`."""
    return ", ".join("?" * len(values))


def moment(value: str | datetime) -> datetime:
    """A moment as `fetch` brings it: text from SQLite, naive UTC from MariaDB."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


_CONVERSIONS: Mapping[Any, Callable[[Any], Any]] = {
    datetime: moment,
    datetime | None: _optional(moment),
    bool: bool,
    Hundredths: lambda value: value / 100,
    dict: orjson.loads,
    list: orjson.loads,
}


def _conversion(hint: Any) -> Callable[[Any], Any] | None:
    return _CONVERSIONS.get(hint) or _CONVERSIONS.get(get_origin(hint))


class ReadRow(msgspec.Struct, frozen=True, gc=False):
    """A struct whose fields are the columns of a read, in any order."""

    @classmethod
    def columns(cls, alias: str) -> str:
        """The columns of the table that the statement calls `alias`: `s.id, s.name`."""
        return ", ".join(f"{alias}.{name}" for name in cls.__struct_fields__)

    @classmethod
    def read(cls, row: dict[str, Any]) -> Self:
        """The struct of one row that `fetch` brought."""
        for name, convert in _conversions(cls):
            row[name] = convert(row[name])
        return cls(**row)


@dataclass(frozen=True, slots=True)
class Order:
    """A total order of a read's rows: `columns` compared one after the other, all of them downwards or all upwards.

    It ends with an id, so that no two rows are equal; an index of these columns is walked, never sorted.
    """

    row: type[ReadRow]
    columns: tuple[str, ...]
    descending: bool = False

    def sql(self) -> str:
        """`a DESC, id DESC`."""
        return ", ".join(f"{column} DESC" if self.descending else column for column in self.columns)

    def key_of(self, row: Any) -> SortKey:
        """The sort key of a row, as its cursor holds it."""
        return tuple(_key_value(getattr(row, column)) for column in self.columns)

    def start(self, page: Page) -> list[Any] | None:
        """The sort key that `page` continues after, as values of the columns. Raises Invalid for a bad cursor."""
        kinds = self._kinds()
        key = page.key(*(str if kind is str else int for kind in kinds))
        return (
            [_moment_of(part) if kind is datetime else part for part, kind in zip(key, kinds, strict=True)]
            if key
            else None
        )

    def after(self, start: Sequence[Any] | None) -> tuple[str, list[Any]]:
        """The condition, with its values, that a row comes after `start`."""
        if start is None:
            return "1 = 1", []
        comparison = "<" if self.descending else ">"
        steps: list[str] = []
        values: list[Any] = []
        for index, column in enumerate(self.columns):
            equal = [f"{earlier} = ?" for earlier in self.columns[:index]]
            steps.append(" AND ".join([*equal, f"{column} {comparison} ?"]))
            values += start[: index + 1]
        # The bound on the first column says nothing new, but SQLite seeks by it, where it would scan for the OR.
        return f"({self.columns[0]} {comparison}= ? AND ({' OR '.join(steps)}))", [start[0], *values]

    def _kinds(self) -> list[Any]:
        hints = _hints(self.row)
        return [hints[column] for column in self.columns]


@cache
def _hints(row: type[ReadRow]) -> dict[str, Any]:
    return get_type_hints(row)


@cache
def _conversions(row: type[ReadRow]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    kinds = ((name, _conversion(_hints(row)[name])) for name in row.__struct_fields__)
    return tuple((name, convert) for name, convert in kinds if convert)


def _key_value(value: Any) -> int | str:
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return round(value * 100) if isinstance(value, float) else value


def _moment_of(microseconds: Any) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:
        raise bad_cursor() from None


Found = TypeVar("Found")
Shown = TypeVar("Shown", bound=ReadRow)


@dataclass(frozen=True, slots=True)
class OwnedRows(Generic[Shown]):
    """Rows of `table` that belong to an owner, such as a shop's branches: read and counted for many owners at once."""

    domain: str
    table: str
    owner: str
    row: type[Shown]
    order: Order
    where: str = "1 = 1"

    async def page(self, owners: Sequence[str], page: Page) -> list[list[Shown]]:
        """For each owner, the rows of its page, and one more where there are more."""
        condition, values = self.order.after(self.order.start(page))
        columns = self.row.columns("t")
        ranked = (
            f"SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.{self.owner} ORDER BY {self.order.sql()}) AS place"
            f" FROM {self.table} t WHERE t.{self.owner} IN ({marks(owners)}) AND {self.where} AND {condition}"
        )
        sql = f"SELECT {columns} FROM ({ranked}) t WHERE t.place <= ? ORDER BY t.{self.owner}, t.place"
        rows = await fetch(self.domain, sql, [*owners, *values, page.limit()])
        return grouped(owners, map(self.row.read, rows), attrgetter(self.owner))

    async def count(self, owners: Sequence[str]) -> list[int]:
        """How many rows each owner has."""
        sql = (
            f"SELECT t.{self.owner} AS owner, COUNT(*) AS held FROM {self.table} t"
            f" WHERE t.{self.owner} IN ({marks(owners)}) AND {self.where} GROUP BY t.{self.owner}"
        )
        held = {row["owner"]: row["held"] for row in await fetch(self.domain, sql, owners)}
        return [held.get(owner, 0) for owner in owners]


async def by_id(domain: str, table: str, row: type[Shown], ids: Sequence[str]) -> list[Shown | None]:
    """The row of each id, None where there is none."""
    rows = await fetch(domain, f"SELECT {row.columns('t')} FROM {table} t WHERE t.id IN ({marks(ids)})", ids)
    return in_order(ids, map(row.read, rows), attrgetter("id"))


def in_order(keys: Iterable[str], found: Iterable[Found], key: Callable[[Found], str]) -> list[Found | None]:
    """One of `found` for each of `keys`, None where there is none."""
    by_key = {key(row): row for row in found}
    return [by_key.get(wanted) for wanted in keys]


def grouped(keys: Iterable[str], found: Iterable[Found], key: Callable[[Found], str]) -> list[list[Found]]:
    """All of `found` that belong to each of `keys`, in the order they came."""
    by_key: dict[str, list[Found]] = {}
    for row in found:
        by_key.setdefault(key(row), []).append(row)
    return [by_key.get(wanted, []) for wanted in keys]
