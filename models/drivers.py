"""The drivers that speak to MariaDB and MySQL: asyncmy, in C, and aiomysql, which needs no compiler (ADR 0010)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import aiomysql

FASTEST_FIRST = ("asyncmy", "aiomysql")


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver: how it connects, what it raises, and which of its connections can take a statement."""

    name: str
    connect: Callable[..., Awaitable[Any]]
    error: type[Exception]
    """What every error of the server and of the connection is."""
    integrity_error: type[Exception]
    """The server refused a row: a key is taken, a reference leads nowhere."""
    usable: Callable[[Any], bool]


def driver(name: str | None) -> Driver:
    """The driver of that name; for None the fastest that is installed. Raises ValueError, ModuleNotFoundError."""
    chosen = name or next(known for known in FASTEST_FIRST if find_spec(known))
    if chosen not in _DRIVERS:
        raise ValueError(f"MYSQL_DRIVER must be one of {', '.join(FASTEST_FIRST)}, not {chosen}")
    return _DRIVERS[chosen]()


def _aiomysql() -> Driver:
    return Driver("aiomysql", aiomysql.connect, aiomysql.Error, aiomysql.IntegrityError, _aiomysql_usable)


def _aiomysql_usable(connection: Any) -> bool:
    reader = connection._reader
    if connection.closed or connection.get_transaction_status():
        return False
    return not (reader.at_eof() or reader.exception() or reader.eof_received)


def _asyncmy() -> Driver:
    # Not every machine has it: it is looked up by its name where it is wanted.
    asyncmy, errors = import_module("asyncmy"), import_module("asyncmy.errors")
    return Driver("asyncmy", asyncmy.connect, errors.Error, errors.IntegrityError, _asyncmy_usable)


def _asyncmy_usable(connection: Any) -> bool:
    return not (connection._stream_broken or connection.get_transaction_status())


_DRIVERS: Mapping[str, Callable[[], Driver]] = {"asyncmy": _asyncmy, "aiomysql": _aiomysql}
