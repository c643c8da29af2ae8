"""Erasure beyond the members' own tables: every other domain follows, and a journal outlives every restore."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from kit import clock
from kit.settings import DOMAINS
from models.base import unit_of_work
from services import privacy
from services.events import Fact, PersonErased
from services.members.privacy.erasure import erased_since, note_erasure

SWEPT = timedelta(days=30)
"""How far back the nightly sweep looks for what came late, such as a fact of before the erasure."""


class _Running:
    journal: Path | None = None


def use_journal(path: Path) -> None:
    """Let this process write erasures down in the file at `path`, outside the database and its backups."""
    _Running.journal = path


async def write_down(fact: Fact) -> None:
    """Add the erasure to the journal's file. It may stand there twice."""
    if isinstance(fact, PersonErased) and _Running.journal:
        await asyncio.to_thread(_append, _Running.journal, fact.person_id, fact.at)


def _append(path: Path, person_id: str, at: datetime) -> None:
    line = orjson.dumps({"person_id": person_id, "at": at}, option=orjson.OPT_APPEND_NEWLINE)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, line)  # one call: lines of several processes do not mix
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def written_down(path: Path) -> Iterator[tuple[str, datetime]]:
    """Every erasure in a journal's file; a last line that was cut off by a crash is passed over."""
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        try:
            entry = orjson.loads(line)
            yield entry["person_id"], datetime.fromisoformat(entry["at"])
        except (orjson.JSONDecodeError, KeyError, ValueError):
            continue


async def follow_in(domain: str, fact: Fact) -> None:
    """Erase the person in one domain."""
    if isinstance(fact, PersonErased):
        await privacy.erase(domain, fact)


async def sweep() -> int:
    """Erase again whoever was erased lately: what came late goes too; how many rows that were."""
    lately = await erased_since(clock.now() - SWEPT)
    return sum([await privacy.erase_again(domain, person) for person, _ in lately for domain in DOMAINS])


async def replay(journal: Path) -> Counter[str]:
    """Erase again everybody who ever was, by the table and by the journal's file: after a restore. Rows by domain."""
    everybody = dict(await erased_since(None))
    everybody |= {person: at for person, at in written_down(journal) if person not in everybody}
    touched: Counter[str] = Counter(dict.fromkeys(DOMAINS, 0))
    for person, at in everybody.items():
        async with unit_of_work("members"):
            await note_erasure(person, at)
        for domain in DOMAINS:
            touched[domain] += await privacy.erase_again(domain, person)
    touched["persons"] = len(everybody)
    return touched
