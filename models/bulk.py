"""Bulk loading: many rows at once by the driver's executemany, in the very form in which Tortoise writes them.

Tortoise's own `bulk_create` builds and validates an instance per row. Here a row is a plain mapping, its JSON columns,
moments and enums are encoded as the table's fields do, and aiomysql rewrites the statement to multi-row INSERTs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import Enum
from itertools import islice
from operator import itemgetter
from typing import Any

from tortoise import Tortoise, connections, fields
from tortoise.transactions import in_transaction

from models.base import OutboxRow, Row

CHUNK = 10_000
"""Rows of one transaction, so that memory stays bounded and other writers get their turn."""

_LOADING: Mapping[str, str | int] = {"synchronous=": "OFF", "cache_size=": -262_144, "wal_autocheckpoint=": 50_000}
_LIVING: Mapping[str, str | int] = {
    "synchronous=": "NORMAL",
    "cache_size=": -2_000,
    "wal_autocheckpoint=": 1_000,
    "wal_checkpoint": "(TRUNCATE)",
}

Encoder = Callable[[Any], Any]


async def insert(model: type[Row], rows: Iterable[Mapping[str, Any]]) -> int:
    """Insert `rows` (column -> value; columns with a default may be left out), one transaction per chunk.

    Returns how many they were. JSON columns may come encoded already, as text. Raises ValueError where a row's columns
    are not the table's, and Tortoise's IntegrityError where the table refuses a row; earlier chunks stay.
    """
    name = _connection_name(model)
    sqlite = connections.get(name).capabilities.dialect == "sqlite"
    encode = _row_encoder(model, _sqlite_moment if sqlite else _mysql_moment)
    statement = _statement(model, quote='"' if sqlite else "`", mark="?" if sqlite else "%s")
    left = iter(rows)
    total = 0
    while chunk := [encode(row) for row in islice(left, CHUNK)]:
        async with in_transaction(name) as connection:
            await connection.execute_many(statement, chunk)
        total += len(chunk)
    return total


@asynccontextmanager
async def loading(models: Iterable[type[Row]]) -> AsyncIterator[None]:
    """While the block fills the tables, SQLite keeps more in memory and waits for no disk; MariaDB stays as it is.

    A crash of the machine, not of the process, may break the file: only for databases that can be made again.
    """
    names = {_connection_name(model) for model in models}
    lites = [found for found in map(connections.get, sorted(names)) if found.capabilities.dialect == "sqlite"]
    for connection in lites:
        await _set_pragmas(connection, _LOADING)
    try:
        yield
    finally:
        for connection in lites:
            await _set_pragmas(connection, _LIVING)


async def _set_pragmas(connection: Any, pragmas: Mapping[str, str | int]) -> None:
    for pragma, value in pragmas.items():
        await connection.execute_query(f"PRAGMA {pragma}{value}")


async def is_empty(model: type[Row]) -> bool:
    """Whether the table has no row."""
    rows = await connections.get(_connection_name(model)).execute_query_dict(f"SELECT 1 FROM {_table(model)} LIMIT 1")
    return not rows


async def clear(models: Iterable[type[Row]]) -> None:
    """Empty the tables, outboxes first: what is told of the others stands there. MariaDB makes them anew, for deleting
    millions of rows one by one takes minutes.
    """
    for model in sorted(models, key=lambda model: not issubclass(model, OutboxRow)):
        connection = connections.get(_connection_name(model))
        verb = "DELETE FROM" if connection.capabilities.dialect == "sqlite" else "TRUNCATE TABLE"
        await connection.execute_script(f"{verb} {_table(model)}")


async def analyze(models: Iterable[type[Row]]) -> None:
    """Let the database count what its indexes hold, so that it plans by the rows that are there now."""
    for model in models:
        connection = connections.get(_connection_name(model))
        verb = "ANALYZE" if connection.capabilities.dialect == "sqlite" else "ANALYZE TABLE"
        await connection.execute_query(f"{verb} {_table(model)}")


def _connection_name(model: type[Row]) -> str:
    name = model._meta.default_connection
    if name is None:
        raise RuntimeError("the database is not open: use open_database()")
    return name


def _table(model: type[Row]) -> str:
    return model._meta.db_table


def _statement(model: type[Row], *, quote: str, mark: str) -> str:
    columns = model._meta.fields_db_projection.values()
    names = ", ".join(f"{quote}{column}{quote}" for column in columns)
    return f"INSERT INTO {quote}{_table(model)}{quote} ({names}) VALUES ({', '.join([mark] * len(columns))})"


def _row_encoder(model: type[Row], moment: Encoder) -> Callable[[Mapping[str, Any]], list[Any]]:
    names = list(model._meta.fields_db_projection)
    values_of = itemgetter(*names)
    expected = set(names)
    defaults = {name: default for name in names if (default := model._meta.fields_map[name].default) is not None}
    encoders = [
        (index, encoder)
        for index, name in enumerate(names)
        if (encoder := _encoder(model._meta.fields_map[name], moment)) is not None
    ]

    def encode(row: Mapping[str, Any]) -> list[Any]:
        whole = {**defaults, **row}
        if whole.keys() != expected:
            raise ValueError(f"{_table(model)}: wrong columns {sorted(whole.keys() ^ expected)}")
        values = list(values_of(whole))
        for index, encoder in encoders:
            if values[index] is not None:
                values[index] = encoder(values[index])
        return values

    return encode


def _encoder(field: fields.Field[Any], moment: Encoder) -> Encoder | None:
    if isinstance(field, fields.JSONField):
        dumps = field.encoder
        return lambda value: value if value.__class__ is str else dumps(value)
    if isinstance(field, fields.DatetimeField):
        return moment
    if hasattr(field, "enum_type"):
        return lambda value: value.value if isinstance(value, Enum) else value
    return None


def _sqlite_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(" ")


def _mysql_moment(value: datetime) -> datetime:
    return value.astimezone(UTC).replace(tzinfo=None)


def tables() -> list[type[Row]]:
    """Every table of the open database."""
    return [model for app in (Tortoise.apps or {}).values() for model in app.values() if issubclass(model, Row)]
