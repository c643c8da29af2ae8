"""The chain of seals: what a seal holds, and the reads and writes of sealing and of checking."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from tortoise.exceptions import IntegrityError

from kit.errors import Conflict
from models.acts import Act
from models.audit import seals_of, trail_of, unsealed_of
from models.base import unit_of_work
from models.reading import Columns, fetch, marks, moment
from models.trail import TrailRow

_SEAL = "id, at, records, previous, hash, key_id, signature"

Record = tuple[str, str]
"""Id and hash of a row of the trail; the hash is '' where the row was gone before it was sealed."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal as it stands in its table; `number` is its place in the chain."""

    number: int
    at: datetime
    records: tuple[Record, ...]
    previous: str
    hash: str
    key_id: str
    signature: str

    @classmethod
    def read(cls, row: Columns) -> Seal:
        number, at, records, *plain = row
        return cls(number, moment(at), tuple((id_, hash_) for id_, hash_ in orjson.loads(records)), *plain)

    def true_hash(self, domain: str) -> str:
        """What its hash must be for what it holds."""
        return seal_hash(domain, self.number, self.at, self.records, self.previous)


def row_hash(row: TrailRow) -> str:
    """SHA-256 of a row of the trail: of all its columns, in their order."""
    return _sha256([_stamp(row.at) if name == "at" else getattr(row, name) for name in row.__struct_fields__])


def seal_hash(domain: str, number: int, at: datetime, records: Sequence[Record], previous: str) -> str:
    """SHA-256 of a seal: its domain, its place, its moment, its rows and the seal before."""
    return _sha256([domain, number, _stamp(at), records, previous])


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _sha256(value: Any) -> str:
    return hashlib.sha256(orjson.dumps(value)).hexdigest()


async def waiting(domain: str, limit: int) -> list[str]:
    """The ids of rows that no seal holds yet."""
    rows = await fetch(domain, f"SELECT id FROM {domain}_audit_unsealed ORDER BY id LIMIT ?", [limit])
    return [id_ for (id_,) in rows]


async def newest(domain: str) -> Seal | None:
    """The end of the chain."""
    found = await fetch(domain, f"SELECT {_SEAL} FROM {domain}_audit_seal ORDER BY id DESC LIMIT 1")
    return Seal.read(found[0]) if found else None


async def seals_after(domain: str, number: int, limit: int, *, until: int) -> list[Seal]:
    """The next seals after `number`, up to and with `until`, in the order of the chain."""
    sql = f"SELECT {_SEAL} FROM {domain}_audit_seal WHERE id > ? AND id <= ? ORDER BY id LIMIT ?"
    return [Seal.read(row) for row in await fetch(domain, sql, [number, until, limit])]


async def rows_of(domain: str, ids: Sequence[str]) -> list[TrailRow]:
    """The rows of the trail that are there."""
    sql = f"SELECT {TrailRow.columns('t')} FROM {domain}_audit t WHERE t.id IN ({marks(ids)})"
    return [TrailRow.read(row) for row in await fetch(domain, sql, ids)]


async def last_before(domain: str, at: datetime) -> Seal | None:
    """The last seal that was made before a moment."""
    sql = f"SELECT {_SEAL} FROM {domain}_audit_seal WHERE at < ? ORDER BY id DESC LIMIT 1"
    found = await fetch(domain, sql, [at])
    return Seal.read(found[0]) if found else None


async def ids_after(domain: str, id_: str, limit: int) -> list[str]:
    """The next ids of the trail's rows after `id_`."""
    rows = await fetch(domain, f"SELECT id FROM {domain}_audit WHERE id > ? ORDER BY id LIMIT ?", [id_, limit])
    return [id_ for (id_,) in rows]


async def still_waiting(domain: str, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that no seal holds yet."""
    rows = await fetch(domain, f"SELECT id FROM {domain}_audit_unsealed WHERE id IN ({marks(ids)})", ids)
    return {id_ for (id_,) in rows}


async def acts_upon(domain: str, object_id: str, act: Act) -> list[TrailRow]:
    """The rows that tell of an act upon an object."""
    columns = TrailRow.columns("t")
    sql = f"SELECT {columns} FROM {domain}_audit t WHERE t.object_id = ? AND t.act = ? ORDER BY t.id"
    return [TrailRow.read(row) for row in await fetch(domain, sql, [object_id, act.value])]


async def add(domain: str, seal: Seal) -> None:
    """Put the seal at the end of the chain, and its rows wait no longer. Runs in the caller's transaction.

    Its number is the lock between sealers: who comes second gets Conflict. Rows leave the waiting ones one by one, by
    their key: a range would lock the gap into which the next act writes.
    """
    try:
        await seals_of(domain).create(
            id=seal.number,
            at=seal.at,
            size=len(seal.records),
            records=seal.records,
            previous=seal.previous,
            hash=seal.hash,
            key_id=seal.key_id,
            signature=seal.signature,
        )
    except IntegrityError:
        raise Conflict("seal.taken", f"another sealer made seal {seal.number} of {domain}") from None
    for id_, _ in seal.records:
        await unsealed_of(domain).filter(id=id_).delete()


async def drop(domain: str, batch: Sequence[Seal]) -> None:
    """Delete archived seals and their rows. Runs in a transaction of `models.protection.lifted`."""
    for seal in batch:
        await trail_of(domain).filter(id__in=[id_ for id_, _ in seal.records]).delete()
    await seals_of(domain).filter(id__in=[seal.number for seal in batch]).delete()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows the trail has, how many of them wait, and how many the seals after a number hold."""

    rows: int
    waiting: int
    later: int


async def tally(domain: str, number: int) -> Tally:
    """Counted in one snapshot."""
    sql = (
        f"SELECT (SELECT COUNT(*) FROM {domain}_audit) AS row_count,"
        f" (SELECT COUNT(*) FROM {domain}_audit_unsealed) AS wait_count,"
        f" (SELECT COALESCE(SUM(size), 0) FROM {domain}_audit_seal WHERE id > ?) AS later_count"
    )
    async with unit_of_work(domain):
        [found] = await fetch(domain, sql, [number])
    return Tally(*map(int, found))
