"""Writes a shop's rows into a file: each domain in one snapshot, as compressed JSON lines in an encrypted stream."""

from __future__ import annotations

import os
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import orjson

from jobs.backup.vessel import Header, Writer, seal_header
from kit import clock
from kit.errors import NotFound
from kit.master_keys import MasterKeys
from kit.settings import DOMAINS
from models import copies
from models.acts import Act
from models.base import snapshot, unit_of_work
from models.copies import Plain
from services.audit import record

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: rows by table, in the order of the file."""

    shop_id: str
    file: Path
    rows: dict[str, int]


async def save(shop_id: str, path: Path, masters: MasterKeys) -> Saved:
    """Write the backup of a shop to `path`, whole or not at all. Raises NotFound where there is no such shop."""
    shops = next(table for table in copies.tables_of("shops") if table.name == "shop")
    if not await copies.living(shops, [shop_id]):
        raise NotFound("shop.unknown", "there is no such shop")
    header, key = await seal_header(shop_id, clock.now().isoformat(), masters)
    rows: dict[str, int] = {}
    await write(path, header, key, _pages(shop_id, rows), rows)
    async with unit_of_work("shops"):
        await record("shops", Act.SHOP_BACKED_UP, viewer=None, object_id=shop_id, shop_id=shop_id, after=rows)
    return Saved(shop_id, path, rows)


async def write(
    path: Path, header: Header, key: bytes, pages: AsyncGenerator[tuple[str, list[Plain]]], rows: dict[str, int]
) -> None:
    """Write pages of tables' rows to `path`, whole or not at all; `rows` has how many there were when they end."""
    draft, packed = path.with_name(f".{path.name}.new"), zlib.compressobj()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        writer = Writer(file, header, key)
        async with aclosing(pages):
            async for table, page in pages:
                line = {"table": table, "hash": copies.digest(page), "rows": page}
                writer.add(packed.compress(orjson.dumps(line) + b"\n"))
        writer.add(packed.compress(orjson.dumps({"end": rows}) + b"\n") + packed.flush())
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


async def _pages(shop_id: str, counted: dict[str, int]) -> AsyncGenerator[tuple[str, list[Plain]]]:
    """The shop's rows, each domain in one snapshot."""
    for domain in DOMAINS:
        async with snapshot(domain):
            for table in copies.tables_of(domain):
                counted[table.name], after = 0, ""
                while rows := await copies.page(table, shop_id, after, ROWS_AT_ONCE):
                    counted[table.name] += len(rows)
                    after = rows[-1]["id"]
                    yield table.name, rows
