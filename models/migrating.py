"""Brings the database to its newest form: schemas, tables, and what keeps append-only tables so."""

from __future__ import annotations

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
    for connection in config["connections"].values():
        if connection["engine"] == "models.mysql":
            await _create_schema(connection["credentials"])
    try:
        await run_migrations(config=config)
    finally:  # an open connection's thread would keep a failed command from ending
        await connections.close_all()
    async with open_database(settings):
        await protect(settings)


async def make_tables() -> None:
    """The tables of the open database, which has none, as the models have them: at once, without their history."""
    await Tortoise.generate_schemas()


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
