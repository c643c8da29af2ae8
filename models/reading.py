"""Hot reads: one hand-checked statement, and structs for what it brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any, Final, Generic, NewType, Self, TypeVar, get_origin, get_type_hints

import msgspec
import orjson

from kit import clock
from kit.page import Page, SortKey, bad_cursor
from models.base import connection_of

Columns = tuple[Any, ...]
"""One row as the driver brings it: the values of its columns in their order, each in the form the database keeps."""

Hundredths = NewType("Hundredths", float)
"""A number whose column holds it times 100, as a whole number."""


class Now:
    """Stands among the values of a statement for the moment at which it is executed."""

    def __repr__(self) -> str:
        return "NOW"


NOW: Final = Now()
"""A key of a read that holds it is the same a moment later, and so can be cached."""

_PLAIN = frozenset({str, int, float, bool, type(None)})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def fetch(domain: str, sql: str, values: Sequence[Any] = ()) -> Sequence[Columns]:
    """The rows that one statement brings. `?` marks a value, in both dialects; moments may be values, and NOW.

    Inside a `unit_of_work` of the domain it sees what that has done. Raises Tortoise's OperationalError, and
    PoolExhausted where no connection comes free in time.
    """
    connection = connection_of(domain)
    kept = _text if connection.capabilities.dialect == "sqlite" else _naive
    now = kept(clock.now())
    given = [value if value.__class__ in _PLAIN else now if value is NOW else kept(value) for value in values]
    rows: Sequence[Columns] = await connection.rows(sql, given)
    return rows


def _text(value: Any) -> Any:
    return str(value.astimezone(UTC)) if isinstance(value, datetime) else value


def _naive(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def marks(values: Sequence[Any]) -> str:
    """`?, ?, ?`: a mark for each of `values`."""
    return ", ".join("?" * len(values))


def moment(value: str | datetime) -> datetime:
    """A moment as a database keeps it: text in SQLite, naive UTC in MariaDB."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _json(value: Any) -> Any:
    return orjson.loads(value) if value.__class__ is str else value


def _hundredths(value: float) -> float:
    return value / 100 if value.__class__ is int else value


_CONVERSIONS: Mapping[Any, Callable[[Any], Any]] = {
    datetime: moment,
    datetime | None: lambda value: None if value is None else moment(value),
    bool: bool,
    Hundredths: _hundredths,
    dict: _json,
    list: _json,
}


def _conversion(hint: Any) -> Callable[[Any], Any] | None:
    return _CONVERSIONS.get(hint) or _CONVERSIONS.get(get_origin(hint))


class ReadRow(msgspec.Struct, frozen=True, gc=False):
    """A struct whose fields are the columns of a read, in their order.

    Databases keep moments, JSON, flags and hundredths in other forms than ours. Such a column is held as it came, and
    converted when it is asked for: most answers show few of them. Rows may be made with values of our form, too.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name, hint in get_type_hints(cls, localns={cls.__name__: cls}).items():
            convert = _conversion(hint)
            if convert and name in cls.__dict__:
                setattr(cls, name, _converted(cls.__dict__[name], convert))

    def __eq__(self, other: object) -> bool:
        """Whether they show the same, in whatever form they hold it."""
        if self.__class__ is not other.__class__:
            return False
        alike = super().__eq__(other)
        return alike or all(getattr(self, name) == getattr(other, name) for name in self.__struct_fields__)

    def __hash__(self) -> int:
        return hash((self.__class__, getattr(self, self.__struct_fields__[0])))

    @classmethod
    def columns(cls, alias: str) -> str:
        """The columns of the table that the statement calls `alias`: `s.id, s.name`."""
        return ", ".join(f"{alias}.{name}" for name in cls.__struct_fields__)

    @classmethod
    def read(cls, row: Columns) -> Self:
        """The struct of one row that `fetch` brought."""
        return cls(*row)


def _converted(held: Any, convert: Callable[[Any], Any]) -> property:
    """The attribute that shows what the struct's member `held` holds."""
    value_of = held.__get__
    return property(lambda row: convert(value_of(row)))


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
        return _order_by(self.columns, self.descending)

    def sort(self, rows: list[Any]) -> None:
        """Bring rows into this order."""
        rows.sort(key=attrgetter(*self.columns), reverse=self.descending)

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
def _order_by(columns: tuple[str, ...], descending: bool) -> str:
    return ", ".join(f"{column} DESC" if descending else column for column in columns)


@cache
def _hints(row: type[ReadRow]) -> dict[str, Any]:
    return get_type_hints(row)


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
Group = TypeVar("Group", bound=Hashable)
Shown = TypeVar("Shown", bound=ReadRow)


class Cut(msgspec.Struct, frozen=True, gc=False):
    """A page of a list as a statement needs it: the sort key that it continues after, and how many rows it takes."""

    start: tuple[Any, ...] | None
    limit: int


def cut(order: Order, page: Page) -> Cut:
    """Raises Invalid for a bad cursor or length: here, before the page is read together with those of others."""
    start = order.start(page)
    return Cut(tuple(start) if start else None, page.limit())


@dataclass(frozen=True, slots=True, eq=False)
class OwnedRows(Generic[Shown]):
    """Rows of `table` that belong to an owner, such as a shop's branches: read and counted for many owners at once."""

    domain: str
    table: str
    owner: str
    row: type[Shown]
    order: Order
    where: str = "1 = 1"

    async def pages(self, lists: Sequence[tuple[Cut, str]]) -> list[list[Shown]]:
        """For each page of an owner its rows: one statement for all owners."""
        return await by_group(self._page, lists)

    async def _page(self, wanted: Cut, owners: Sequence[str]) -> list[list[Shown]]:
        condition, values = self.order.after(wanted.start)
        columns = self.row.columns("t")
        ranked = (
            f"SELECT t.*, ROW_NUMBER() OVER (PARTITION BY t.{self.owner} ORDER BY {self.order.sql()}) AS place"
            f" FROM {self.table} t WHERE t.{self.owner} IN ({marks(owners)}) AND {self.where} AND {condition}"
        )
        sql = f"SELECT {columns} FROM ({ranked}) t WHERE t.place <= ? ORDER BY t.{self.owner}, t.place"
        rows = await fetch(self.domain, sql, [*owners, *values, wanted.limit])
        return grouped(owners, map(self.row.read, rows), attrgetter(self.owner))

    async def counts(self, owners: Sequence[str]) -> list[int]:
        """How many rows each owner has."""
        sql = (
            f"SELECT t.{self.owner}, COUNT(*) FROM {self.table} t"
            f" WHERE t.{self.owner} IN ({marks(owners)}) AND {self.where} GROUP BY t.{self.owner}"
        )
        held: dict[str, int] = dict(await fetch(self.domain, sql, owners))
        return [held.get(owner, 0) for owner in owners]


async def by_id(domain: str, table: str, row: type[Shown], ids: Sequence[str]) -> list[Shown | None]:
    """The row of each id, None where there is none."""
    rows = await fetch(domain, f"SELECT {row.columns('t')} FROM {table} t WHERE t.id IN ({marks(ids)})", ids)
    return in_order(ids, map(row.read, rows), attrgetter("id"))


async def by_group(
    read: Callable[[Group, list[str]], Awaitable[list[Found]]], keys: Sequence[tuple[Group, str]]
) -> list[Found]:
    """What `read` finds for each (group, owner): it is asked once for all owners of a group."""
    owners: dict[Group, list[str]] = {}
    for group, owner in keys:
        owners.setdefault(group, []).append(owner)
    found: dict[tuple[Group, str], Found] = {}
    for group, some in owners.items():
        found |= {(group, owner): one for owner, one in zip(some, await read(group, some), strict=True)}
    return [found[key] for key in keys]


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
