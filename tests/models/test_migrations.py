"""Migrations make the tables that the models declare, with every index: SQLite's tables lose theirs when remade."""

from __future__ import annotations

from typing import Any

import pytest
from tortoise import connections
from tortoise.indexes import Index

from kit.settings import DOMAINS, Settings
from models.base import connection_name
from models.shops.tables import Shop
from tests.factories import shops as make
from tests.support.databases import mysql_url
from tests.support.statements import models_of


def declared(model: Any) -> set[tuple[str, ...]]:
    """The columns of every index and unique constraint that a model declares, but its primary key."""
    meta = model._meta
    single = {(name,) for name, one in meta.fields_map.items() if (one.index or one.unique) and not one.pk}
    several = {tuple(one.fields) if isinstance(one, Index) else tuple(one) for one in meta.indexes}
    return single | several | {tuple(together) for together in meta.unique_together}


async def standing(domain: str, table: str) -> set[tuple[str, ...]]:
    """The columns of every index that stands."""
    connection = connections.get(connection_name(domain))
    found: dict[str, list[str]] = {}
    if connection.capabilities.dialect == "sqlite":
        for index in await connection.execute_query_dict(f'PRAGMA index_list("{table}")'):
            columns = await connection.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
            found[index["name"]] = [column["name"] for column in columns]
    else:
        for row in await connection.execute_query_dict(f"SHOW INDEX FROM `{table}`"):
            found.setdefault(row["Key_name"], []).append(row["Column_name"])
    return {tuple(columns) for columns in found.values()}


@pytest.mark.parametrize("domain", DOMAINS)
async def test_every_declared_index_stands(database: Settings, domain: str) -> None:
    missing = {
        model._meta.db_table: lost
        for model in models_of(domain)
        if (lost := declared(model) - await standing(domain, model._meta.db_table))
    }
    assert missing == {}


async def test_texts_that_differ_in_case_are_different(database: Settings) -> None:
    for id in ("shp_Aa", "shp_aA"):
        await make.shop(id=id)
    assert await Shop.filter(id="shp_AA").count() == 0
    assert (await Shop.get(id="shp_aA")).id == "shp_aA"


async def test_every_table_of_mariadb_compares_exactly(database: Settings) -> None:
    if mysql_url() is None:
        pytest.skip("SQLite compares exactly by itself")
    asked = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND collation_name <> %s"
    )
    for domain in DOMAINS:
        columns = await connections.get(connection_name(domain)).execute_query_dict(asked, ["utf8mb4_bin"])
        assert columns == [], domain
