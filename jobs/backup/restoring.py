"""Brings a shop's rows back from a file: what is missing is put in, what is there is left, nobody else's is touched.

The whole file is opened and checked before anything is changed; then all domains are written side by side, each in one
transaction, and compared with the file before any of them commits. Where each domain has a database of its own, a crash
between two commits leaves the later ones as they were: the same command brings them in. The record of it, and the shop
itself, come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from jobs.backup.reading import check, opened, rows_of
from kit.errors import Conflict, Invalid, Refused
from kit.master_keys import MasterKeys
from kit.settings import DOMAINS
from models import copies
from models.acts import Act
from models.base import unit_of_work
from models.belonging import Compared
from models.copies import Plain, Table
from services.audit import record
from services.shops import call_back


@dataclass(slots=True)
class Counts:
    """What became of the rows of one table."""

    inserted: int = 0
    overwritten: int = 0
    same: int = 0
    kept: int = 0
    """There already, and other than in the file: left as they are."""
    lacking: int = 0
    """Rows that are compared only, and are not there any more."""


@dataclass(slots=True)
class Restored:
    """What became of the rows of a file, by table."""

    shop_id: str
    tables: dict[str, Counts] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    """Persons who were erased since the backup: what came back of them is erased again."""
    moved: set[str] = field(default_factory=set)
    """Persons whose work in the shop was set back: their tokens of until then say what does not hold."""


async def restore(shop_id: str, path: Path, masters: MasterKeys, *, overwrite: bool = False) -> Restored:
    """Bring the shop's rows back. `overwrite` sets back what is there, but not what trade changes by the minute.

    Raises Invalid, Refused where the file is not this shop's, or not as it was written, or the keys do not open it; and
    Conflict where an id in it is another's. Then nothing is changed. A second time changes nothing.
    """
    header, key = await opened(path, masters)
    if header.of != shop_id:
        raise Refused("backup.shop", "this is the backup of another shop: nothing was changed")
    check(path, header, key)
    done = Restored(shop_id)
    tables = {table.name: table for domain in DOMAINS for table in copies.tables_of(domain)}
    async with AsyncExitStack() as units:
        for domain in DOMAINS:
            await units.enter_async_context(unit_of_work(domain))
        for name, rows in rows_of(path, header, key):
            if name not in tables:
                raise Invalid("backup.form", f"there is no table {name} any more: nothing was changed")
            await _bring(tables[name], rows, done, overwrite=overwrite)
        await copies.erase_again(done.erased)
        await call_back(sorted(done.moved))
        await record("shops", Act.SHOP_RESTORED, viewer=None, object_id=shop_id, shop_id=shop_id)
    return done


async def _bring(table: Table, given: Sequence[Plain], done: Restored, *, overwrite: bool) -> None:
    rows = [copies.completed(table, row) for row in given]
    counts = done.tables.setdefault(table.name, Counts())
    there = await copies.living(table, [row["id"] for row in rows])
    for some in (rows, list(there.values())):
        if await copies.is_foreign(table, done.shop_id, some):
            raise Conflict("restore.foreign", f"ids of {table.name} are another shop's now: nothing was changed")
    missing = [row for row in rows if row["id"] not in there]
    other = [row for row in rows if row["id"] in there and row != there[row["id"]]]
    counts.same += len(rows) - len(missing) - len(other)
    if isinstance(table.belonging, Compared):
        counts.kept, counts.lacking = counts.kept + len(other), counts.lacking + len(missing)
        return
    set_back = other if overwrite and not table.is_moving else []
    counts.inserted, counts.overwritten = counts.inserted + len(missing), counts.overwritten + len(set_back)
    counts.kept += len(other) - len(set_back)
    await _write(table, missing, set_back)
    done.moved |= copies.workers(table, [*set_back, *(there[row["id"]] for row in set_back)])
    done.erased |= await copies.erased(table, [*missing, *set_back])


async def _write(table: Table, missing: Sequence[Plain], set_back: Sequence[Plain]) -> None:
    await copies.put(table, missing)
    for row in set_back:
        await copies.replace(table, row)
    expected = {row["id"]: row for row in (*missing, *set_back)}
    if await copies.living(table, list(expected)) != expected:
        raise Conflict("restore.differs", f"rows of {table.name} did not come back as they were: nothing was changed")
