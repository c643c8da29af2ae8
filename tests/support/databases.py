"""A fresh database for each test: a copy of a template that is migrated, and seeded, once per process."""

from __future__ import annotations

import asyncio
import contextvars
import os
import shutil
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiomysql
import orjson

from jobs.seed import seed
from kit.settings import DOMAINS, Settings
from models.base import open_database, tortoise_config
from models.migrating import migrate
from tests.support.moments import NOON
from tests.support.statements import models_of

PERSONAS = "personas.json"


DEVELOPMENT = {"JISHI_ENV": "development"}


def mysql_url() -> str | None:
    """The server that `make test-services` names, or None where tests run on SQLite."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("mysql:") else None


def mysql_name() -> str:
    """The name in the server's address, with which the names of our schemas begin."""
    return urlsplit(mysql_url() or "").path.strip("/") or "jishi_test"


def apart(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end on a loop of its own, in a thread of its own: Tortoise's state there stays there."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(contextvars.Context().run, asyncio.run, work).result()


def sqlite_settings(path: Path) -> Settings:
    return Settings.read({"DATABASE_URL": f"sqlite://{path}", "JISHI_HOME": str(path.parent), **DEVELOPMENT})


def mysql_settings(prefix: str, home: Path) -> Settings:
    """The schemas `prefix_<domain>` of the server; whatever schema its address names is left alone."""
    url = mysql_url()
    assert url is not None
    named = urlunsplit(urlsplit(url)._replace(path=f"/{prefix}"))
    chosen = {name: value for name, value in os.environ.items() if name == "MYSQL_DRIVER"}
    return Settings.read({"DATABASE_URL": named, "JISHI_HOME": str(home), **DEVELOPMENT, **chosen})


def migrated_file(path: Path) -> Path:
    apart(migrate(sqlite_settings(path)))
    return path


async def seeded(settings: Settings) -> None:
    """Fill a migrated database with the tiny mall of NOON, and write who its people are beside it."""
    async with open_database(settings):
        made = await seed("tiny", anchor=NOON)
    people = orjson.dumps([person.as_json() for person in made.personas])
    settings.home.joinpath(PERSONAS).write_bytes(people)


def copied(template: Path, folder: Path) -> Settings:
    """A copy of the SQLite file `template` in `folder`. The template is closed, so its write-ahead log is merged."""
    if (people := template.parent / PERSONAS).exists():
        shutil.copyfile(people, folder / PERSONAS)
    return sqlite_settings(Path(shutil.copyfile(template, folder / "mall.db")))


async def fill(settings: Settings, template: Settings | None) -> None:
    """Make each table of a MariaDB database equal to `template`'s, or empty; its people come along.

    DELETE, not TRUNCATE: on the few rows of a test it is 50 times faster, for it drops no file.
    """
    async with mysql_cursor(settings) as cursor:
        for domain in DOMAINS:
            for model in models_of(domain):
                await cursor.execute(f"DELETE FROM {mysql_table(settings, domain, model)}")
                if template:
                    source = mysql_table(template, domain, model)
                    await cursor.execute(f"INSERT INTO {mysql_table(settings, domain, model)} SELECT * FROM {source}")
    if template:
        shutil.copyfile(template.home / PERSONAS, settings.home / PERSONAS)


async def migrated_schemas(settings: Settings) -> None:
    """Make the schemas of a MariaDB database anew: an earlier run may have left an older form of them."""
    async with mysql_cursor(settings) as cursor:
        for domain in DOMAINS:
            await cursor.execute(f"SHOW DATABASES LIKE '{_schema(settings, domain)}'")
            if await cursor.fetchall():
                await cursor.execute(f"DROP DATABASE `{_schema(settings, domain)}`")
    await migrate(settings)


@asynccontextmanager
async def mysql_cursor(settings: Settings) -> AsyncIterator[aiomysql.Cursor]:
    """A cursor of the server itself, past the ORM."""
    config = tortoise_config(settings)["connections"]["content"]["credentials"]
    names = {"host", "port", "user", "password"}
    server = await aiomysql.connect(**{name: value for name, value in config.items() if name in names}, autocommit=True)
    try:
        async with server.cursor() as cursor:
            yield cursor
    finally:
        server.close()


def mysql_table(settings: Settings, domain: str, model: Any) -> str:
    """The table's full name."""
    return f"`{_schema(settings, domain)}`.`{model._meta.db_table}`"


def _schema(settings: Settings, domain: str) -> str:
    name: str = tortoise_config(settings)["connections"][domain]["credentials"]["database"]
    return name
