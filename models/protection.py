"""Append-only in the database itself, whatever a process of the mall tries: triggers in SQLite, grants in MariaDB.

In MariaDB migrations and the mall run as different users. The mall's may read and insert into every table, and change
and delete in those that are not append-only; no table may it alter, empty or drop.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise import Tortoise, connections
from tortoise.exceptions import OperationalError

from kit.errors import Refused
from kit.settings import DOMAINS, Settings
from models.base import AppendOnlyRow, Row, connection_name, unit_of_work

_REFUSALS = {
    "update": "BEFORE UPDATE ON {table}",
    "delete": "BEFORE DELETE ON {table}",
    # INSERT OR REPLACE deletes without asking triggers of deletion
    "replace": "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)",
}

_READ_AND_ADD = frozenset({"SELECT", "INSERT"})
_CHANGE = _READ_AND_ADD | {"UPDATE", "DELETE"}


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the database server."""

    name: str
    password: str

    @classmethod
    def of(cls, database_url: str) -> Account:
        """The user whom a `mysql://` address names. Raises ValueError where it names none, or no password."""
        url = urlsplit(database_url)
        if url.scheme != "mysql" or not url.username or not url.password:
            raise ValueError("APPLICATION_DATABASE_URL must be mysql://USER:PASSWORD@HOST:PORT/PREFIX")
        return cls(unquote(url.username), unquote(url.password))


def append_only(domain: str) -> list[str]:
    """The names of a domain's tables whose rows are written once."""
    return [model._meta.db_table for model in _tables(domain) if issubclass(model, AppendOnlyRow)]


def _tables(domain: str) -> Iterable[type[Row]]:
    return [model for model in (Tortoise.apps or {})[domain].values() if issubclass(model, Row)]


async def protect(settings: Settings) -> None:
    """Make the open database refuse what its append-only tables forbid. A second time changes nothing."""
    if _is_sqlite(DOMAINS[0]):
        for domain in DOMAINS:
            await _set_triggers(domain)
    elif settings.application_database_url:
        await _grant(Account.of(settings.application_database_url))


def _is_sqlite(domain: str) -> bool:
    return bool(connections.get(connection_name(domain)).capabilities.dialect == "sqlite")


async def _set_triggers(domain: str) -> None:
    connection = connections.get(connection_name(domain))
    for table in append_only(domain):
        for name, when in _REFUSALS.items():
            refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
            head = f"CREATE TRIGGER IF NOT EXISTS {table}_no_{name} {when.format(table=table)}"
            await connection.execute_query(f"{head} BEGIN {refusal}; END")


@asynccontextmanager
async def lifted(domain: str) -> AsyncIterator[None]:
    """One transaction in which rows of the append-only tables may be deleted: for what is archived.

    In MariaDB nothing is lifted: whoever runs this must be the user of the migrations.
    """
    async with unit_of_work(domain):
        if not _is_sqlite(domain):
            yield
            return
        connection = connections.get(connection_name(domain))
        for table in append_only(domain):
            await connection.execute_query(f"DROP TRIGGER IF EXISTS {table}_no_delete")
        yield
        await _set_triggers(domain)


async def may_delete(domain: str) -> bool:
    """Whether the database's user may take rows out of append-only tables at all."""
    try:
        for table in append_only(domain):
            await connections.get(connection_name(domain)).execute_query(f"DELETE FROM {table} WHERE 1 = 0")
    except OperationalError:
        return False
    return True


async def _grant(account: Account) -> None:
    """Make the user where there is none, with this password, and let it do what the mall does and no more."""
    server = connections.get(connection_name(DOMAINS[0]))
    user = f"{_quoted(account.name)}@'%'"
    await server.execute_script(f"CREATE USER IF NOT EXISTS {user}")
    await server.execute_script(f"ALTER USER {user} IDENTIFIED BY {_quoted(account.password)}")
    await _check_reach(server, account)
    for domain in DOMAINS:
        for model in _tables(domain):
            await _grant_table(server, account, await _schema(domain), model)


async def _grant_table(server: Any, account: Account, schema: str, model: type[Row]) -> None:
    """Let the account do with a table what it should, and take from it whatever else it may do there."""
    table, user = model._meta.db_table, f"{_quoted(account.name)}@'%'"
    wanted = _READ_AND_ADD if issubclass(model, AppendOnlyRow) else _CHANGE
    await server.execute_script(f"GRANT {', '.join(sorted(wanted))} ON `{schema}`.`{table}` TO {user}")
    held = await server.execute_query_dict(
        "SELECT privilege_type AS held FROM information_schema.table_privileges"
        " WHERE grantee = %s AND table_schema = %s AND table_name = %s",
        [f"'{account.name}'@'%'", schema, table],
    )
    if excess := {row["held"] for row in held} - wanted:
        await server.execute_script(f"REVOKE {', '.join(sorted(excess))} ON `{schema}`.`{table}` FROM {user}")


async def _check_reach(server: Any, account: Account) -> None:
    """Raises Refused where the account may do to whole schemas, or anywhere, what it may not do to a table."""
    grantee = f"'{account.name}'@'%'"
    found = await server.execute_query_dict(
        "SELECT privilege_type AS held FROM information_schema.user_privileges WHERE grantee = %s"
        " UNION SELECT privilege_type FROM information_schema.schema_privileges WHERE grantee = %s",
        [grantee, grantee],
    )
    if excess := sorted({row["held"] for row in found} - _READ_AND_ADD - {"USAGE"}):
        raise Refused(
            "application_user.powerful",
            f"{account.name} may {', '.join(excess)} beyond single tables: revoke that, or name a user of its own",
        )


async def _schema(domain: str) -> str:
    rows = await connections.get(connection_name(domain)).execute_query_dict("SELECT DATABASE() AS name")
    return str(rows[0]["name"])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
