"""What every table has, how the database is opened, and what commits together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from tortoise import Tortoise, fields
from tortoise.connection import get_connections
from tortoise.models import Model
from tortoise.transactions import in_transaction

from kit import fingerprint
from kit.cache import apart
from kit.changes import announce
from kit.ids import ID_LENGTH
from kit.settings import DOMAINS, Settings
from models import MODULES
from models.changes import Told, watch

PAGE_CACHE_KILOBYTES = 65_536
"""SQLite's own 2 MB hold the indexes of a small mall only."""
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

    told_by: ClassVar[tuple[str, ...]] = ()
    """The columns by which caches know its rows, and changes are told; none where no cache holds anything of it."""

    untold: ClassVar[tuple[str, ...]] = ()
    """Columns that follow from facts, such as units sold: caches may show them a second late, and are not told."""

    id = IdField(primary_key=True)

    class Meta:
        abstract = True


class AppendOnlyRow(Row):
    """A row that is written once: databases refuse to change or delete it (`models.protection`)."""

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


class RecallRow(Row):
    """Tokens of a session, or of a person, were called back, `rcl_`: those made until then do not hold. It is forgotten
    when no token of then can be left."""

    subject = IdField()
    at = fields.DatetimeField(db_index=True)

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


_ALL = "mall"
"""The connection of all domains, where they share one."""


def _alias(settings: Settings, domain: str) -> str:
    return _ALL if settings.database_url.startswith("sqlite:") else domain


def _connection(settings: Settings, domain: str) -> dict[str, Any]:
    url = urlsplit(settings.database_url)
    if url.scheme == "sqlite":
        path = settings.database_url.removeprefix("sqlite://")
        pragmas = {"busy_timeout": BUSY_MILLISECONDS, "synchronous": "NORMAL", "cache_size": -PAGE_CACHE_KILOBYTES}
        return {"engine": "models.sqlite", "credentials": {"file_path": path, **pragmas}}
    return {
        "engine": "models.mysql",
        "credentials": {
            "host": url.hostname,
            "port": url.port or 3306,
            "user": unquote(url.username or "root"),
            "password": unquote(url.password or ""),
            "database": f"{url.path.strip('/')}_{domain}",
            "init_command": _MYSQL_SESSION,
            "maxsize": 10,
            "driver": settings.mysql_driver,
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
    fingerprint.use(settings.fingerprint_key)
    watch(_told_tables())
    try:
        yield
    finally:
        await context.close_connections()


def _told_tables() -> dict[str, Told]:
    models = ((domain, model) for domain, models in (Tortoise.apps or {}).items() for model in models.values())
    return {
        model._meta.db_table: Told(domain, model.told_by, frozenset(model.untold))
        for domain, model in models
        if issubclass(model, Row) and model.told_by
    }


def connection_name(domain: str) -> str:
    """What Tortoise calls the connection to a domain's tables. Raises RuntimeError outside of `open_database()`."""
    return domain if domain in get_connections().db_config else _ALL


def connection_of(domain: str) -> Any:
    """The connection to a domain's tables; inside a unit of work that of its transaction."""
    known = get_connections()
    return known.get(domain if domain in known.db_config else _ALL)


@asynccontextmanager
async def unit_of_work(domain: str) -> AsyncIterator[None]:
    """One transaction of one domain: all of it happens, or nothing. No network call inside.

    After it no cache of any process shows what was before, but for those that are off by then (`kit.changes`).
    """
    async with in_transaction(connection_name(domain)) as connection:
        with apart():
            yield
    await announce(getattr(connection, "committed", ()))


@asynccontextmanager
async def snapshot(domain: str) -> AsyncIterator[None]:
    """Reads of one domain as of one moment; nobody waits for them. Not inside of a unit of work."""
    async with connection_of(domain).in_snapshot():
        with apart():
            yield
