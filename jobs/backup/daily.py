"""The backup of every shop, once a day: written, brought back into a scratch database, and kept for a month."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from jobs.backup.saving import Saved, save
from jobs.backup.verifying import verify
from kit import clock
from kit.errors import MallError
from kit.master_keys import LocalMasterKeys
from kit.settings import Settings
from models import copies
from models.base import open_database
from models.migrating import make_tables

KEPT = timedelta(days=30)
"""How long files stay; a shop's newest verified one always does."""

_MOMENT = "%Y%m%dT%H%M%SZ"
"""How names of files tell time: older ones sort first."""
_ROOT = Path(__file__).parents[2]
_log = logging.getLogger("jishi.backup")


@dataclass(slots=True)
class Done:
    """What a day's round did."""

    verified: list[Saved] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Why there is no backup of a shop that can be relied on."""
    forgotten: int = 0


async def back_up_shops() -> None:
    """The timed task: `python -m jobs backup --all` in a process of its own, which takes no CPU from this one."""
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    arguments = (sys.executable, "-m", "jobs", "backup", "--all")
    process = await asyncio.create_subprocess_exec(*arguments, env={**os.environ, "PYTHONPATH": path})
    try:
        code = await process.wait()
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise
    if code:
        _log.critical("not every shop was backed up: exit code %s", code)


async def back_up_all(settings: Settings) -> Done:
    """Write the backup of every shop, verify each, drop what is old. Where one fails, the others go on."""
    masters, done, saved = LocalMasterKeys(settings.master_keys), Done(), []
    settings.backups.mkdir(parents=True, exist_ok=True)
    async with open_database(settings):
        for shop_id in await copies.shop_ids():
            try:
                saved.append(await save(shop_id, file_for(settings, shop_id), masters))
            except (MallError, OSError) as error:
                done.failed[shop_id] = str(error)
    async with scratch_database(settings):
        for one in saved:
            try:
                await verify(one.file, masters)
            except MallError as error:
                done.failed[one.shop_id] = error.message
            else:
                done.verified.append(one)
                done.forgotten += _forget(one)
    return done


def file_for(settings: Settings, shop_id: str) -> Path:
    """Where a backup of the shop that is made now goes."""
    return settings.backups / f"{shop_id}-{clock.now():{_MOMENT}}.backup"


def _forget(newest: Saved) -> int:
    """Drop the shop's files that are too old, now that there is a newer one; and what a kill left half written."""
    oldest = f"{clock.now() - KEPT:{_MOMENT}}"
    old = [
        path
        for path in newest.file.parent.glob(f"*{newest.shop_id}-*")
        if path != newest.file and path.name.lstrip(".").removeprefix(f"{newest.shop_id}-") < oldest
    ]
    for path in old:
        path.unlink()
    return len(old)


@asynccontextmanager
async def scratch_database(settings: Settings) -> AsyncIterator[None]:
    """An empty database of SQLite, open for the time of the block. The mall's own must not be open in this process."""
    with TemporaryDirectory(prefix="jishi-verify-") as folder:
        scratch = replace(settings, database_url=f"sqlite://{folder}/mall.db", application_database_url=None)
        async with open_database(scratch):
            await make_tables()
            yield
