"""A restore that is killed leaves nothing half done in any domain; where domains commit apart, the next one resumes."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from jobs.backup.restoring import restore
from kit.settings import DOMAINS, Settings
from models.audit import trail_of
from models.base import open_database
from tests.jobs.backup.shops import MASTERS, OF_A, destroy, everything, saved
from tests.support.servers import environment_of
from tests.support.statements import models_of

ROOT = Path(__file__).parents[3]
DEADLY = """
import os, signal, sys
from contextlib import asynccontextmanager
from jobs.__main__ import main
from jobs.backup import restoring

unit_of_work, bring, moment = restoring.unit_of_work, restoring._bring, sys.argv.pop(1)

@asynccontextmanager
async def deadly_unit(domain):
    async with unit_of_work(domain):
        yield
    die_at("after " + domain)

async def deadly_bring(table, *given, **more):
    await bring(table, *given, **more)
    die_at("in " + table.name)

def die_at(here):
    if here == moment:
        os.kill(os.getpid(), signal.SIGKILL)

restoring.unit_of_work, restoring._bring = deadly_unit, deadly_bring
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("moment", "domains"),
    [
        ("in entry", ()),
        ("after content", ("content",)),
        ("after products", ("content", "members", "orders", "products")),
    ],
)
async def test_what_a_kill_leaves(empty_mall: Settings, tmp_path: Path, moment: str, domains: tuple[str, ...]) -> None:
    async with open_database(empty_mall):
        file = await saved(tmp_path)
        whole = await everything()
        await destroy()
        lost = await everything()
    restore_ = (moment, "restore", "--shop", "shp_a", str(file))
    environment = {**environment_of(empty_mall), "PYTHONPATH": str(ROOT)}
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", DEADLY, *restore_, env=environment)
    assert await asyncio.wait_for(killed.wait(), 60) == -signal.SIGKILL
    async with open_database(empty_mall):
        left = await everything()
        apart = empty_mall.database_url.startswith("mysql:")
        committed = {table for domain in domains if apart for table in tables_of(domain)}
        assert left == {table: (whole if table in committed else lost)[table] for table in whole}
        assert not await trail_of("shops").filter(act="shop.restored").exists(), "it is on record when it is done"
        done = await restore("shp_a", file, MASTERS)
        assert await everything() == whole
        back = sum(counts.inserted for counts in done.tables.values())
        assert back < OF_A if committed else back == OF_A


def tables_of(domain: str) -> set[str]:
    assert domain in DOMAINS
    return {model._meta.db_table for model in models_of(domain)}
