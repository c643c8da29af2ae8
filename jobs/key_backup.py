"""The backup of keys, apart from all others: what restores who is there, and never brings back who was erased.

A file of the same kind as a shop's (`jobs.backup.vessel`), with tables that no other backup holds. Keep few of these,
and not for long: until the oldest is gone, who has it and the master key could still open what an erased person's key
had sealed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from jobs.backup.reading import check, opened, rows_of
from jobs.backup.saving import write
from jobs.backup.vessel import seal_header
from kit import clock
from kit.errors import Conflict, Invalid
from kit.master_keys import MasterKeys
from models import bulk
from models.base import Row, snapshot
from models.members.privacy import APART

KEYS = "keys"
"""What such a file is a backup of."""
ROWS = 2_000
_TABLES = {model._meta.db_table: model for model in APART}
_MOMENTS = ("since", "at")


async def write_backup(path: Path, masters: MasterKeys) -> int:
    """Write every key and every erasure to a fresh file at `path`, for its owner's eyes only; how many rows.

    Raises Conflict where there is a file.
    """
    _check_fresh(path)
    header, key = await seal_header(KEYS, clock.now().isoformat(), masters)
    rows: dict[str, int] = {}
    await write(path, header, key, _pages(rows), rows)
    return sum(rows.values())


def _check_fresh(path: Path) -> None:
    if path.exists():
        raise Conflict("keys.file", "there is a file of this name already: nothing was written")


async def restore_backup(path: Path, masters: MasterKeys) -> int:
    """Bring back the rows of the file at `path` that are missing; how many rows.

    Whoever was erased since must be erased again afterwards. Raises Invalid, Refused where the file is no backup of
    keys, not as it was written, or not to be opened by the keys at hand; then nothing is written.
    """
    header, key = await opened(path, masters)
    if header.of != KEYS:
        raise Invalid("keys.backup", "this is no backup of keys: nothing was changed")
    check(path, header, key)  # all of it, before the first row is believed
    return sum([await _insert_missing(_TABLES[table], rows) for table, rows in rows_of(path, header, key)])


async def _pages(counted: dict[str, int]) -> AsyncGenerator[tuple[str, list[dict[str, Any]]]]:
    async with snapshot("members"):
        for table, model in _TABLES.items():
            counted[table], after = 0, ""
            while rows := await model.filter(id__gt=after).order_by("id").limit(ROWS).values():
                counted[table] += len(rows)
                after = rows[-1]["id"]
                yield table, msgspec.to_builtins(rows)


async def _insert_missing(model: type[Row], rows: list[dict[str, Any]]) -> int:
    there = set(await model.filter(id__in=[row["id"] for row in rows]).values_list("id", flat=True))
    missing = [row for row in rows if row["id"] not in there]
    for row in missing:
        row.update({name: datetime.fromisoformat(row[name]) for name in _MOMENTS if name in row})
    return await bulk.insert(model, missing)
