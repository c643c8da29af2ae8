"""Seals the trail: within a second of its commit a row is under a signed seal, which holds the hash of the one before.

Rows of transactions that run at once commit in another order than their ids have. The sealer therefore never looks at
ids: whatever waits is sealed in the order in which it is found, once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from jobs.trail.anchors import Anchors
from kit import clock
from kit.errors import Conflict
from kit.jws import SigningKey
from kit.notary import Notary
from kit.settings import Settings
from models import seals
from models.base import unit_of_work
from models.seals import Seal, row_hash, seal_hash

MOST_ROWS = 500
"""Rows under one seal."""
IDLE_SECONDS = 0.3
PATIENCE_SECONDS = 1
"""After a failure."""

_log = logging.getLogger("jishi.trail")


async def keep_sealing(notary: Notary, anchors: Anchors, domains: Sequence[str]) -> None:
    """Seal rows as they come and note the newest seals, until cancelled. Any number of these may run."""
    while True:
        try:
            sealed = sum([await seal(domain, notary) for domain in domains])
            await anchors.note(domains)
        except Exception:  # a database or a disk that is away comes back, and what waits stands in the tables
            _log.exception("the trail waits for its seal")
            await asyncio.sleep(PATIENCE_SECONDS)
        else:
            await asyncio.sleep(0 if sealed else IDLE_SECONDS)


async def seal(domain: str, notary: Notary) -> int:
    """Put what waits now under one more seal; how many rows that were, 0 too where another sealer was faster."""
    if not await seals.waiting(domain, 1):
        return 0
    try:
        async with unit_of_work(domain):
            # The end of the chain is read before the rows: if another sealer commits in between, the number is taken.
            last = await seals.newest(domain)
            made = _next(domain, last, await _records(domain), notary)
            if made.records:
                await seals.add(domain, made)
    except Conflict:
        return 0
    return len(made.records)


async def _records(domain: str) -> tuple[seals.Record, ...]:
    ids = await seals.waiting(domain, MOST_ROWS)
    found = {row.id: row_hash(row) for row in await seals.rows_of(domain, ids)} if ids else {}
    if gone := [id_ for id_ in ids if id_ not in found]:
        _log.critical("rows of the trail of %s were taken out before they were sealed: %s", domain, gone)
    return tuple((id_, found.get(id_, "")) for id_ in ids)


def _next(domain: str, last: Seal | None, records: tuple[seals.Record, ...], notary: Notary) -> Seal:
    number, previous, at = (last.number + 1, last.hash, clock.now()) if last else (1, "", clock.now())
    hash_ = seal_hash(domain, number, at, records, previous)
    return Seal(number, at, records, previous, hash_, notary.key_id, notary.sign(hash_))


def notary_of(settings: Settings) -> Notary:
    """Who signs seals here. In a demo its key is made where it is missing; otherwise raises FileNotFoundError."""
    if settings.development and not settings.audit_key.exists():
        settings.audit_key.parent.mkdir(parents=True, exist_ok=True)
        SigningKey.fresh().write(settings.audit_key)
    return Notary.from_file(settings.audit_key)
