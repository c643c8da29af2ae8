"""A mall of two shops to back up: all rows of it, and the loss of one shop's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jobs.backup.saving import save
from kit.master_keys import LocalMasterKeys
from kit.settings import DEMO_MASTER_KEYS, DOMAINS
from models import copies
from models.belonging import Compared
from models.orders.group import GroupPlace
from tests.factories import content
from tests.support import world
from tests.support.moments import NOON
from tests.support.statements import models_of

MASTERS = LocalMasterKeys(DEMO_MASTER_KEYS)
OF_A = 42
"""Rows that come back of the one shop."""


async def build() -> None:
    """Fill an empty mall."""
    await world.build()
    for side in world.SIDES:
        await GroupPlace.create(id=f"gpl_{side}", group_id=f"grp_{side}", member_id="mbr_a", seat=1, taken_at=NOON)
        await content.video(id=f"vid_{side}_of_nobody", shop_id=f"shp_{side}", author_id=None)


async def saved(folder: Path, shop_id: str = "shp_a") -> Path:
    """Fill an empty mall, and back up one shop of it."""
    await build()
    return (await save(shop_id, folder / "shop.backup", MASTERS)).file


async def everything() -> dict[str, dict[str, Any]]:
    """Every row of the mall, by table and id, but for news, waiting ids and the record of the backup itself."""
    passed = ("_outbox", "_unsealed", "_audit")
    models = [model for domain in DOMAINS for model in models_of(domain)]
    return {
        model._meta.db_table: {str(row[model._meta.pk_attr]): row for row in await model.all().values()}
        for model in models
        if not model._meta.db_table.endswith(passed)
    }


async def rows_of_shop(table: copies.Table, shop_id: str = "shp_a") -> list[copies.Plain]:
    """All rows of the shop in a table."""
    return await copies.page(table, shop_id, "", 10_000)


async def destroy(shop_id: str = "shp_a") -> int:
    """Delete every row of the shop that a restore brings back; how many they were."""
    gone = 0
    for domain in DOMAINS:
        for table in reversed([*copies.tables_of(domain)]):
            if not isinstance(table.belonging, Compared):
                ids = [row["id"] for row in await rows_of_shop(table, shop_id)]
                gone += await table.model.filter(id__in=ids).delete()
    return gone
