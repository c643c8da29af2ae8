"""A unit of work happens whole or not at all, also beside other processes."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from kit.settings import Settings
from models.base import open_database, snapshot, unit_of_work
from models.orders.stock import Quota
from tests.support.databases import DEVELOPMENT

ROOT = Path(__file__).parents[2]
ROUNDS = 50
TAKE_ONE_BY_ONE = f"""
import asyncio
from kit.settings import Settings
from models.base import open_database, unit_of_work
from models.orders.stock import Quota

async def main():
    async with open_database(Settings.read()):
        for _ in range({ROUNDS}):
            async with unit_of_work("orders"):
                quota = await Quota.filter(id="pit_1").select_for_update().get()
                await asyncio.sleep(0.001)
                quota.taken += 1
                await quota.save()

asyncio.run(main())
"""


async def quota() -> Quota:
    return await Quota.create(id="pit_1", shop_id="shp_1", total=1_000, taken=0)


async def test_a_failed_unit_leaves_nothing(database: Settings) -> None:
    async def fail() -> None:
        async with unit_of_work("orders"):
            await Quota.filter(id="pit_1").update(taken=7)
            raise ZeroDivisionError

    await quota()
    with pytest.raises(ZeroDivisionError):
        await fail()
    assert (await Quota.get(id="pit_1")).taken == 0


async def test_two_processes_that_read_and_write_wait_for_each_other(empty_mall: Settings) -> None:
    async with open_database(empty_mall):
        await quota()
    environment = {**os.environ, "DATABASE_URL": empty_mall.database_url, "PYTHONPATH": str(ROOT), **DEVELOPMENT}
    takers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", TAKE_ONE_BY_ONE, env=environment) for _ in range(2)
    ]
    assert [await taker.wait() for taker in takers] == [0, 0]
    async with open_database(empty_mall):
        assert (await Quota.get(id="pit_1")).taken == 2 * ROUNDS


WRITE = """
import asyncio
from kit.settings import Settings
from models.base import open_database, unit_of_work
from models.orders.stock import Quota

async def main():
    async with open_database(Settings.read()), unit_of_work("orders"):
        await Quota.filter(id="pit_1").update(taken=7)

asyncio.run(main())
"""


async def test_a_snapshot_shows_one_moment_and_nobody_waits_for_it(empty_mall: Settings) -> None:
    environment = {**os.environ, "DATABASE_URL": empty_mall.database_url, "PYTHONPATH": str(ROOT), **DEVELOPMENT}
    async with open_database(empty_mall):
        await quota()
        async with snapshot("orders"):
            assert (await Quota.get(id="pit_1")).taken == 0
            writer = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITE, env=environment)
            assert await writer.wait() == 0
            assert (await Quota.get(id="pit_1")).taken == 0
        assert (await Quota.get(id="pit_1")).taken == 7
