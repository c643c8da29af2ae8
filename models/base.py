"""What every table has, how the database is opened, and what commits together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import aiomysql
from tortoise import Tortoise, connections, fields
from tortoise.migrations.api import migrate as run_migrations
from tortoise.models import Model
from tortoise.transactions import in_transaction

from kit.ids import ID_LENGTH
from kit.settings import DOMAINS, Settings
from models import MODULES

BUSY_MILLISECONDS = 10_000
"""How long a SQLite connection waits for another process's write."""

# Text compares by code point, as in SQLite, so that equal queries sort equally on both. Notes are switched off: drivers
# raise them as warnings, and a second migration would bring one for each table that stands already.
_MYSQL_SESSION = "SET time_zone='+00:00', collation_connection='utf8mb4_bin', sql_notes=0"


def IdField(**options: Any) -> Any:
    """A column that holds an id, here or in another domain."""
    return fields.CharField(max_length=ID_LENGTH, **options)


class Row(Model):
    """A table's row under an id of ours."""

    id = IdField(primary_key=True)

    class Meta:
        abstract = True


class OutboxRow(Row):
    """A fact that waits to be told; it commits with the change that it tells of."""

    kind = fields.CharField(max_length=40)
    body = fields.JSONField[dict[str, Any]]()
    at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True, db_index=True)

    class Meta:
        abstract = True


class HeardRow(Row):
    """A fact that a reaction of this domain has already followed: facts may come twice. Its id is fact and reaction."""

    id = fields.CharField(max_length=100, primary_key=True)
    at = fields.DatetimeField()

    class Meta:
        abstract = True


def tortoise_config(settings: Settings) -> dict[str, Any]:
    """Tortoise's configuration: one app per domain, one connection in SQLite, one schema per domain in MariaDB."""
    apps = {
        domain: {
            "models": list(MODULES[domain]),
            "default_connection": _alias(settings, domain),
            "migrations": f"models.migrations.{domain}",
        }
        for domain in DOMAINS
    }
    aliases = {_alias(settings, domain): _connection(settings, domain) for domain in DOMAINS}
    return {"connections": aliases, "apps": apps, "use_tz": True, "timezone": "UTC"}


def _alias(settings: Settings, domain: str) -> str:
    return "mall" if settings.database_url.startswith("sqlite:") else domain


def _connection(settings: Settings, domain: str) -> dict[str, Any]:
    url = urlsplit(settings.database_url)
    if url.scheme == "sqlite":
        path = settings.database_url.removeprefix("sqlite://")
        pragmas = {"busy_timeout": BUSY_MILLISECONDS, "synchronous": "NORMAL"}
        return {"engine": "models.sqlite", "credentials": {"file_path": path, **pragmas}}
    return {
        "engine": "tortoise.backends.mysql",
        "credentials": {
            "host": url.hostname,
            "port": url.port or 3306,
            "user": unquote(url.username or "root"),
            "password": unquote(url.password or ""),
            "database": f"{url.path.strip('/')}_{domain}",
            "init_command": _MYSQL_SESSION,
            "minsize": 1,
            "maxsize": 10,
            "pool_recycle": 3600,
        },
    }


@asynccontextmanager
async def open_database(settings: Settings, domains: Iterable[str] = DOMAINS) -> AsyncIterator[None]:
    """Connect the tables of `domains` for the time of the block, for every task of the process."""
    config = tortoise_config(settings)
    config["apps"] = {domain: config["apps"][domain] for domain in domains}
    used = {app["default_connection"] for app in config["apps"].values()}
    config["connections"] = {alias: config["connections"][alias] for alias in used}
    context = await Tortoise.init(config=config, _enable_global_fallback=True)
    try:
        yield
    finally:
        await context.close_connections()


def connection_name(domain: str) -> str:
    if Tortoise.apps is None:
        raise RuntimeError("the database is not open: use open_database()")
    model: type[Model] = next(iter(Tortoise.apps[domain].values()))
    name = model._meta.default_connection
    assert name is not None
    return name


@asynccontextmanager
async def unit_of_work(domain: str) -> AsyncIterator[None]:
    """One transaction of one domain: all of it happens, or nothing. No network call inside."""
    async with in_transaction(connection_name(domain)):
        yield


async def migrate(settings: Settings) -> None:
    """Bring the tables of every domain to their newest form; in MariaDB, make each domain's schema first."""
    config = tortoise_config(settings)
    for connection in config["connections"].values():
        if connection["engine"] == "tortoise.backends.mysql":
            await _create_schema(connection["credentials"])
    await run_migrations(config=config)
    await connections.close_all()


async def _create_schema(credentials: dict[str, Any]) -> None:
    names = {"host", "port", "user", "password"}
    server = await aiomysql.connect(**{name: value for name, value in credentials.items() if name in names})
    try:
        async with server.cursor() as cursor:
            await cursor.execute("SHOW DATABASES LIKE %s", (credentials["database"],))
            if not await cursor.fetchall():
                await cursor.execute(f"CREATE DATABASE `{credentials['database']}` COLLATE utf8mb4_bin")
    finally:
        server.close()
