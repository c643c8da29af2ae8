"""Brings the database to its newest form: schemas, tables, and what keeps append-only tables so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiomysql
from tortoise import Tortoise, connections
from tortoise.migrations.api import migrate as run_migrations

from kit.settings import Settings
from models.base import open_database, tortoise_config
from models.protection import protect


async def migrate(settings: Settings) -> None:
    """Bring the tables of every domain to their newest form, and protect them.

    In MariaDB each domain's schema is made first, and the mall's own user gets what it may do. Raises ValueError where
    the settings name that user wrongly, and Refused where the server lets it do more.
    """
    config = tortoise_config(settings)
    servers = [one["credentials"] for one in config["connections"].values() if one["engine"] == "models.mysql"]
    for credentials in servers:
        await _create_schema(credentials)
    try:
        await run_migrations(config=config)
    finally:  # an open connection's thread would keep a failed command from ending
        await connections.close_all()
    for credentials in servers:
        await _compare_exactly(credentials)
    async with open_database(settings):
        await protect(settings)


async def make_tables() -> None:
    """The tables of the open database, which has none, as the models have them: at once, without their history."""
    await Tortoise.generate_schemas()


async def _create_schema(credentials: dict[str, Any]) -> None:
    async with _cursor(credentials) as cursor:
        await cursor.execute("SHOW DATABASES LIKE %s", (credentials["database"],))
        if not await cursor.fetchall():
            await cursor.execute(f"CREATE DATABASE `{credentials['database']}` COLLATE utf8mb4_bin")


async def _compare_exactly(credentials: dict[str, Any]) -> None:
    """Let tables compare texts as SQLite does: tortoise makes them so that `A` equals `a`, in ids and codes too."""
    async with _cursor(credentials) as cursor:
        await cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type = 'BASE TABLE'"
            " AND table_collation <> 'utf8mb4_bin'",
            (credentials["database"],),
        )
        for (table,) in await cursor.fetchall():
            name = f"`{credentials['database']}`.`{table}`"
            await cursor.execute(f"ALTER TABLE {name} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")


@asynccontextmanager
async def _cursor(credentials: dict[str, Any]) -> AsyncIterator[aiomysql.Cursor]:
    names = {"host", "port", "user", "password"}
    server = await aiomysql.connect(**{name: value for name, value in credentials.items() if name in names})
    try:
        async with server.cursor() as cursor:
            yield cursor
    finally:
        server.close()
