"""Archives the older part of a trail: into a file that is checked like the trail itself, then out of the database.

Only the user of the migrations may do it. The file is gzipped JSON lines: its domain, then each seal with its rows.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import orjson

from jobs.trail.chain import Chain, Report
from jobs.trail.verify import END_OF_ALL_CHAINS, SEALS_AT_ONCE, boundary_id, rows_under
from kit import clock
from kit.errors import Conflict, Invalid, Refused
from kit.notary import Notaries
from models import seals
from models.acts import Act
from models.protection import lifted, may_delete
from models.seals import Seal
from models.trail import TrailRow
from services.audit import record

LEAST_KEPT = timedelta(days=184)
"""Six months stay in the database (Cybersecurity Law of the PRC, article 21 (3))."""
FORMAT = 1
MOST_SEALS = 10_000
"""Of one file and one transaction."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What went into which file; nothing where nothing is old enough."""

    domain: str
    seals: int
    rows: int
    file: Path | None


async def archive(domain: str, folder: Path, trusted: Notaries, *, keep: timedelta = LEAST_KEPT) -> Archived:
    """Move the seals of a domain that are older than `keep`, with their rows, into a file of `folder`.

    At most MOST_SEALS go at once, and the newest seal stays, so that the chain goes on. Raises Invalid where `keep` is
    less than six months, Refused where the database's user may not, and Conflict where the trail is not as it was
    sealed: then nothing is moved.
    """
    if keep < LEAST_KEPT:
        raise Invalid("archive.early", f"the trail stays in the database for {LEAST_KEPT.days} days at least")
    if not await may_delete(domain):
        raise Refused("archive.user", "only the user of the migrations may archive: give its DATABASE_URL")
    until = await _last_before(domain, clock.now() - keep)
    if until is None:
        return Archived(domain, 0, 0, None)
    draft = folder / f".{domain}.new"
    with _opened(draft) as file:
        file.write(orjson.dumps({"jishi_trail": FORMAT, "domain": domain}) + b"\n")
        async for batch in _batches(domain, until.number):
            await _write(file, domain, batch)
    report = verify_archive(draft, trusted)
    if report.findings:
        draft.unlink()
        raise Conflict("archive.tampered", f"the trail of {domain} is not as it was sealed: {report.findings[0].says}")
    path = folder / f"{domain}-{until.number - report.seals + 1}-{until.number}.jsonl.gz"
    _settle(draft, path)
    await _drop(domain, until)
    return Archived(domain, report.seals, report.rows, path)


def _opened(path: Path) -> gzip.GzipFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    return gzip.open(path, "wb")


async def _last_before(domain: str, moment: datetime) -> Seal | None:
    """The last seal to archive: made before `moment`, not the newest of all, and no more than MOST_SEALS in all."""
    first = await seals.seals_after(domain, 0, 1, until=END_OF_ALL_CHAINS)
    end, old = await seals.newest(domain), await seals.last_before(domain, moment)
    if not (first and end and old):
        return None
    number = min(old.number, end.number - 1, first[0].number + MOST_SEALS - 1)
    last = await seals.seals_after(domain, number - 1, 1, until=number)
    return last[0] if last else None


async def _batches(domain: str, until: int) -> AsyncIterator[list[Seal]]:
    number = 0
    while batch := await seals.seals_after(domain, number, SEALS_AT_ONCE, until=until):
        yield batch
        number = batch[-1].number


async def _write(file: gzip.GzipFile, domain: str, batch: list[Seal]) -> None:
    rows = await rows_under(domain, batch)
    for seal in batch:
        held = [_columns(rows[id_]) for id_, _ in seal.records if id_ in rows]
        file.write(orjson.dumps({"seal": seal, "rows": held}) + b"\n")


def _columns(row: TrailRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}


def verify_archive(path: Path, trusted: Notaries) -> Report:
    """Check a file as the trail itself is checked. Raises Invalid where it is no archive of a trail."""
    lines = _lines(path)
    head = next(lines, {})
    if head.get("jishi_trail") != FORMAT:
        raise Invalid("archive.format", f"{path} is no archive of a trail")
    chain = Chain(head["domain"], trusted)
    for line in lines:
        chain.take(msgspec.convert(line["seal"], Seal), {row["id"]: TrailRow(**row) for row in line["rows"]})
    return chain.report


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with gzip.open(path, "rb") as file:
            for line in file:
                yield orjson.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise Invalid("archive.broken", f"{path} cannot be read to its end: {error}") from None


def _settle(draft: Path, path: Path) -> None:
    """Let the file stand under its name, on the disk, before anything is deleted."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(draft, path)


async def _drop(domain: str, until: Seal) -> None:
    """Take what was archived out of the database; the trail says so."""
    boundary = boundary_id(domain, until.number)
    async with lifted(domain):
        await record(domain, Act.TRAIL_ARCHIVED, viewer=None, object_id=boundary, after=until.hash)
        async for batch in _batches(domain, until.number):
            await seals.drop(domain, batch)
