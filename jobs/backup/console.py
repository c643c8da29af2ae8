"""Backup, restore and verification of shops as commands, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from jobs.backup.daily import Done, file_for, scratch_database
from jobs.backup.restoring import Restored, restore
from jobs.backup.saving import save
from jobs.backup.verifying import verify
from kit.master_keys import LocalMasterKeys
from kit.settings import Settings
from models.base import open_database


async def back_up(settings: Settings, shop_id: str, to: Path | None) -> str:
    """Write a shop's backup to `to`, or into the folder of backups. Raises NotFound."""
    path = to or file_for(settings, shop_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    async with open_database(settings):
        done = await save(shop_id, path, LocalMasterKeys(settings.master_keys))
    return f"{sum(done.rows.values()):,} rows of {shop_id} into {path}"


def told_of_all(done: Done) -> str:
    """What a person reads of a day's round: a line for each shop."""
    lines = [f"{sum(one.rows.values()):,} rows of {one.shop_id} into {one.file}, verified" for one in done.verified]
    lines += [f"{shop_id} FAILED: {problem}" for shop_id, problem in done.failed.items()]
    shops = len(done.verified) + len(done.failed)
    return "\n".join([*lines, f"{len(done.verified):,} of {shops:,} shops; {done.forgotten:,} old files are gone"])


async def bring_back(settings: Settings, shop_id: str, file: Path, *, overwrite: bool) -> str:
    """Bring a shop's rows back from `file`. Raises what `restore` raises."""
    async with open_database(settings):
        done = await restore(shop_id, file, LocalMasterKeys(settings.master_keys), overwrite=overwrite)
    return _told(done)


def _told(done: Restored) -> str:
    lines = []
    for table, counts in done.tables.items():
        parts = [f"{count:,} {part.name}" for part in fields(counts) if (count := getattr(counts, part.name))]
        lines.append(f"{table}: {', '.join(parts)}")
    if done.erased:
        lines.append(f"{len(done.erased):,} persons were erased since the backup, and are erased again")
    return "\n".join(lines)


async def verify_all(settings: Settings, files: Sequence[Path]) -> str:
    """Bring each file back into a scratch database of its own. Raises what `verify` raises."""
    lines = []
    for path in files:
        async with scratch_database(settings):
            rows = await verify(path, LocalMasterKeys(settings.master_keys))
        lines.append(f"{path}: all {sum(rows.values()):,} rows come back as they are in the file")
    return "\n".join(lines)
