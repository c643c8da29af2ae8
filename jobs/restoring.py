"""Keys and erasures around a restore, as commands."""

from __future__ import annotations

from pathlib import Path

from jobs import erasures, key_backup
from kit.master_keys import LocalMasterKeys
from kit.settings import Settings
from models.base import open_database


async def replay_erasures(settings: Settings, journal: Path) -> str:
    """Erase again everybody who ever was."""
    async with open_database(settings):
        touched = await erasures.replay(journal)
    persons = touched.pop("persons")
    rows = ", ".join(f"{domain} {count}" for domain, count in sorted(touched.items()))
    return f"erased {persons} persons again; rows touched: {rows}"


async def backup_keys(settings: Settings, path: Path) -> str:
    """Write the backup of keys. Raises Conflict."""
    async with open_database(settings, ["members"]):
        rows = await key_backup.write_backup(path, LocalMasterKeys(settings.master_keys))
    return f"wrote {rows} rows of keys and erasures to {path}"


async def restore_keys(settings: Settings, path: Path) -> str:
    """Bring keys back, and erase again who was erased since the backup. Raises Invalid, Refused."""
    async with open_database(settings, ["members"]):
        rows = await key_backup.restore_backup(path, LocalMasterKeys(settings.master_keys))
    return f"restored {rows} rows; {await replay_erasures(settings, settings.erasure_journal)}"
