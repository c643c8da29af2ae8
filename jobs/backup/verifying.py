"""Proves that a backup can be brought back: by bringing it back, into a database that is thrown away."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from jobs.backup.reading import check, opened, rows_of
from jobs.backup.restoring import restore
from kit.errors import Refused
from kit.master_keys import MasterKeys
from kit.settings import DOMAINS
from models import copies
from models.belonging import Compared


async def verify(path: Path, masters: MasterKeys) -> dict[str, int]:
    """Bring a backup back into the open, empty database, and compare row for row; its rows by table.

    Raises what `restore` raises, and Refused where what came back is not what the file holds.
    """
    header, key = await opened(path, masters)
    counted = check(path, header, key)
    await restore(header.of, path, masters)
    tables = {table.name: table for domain in DOMAINS for table in copies.tables_of(domain)}
    back: Counter[str] = Counter()
    for name, rows in rows_of(path, header, key):
        expected = {row["id"]: copies.completed(tables[name], row) for row in rows}
        there = await copies.living(tables[name], list(expected))
        back[name] += sum(there.get(id_) == row for id_, row in expected.items())
    for name, table in tables.items():
        held = await copies.count(table, header.of)
        if not isinstance(table.belonging, Compared) and not back[name] == held == counted.get(name, 0):
            raise Refused("backup.differs", f"{path}: rows of {name} do not come back as they are in the file")
    return counted
