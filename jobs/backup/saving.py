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
    draft = path.with_name(f".{path.name}.new")
    rows = await _write(draft, header, key)
    os.replace(draft, path)
    async with unit_of_work("shops"):
        await record("shops", Act.SHOP_BACKED_UP, viewer=None, object_id=shop_id, shop_id=shop_id, after=rows)
    return Saved(shop_id, path, rows)


async def _write(draft: Path, header: Header, key: bytes) -> dict[str, int]:
    rows: dict[str, int] = {}
    packed = zlib.compressobj()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        writer = Writer(file, header, key)
        for domain in DOMAINS:
            async with aclosing(_lines(domain, header.shop_id, rows)) as lines:
                async for line in lines:
                    writer.add(packed.compress(line))
        writer.add(packed.compress(orjson.dumps({"end": rows}) + b"\n") + packed.flush())
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    return rows


async def _lines(domain: str, shop_id: str, counted: dict[str, int]) -> AsyncGenerator[bytes]:
    """`{"table": ..., "hash": ..., "rows": [...]}` for each page of each table, in one snapshot of the domain."""
    async with snapshot(domain):
        for table in copies.tables_of(domain):
            counted[table.name], after = 0, ""
            while rows := await copies.page(table, shop_id, after, ROWS_AT_ONCE):
                counted[table.name] += len(rows)
                after = rows[-1]["id"]
                yield orjson.dumps({"table": table.name, "hash": copies.digest(rows), "rows": rows}) + b"\n"
